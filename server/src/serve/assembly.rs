//! Opens everything that a server needs.

use core::net::SocketAddr;
use core::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Instant;

use anyhow::Context;
use arc_swap::ArcSwap;
use axum::Router;
use mpass_core::Error;
use mpass_core::challenge::{Header, Keyring};
use mpass_core::service::Engine;
use mpass_core::store::MemoryStore;
use tokio::sync::{Mutex as AsyncMutex, Notify};

use super::{Server, portal_url, scheme};
use crate::about::About;
use crate::admin::store::{self, Fingerprints};
use crate::admin::{AdminSocket, Admitted, upkeep};
use crate::administrators::{Hasher, Throttle};
use crate::admission::Admission;
use crate::cut_offs;
use crate::demo::Demo;
use crate::fleet::offset::Offset;
use crate::gateway::{Gateway, Outbox};
use crate::gateways;
use crate::handover::{self, Drain, Inherited};
use crate::keyring_file::Origin;
use crate::keyring_source;
use crate::listening::{self, Bound, Sharing, Taken};
use crate::metrics::Metrics;
use crate::network::{self, AccountingListener};
use crate::options::ServeOptions;
use crate::portal::{self, Portal};
use crate::recent::Recent;
use crate::reload::Reloader;
use crate::setup::{Validated, validate};
use crate::state::State;
use crate::statistics::{Recorder, machine_id};
use crate::store::{AnyStore, StoreDirectory};
use crate::store_config::StoreKind;
use crate::store_node::{self, NodeFile};
use crate::tenants::Tenants;
use crate::{assess, clock, demo, openapi};

/// The maximum number of values in a memory store, about 300 MB.
const MEMORY_VALUES: usize = 1_000_000;

/// What is open before the server listens.
struct Opened {
    begun: (Instant, u64),
    state: Arc<State>,
    /// Of the demo.
    outbox: Option<Arc<Outbox>>,
    accounting: Option<AccountingListener>,
    /// Where the keyring is from.
    origin: Origin,
}

impl Server {
    /// Opens everything that the server needs, and listens.
    ///
    /// # Errors
    /// An error that describes in one line what is missing or refused.
    pub async fn bind(options: ServeOptions) -> anyhow::Result<Self> {
        Self::bind_inherited(options, Inherited::default()).await
    }

    /// As [`Self::bind`]; if there are sockets of a service manager, the server
    /// listens on them and on no other, and waits for a predecessor to close the
    /// embedded store.
    ///
    /// # Errors
    /// Also when the sockets are not exactly those that the options listen on.
    pub async fn bind_inherited(
        options: ServeOptions,
        inherited: Inherited,
    ) -> anyhow::Result<Self> {
        let begun = (Instant::now(), clock::now_ms());
        let validated = validate(&options)?;
        let config = &options.config;
        let taken = Taken::of(options.addresses(), config.network.listen, inherited)?;
        let mut gateways = validated.setup.gateways.iter();
        let outbox = gateways.find_map(|gateway| match &**gateway {
            Gateway::Outbox(outbox) => Some(Arc::clone(outbox)),
            Gateway::Http(_) => None,
        });
        let accounting = AccountingListener::bind(&config.network, taken.accounting).await?;
        let directory = match config.store {
            StoreKind::Embedded if taken.http.is_some() => {
                let timeout = config.limits.handover_timeout;
                handover::wait_for_store(&options.data_dir, timeout).await?
            }
            _ => None,
        };
        let (state, origin) = open(&options, validated, directory, accounting.is_some()).await?;
        assess::warm_up();
        let opened = Opened {
            begun,
            state,
            outbox,
            accounting,
            origin,
        };
        opened.listen(options, taken.http).await
    }
}

/// Opens keyring and store, and reads what a server follows. Writes to disk: to be
/// called after everything else has been checked.
async fn open(
    options: &ServeOptions,
    validated: Validated,
    directory: Option<StoreDirectory>,
    has_accounting: bool,
) -> anyhow::Result<(Arc<State>, Origin)> {
    let Validated {
        setup,
        engine,
        network,
    } = validated;
    let keyring = keyring_source::open(&options.config, &options.data_dir, options.demo)?;
    let origin = keyring.origin;
    let admitted = open_store(options, &keyring.keyring, directory).await?;
    for note in &admitted.notes {
        tracing::info!("{note}");
    }
    let own = match admitted.store.is_shared() {
        true => admitted
            .header
            .aligned(&keyring.keyring)
            .context("keyring")?,
        false => keyring.keyring,
    };
    let engine = Engine::with_settings(own, engine).context("login.issuer")?;
    let state = Arc::new(State {
        engine: Arc::new(ArcSwap::from_pointee(engine)),
        store: admitted.store,
        tenants: Tenants::default(),
        setup: ArcSwap::from_pointee(setup),
        defined: ArcSwap::default(),
        defining: AsyncMutex::default(),
        all_cut_offs: ArcSwap::default(),
        network,
        metrics: Metrics::default(),
        cut_offs: Mutex::default(),
        keyring_file: keyring.file,
        keyring_change: AsyncMutex::default(),
        about: OnceLock::new(),
        hasher: Hasher::default(),
        throttle: Throttle::default(),
        recent: Recent::default(),
        statistics: Recorder::default(),
        machine: machine_id(&options.data_dir),
        offset: Offset::default(),
        news: Notify::new(),
        lacks_active_key: AtomicBool::new(false),
    });
    state.apply(&admitted.header);
    follow(&state, &admitted.header, has_accounting).await?;
    Ok((state, origin))
}

