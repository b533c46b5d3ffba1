//! The server: assembles its parts, starts them and shuts them down.

use core::future::Future;
use core::net::SocketAddr;
use core::pin::pin;
use std::io::Write;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Instant;

use anyhow::{Context, bail};
use arc_swap::ArcSwap;
use axum::Router;
use mpass_core::Error;
use mpass_core::challenge::Keyring;
use mpass_core::service::Engine;
use mpass_core::store::MemoryStore;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::Mutex as AsyncMutex;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::about::About;
use crate::admin::store::{self, Fingerprints};
use crate::admin::{AdminSocket, Admitted, upkeep};
use crate::admission::Admission;
use crate::config::{Config, StoreKind};
use crate::cut_offs;
use crate::demo::{Demo, Paths};
use crate::gateway::Gateway;
use crate::gateways;
use crate::handover::{self, Drain, Inherited, notify};
use crate::http::Listener;
use crate::keyring_file::Origin;
use crate::keyring_source;
use crate::listening::{self, Sharing, Taken};
use crate::metrics::Metrics;
use crate::network::{self, AccountingListener, Recorder};
use crate::options::Address;
pub use crate::options::{ServeOptions, Source};
use crate::recent::Recent;
use crate::reload::Reloader;
use crate::setup::{Validated, validate};
use crate::state::State;
use crate::store::{AnyStore, StoreDirectory};
use crate::{assess, clock, demo, log_queue, logging};

/// The maximum number of values in a memory store, about 300 MB.
const MEMORY_VALUES: usize = 1_000_000;

const SIGNALS: &str = "cannot wait for signals";

