//! The state of a running server.

use std::path::PathBuf;
use std::sync::Arc;

use arc_swap::ArcSwap;
use mpass_core::Error;
use mpass_core::challenge::{Header, Keyring};
use mpass_core::service::{Engine, EngineSettings};

use crate::gateway::Gateway;
use crate::metrics::Metrics;
use crate::network::{Keys, NetworkTable};
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
    /// is closed. The network has gone on since the backup, so that nothing is known
    /// of its sessions.
    pub fn apply(&self, header: &Header) {
        if header.restored_at_ms() > self.engine.load().restored_at_ms() {
            self.network.forget();
        }
        self.engine.rcu(|engine| {
            let engine = engine.with_restored_at(header.restored_at_ms());
            engine.with_store_closed(header.is_closed())
        });
    }

    /// What the records of the network are stored with.
    pub(crate) fn network_keys(&self) -> Keys {
        let engine = self.engine.load();
        Keys {
            keyring: engine.shared_keyring(),
            restored_at_ms: engine.restored_at_ms(),
        }
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
                .with_restored_at(engine.restored_at_ms())
                .with_store_closed(engine.is_store_closed());
            self.engine.store(Arc::new(next));
        }
        Ok(())
    }
}
