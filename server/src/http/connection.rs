//! Connections: TLS, HTTP/1.1 and HTTP/2, with a deadline for every wait on the
//! peer.

use core::convert::Infallible;
use core::error::Error;
use core::future::poll_fn;
use core::net::IpAddr;
use core::panic::AssertUnwindSafe;
use core::pin::Pin;
use core::task::Poll;
use core::time::Duration;
use std::io::ErrorKind;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use futures_util::FutureExt;
use http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::graceful::Watcher;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_io_timeout::TimeoutStream;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::access;
use super::app::App;
use super::contract::closing;
use super::receiving::{self, Receiving};
use crate::admission::{Admission, Admitted};
use crate::limits::LimitsConfig;
use crate::memory;

/// The maximum length of a request's header in bytes; in HTTP/2 with 32 bytes
/// for each field (RFC 9113 section 6.5.2).
const LONGEST_HEADER: u32 = 16 * 1024;
/// The maximum number of fields in a header, which is hyper's for HTTP/1.
const MOST_FIELDS: usize = 100;
/// The maximum number of bytes that are read ahead in HTTP/1.
const READ_AHEAD: usize = 2 * LONGEST_HEADER as usize;
/// The maximum number of concurrent requests on one HTTP/2 connection.
const MOST_STREAMS: u32 = 64;
/// The windows of HTTP/2, for what is received before it is read: of a request,
/// which is at most 64 KiB, and of a connection.
const STREAM_WINDOW: u32 = 64 * 1024;
const CONNECTION_WINDOW: u32 = 128 * 1024;
/// The maximum number of bytes of an answer that HTTP/2 prepares for sending.
const SEND_BUFFER: usize = 64 * 1024;
/// How long an HTTP/2 peer may be silent before it is pinged, and then how long
/// it has to respond.
const PING_AFTER: Duration = Duration::from_secs(20);

/// The state that all connections of a listener share.
pub(crate) struct Shared {
    pub(crate) app: App,
    pub(crate) router: Router,
    pub(crate) tls: Option<TlsAcceptor>,
    pub(crate) limits: LimitsConfig,
    /// The budgets, which all listeners share.
    pub(crate) admission: Arc<Admission>,
    /// Requests in flight, which outlive a broken connection.
    pub(crate) requests: TaskTracker,
    /// Cancelled at the shutdown.
    pub(crate) closing: CancellationToken,
}