/// Reads what a server follows in its store, and brings its tenants up to date.
async fn follow(state: &State, header: &Header, has_accounting: bool) -> anyhow::Result<()> {
    gateways::begin(state).await?;
    let read = cut_offs::follow(state);
    read.context("cannot read the cut-offs: mpass resume all replaces them")?;
    if let (true, Some(records)) = (has_accounting, state.store.network()) {
        let keys = state.network_keys();
        let loaded = network::load(&state.network, records, &keys).await;
        loaded.context("cannot read the network table")?;
    }
    if header.is_closed() {
        tracing::warn!("the store was restored and is closed: run mpass store restored --confirm");
    } else {
        if header.is_ahead(clock::now_ms()) {
            tracing::warn!(
                "{}: set the clock, or run mpass store restored",
                Error::RestoredLater
            );
        }
        upkeep::encrypt_tenants(state).await?;
        upkeep::check_rs256(state).await?;
    }
    Ok(())
}

impl Opened {
    /// Listens, on the sockets of a service manager if there are any.
    async fn listen(
        self,
        options: ServeOptions,
        inherited: Option<Vec<Bound>>,
    ) -> anyhow::Result<Server> {
        let (config, state) = (&options.config, self.state);
        let admin = AdminSocket::bind(&options.data_dir)?;
        let sockets = match inherited {
            Some(sockets) => sockets,
            None => listening::own(options.addresses())?,
        };
        let addrs = sockets
            .iter()
            .map(|bound| bound.socket.local_addr())
            .collect::<Result<Vec<_>, _>>()?;
        let addr = *addrs.first().context("no address to listen on")?;
        let base = format!("{}://{addr}", scheme(config));
        let demo = match self.outbox {
            Some(outbox) => {
                let realm = &config.login.realm;
                let portal = portal_url(&options, &addrs);
                Some(Demo::prepare(&state, outbox, realm, addr, &base, portal).await?)
            }
            None => None,
        };
        let more = demo.as_ref().map_or_else(Router::new, demo::routes);
        let more = more.merge(openapi::routes(options.demo));
        let admission = listening::admission(config, &state);
        let drain = Drain::default();
        let reloader = Reloader::new(Arc::clone(&state), Arc::clone(&admission), options.clone());
        let reloader = Arc::new(reloader);
        let portal = portal::router(Portal {
            state: Arc::clone(&state),
            reloader: Arc::clone(&reloader),
        })
        .merge(openapi::of_administration());
        let sharing = Sharing {
            state: &state,
            admission: &admission,
            drain: &drain,
            more: &more,
            portal: &portal,
            is_demo: options.demo,
        };
        let listeners = sharing.listeners(sockets);
        let about = about(
            &options,
            self.begun,
            &addrs,
            &admission,
            self.accounting.as_ref(),
        );
        // Nothing else sets it.
        let _ = state.about.set(about);
        let server = Server {
            listeners,
            addrs,
            state,
            accounting: self.accounting,
            admin,
            reloader,
            demo,
            drain,
            node: node_of(&options),
        };
        server.log_start(&options, self.origin);
        Ok(server)
    }
}

/// What the server is, for its operator.
fn about(
    options: &ServeOptions,
    (started, started_at_ms): (Instant, u64),
    addrs: &[SocketAddr],
    admission: &Arc<Admission>,
    accounting: Option<&AccountingListener>,
) -> About {
    let scheme = scheme(&options.config);
    let listeners = addrs.iter().zip(options.addresses());
    let listeners =
        listeners.map(|(addr, address)| (format!("{scheme}://{addr}"), address.realm.to_owned()));
    About {
        started,
        started_at_ms,
        listeners: listeners.collect(),
        accounting: accounting.map(AccountingListener::addr),
        admission: Arc::clone(admission),
    }
}

/// Where the node of a store behind a network is kept.
fn node_of(options: &ServeOptions) -> Option<(bool, NodeFile)> {
    let store = &options.config.store;
    let file = || NodeFile::of(&options.data_dir, store);
    store
        .is_remote()
        .then(|| (store.covers_promotion(), file()))
}

/// Opens the store; the embedded one in a directory that may be locked already.
async fn open_store(
    options: &ServeOptions,
    keyring: &Keyring,
    directory: Option<StoreDirectory>,
) -> anyhow::Result<Admitted> {
    match &options.config.store {
        StoreKind::Embedded => {
            let dir = &options.data_dir;
            let directory = directory.map_or_else(|| StoreDirectory::lock(dir), Ok)?;
            let mut admitted = Admitted::open_locked(directory, dir, keyring).await?;
            // The keyring may have been changed while there was no server.
            let followed = store::follow(&admitted.store, keyring, Fingerprints::Keep);
            admitted.header = followed.await?;
            Ok(admitted)
        }
        kind @ (StoreKind::Redis(_) | StoreKind::Postgres(_)) => {
            let store = store_node::open(kind)?;
            let file = NodeFile::of(&options.data_dir, kind);
            let covers = kind.covers_promotion();
            let compared = store_node::compare(&store, keyring, covers, &file, |_| ());
            let header = compared.await.context("store")?;
            // Keys may have been added while there was no server. The active one is that
            // of the store, which other machines share.
            let keyring = header.aligned(keyring).context("keyring")?;
            let header = store::follow(&store, &keyring, Fingerprints::Keep).await?;
            Ok(Admitted {
                store,
                header,
                notes: Vec::new(),
            })
        }
        StoreKind::Memory => {
            let store = AnyStore::Memory(MemoryStore::new(MEMORY_VALUES));
            Admitted::of(store, keyring, Vec::new()).await
        }
    }
}
