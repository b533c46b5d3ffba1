//! The state of a running server.

use core::sync::atomic::{AtomicBool, Ordering};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};

use arc_swap::ArcSwap;
use mpass_core::Error;
use mpass_core::challenge::{Header, Keyring};
use mpass_core::service::{CutOff, CutOffs, Engine, EngineSettings};
use tokio::sync::{Mutex as AsyncMutex, Notify};

use crate::about::About;
use crate::administrators::{Hasher, Throttle};
use crate::fleet::offset::Offset;
use crate::gateway::{Defined, Gateway};
use crate::metrics::Metrics;
use crate::network::{Keys, NetworkTable};
use crate::recent::Recent;
use crate::setup::Setup;
use crate::statistics::{Recorder, Shards};
use crate::store::AnyStore;
use crate::tenants::Tenants;

/// The engine for new requests; replaced when the keyring or its settings change.
pub type SharedEngine = Arc<ArcSwap<Engine>>;

/// The state shared by the parts of a running server.
#[derive(Debug)]
pub struct State {
    /// The engine.
    pub engine: SharedEngine,
    /// The store.
    pub store: AnyStore,
    /// The tenants of the last second.
    pub(crate) tenants: Tenants,
    /// What a reload replaces.
    pub setup: ArcSwap<Setup>,
    /// The gateways of the store.
    pub defined: ArcSwap<Defined>,
    /// Held from the reading of the gateways until they are in use.
    pub(crate) defining: AsyncMutex<()>,
    /// The network table.
    pub network: NetworkTable,
    /// The metrics.
    pub metrics: Metrics,
    /// The cut-offs that the log has as in effect; the engine has the list.
    pub(crate) cut_offs: Mutex<Vec<CutOff>>,
    /// All cut-offs of the store, for those of single gateways.
    pub(crate) all_cut_offs: ArcSwap<CutOffs>,
    /// The keyring's file; `None` when the keyring comes from the environment,
    /// where the server cannot change it.
    pub keyring_file: Option<PathBuf>,
    /// Held from the reading of the keyring's file until the keyring is in use, so
    /// that an older one does not replace a newer one.
    pub keyring_change: AsyncMutex<()>,
    /// What the server is, once it listens.
    pub(crate) about: OnceLock<About>,
    /// Computes the passwords of administrators, one at a time.
    pub hasher: Hasher,
    /// The limit on logins by network.
    pub throttle: Throttle,
    /// The requests of the last minutes.
    pub(crate) recent: Recent,
    /// What happens, for the store.
    pub(crate) statistics: Recorder,
    /// What identifies this machine among those that share the store.
    pub(crate) machine: String,
    /// How far its clock is ahead of the store's.
    pub(crate) offset: Offset,
    /// Notified when there is something to announce to the other machines.
    pub(crate) news: Notify,
    /// Whether its keyring lacks the active record key of the store.
    pub(crate) lacks_active_key: AtomicBool,
}

/// The gateways of a configuration, then those of the store that have another name.
pub(crate) fn routes<'a>(
    setup: &'a Setup,
    defined: &'a Defined,
) -> impl Iterator<Item = &'a Arc<Gateway>> {
    let is_other = |gateway: &&Arc<Gateway>| {
        let mut names = setup.gateways.iter().map(|own| own.name());
        !names.any(|name| name == gateway.name())
    };
    setup
        .gateways
        .iter()
        .chain(defined.gateways().filter(is_other))
}

impl State {
    /// Uses another keyring for new requests.
    pub fn replace_keyring(&self, keyring: &Keyring) {
        self.engine
            .rcu(|engine| engine.with_keyring(keyring.clone()));
        self.news.notify_one();
    }

