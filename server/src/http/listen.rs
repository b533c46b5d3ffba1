//! Listening sockets: connections are accepted within the budgets, served, and
//! shut down gracefully.

use core::net::SocketAddr;
use core::time::Duration;
use std::io;
use std::os::fd::AsFd;
use std::sync::Arc;

use rustix::net::sockopt::set_socket_send_buffer_size;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::time::timeout;
use tokio_util::task::TaskTracker;

use super::connection::Shared;

/// The maximum number of connections that wait to be accepted, which the kernel
/// lowers to `net.core.somaxconn`.
const BACKLOG: u32 = 4096;
/// What the kernel keeps of answers that a peer has not taken, in bytes. Its own
/// default grows to megabytes for a peer nearby, which would have hundreds of
/// requests answered that it sends and never reads.
const SEND_BUFFER: usize = 128 * 1024;
/// The pause after a failed accept: file descriptors become available again as
/// connections end.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// A listening socket.
pub(crate) enum Socket {
    /// The server's own, which ends with it.
    Own(TcpListener),
    /// One that a service manager keeps open: connections that the server does
    /// not accept wait for its successor.
    Inherited(TcpListener),
}

impl Socket {
    /// A socket that a service manager has opened.
    ///
    /// # Errors
    /// When the runtime cannot use it.
    pub(crate) fn inherited(listener: std::net::TcpListener) -> io::Result<Self> {
        limit(&listener)?;
        TcpListener::from_std(listener).map(Self::Inherited)
    }

    /// The address it is bound to.
    pub(crate) fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener().local_addr()
    }

    fn listener(&self) -> &TcpListener {
        match self {
            Self::Own(listener) | Self::Inherited(listener) => listener,
        }
    }
}

/// A listening socket with the state for serving its connections.
pub(crate) struct Listener {
    socket: Socket,
    shared: Arc<Shared>,
}

/// Listens on an address, without accepting connections yet.
///
/// # Errors
/// When the address is not available.
pub(crate) fn bind(addr: SocketAddr) -> io::Result<Socket> {
    let socket = match addr {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    // A restart must not wait for old connections in TIME_WAIT.
    socket.set_reuseaddr(true)?;
    limit(&socket)?;
    socket.bind(addr)?;
    socket.listen(BACKLOG).map(Socket::Own)
}

/// Limits what connections of a listening socket keep, which they inherit.
fn limit(socket: impl AsFd) -> io::Result<()> {
    set_socket_send_buffer_size(socket, SEND_BUFFER)?;
    Ok(())
}

impl Listener {
    pub(crate) fn new(socket: Socket, shared: Shared) -> Self {
        Self {
            socket,
            shared: Arc::new(shared),
        }
    }

    /// Serves until the server drains, then waits for requests in flight. Returns
    /// whether all that were received were answered in time; peers that have not
    /// sent all of a request, or do not read its answer, are not waited for
    /// longer.
    pub(crate) async fn serve(self) -> bool {
        let Self { socket, shared } = self;
        let connections = TaskTracker::new();
        tokio::select! {
            () = accept_all(socket.listener(), &shared, &connections) => {}
            () = shared.app.drain.closing() => {}
        }
        match socket {
            Socket::Own(listener) => accept_waiting(listener, &shared, &connections),
            Socket::Inherited(listener) => drop(listener),
        }
        connections.close();
        let ended = async {
            connections.wait().await;
            shared.requests.close();
            shared.requests.wait().await;
        };
        let limits = shared.limits();
        let ended = timeout(limits.shutdown_timeout, ended).await;
        ended.is_ok() || shared.admission.answering() == 0
    }
}

async fn accept_all(socket: &TcpListener, shared: &Arc<Shared>, connections: &TaskTracker) {
    loop {
        match socket.accept().await {
            // Without a pause: under load, a turn may come once in many
            // milliseconds.
            Ok((stream, peer)) => accept(stream, peer, shared, connections),
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection");
                shared.admission.relieve();
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// Accepts what waits and closes the socket, which would reset them.
fn accept_waiting(socket: TcpListener, shared: &Arc<Shared>, connections: &TaskTracker) {
    let Ok(socket) = socket.into_std() else {
        return;
    };
    while let Ok((stream, peer)) = socket.accept() {
        let stream = stream
            .set_nonblocking(true)
            .and_then(|()| TcpStream::from_std(stream));
        if let Ok(stream) = stream {
            accept(stream, peer, shared, connections);
        }
    }
}

/// Serves a connection in a task of its own, or closes it.
fn accept(stream: TcpStream, peer: SocketAddr, shared: &Arc<Shared>, connections: &TaskTracker) {
    let peer = peer.ip().to_canonical();
    let Some(admitted) = shared.admission.admit(peer) else {
        tracing::debug!(%peer, "connection refused");
        return;
    };
    let shared = Arc::clone(shared);
    connections.spawn(async move {
        let _open = shared.app.state.metrics.count_connection();
        shared.serve(stream, peer, admitted).await;
    });
}
