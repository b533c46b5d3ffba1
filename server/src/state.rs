use std::path::PathBuf;
use std::sync::Arc;

use arc_swap::ArcSwap;
use mpass_core::challenge::Keyring;
use mpass_core::service::Engine;

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
    /// The realm of that table which requests come from.
    pub realm: String,
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
}