/// A server that is listening but not serving yet.
pub struct Server {
    listeners: Vec<Listener>,
    addrs: Vec<SocketAddr>,
    state: Arc<State>,
    accounting: Option<AccountingListener>,
    admin: AdminSocket,
    reloader: Arc<Reloader>,
    demo: Option<Arc<Demo>>,
    drain: Drain,
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
        let Validated {
            setup,
            engine,
            network,
        } = validate(&options)?;
        let config = &options.config;
        let taken = Taken::of(options.addresses(), config.network.listen, inherited)?;
        let outbox = setup.gateways.iter().find_map(|gateway| match &**gateway {
            Gateway::Outbox(outbox) => Some(Arc::clone(outbox)),
            Gateway::Http(_) => None,
        });
        let accounting = AccountingListener::bind(&config.network, taken.accounting).await?;
        let directory = match config.store {
            StoreKind::Embedded if taken.http.is_some() => {
                let timeout = config.limits.handover_timeout;
                handover::wait_for_store(&options.data_dir, timeout).await?
            }
            StoreKind::Embedded | StoreKind::Memory => None,
        };
        // Write to disk only after everything else has been checked.
        let keyring = keyring_source::open(config, &options.data_dir, options.demo)?;
        let origin = keyring.origin;
        let admitted = open_store(&options, &keyring.keyring, directory).await?;
        for note in &admitted.notes {
            tracing::info!("{note}");
        }
        let engine = Engine::with_settings(keyring.keyring, engine).context("login.issuer")?;
        let state = Arc::new(State {
            engine: Arc::new(ArcSwap::from_pointee(engine)),
            store: admitted.store,
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
            recent: Recent::default(),
        });
        state.apply(&admitted.header);
        gateways::begin(&state).await?;
        let read = cut_offs::follow(&state);
        read.context("cannot read the cut-offs: mpass resume all replaces them")?;
        if let (Some(_), Some(records)) = (&accounting, state.store.network()) {
            let keys = state.network_keys();
            let loaded = network::load(&state.network, records, &keys).await;
            loaded.context("cannot read the network table")?;
        }
        if admitted.header.is_closed() {
            tracing::warn!(
                "the store was restored and is closed: run mpass store restored --confirm"
            );
        } else {
            if admitted.header.is_ahead(clock::now_ms()) {
                tracing::warn!(
                    "{}: set the clock, or run mpass store restored",
                    Error::RestoredLater
                );
            }
            upkeep::encrypt_tenants(&state).await?;
            upkeep::check_rs256(&state).await?;
        }
        assess::warm_up();
        let admin = AdminSocket::bind(&options.data_dir)?;
        let sockets = match taken.http {
            Some(sockets) => sockets,
            None => listening::own(options.addresses())?,
        };
        let addrs = sockets
            .iter()
            .map(|(socket, _)| socket.local_addr())
            .collect::<Result<Vec<_>, _>>()?;
        let addr = *addrs.first().context("no address to listen on")?;
        let base = format!("{}://{addr}", scheme(config));
        let demo = match outbox {
            Some(outbox) => {
                Some(Demo::prepare(&state, outbox, &config.login.realm, addr, &base).await?)
            }
            None => None,
        };
        let more = demo.as_ref().map_or_else(Router::new, demo::routes);
        let admission = listening::admission(config, &state);
        let drain = Drain::default();
        let sharing = Sharing {
            state: &state,
            admission: &admission,
            drain: &drain,
            more: &more,
            is_demo: options.demo,
        };
        let listeners = sharing.listeners(sockets);
        let about = about(&options, begun, &addrs, &admission, accounting.as_ref());
        // Nothing else sets it.
        let _ = state.about.set(about);
        let reloader = Reloader::new(Arc::clone(&state), admission, options.clone());
        let server = Self {
            listeners,
            addrs,
            state,
            accounting,
            admin,
            reloader: Arc::new(reloader),
            demo,
            drain,
        };
        server.log_start(&options, origin);
        Ok(server)
    }

    /// The addresses it listens on: [`ServeOptions::listen`], then those of
    /// [`LoginConfig::realms`](crate::config::LoginConfig::realms).
    #[must_use]
    pub fn addrs(&self) -> &[SocketAddr] {
        &self.addrs
    }

    /// The address for RADIUS accounting, if there is one.
    #[must_use]
    pub fn accounting_addr(&self) -> Option<SocketAddr> {
        self.accounting.as_ref().map(AccountingListener::addr)
    }

    /// The state that its parts share.
    #[must_use]
    pub fn state(&self) -> &Arc<State> {
        &self.state
    }

    /// What reloads its configuration.
    #[must_use]
    pub fn reloader(&self) -> &Arc<Reloader> {
        &self.reloader
    }

    /// Serves until `shutdown`, then waits for requests in flight, up to the
    /// configured time.
    ///
    /// # Errors
    /// When some of them did not end in time.
    pub async fn run(self, shutdown: impl Future<Output = ()>) -> anyhow::Result<()> {
        let end = CancellationToken::new();
        let state = Arc::clone(&self.state);
        let accounting = self.accounting.map(|accounting| {
            let end = end.clone().cancelled_owned();
            tokio::spawn(async move {
                let recorder = Recorder {
                    store: state.store.network(),
                    keys: &|| state.network_keys(),
                };
                let State {
                    network, metrics, ..
                } = &*state;
                let rules = || Arc::clone(&state.setup.load().accounting);
                let serve = accounting.serve(network, &recorder, metrics, rules, end);
                serve.await;
            })
        });
        let renewal = Arc::clone(&self.reloader).watch(end.clone().cancelled_owned());
        let renewal = tokio::spawn(renewal);
        let watching = cut_offs::watch(Arc::clone(&self.state), end.clone().cancelled_owned());
        let watching = tokio::spawn(watching);
        let defining = gateways::watch(Arc::clone(&self.state), end.clone().cancelled_owned());
        let defining = tokio::spawn(defining);
        let administration = self.admin.serve(
            Arc::clone(&self.state),
            self.reloader,
            end.clone().cancelled_owned(),
        );
        let administration = tokio::spawn(administration);
        let mut serving = JoinSet::new();
        for listener in self.listeners {
            serving.spawn(listener.serve());
        }
        shutdown.await;
        self.drain.leave();
        let delay = self.state.setup.load().limits.drain_delay;
        tokio::time::sleep(delay).await;
        self.drain.close();
        let ended = serving.join_all().await.into_iter().all(|ended| ended);
        end.cancel();
        administration.await?;
        renewal.await?;
        watching.await?;
        defining.await?;
        if let Some(accounting) = accounting {
            accounting.await?;
        }
        tracing::info!("stopped");
        if !ended {
            bail!("some requests did not end in time");
        }
        Ok(())
    }

    /// The instructions printed at the start of the demo; `None` for other
    /// servers.
    #[must_use]
    pub fn demo_banner(&self, options: &ServeOptions) -> Option<String> {
        let paths = Paths {
            scheme: scheme(&options.config),
            data_dir: match options.config.store {
                StoreKind::Embedded => Some(&options.data_dir),
                StoreKind::Memory => None,
            },
            keyring: self.state.keyring_file.as_deref(),
        };
        self.demo.as_ref().map(|demo| demo.banner(&paths))
    }

    fn log_start(&self, options: &ServeOptions, origin: Origin) {
        let scheme = scheme(&options.config);
        let data = match options.config.store {
            StoreKind::Embedded => options.data_dir.display().to_string(),
            StoreKind::Memory => "in memory, lost at a restart".to_owned(),
        };
        let keyring = match &self.state.keyring_file {
            Some(file) => file.display().to_string(),
            None => "the environment".to_owned(),
        };
        let is_new = origin == Origin::Created;
        for (addr, Address { realm, .. }) in self.addrs.iter().zip(options.addresses()) {
            let realm = (!realm.is_empty()).then_some(realm);
            tracing::info!(realm, "listening on {scheme}://{addr}");
        }
        if let Some(addr) = self.accounting_addr() {
            tracing::info!("receiving RADIUS accounting on {addr}");
        }
        tracing::info!(%data, %keyring, keyring_is_new = is_new, "opened");
        if is_new {
            tracing::info!(
                %keyring,
                "created a new keyring: back it up separately from the data, which is lost without it"
            );
        }
    }
}

