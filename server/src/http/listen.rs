//! Listening sockets: connections are accepted within the budgets, served, and
//! shut down gracefully.

use core::future::Future;
use core::net::SocketAddr;
use core::time::Duration;
use std::io;
use std::sync::Arc;

use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::time::timeout;

use super::connection::Shared;

/// The maximum number of connections that wait to be accepted.
const BACKLOG: u32 = 1024;
/// The pause after a failed accept: file descriptors become available again as
/// connections end.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// A listening socket with the state for serving its connections.
pub(crate) struct Listener {
    socket: TcpListener,
    shared: Arc<Shared>,
}

/// Listens on an address, without accepting connections yet.
///
/// # Errors
/// When the address is not available.
pub(crate) fn bind(addr: SocketAddr) -> io::Result<TcpListener> {
    let socket = match addr {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    // A restart must not wait for old connections in TIME_WAIT.
    socket.set_reuseaddr(true)?;
    socket.bind(addr)?;
    socket.listen(BACKLOG)
}

impl Listener {
    pub(crate) fn new(socket: TcpListener, shared: Shared) -> Self {
        Self {
            socket,
            shared: Arc::new(shared),
        }
    }

    /// Serves until `shutdown`, then waits for requests in flight. Returns
    /// whether all that were received were answered in time; peers that have not
    /// sent all of a request, or do not read its answer, are not waited for
    /// longer.
    pub(crate) async fn serve(self, shutdown: impl Future<Output = ()>) -> bool {
        let Self { socket, shared } = self;
        let graceful = GracefulShutdown::new();
        tokio::select! {
            () = accept_all(&socket, &shared, &graceful) => {}
            () = shutdown => {}
        }
        drop(socket);
        shared.closing.cancel();
        let ended = async {
            graceful.shutdown().await;
            shared.requests.close();
            shared.requests.wait().await;
        };
        let limits = shared.limits();
        let ended = timeout(limits.shutdown_timeout, ended).await;
        ended.is_ok() || shared.admission.answering() == 0
    }
}

async fn accept_all(socket: &TcpListener, shared: &Arc<Shared>, graceful: &GracefulShutdown) {
    loop {
        match socket.accept().await {
            // Without a pause: under load, a turn may come once in many
            // milliseconds.
            Ok((stream, peer)) => accept(stream, peer, shared, graceful),
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection");
                shared.admission.relieve();
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// Serves a connection in a task of its own, or closes it.
fn accept(stream: TcpStream, peer: SocketAddr, shared: &Arc<Shared>, graceful: &GracefulShutdown) {
    let peer = peer.ip().to_canonical();
    let Some(admitted) = shared.admission.admit(peer) else {
        tracing::debug!(%peer, "connection refused");
        return;
    };
    let shared = Arc::clone(shared);
    let watcher = graceful.watcher();
    tokio::spawn(async move {
        let _open = shared.app.state.metrics.count_connection();
        shared.serve(stream, peer, admitted, watcher).await;
    });
}