impl Shared {
    /// Serves a connection to its end.
    pub(super) async fn serve(
        self: Arc<Self>,
        stream: TcpStream,
        peer: IpAddr,
        admitted: Admitted,
        watcher: Watcher,
    ) {
        // Replies are small and written at once: waiting to fill a segment
        // gains nothing.
        let _ = stream.set_nodelay(true);
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(self.limits.write_timeout));
        let stream = Box::pin(stream);
        let admitted = Arc::new(admitted);
        let served = Arc::clone(&self).by_version(stream, peer, Arc::clone(&admitted), watcher);
        tokio::select! {
            () = served => {}
            // Counted by the budget.
            () = admitted.ended() => tracing::debug!(%peer, "connection closed for another one"),
        }
    }

    async fn by_version(
        self: Arc<Self>,
        stream: Pin<Box<TimeoutStream<TcpStream>>>,
        peer: IpAddr,
        admitted: Arc<Admitted>,
        watcher: Watcher,
    ) {
        let Some(tls) = &self.tls else {
            return self.http1(stream, peer, admitted, watcher).await;
        };
        let handshake = timeout(self.limits.handshake_timeout, tls.accept(stream));
        let accepted = tokio::select! {
            accepted = handshake => accepted,
            () = self.closing.cancelled() => return,
        };
        match accepted {
            Ok(Ok(stream)) if stream.get_ref().1.alpn_protocol() == Some(b"h2") => {
                self.http2(stream, peer, admitted, watcher).await;
            }
            Ok(Ok(stream)) => self.http1(stream, peer, admitted, watcher).await,
            Ok(Err(error)) => tracing::debug!(%peer, %error, "TLS handshake failed"),
            Err(_) => {
                self.count("handshake_timeout");
                tracing::debug!(%peer, "TLS handshake timed out");
            }
        }
    }

    async fn http1<S>(
        self: Arc<Self>,
        stream: S,
        peer: IpAddr,
        admitted: Arc<Admitted>,
        watcher: Watcher,
    ) where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let mut server = http1::Builder::new();
        server
            .timer(TokioTimer::new())
            .header_read_timeout(self.limits.header_timeout)
            .max_header_size(LONGEST_HEADER as usize)
            .max_buf_size(READ_AHEAD);
        let shared = Arc::clone(&self);
        let service = service_fn(move |request| {
            Arc::clone(&shared).request(peer, Arc::clone(&admitted), request)
        });
        let connection = server.serve_connection(TokioIo::new(stream), service);
        self.ended(peer, watcher.watch(connection).await);
    }

    async fn http2<S>(
        self: Arc<Self>,
        stream: S,
        peer: IpAddr,
        admitted: Arc<Admitted>,
        watcher: Watcher,
    ) where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let mut server = http2::Builder::new(TokioExecutor::new());
        server
            .timer(TokioTimer::new())
            .max_concurrent_streams(MOST_STREAMS)
            .max_header_list_size(LONGEST_HEADER)
            .initial_stream_window_size(STREAM_WINDOW)
            .initial_connection_window_size(CONNECTION_WINDOW)
            .max_send_buf_size(SEND_BUFFER)
            .keep_alive_interval(PING_AFTER)
            .keep_alive_timeout(PING_AFTER);
        let shared = Arc::clone(&self);
        let of_requests = Arc::clone(&admitted);
        let service = service_fn(move |request| {
            Arc::clone(&shared).request(peer, Arc::clone(&of_requests), request)
        });
        let connection = server.serve_connection(TokioIo::new(stream), service);
        tokio::select! {
            result = watcher.watch(connection) => self.ended(peer, result),
            () = idle(&admitted, self.limits.header_timeout) => {
                self.count("header_timeout");
                tracing::debug!(%peer, "idle connection closed");
            }
        }
    }

    /// Answers a request. One that has to wait continues in a task of its own,
    /// so that a disconnecting client does not interrupt an exchange.
    async fn request(
        self: Arc<Self>,
        peer: IpAddr,
        admitted: Arc<Admitted>,
        request: Request<Incoming>,
    ) -> Result<Response<Body>, Infallible> {
        if request.headers().len() > MOST_FIELDS {
            self.count("header");
            return Ok(closing(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE));
        }
        memory::use_stack();
        let head = receiving::head_memory(&request);
        let Some((request, in_flight)) = Receiving::begin(&admitted, head, request) else {
            return Ok(closing(StatusCode::SERVICE_UNAVAILABLE));
        };
        let shared = Arc::clone(&self);
        let answer = async move {
            let Self { app, router, .. } = &*shared;
            let answer = access::answer(app, router, peer, request).await;
            drop(in_flight);
            answer
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

    fn ended(&self, peer: IpAddr, result: hyper::Result<()>) {
        if let Err(error) = result {
            if let Some(limit) = limit_of(&error) {
                self.count(limit);
            }
            tracing::debug!(%peer, %error, "connection failed");
        }
    }

    fn count(&self, limit: &'static str) {
        self.app.state.metrics.count_limited(limit);
    }
}

/// The limit that ended a connection.
fn limit_of(error: &hyper::Error) -> Option<&'static str> {
    if error.is_parse_too_large() {
        return Some("header");
    }
    if error.is_timeout() {
        return Some("header_timeout");
    }
    let mut source = error.source();
    let timed_out = ErrorKind::TimedOut.to_string();
    while let Some(error) = source {
        // h2 shows the error of the stream, but does not give it away.
        if error.to_string() == timed_out {
            return Some("write_timeout");
        }
        source = error.source();
    }
    None
}

/// Resolves once no request has been in flight for a while: hyper closes idle
/// connections of HTTP/1.1 by itself, but not of HTTP/2.
async fn idle(admitted: &Admitted, after: Duration) {
    loop {
        let quiet = admitted.quiet_for().unwrap_or(Duration::ZERO);
        let Some(rest) = after.checked_sub(quiet).filter(|rest| !rest.is_zero()) else {
            return;
        };
        tokio::time::sleep(rest).await;
    }
}