/// Serves until SIGTERM or SIGINT, on the sockets of a service manager if there
/// are any, and reloads the configuration at every `hangup`.
///
/// # Errors
/// Those of [`Server::bind_inherited`] and [`Server::run`].
pub async fn run(
    options: ServeOptions,
    inherited: Inherited,
    hangup: Signal,
) -> anyhow::Result<()> {
    let _flush = logging::init(&options.config.log);
    let mut shutdown = pin!(shutdown_signal()?);
    // A successor may wait long for its predecessor's store.
    let server = tokio::select! {
        biased;
        () = &mut shutdown => return Ok(()),
        server = Server::bind_inherited(options.clone(), inherited) => server?,
    };
    if let Some(banner) = server.demo_banner(&options) {
        log_queue::patiently(move || {
            // A closed standard output is not an error.
            let _ = writeln!(std::io::stdout().lock(), "{banner}");
        });
    }
    notify::ready();
    let reloading = tokio::spawn(Arc::clone(&server.reloader).follow(hangup));
    let ended = server.run(shutdown).await;
    reloading.abort();
    ended
}

/// The signal to reload, SIGHUP. From now on it does not end the process; one that
/// comes before [`run`] is followed is not lost.
///
/// # Errors
/// When the system refuses.
pub fn hangup_signal() -> anyhow::Result<Signal> {
    signal(SignalKind::hangup()).context(SIGNALS)
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

fn scheme(config: &Config) -> &'static str {
    match config.tls {
        Some(_) => "https",
        None => "http",
    }
}

/// Resolves at the first SIGTERM or SIGINT; a second one ends the process
/// immediately.
fn shutdown_signal() -> anyhow::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate()).context(SIGNALS)?;
    let mut interrupt = signal(SignalKind::interrupt()).context(SIGNALS)?;
    Ok(async move {
        let mut either = async || {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        };
        either().await;
        tracing::info!("stopping after requests in flight");
        notify::stopping();
        tokio::spawn(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            std::process::exit(130);
        });
    })
}

/// Opens the store; the embedded one in a directory that may be locked already.
async fn open_store(
    options: &ServeOptions,
    keyring: &Keyring,
    directory: Option<StoreDirectory>,
) -> anyhow::Result<Admitted> {
    match options.config.store {
        StoreKind::Embedded => {
            let dir = &options.data_dir;
            let directory = directory.map_or_else(|| StoreDirectory::lock(dir), Ok)?;
            let mut admitted = Admitted::open_locked(directory, dir, keyring).await?;
            // The keyring may have been changed while there was no server.
            let followed = store::follow(&admitted.store, keyring, Fingerprints::Keep);
            admitted.header = followed.await?;
            Ok(admitted)
        }
        StoreKind::Memory => {
            let store = AnyStore::Memory(MemoryStore::new(MEMORY_VALUES));
            Admitted::of(store, keyring, Vec::new()).await
        }
    }
}
