//! The server: assembles its parts, starts them and shuts them down.

use core::future::Future;
use core::net::SocketAddr;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, bail};
use arc_swap::ArcSwap;
use axum::Router;
use mpass_core::Error;
use mpass_core::challenge::Keyring;
use mpass_core::service::Engine;
use mpass_core::store::MemoryStore;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::admin::store::{self, Fingerprints};
use crate::admin::{AdminSocket, Admitted, operations};
use crate::admission::{Admission, Reached};
use crate::config::{Config, StoreKind};
use crate::demo::{Demo, Paths};
use crate::gateway::{Gateway, HttpGateway, Outbox};
use crate::http::{self, App, Connections, Listener, router};
use crate::keyring_file::Origin;
use crate::keyring_source;
use crate::metrics::Metrics;
use crate::network::{self, AccountingListener, Recorder};
use crate::signing::SigningKeys;
use crate::state::State;
use crate::store::{AnyStore, StoreDirectory};
use crate::{assess, clock, demo, descriptors, directories, log_queue, logging, tls};

/// The maximum number of values in a memory store, about 300 MB.
const MEMORY_VALUES: usize = 1_000_000;

/// The options of a server.
#[derive(Clone, Debug)]
pub struct ServeOptions {
    /// The configuration.
    pub config: Config,
    /// The address to listen on; port 0 picks a free port.
    pub listen: SocketAddr,
    /// The data directory.
    pub data_dir: PathBuf,
    /// Whether it is the demo, which shows messages instead of sending them.
    pub demo: bool,
}

impl ServeOptions {
    /// Combines a configuration with the command line, which takes precedence.
    ///
    /// # Errors
    /// When the data directory is not set and there is no home directory.
    pub fn new(
        config: Config,
        listen: Option<SocketAddr>,
        data_dir: Option<PathBuf>,
        demo: bool,
    ) -> anyhow::Result<Self> {
        let data_dir = match data_dir.or_else(|| config.data_dir.clone()) {
            Some(data_dir) => data_dir,
            None => directories::default_data_dir()?,
        };
        Ok(Self {
            listen: listen.unwrap_or(config.listen),
            data_dir,
            config,
            demo,
        })
    }

    /// The addresses to listen on, each with the realm of its callers.
    fn listen_addrs(&self) -> impl Iterator<Item = (SocketAddr, &str)> {
        let login = &self.config.login;
        let first = (self.listen, login.realm.as_str());
        let further = login.realms.iter();
        core::iter::once(first).chain(further.map(|one| (one.listen, one.realm.as_str())))
    }

    /// Refuses insecure or incomplete options.
    fn check(&self) -> anyhow::Result<()> {
        let config = &self.config;
        for (listen, _) in self.listen_addrs() {
            let is_loopback = listen.ip().to_canonical().is_loopback();
            if self.demo && !is_loopback {
                bail!(
                    "the demo shows every message to every caller, so it listens on loopback only"
                );
            }
            if !is_loopback && config.tls.is_none() && !config.allow_plain_http {
                bail!(
                    "{listen} is not loopback, so channel keys and codes would be sent unencrypted: \
                     configure [tls], or set allow_plain_http = true behind a proxy that \
                     terminates TLS"
                );
            }
        }
        if config.gateway.is_none() && !self.demo {
            bail!(
                "no gateway is configured, so messages cannot be sent: configure [gateway], or use \
                 --demo to try the server"
            );
        }
        Ok(())
    }
}

/// A server that is listening but not serving yet.
pub struct Server {
    listeners: Vec<Listener>,
    addrs: Vec<SocketAddr>,
    state: Arc<State>,
    accounting: Option<AccountingListener>,
    admin: AdminSocket,
    demo: Option<Arc<Demo>>,
}