    /// Applies the header of the store to new requests: what was issued before
    /// the store was restored is void, and a store that was not confirmed since
    /// is closed, as is one whose contents were moved. The network has gone on since
    /// the backup, so that nothing is known of its sessions.
    pub fn apply(&self, header: &Header) {
        if header.restored_at_ms() > self.engine.load().restored_at_ms() {
            self.network.forget();
        }
        self.engine.rcu(|engine| {
            let engine = engine.with_restored_at(header.restored_at_ms());
            engine.with_store_closed(header.admit().is_err())
        });
    }

    /// Writes with the active record key of a store that machines share, as soon as one
    /// of them has activated it.
    pub(crate) fn follow_active_key(&self, header: &Header) {
        self.lacks_active_key.store(false, Ordering::Relaxed);
        let active = header.active_key();
        if self.engine.load().keyring().newest() == active {
            return;
        }
        tracing::info!(id = active, "another record key is active");
        self.engine.rcu(|engine| {
            let keyring = header.aligned(engine.keyring());
            // The header was opened with the keyring in use, which has the key.
            keyring.map_or_else(
                |_| Engine::clone(engine),
                |keyring| engine.with_keyring(keyring),
            )
        });
    }

    /// Adds what was counted to the statistics of the store.
    ///
    /// # Errors
    /// Those of the store.
    pub(crate) async fn write_statistics(&self) -> Result<(), Error> {
        let engine = self.engine.load_full();
        let shards = Shards::new(&self.store, engine.keyring());
        self.statistics.flush(&shards, &self.machine).await
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
            self.replace_settings(EngineSettings {
                issuer: Some(issuer.to_owned()),
                ..engine.settings().clone()
            })?;
        }
        Ok(())
    }

    /// Uses other settings of the engine for new requests.
    ///
    /// # Errors
    /// [`Error::InvalidIssuer`]; nothing has changed then.
    pub fn replace_settings(&self, settings: EngineSettings) -> Result<(), Error> {
        settings.check()?;
        self.engine.rcu(|engine| {
            let settings = settings.clone();
            let next = Engine::with_settings(engine.keyring().clone(), settings);
            // They are valid.
            next.map_or_else(
                |_| Engine::clone(engine),
                |next| {
                    next.with_cut_offs(Arc::clone(engine.cut_offs()))
                        .with_restored_at(engine.restored_at_ms())
                        .with_store_closed(engine.is_store_closed())
                },
            )
        });
        Ok(())
    }
}

#[cfg(test)]
impl State {
    /// A state without gateways, with everything else by default.
    pub(crate) fn of_test(store: AnyStore, keyring: Keyring) -> Self {
        use crate::network::{AccountingRules, NetworkConfig};
        use crate::numbers::NumbersConfig;

        let (numbers, network) = (NumbersConfig::default(), NetworkConfig::default());
        let limits = network.limits();
        let setup = Setup {
            limits: Arc::default(),
            metrics: Arc::default(),
            portal: Arc::default(),
            accounting: AccountingRules::open(&network, &numbers).unwrap().into(),
            numbers: numbers.into(),
            gateways: Vec::new(),
            egress: Arc::default(),
            signing: Arc::default(),
            identity_provider: None,
            tls: None,
        };
        Self {
            statistics: Recorder::default(),
            machine: String::new(),
            offset: Offset::default(),
            news: Notify::new(),
            lacks_active_key: AtomicBool::new(false),
            hasher: Hasher::default(),
            throttle: Throttle::default(),
            engine: Arc::new(ArcSwap::from_pointee(Engine::new(keyring))),
            store,
            tenants: Tenants::default(),
            setup: ArcSwap::from_pointee(setup),
            defined: ArcSwap::default(),
            defining: AsyncMutex::default(),
            all_cut_offs: ArcSwap::default(),
            network: NetworkTable::new(limits),
            metrics: Metrics::default(),
            cut_offs: Mutex::default(),
            keyring_file: None,
            keyring_change: AsyncMutex::default(),
            about: OnceLock::new(),
            recent: Recent::default(),
        }
    }
}
