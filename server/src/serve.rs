//! The server: assembles its parts, starts them and shuts them down.

use core::future::Future;
use core::net::SocketAddr;
use core::pin::pin;
use core::time::Duration;
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
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::admin::store::{self, Fingerprints};
use crate::admin::{AdminSocket, Admitted, operations};
use crate::config::{Config, StoreKind};
use crate::demo::{Demo, Paths};
use crate::gateway::{Gateway, HttpGateway, Outbox};
use crate::handover::{self, Drain, Inherited, notify};
use crate::http::Listener;
use crate::keyring_file::Origin;
use crate::keyring_source;
use crate::listening::{self, Address, Sharing, Taken};
use crate::metrics::Metrics;
use crate::network::{self, AccountingListener};
use crate::signing::SigningKeys;
use crate::state::State;
use crate::store::{AnyStore, StoreDirectory};
use crate::{assess, clock, demo, directories, log_queue, logging, tls};

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

    /// The addresses to listen on.
    fn addresses(&self) -> impl Iterator<Item = Address<'_>> {
        let login = &self.config.login;
        let first = Address {
            listen: self.listen,
            realm: &login.realm,
            is_main: true,
        };
        let further = login.realms.iter().map(|one| Address {
            listen: one.listen,
            realm: &one.realm,
            is_main: false,
        });
        core::iter::once(first).chain(further)
    }

    /// Refuses insecure or incomplete options.
    fn check(&self) -> anyhow::Result<()> {
        let config = &self.config;
        for Address { listen, .. } in self.addresses() {
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
    drain: Drain,
    drain_delay: Duration,
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
        options.check()?;
        let config = &options.config;
        let taken = Taken::of(options.addresses(), config.network.listen, inherited)?;
        let tls = config.tls.as_ref().map(tls::acceptor).transpose()?;
        let outbox = options.demo.then(Arc::<Outbox>::default);
        let gateway = gateway(&options, outbox.as_ref())?;
        let network = network::open(&config.network, &config.numbers)?;
        let signing = SigningKeys::load(&config.login.signing_keys)?;
        let accounting = taken.accounting;
        let accounting =
            AccountingListener::bind(&config.network, &config.numbers, accounting).await?;
        StoreDirectory::check_private(&options.data_dir)?;
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
        let drain = Drain::default();
        let sharing = Sharing {
            config,
            state: &state,
            drain: &drain,
            tls: tls.as_ref(),
            more: &more,
            is_demo: options.demo,
        };
        let listeners = sharing.listeners(sockets);
        let server = Self {
            listeners,
            addrs,
            state,
            accounting,
            admin,
            demo,
            drain,
            drain_delay: config.limits.drain_delay,
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
                accounting.serve(&state.network, &state.metrics, end).await;
            })
        });
        let administration = self.admin.serve(self.state, end.clone().cancelled_owned());
        let administration = tokio::spawn(administration);
        let mut serving = JoinSet::new();
        for listener in self.listeners {
            serving.spawn(listener.serve());
        }
        shutdown.await;
        self.drain.leave();
        tokio::time::sleep(self.drain_delay).await;
        self.drain.close();
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
/// are any.
///
/// # Errors
/// Those of [`Server::bind_inherited`] and [`Server::run`].
pub async fn run(options: ServeOptions, inherited: Inherited) -> anyhow::Result<()> {
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
    server.run(shutdown).await
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

fn gateway(options: &ServeOptions, outbox: Option<&Arc<Outbox>>) -> anyhow::Result<Gateway> {
    match (outbox, &options.config.gateway) {
        (Some(outbox), _) => Ok(Gateway::Outbox(Arc::clone(outbox))),
        (None, Some(gateway)) => Ok(Gateway::Http(Box::new(HttpGateway::new(gateway)?))),
        (None, None) => bail!("no gateway is configured"),
    }
}