impl Server {
    /// Opens everything that the server needs, and listens.
    ///
    /// # Errors
    /// An error that describes in one line what is missing or refused.
    pub async fn bind(options: ServeOptions) -> anyhow::Result<Self> {
        options.check()?;
        let config = &options.config;
        let tls = config.tls.as_ref().map(tls::acceptor).transpose()?;
        let outbox = options.demo.then(Arc::<Outbox>::default);
        let gateway = gateway(&options, outbox.as_ref())?;
        let network = network::open(&config.network, &config.numbers)?;
        let signing = SigningKeys::load(&config.login.signing_keys)?;
        let accounting = AccountingListener::bind(&config.network, &config.numbers).await?;
        StoreDirectory::check_private(&options.data_dir)?;
        // Write to disk only after everything else has been checked.
        let keyring = keyring_source::open(config, &options.data_dir, options.demo)?;
        let origin = keyring.origin;
        let admitted = open_store(&options, &keyring.keyring).await?;
        for note in &admitted.notes {
            tracing::info!("{note}");
        }
        let engine = Engine::with_settings(keyring.keyring, config.login.engine_settings())
            .context("login.issuer")?;
        let state = Arc::new(State {
            engine: Arc::new(ArcSwap::from_pointee(engine)),
            store: admitted.store,
            gateway,
            network,
            numbers: config.numbers.clone(),
            signing,
            metrics: Metrics::default(),
            keyring_file: keyring.file,
        });
        state.apply(&admitted.header);
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
            encrypt_tenants(&state).await?;
            if config.login.issuer.is_some() {
                check_rs256(&state).await?;
            }
        }
        assess::warm_up();
        let admin = AdminSocket::bind(&options.data_dir)?;
        let sockets = sockets(&options)?;
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
        let listeners = listeners(config, &state, sockets, &more, tls.as_ref(), options.demo);
        let server = Self {
            listeners,
            addrs,
            state,
            accounting,
            admin,
            demo,
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
                accounting.serve(network, &recorder, metrics, end).await;
            })
        });
        let administration = self.admin.serve(self.state, end.clone().cancelled_owned());
        let administration = tokio::spawn(administration);
        let closing = CancellationToken::new();
        let mut serving = JoinSet::new();
        for listener in self.listeners {
            serving.spawn(listener.serve(closing.clone().cancelled_owned()));
        }
        shutdown.await;
        closing.cancel();
        let ended = serving.join_all().await.into_iter().all(|ended| ended);
        end.cancel();
        administration.await?;
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
        for (addr, (_, realm)) in self.addrs.iter().zip(options.listen_addrs()) {
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

/// Serves until SIGTERM or SIGINT.
///
/// # Errors
/// Those of [`Server::bind`] and [`Server::run`].
pub async fn run(options: ServeOptions) -> anyhow::Result<()> {
    let _flush = logging::init(&options.config.log);
    let shutdown = shutdown_signal()?;
    let server = Server::bind(options.clone()).await?;
    if let Some(banner) = server.demo_banner(&options) {
        log_queue::patiently(move || {
            // A closed standard output is not an error.
            let _ = writeln!(std::io::stdout().lock(), "{banner}");
        });
    }
    server.run(shutdown).await
}

/// The sockets to listen on, each with its realm.
fn sockets(options: &ServeOptions) -> anyhow::Result<Vec<(TcpListener, Arc<str>)>> {
    options
        .listen_addrs()
        .map(|(listen, realm)| {
            let socket =
                http::bind(listen).with_context(|| format!("cannot listen on {listen}"))?;
            Ok((socket, realm.into()))
        })
        .collect()
}

fn listeners(
    config: &Config,
    state: &Arc<State>,
    sockets: Vec<(TcpListener, Arc<str>)>,
    more: &Router,
    tls: Option<&TlsAcceptor>,
    is_demo: bool,
) -> Vec<Listener> {
    let limits = &config.limits;
    let connections = descriptors::connections(limits.connections);
    let counting = Arc::clone(state);
    let count = move |reached: Reached| counting.metrics.count_limited(reached.name());
    let admission = Arc::new(Admission::new(limits.budgets(connections), count));
    let metrics_addresses: Arc<[_]> = config.metrics.addresses.clone().into();
    let metrics_hosts: Arc<[_]> = config.metrics.hosts.clone().into();
    let listener = |(socket, realm): (TcpListener, _)| {
        let port = socket.local_addr().map(|addr| addr.port());
        let app = App {
            state: Arc::clone(state),
            realm,
            metrics_addresses: Arc::clone(&metrics_addresses),
            metrics_hosts: Arc::clone(&metrics_hosts),
            // Without a port, nothing is for the demo.
            demo_port: is_demo.then(|| port.unwrap_or(0)),
            body_timeout: limits.body_timeout,
        };
        let connections = Connections {
            router: router(app.clone(), more.clone()),
            app,
            tls: tls.cloned(),
            limits: limits.clone(),
            admission: Arc::clone(&admission),
            requests: TaskTracker::new(),
            closing: CancellationToken::new(),
        };
        Listener::new(socket, connections)
    };
    sockets.into_iter().map(listener).collect()
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
    let context = "cannot wait for signals";
    let mut terminate = signal(SignalKind::terminate()).context(context)?;
    let mut interrupt = signal(SignalKind::interrupt()).context(context)?;
    Ok(async move {
        let mut either = async || {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        };
        either().await;
        tracing::info!("stopping after requests in flight");
        tokio::spawn(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            std::process::exit(130);
        });
    })
}

/// Encrypts the tenants that an earlier version wrote, or that are sealed with an
/// older record key.
async fn encrypt_tenants(state: &State) -> anyhow::Result<()> {
    let engine = state.engine.load_full();
    let encrypted = operations::encrypt_tenants(&state.store, &engine.shared_keyring()).await;
    let count =
        encrypted.map_err(|error| anyhow::anyhow!("cannot encrypt the tenants: {error}"))?;
    if count > 0 {
        tracing::info!(count, "encrypted tenants with the newest record key");
    }
    Ok(())
}

/// Logs an error if clients have RS256 and the server has no key for it.
async fn check_rs256(state: &State) -> anyhow::Result<()> {
    if !state.signing.is_empty() {
        return Ok(());
    }
    let engine = state.engine.load_full();
    let counted = operations::count_rs256(&state.store, &engine.shared_keyring()).await;
    let clients = counted.map_err(|error| anyhow::anyhow!("cannot list the clients: {error}"))?;
    if clients > 0 {
        tracing::error!(
            clients,
            "clients with id_token_alg RS256 cannot log in: login.signing_keys is not set"
        );
    }
    Ok(())
}

async fn open_store(options: &ServeOptions, keyring: &Keyring) -> anyhow::Result<Admitted> {
    match options.config.store {
        StoreKind::Embedded => {
            let mut admitted = Admitted::open(&options.data_dir, keyring).await?;
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

fn gateway(options: &ServeOptions, outbox: Option<&Arc<Outbox>>) -> anyhow::Result<Gateway> {
    match (outbox, &options.config.gateway) {
        (Some(outbox), _) => Ok(Gateway::Outbox(Arc::clone(outbox))),
        (None, Some(gateway)) => Ok(Gateway::Http(Box::new(HttpGateway::new(gateway)?))),
        (None, None) => bail!("no gateway is configured"),
    }
}
