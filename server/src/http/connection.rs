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
use http::{HeaderValue, Request, Response, StatusCode, Version, header};
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_io_timeout::TimeoutStream;
use tokio_util::task::TaskTracker;

use super::access;
use super::app::App;
use super::contract::closing;
use super::draining::{self, Client, Traffic};
use super::monitor;
use super::receiving::{self, Receiving};
use super::watched::Watched;
use crate::admission::{Admission, Admitted};
use crate::callers::{Announced, Callers};
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
    /// Who calls.
    pub(crate) callers: Callers,
    /// The budgets, which all listeners share.
    pub(crate) admission: Arc<Admission>,
    /// Requests in flight, which outlive a broken connection.
    pub(crate) requests: TaskTracker,
}

impl Shared {
    /// The limits of what begins now.
    pub(super) fn limits(&self) -> Arc<LimitsConfig> {
        Arc::clone(&self.app.state.setup.load().limits)
    }

    /// Serves a connection to its end.
    pub(super) async fn serve(
        self: Arc<Self>,
        mut stream: TcpStream,
        peer: IpAddr,
        admitted: Admitted,
    ) {
        // Replies are small and written at once: waiting to fill a segment
        // gains nothing.
        let _ = stream.set_nodelay(true);
        let limits = self.limits();
        let Some(announced) = self.announced(&mut stream, peer, &admitted, &limits).await else {
            return;
        };
        let traffic = Arc::new(Traffic::default());
        let mut stream = TimeoutStream::new(Watched {
            stream,
            traffic: Arc::clone(&traffic),
        });
        stream.set_write_timeout(Some(limits.write_timeout));
        let client = Arc::new(Client {
            peer,
            announced,
            admitted: Arc::new(admitted),
            traffic,
        });
        let served = Arc::clone(&self).by_version(Box::pin(stream), Arc::clone(&client), limits);
        tokio::select! {
            () = served => {}
            // Counted by the budget.
            () = client.admitted.ended() => tracing::debug!(%peer, "connection closed for another one"),
        }
    }

    /// Reads what a proxy must announce, within the time for a handshake. `None` if the
    /// connection is to be closed.
    async fn announced(
        &self,
        stream: &mut TcpStream,
        peer: IpAddr,
        admitted: &Admitted,
        limits: &LimitsConfig,
    ) -> Option<Announced> {
        // The login is on every listener of the services.
        let has_login = self.app.state.engine.load().settings().issuer.is_some();
        let are_identified = has_login && !self.app.is_portal;
        let announced = self.callers.announced(stream, peer, are_identified);
        let announced = tokio::select! {
            biased;
            announced = timeout(limits.handshake_timeout, announced) => announced,
            () = admitted.ended() => return None,
        };
        match announced {
            Ok(Ok(announced)) => Some(announced),
            Ok(Err(error)) => {
                self.count("proxy_header");
                tracing::debug!(%peer, %error, "connection without a header of the PROXY protocol");
                None
            }
            Err(_) => {
                self.count("handshake_timeout");
                tracing::debug!(%peer, "header of the PROXY protocol timed out");
                None
            }
        }
    }

    async fn by_version(
        self: Arc<Self>,
        stream: Pin<Box<TimeoutStream<Watched>>>,
        client: Arc<Client>,
        limits: Arc<LimitsConfig>,
    ) {
        let tls = self.app.state.setup.load().tls.clone();
        let Some(tls) = tls else {
            return self.http1(stream, client, limits).await;
        };
        let peer = client.peer;
        let handshake = timeout(limits.handshake_timeout, tls.acceptor.accept(stream));
        let accepted = tokio::select! {
            accepted = handshake => accepted,
            () = client.silent(&self.app.drain, limits.idle_grace) => return,
        };
        match accepted {
            Ok(Ok(stream)) if stream.get_ref().1.alpn_protocol() == Some(b"h2") => {
                self.http2(stream, client, limits).await;
            }
            Ok(Ok(stream)) => self.http1(stream, client, limits).await,
            Ok(Err(error)) => tracing::debug!(%peer, %error, "TLS handshake failed"),
            Err(_) => {
                self.count("handshake_timeout");
                tracing::debug!(%peer, "TLS handshake timed out");
            }
        }
    }

    async fn http1<S>(self: Arc<Self>, stream: S, client: Arc<Client>, limits: Arc<LimitsConfig>)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let mut server = http1::Builder::new();
        server
            .timer(TokioTimer::new())
            .header_read_timeout(limits.header_timeout)
            .max_header_size(LONGEST_HEADER as usize)
            .max_buf_size(READ_AHEAD);
        let connection = server.serve_connection(TokioIo::new(stream), self.service(&client));
        let grace = limits.idle_grace;
        let served = draining::http1(connection, &client, &self.app.drain, grace).await;
        self.ended(client.peer, served);
    }

    async fn http2<S>(self: Arc<Self>, stream: S, client: Arc<Client>, limits: Arc<LimitsConfig>)
    where
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
        let connection = server.serve_connection(TokioIo::new(stream), self.service(&client));
        let idle = async {
            idle(&client.admitted, limits.header_timeout).await;
            self.count("header_timeout");
            tracing::debug!(peer = %client.peer, "idle connection closed");
        };
        let grace = limits.idle_grace;
        let served = draining::http2(connection, &client, &self.app.drain, grace, idle).await;
        self.ended(client.peer, served);
    }

    /// The service for the requests of a connection.
    fn service(
        self: &Arc<Self>,
        client: &Arc<Client>,
    ) -> impl Service<
        Request<Incoming>,
        Response = Response<Body>,
        Error = Infallible,
        Future: Send + 'static,
    > + use<> {
        let (shared, client) = (Arc::clone(self), Arc::clone(client));
        service_fn(move |request: Request<Incoming>| {
            let (shared, client) = (Arc::clone(&shared), Arc::clone(&client));
            async move {
                client.traffic.begin();
                let version = request.version();
                let mut answer = Arc::clone(&shared).request(&client, request).await?;
                // HTTP/2 has GOAWAY instead.
                if version < Version::HTTP_2 && shared.app.drain.is_closing() {
                    let close = HeaderValue::from_static("close");
                    answer.headers_mut().insert(header::CONNECTION, close);
                }
                Ok(answer)
            }
        })
    }

    /// Answers a request. One that has to wait continues in a task of its own,
    /// so that a disconnecting client does not interrupt an exchange.
    async fn request(
        self: Arc<Self>,
        client: &Client,
        request: Request<Incoming>,
    ) -> Result<Response<Body>, Infallible> {
        if request.headers().len() > MOST_FIELDS {
            self.count("header");
            return Ok(closing(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE));
        }
        if client.announced == Announced::Local && !monitor::is_health(request.uri().path()) {
            self.count("proxy_header");
            return Ok(closing(StatusCode::FORBIDDEN));
        }
        memory::use_stack();
        let head = receiving::head_memory(&request);
        let Some((request, in_flight)) = Receiving::begin(&client.admitted, head, request) else {
            return Ok(closing(StatusCode::SERVICE_UNAVAILABLE));
        };
        let shared = Arc::clone(&self);
        let headers = request.headers();
        let caller = self.callers.caller(client.peer, client.announced, headers);
        let answer = async move {
            let Self { app, router, .. } = &*shared;
            let answer = access::answer(app, router, caller, request).await;
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
