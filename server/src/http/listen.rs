//! Connections: accepted up to a limit, served, and shut down gracefully.

use core::convert::Infallible;
use core::future::{Future, poll_fn};
use core::net::{IpAddr, SocketAddr};
use core::panic::AssertUnwindSafe;
use core::task::Poll;
use core::time::Duration;
use std::io;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use futures_util::FutureExt;
use http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use mpass_core::service::MAX_REQUEST_LEN;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_util::task::TaskTracker;

use super::access;
use super::app::App;
use crate::config::LimitsConfig;

/// The maximum number of connections that wait to be accepted.
const BACKLOG: u32 = 1024;
/// The maximum number of concurrent requests on one HTTP/2 connection.
const MOST_STREAMS: u32 = 64;
/// How long an HTTP/2 peer may be silent before it is pinged, and then how long
/// it has to respond.
const PING_AFTER: Duration = Duration::from_secs(20);
/// The pause after a failed accept: file descriptors become available again as
/// connections end.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// A listening socket with the state for serving its connections.
pub(crate) struct Listener {
    socket: TcpListener,
    shared: Arc<Shared>,
}

/// The state that all connections share.
struct Shared {
    app: App,
    router: Router,
    tls: Option<TlsAcceptor>,
    header_timeout: Duration,
    shutdown_timeout: Duration,
    connections: Arc<Semaphore>,
    /// Requests in flight, which outlive a broken connection.
    requests: TaskTracker,
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
    /// `connections` limits the connections of all listeners together.
    pub(crate) fn new(
        socket: TcpListener,
        app: App,
        router: Router,
        tls: Option<TlsAcceptor>,
        limits: &LimitsConfig,
        connections: Arc<Semaphore>,
    ) -> Self {
        let shared = Shared {
            app,
            router,
            tls,
            header_timeout: limits.header_timeout,
            shutdown_timeout: limits.shutdown_timeout,
            connections,
            requests: TaskTracker::new(),
        };
        Self {
            socket,
            shared: Arc::new(shared),
        }
    }

    /// Serves until `shutdown`, then waits for requests in flight. Returns
    /// whether all of them ended in time.
    pub(crate) async fn serve(self, shutdown: impl Future<Output = ()>) -> bool {
        let Self { socket, shared } = self;
        let graceful = GracefulShutdown::new();
        tokio::select! {
            () = accept_all(&socket, &shared, &graceful) => {}
            () = shutdown => {}
        }
        drop(socket);
        let ended = async {
            graceful.shutdown().await;
            shared.requests.close();
            shared.requests.wait().await;
        };
        timeout(shared.shutdown_timeout, ended).await.is_ok()
    }
}

async fn accept_all(socket: &TcpListener, shared: &Arc<Shared>, graceful: &GracefulShutdown) {
    // The semaphore is never closed.
    while let Ok(permit) = Arc::clone(&shared.connections).acquire_owned().await {
        let (stream, peer) = match socket.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection");
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        let shared = Arc::clone(shared);
        let watcher = graceful.watcher();
        tokio::spawn(async move {
            let _open = shared.app.state.metrics.count_connection();
            let peer = peer.ip().to_canonical();
            shared.connection(stream, peer, watcher).await;
            drop(permit);
        });
    }
}

impl Shared {
    async fn connection(self: Arc<Self>, stream: TcpStream, peer: IpAddr, watcher: Watcher) {
        // Replies are small and written at once: waiting to fill a segment
        // gains nothing.
        let _ = stream.set_nodelay(true);
        let Some(tls) = self.tls.clone() else {
            return self.http1(stream, peer, watcher).await;
        };
        match timeout(self.header_timeout, tls.accept(stream)).await {
            Ok(Ok(stream)) if stream.get_ref().1.alpn_protocol() == Some(b"h2") => {
                self.http2(stream, peer, watcher).await;
            }
            Ok(Ok(stream)) => self.http1(stream, peer, watcher).await,
            Ok(Err(error)) => tracing::debug!(%peer, %error, "TLS handshake failed"),
            Err(_) => tracing::debug!(%peer, "TLS handshake timed out"),
        }
    }

    async fn http1<S>(self: Arc<Self>, stream: S, peer: IpAddr, watcher: Watcher)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let mut server = http1::Builder::new();
        server
            .timer(TokioTimer::new())
            .header_read_timeout(self.header_timeout)
            // The engine refuses requests that are too large for it.
            .max_buf_size(2 * MAX_REQUEST_LEN);
        let service = service_fn(move |request| Arc::clone(&self).request(peer, request));
        let connection = server.serve_connection(TokioIo::new(stream), service);
        ended(peer, watcher.watch(connection).await);
    }

    async fn http2<S>(self: Arc<Self>, stream: S, peer: IpAddr, watcher: Watcher)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let most = u32::try_from(MAX_REQUEST_LEN).unwrap_or(u32::MAX);
        let mut server = http2::Builder::new(TokioExecutor::new());
        server
            .timer(TokioTimer::new())
            .max_concurrent_streams(MOST_STREAMS)
            .max_header_list_size(most)
            .keep_alive_interval(PING_AFTER)
            .keep_alive_timeout(PING_AFTER);
        let idle_after = self.header_timeout;
        let requests = watch::Sender::new(0);
        let idle = idle(requests.subscribe(), idle_after);
        let service = service_fn(move |request| {
            let in_flight = InFlight::new(&requests);
            let answer = Arc::clone(&self).request(peer, request);
            async move {
                let answer = answer.await;
                drop(in_flight);
                answer
            }
        });
        let connection = server.serve_connection(TokioIo::new(stream), service);
        tokio::select! {
            result = watcher.watch(connection) => ended(peer, result),
            () = idle => tracing::debug!(%peer, "idle connection closed"),
        }
    }

    /// Answers a request. One that has to wait continues in a task of its own,
    /// so that a disconnecting client does not interrupt an exchange.
    async fn request(
        self: Arc<Self>,
        peer: IpAddr,
        request: Request<Incoming>,
    ) -> Result<Response<Body>, Infallible> {
        let shared = Arc::clone(&self);
        let answer = async move {
            let Self { app, router, .. } = &*shared;
            access::answer(app, router, peer, request).await
        };
        let mut answer = Box::pin(AssertUnwindSafe(answer).catch_unwind());
        let answer = match poll_fn(|context| Poll::Ready(answer.poll_unpin(context))).await {
            Poll::Ready(answer) => answer.ok(),
            Poll::Pending => self.requests.spawn(answer).await.ok().and_then(Result::ok),
        };
        Ok(answer.unwrap_or_else(|| {
            tracing::error!("a request panicked");
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            response
        }))
    }
}

/// Counts a request in flight on one connection until it is dropped.
struct InFlight(watch::Sender<usize>);

impl InFlight {
    fn new(requests: &watch::Sender<usize>) -> Self {
        requests.send_modify(|count| *count += 1);
        Self(requests.clone())
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count -= 1);
    }
}

/// Resolves once no request has been in flight for a while: hyper closes idle
/// connections of HTTP/1.1 by itself, but not of HTTP/2.
async fn idle(mut requests: watch::Receiver<usize>, after: Duration) {
    loop {
        let is_idle = *requests.borrow_and_update() == 0;
        let change = requests.changed();
        let changed = if is_idle {
            match timeout(after, change).await {
                Ok(changed) => changed,
                Err(_) => return,
            }
        } else {
            change.await
        };
        if changed.is_err() {
            return;
        }
    }
}

fn ended(peer: IpAddr, result: hyper::Result<()>) {
    if let Err(error) = result {
        tracing::debug!(%peer, %error, "connection failed");
    }
}
