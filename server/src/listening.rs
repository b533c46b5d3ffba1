//! The listening sockets of the server, and what serves on them.

use core::net::SocketAddr;
use std::net::UdpSocket;
use std::sync::Arc;

use anyhow::Context;
use axum::Router;
use tokio_util::task::TaskTracker;

use crate::admission::{Admission, Reached};
use crate::callers::{Callers, CallersConfig};
use crate::config::Config;
use crate::descriptors;
use crate::handover::{Drain, Inherited};
use crate::http::{self, App, Connections, Listener, Socket, router};
use crate::options::{Address, Purpose};
use crate::state::State;

/// The name of the inherited socket for [`Config::listen`].
const MAIN: &str = "main";
/// The name of the inherited socket for administration.
const PORTAL: &str = "portal";
/// The name of the inherited socket for RADIUS accounting.
const ACCOUNTING: &str = "accounting";

/// The name of the inherited socket for an address.
fn name(address: &Address<'_>) -> String {
    match address.purpose {
        Purpose::Main => MAIN.to_owned(),
        Purpose::Realm => format!("login-{}", address.realm),
        Purpose::Portal => PORTAL.to_owned(),
    }
}

/// A listening socket, with what it is for and the realm of its callers.
pub(crate) struct Bound {
    pub(crate) socket: Socket,
    purpose: Purpose,
    realm: Arc<str>,
    callers: CallersConfig,
}

impl Bound {
    fn new(socket: Socket, address: &Address<'_>) -> Self {
        Self {
            socket,
            purpose: address.purpose,
            realm: address.realm.into(),
            callers: address.callers.clone(),
        }
    }
}

/// The sockets that were taken over from a service manager.
pub(crate) struct Taken {
    /// `None` if the server is to open its own.
    pub(crate) http: Option<Vec<Bound>>,
    pub(crate) accounting: Option<UdpSocket>,
}

impl Taken {
    /// Takes the sockets for these addresses, and the one for accounting.
    ///
    /// # Errors
    /// When there are sockets, but not exactly those.
    pub(crate) fn of<'a>(
        addresses: impl Iterator<Item = Address<'a>>,
        accounting: Option<SocketAddr>,
        mut inherited: Inherited,
    ) -> anyhow::Result<Self> {
        if inherited.is_empty() {
            return Ok(Self {
                http: None,
                accounting: None,
            });
        }
        let mut http = Vec::new();
        for address in addresses {
            let socket = inherited.take_tcp(&name(&address), address.listen)?;
            http.push(Bound::new(Socket::inherited(socket)?, &address));
        }
        let accounting = accounting.map(|addr| inherited.take_udp(ACCOUNTING, addr));
        let accounting = accounting.transpose()?;
        inherited.finish()?;
        Ok(Self {
            http: Some(http),
            accounting,
        })
    }
}

/// The server's own sockets.
///
/// # Errors
/// When an address is not available.
pub(crate) fn own<'a>(addresses: impl Iterator<Item = Address<'a>>) -> anyhow::Result<Vec<Bound>> {
    addresses
        .map(|address| {
            let socket = http::bind(address.listen);
            let socket = socket.with_context(|| format!("cannot listen on {}", address.listen))?;
            Ok(Bound::new(socket, &address))
        })
        .collect()
}

/// The budgets, which all listeners share.
pub(crate) fn admission(config: &Config, state: &Arc<State>) -> Arc<Admission> {
    let limits = &config.limits;
    let connections = descriptors::connections(limits.connections);
    // The state has the budgets, too, for its operator.
    let counting = Arc::downgrade(state);
    let count = move |reached: Reached| {
        if let Some(state) = counting.upgrade() {
            state.metrics.count_limited(reached.name());
        }
    };
    Arc::new(Admission::new(
        limits.budgets(connections, config.proxies()),
        count,
    ))
}

/// What all listeners share.
pub(crate) struct Sharing<'a> {
    pub(crate) state: &'a Arc<State>,
    pub(crate) admission: &'a Arc<Admission>,
    pub(crate) drain: &'a Drain,
    /// Routes besides the server's own.
    pub(crate) more: &'a Router,
    /// Those of the listener for administration.
    pub(crate) portal: &'a Router,
    pub(crate) is_demo: bool,
}

impl Sharing<'_> {
    /// What serves on the sockets.
    pub(crate) fn listeners(&self, sockets: Vec<Bound>) -> Vec<Listener> {
        let listener = |bound: Bound| {
            let Bound {
                socket,
                purpose,
                realm,
                callers,
            } = bound;
            let port = socket.local_addr().map(|addr| addr.port());
            let app = App {
                state: Arc::clone(self.state),
                realm,
                // Without a port, nothing is for the demo.
                demo_port: self.is_demo.then(|| port.unwrap_or(0)),
                is_portal: purpose == Purpose::Portal,
                drain: self.drain.clone(),
            };
            let router = match purpose {
                Purpose::Main | Purpose::Realm => router(app.clone(), self.more.clone()),
                Purpose::Portal => self.portal.clone(),
            };
            let connections = Connections {
                router,
                app,
                callers: Callers::new(&callers),
                admission: Arc::clone(self.admission),
                requests: TaskTracker::new(),
            };
            Listener::new(socket, connections)
        };
        sockets.into_iter().map(listener).collect()
    }
}
