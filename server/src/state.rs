use std::path::PathBuf;
use std::sync::Arc;

use arc_swap::ArcSwap;
use mpass_core::Error;
use mpass_core::challenge::Keyring;
use mpass_core::service::{Engine, EngineSettings};

use crate::gateway::Gateway;
use crate::metrics::Metrics;
use crate::network::NetworkTable;
use crate::numbers::NumbersConfig;
use crate::store::AnyStore;

/// The engine that new requests begin with; replaced when the keyring changes.
pub type SharedEngine = Arc<ArcSwap<Engine>>;

/// What the parts of a running server share.
#[derive(Debug)]
pub struct State {
    /// The engine.
    pub engine: SharedEngine,
    /// The store.
    pub store: AnyStore,
    /// What takes the messages.
    pub gateway: Gateway,
    /// Who is behind an address.
    pub network: NetworkTable,
    /// What the operator says of numbers.
    pub numbers: NumbersConfig,
    /// The counters.
    pub metrics: Metrics,
    /// The keyring's file; `None` when the environment holds the keyring,
    /// which then cannot be changed from here.
    pub keyring_file: Option<PathBuf>,
}

impl State {
    /// Begins new requests with another keyring from now on.
    pub fn replace_keyring(&self, keyring: Keyring) {
        let engine = self.engine.load().with_keyring(keyring);
        self.engine.store(Arc::new(engine));
    }

    /// Names the issuer of tokens for new requests from now on, where the
    /// configuration names none.
    ///
    /// # Errors
    /// [`Error::InvalidIssuer`].
    pub fn default_issuer(&self, issuer: &str) -> Result<(), Error> {
        let engine = self.engine.load_full();
        if engine.settings().issuer.is_none() {
            let settings = EngineSettings {
                issuer: Some(issuer.to_owned()),
                ..engine.settings().clone()
            };
            let keyring = engine.keyring().clone();
            self.engine
                .store(Arc::new(Engine::with_settings(keyring, settings)?));
        }
        Ok(())
    }
}
