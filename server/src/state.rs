//! The state of a running server.

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

/// The engine for new requests; replaced when the keyring changes.
pub type SharedEngine = Arc<ArcSwap<Engine>>;

/// The state shared by the parts of a running server.
#[derive(Debug)]
pub struct State {
    /// The engine.
    pub engine: SharedEngine,
    /// The store.
    pub store: AnyStore,
    /// The gateway.
    pub gateway: Gateway,
    /// The network table.
    pub network: NetworkTable,
    /// The operator's rules for numbers.
    pub numbers: NumbersConfig,
    /// The metrics.
    pub metrics: Metrics,
    /// The keyring's file; `None` when the keyring comes from the environment,
    /// where the server cannot change it.
    pub keyring_file: Option<PathBuf>,
}

impl State {
    /// Uses another keyring for new requests.
    pub fn replace_keyring(&self, keyring: Keyring) {
        let engine = self.engine.load().with_keyring(keyring);
        self.engine.store(Arc::new(engine));
    }

    /// Sets the issuer of tokens for new requests, unless one is configured.
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
