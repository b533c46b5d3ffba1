//! The server: its parts, and how long they run.

mod assembly;
mod counting;
mod signals;

use core::future::Future;
use core::net::SocketAddr;
use core::pin::pin;
use std::io::Write;
use std::sync::Arc;

use anyhow::bail;
use tokio::signal::unix::Signal;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

pub use self::signals::hangup_signal;
use self::signals::shutdown_signal;
use crate::admin::AdminSocket;
use crate::audit_watch;
use crate::config::Config;
use crate::cut_offs;
use crate::demo::{Demo, Paths};
use crate::fleet::announcing;
use crate::gateways;
use crate::handover::{Drain, Inherited, notify};
use crate::http::Listener;
use crate::keyring_file::Origin;
use crate::network::{AccountingListener, Recorder};
use crate::options::{Address, Purpose};
pub use crate::options::{ServeOptions, Source};
use crate::reload::Reloader;
use crate::state::State;
use crate::store_config::StoreKind;
use crate::store_node::{self, NodeFile};
use crate::{log_queue, logging};

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
    /// Of a store behind a network: whether it covers a promotion, and its last node.
    node: Option<(bool, NodeFile)>,
}

impl Server {
    /// The addresses it listens on: [`ServeOptions::listen`], those of
    /// [`LoginConfig::realms`](crate::config::LoginConfig::realms), and that of
    /// [`PortalConfig::listen`](crate::config::PortalConfig::listen).
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
        let auditing = audit_watch::watch(Arc::clone(&self.state), end.clone().cancelled_owned());
        let auditing = tokio::spawn(auditing);
        let counting = counting::watch(Arc::clone(&self.state), end.clone().cancelled_owned());
        let counting = tokio::spawn(counting);
        let following = self.node.map(|(covers_promotion, file)| {
            let (state, end) = (Arc::clone(&self.state), end.clone().cancelled_owned());
            tokio::spawn(store_node::watch(state, covers_promotion, file, end))
        });
        let announcing = self.state.store.is_shared().then(|| {
            let (state, reloader) = (Arc::clone(&self.state), Arc::clone(&self.reloader));
            let end = end.clone().cancelled_owned();
            tokio::spawn(announcing::watch(state, reloader, end))
        });
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
        counting.await?;
        auditing.await?;
        if let Some(accounting) = accounting {
            accounting.await?;
        }
        if let Some(announcing) = announcing {
            announcing.await?;
        }
        if let Some(following) = following {
            following.await?;
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
        let scheme = scheme(&options.config);
        let portal = portal_url(options, &self.addrs);
        let paths = Paths {
            scheme,
            data_dir: match options.config.store {
                StoreKind::Embedded => Some(&options.data_dir),
                _ => None,
            },
            keyring: self.state.keyring_file.as_deref(),
            portal: portal.as_deref(),
        };
        self.demo.as_ref().map(|demo| demo.banner(&paths))
    }

    fn log_start(&self, options: &ServeOptions, origin: Origin) {
        let scheme = scheme(&options.config);
        let data = match options.config.store {
            StoreKind::Embedded => options.data_dir.display().to_string(),
            StoreKind::Memory => "in memory, lost at a restart".to_owned(),
            StoreKind::Redis(_) => "in Redis".to_owned(),
            StoreKind::Postgres(_) => "in PostgreSQL".to_owned(),
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

/// The URL of the portal, if one of the addresses is for it.
fn portal_url(options: &ServeOptions, addrs: &[SocketAddr]) -> Option<String> {
    let mut listening = addrs.iter().zip(options.addresses());
    let (addr, _) = listening.find(|(_, address)| address.purpose == Purpose::Portal)?;
    Some(format!("{}://{addr}/", scheme(&options.config)))
}

fn scheme(config: &Config) -> &'static str {
    match config.tls {
        Some(_) => "https",
        None => "http",
    }
}
