//! The state of a running server.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use arc_swap::ArcSwap;
use mpass_core::Error;
use mpass_core::challenge::{Header, Keyring};
use mpass_core::service::{CutOff, Engine, EngineSettings};

use crate::gateway::Gateway;
use crate::metrics::Metrics;
use crate::network::NetworkTable;
use crate::numbers::NumbersConfig;
use crate::signing::SigningKeys;
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
    /// The keys that sign ID tokens with RS256.
    pub signing: SigningKeys,
    /// The metrics.
    pub metrics: Metrics,
    /// The cut-offs that the log has as in effect; the engine has the list.
    pub(crate) cut_offs: Mutex<Vec<CutOff>>,
    /// The keyring's file; `None` when the keyring comes from the environment,
    /// where the server cannot change it.
    pub keyring_file: Option<PathBuf>,
}

impl State {
    /// Uses another keyring for new requests.
    pub fn replace_keyring(&self, keyring: &Keyring) {
        self.engine
            .rcu(|engine| engine.with_keyring(keyring.clone()));
    }

    /// Applies the header of the store to new requests: what was issued before
    /// the store was restored is void, and a store that was not confirmed since
    /// is closed.
    pub fn apply(&self, header: &Header) {
        self.engine.rcu(|engine| {
            let engine = engine.with_restored_at(header.restored_at_ms());
            engine.with_store_closed(header.is_closed())
        });
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
            let next = Engine::with_settings(keyring, settings)?
                .with_cut_offs(Arc::clone(engine.cut_offs()))
                .with_restored_at(engine.restored_at_ms())
                .with_store_closed(engine.is_store_closed());
            self.engine.store(Arc::new(next));
        }
        Ok(())
    }
}
