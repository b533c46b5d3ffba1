//! A pool of HTTP/1.1 connections to a gateway.

use core::error::Error;
use core::future::{Future, poll_fn};
use core::pin::{Pin, pin};
use core::time::Duration;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use bytes::Bytes;
use http::{Request, Uri};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::rustls::ClientConfig;
use tower::ServiceExt;

use crate::egress::Guard;
use crate::outgoing::Resolver;

/// The maximum length of a response body; the rest is ignored.
const LONGEST_ANSWER: usize = 64 * 1024;
/// How long an idle connection is kept.
const KEPT_FOR: Duration = Duration::from_secs(90);
/// The maximum number of idle connections.
const MOST_KEPT: usize = 256;
/// TCP keep-alive: the idle time before the first probe, which is also the
/// interval between probes, and the number of probes.
const PROBES: (Duration, u32) = (Duration::from_secs(15), 3);

type Stream = MaybeHttpsStream<TokioIo<TcpStream>>;
type Body = Full<Bytes>;

/// A gateway's response.
#[derive(Debug)]
pub(super) struct Heard {
    pub(super) status: u16,
    /// The body, up to the maximum length; `None` until it has been received.
    pub(super) body: Option<Vec<u8>>,
}

/// Why there is no response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unheard {
    /// The connection failed for this cause, so nothing was sent.
    NoConnection(String),
    /// The connection broke before the response; how much was received is
    /// unknown.
    Broken,
}

/// The connections to one host.
///
/// The task of a request drives its connection, which avoids a task per
/// connection and a hand-over between two tasks. An idle connection is not
/// driven; whether it is still open is found out when it is used again.
pub(super) struct Connections {
    connector: HttpsConnector<HttpConnector<Resolver>>,
    host: Uri,
    guard: Option<Arc<Guard>>,
    /// The most recently used one is last.
    kept: Mutex<Vec<Kept>>,
}

struct Kept {
    connection: Connection,
    since: Instant,
}

struct Connection {
    requests: http1::SendRequest<Body>,
    /// `None` once it has ended. Dropping it fails the requests that it still
    /// holds.
    driver: Option<http1::Connection<Stream, Body>>,
}

impl Connections {
    /// `host` has a scheme and an authority, whose address the guard has admitted if
    /// it is one.
    pub(super) fn new(host: Uri, tls: ClientConfig, guard: Option<Arc<Guard>>) -> Self {
        let mut http = HttpConnector::new_with_resolver(Resolver::new(guard.clone()));
        http.enforce_http(false);
        http.set_nodelay(true);
        let (interval, retries) = PROBES;
        http.set_keepalive(Some(interval));
        http.set_keepalive_interval(Some(interval));
        http.set_keepalive_retries(Some(retries));
        Self {
            connector: HttpsConnector::from((http, tls)),
            host,
            guard,
            kept: Mutex::default(),
        }
    }

    /// New connections to the same host with other authorities.
    pub(super) fn with_tls(&self, tls: ClientConfig) -> Self {
        Self::new(self.host.clone(), tls, self.guard.clone())
    }

    /// Sends a request once. `heard` is the response so far, also when this
    /// future is dropped before it ends. `connect_timeout` covers name resolution, TCP
    /// and TLS.
    ///
    /// If the peer had closed an idle connection, hyper returns the request
    /// unwritten. Only then is it sent on another connection.
    pub(super) async fn ask(
        &self,
        mut request: Request<Body>,
        connect_timeout: Duration,
        heard: &mut Option<Heard>,
    ) -> Result<(), Unheard> {
        loop {
            let (mut connection, is_new) = match self.take() {
                Some(connection) => (connection, false),
                None => (self.connect(connect_timeout).await?, true),
            };
            request = match connection.ask(request, heard).await {
                Ok(()) => {
                    self.keep(connection);
                    return Ok(());
                }
                Err(Some(unwritten)) if !is_new => unwritten,
                Err(_) => return Err(Unheard::Broken),
            };
        }
    }

    async fn connect(&self, connect_timeout: Duration) -> Result<Connection, Unheard> {
        let connecting = async {
            let stream = self.connector.clone().oneshot(self.host.clone()).await;
            let stream = stream.map_err(|error| Unheard::NoConnection(causes(&*error)))?;
            let shaken = http1::handshake(stream).await;
            shaken.map_err(|error| Unheard::NoConnection(causes(&error)))
        };
        let connected = timeout(connect_timeout, connecting).await;
        let late = || Err(Unheard::NoConnection("not in time".to_owned()));
        let (requests, driver) = connected.unwrap_or_else(|_| late())?;
        Ok(Connection {
            requests,
            driver: Some(driver),
        })
    }

    fn take(&self) -> Option<Connection> {
        let kept = self.kept().pop()?;
        (kept.since.elapsed() < KEPT_FOR).then_some(kept.connection)
    }

    fn keep(&self, connection: Connection) {
        // It is closing, or its response was not read to the end.
        if !connection.requests.is_ready() {
            return;
        }
        let since = Instant::now();
        let mut kept = self.kept();
        let stale = kept.partition_point(|kept| since - kept.since >= KEPT_FOR);
        kept.drain(..stale);
        if kept.len() < MOST_KEPT {
            kept.push(Kept { connection, since });
        }
    }

    fn kept(&self) -> MutexGuard<'_, Vec<Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connection {
    /// Sends a request once; the error contains the request if none of it was
    /// written.
    async fn ask(
        &mut self,
        request: Request<Body>,
        heard: &mut Option<Heard>,
    ) -> Result<(), Option<Request<Body>>> {
        let Self { requests, driver } = self;
        let mut asking = pin!(async {
            let response = requests.try_send_request(request).await;
            let response = response.map_err(|mut error| error.take_message())?;
            let heard = heard.insert(Heard {
                status: response.status().as_u16(),
                body: None,
            });
            heard.body = beginning(response.into_body()).await;
            Ok(())
        });
        poll_fn(|context| {
            let asked = asking.as_mut().poll(context);
            if asked.is_ready() {
                return asked;
            }
            if let Some(driving) = driver
                && Pin::new(driving).poll(context).is_ready()
            {
                *driver = None;
            }
            asking.as_mut().poll(context)
        })
        .await
    }
}

/// An error with its causes. Nothing was sent, so it repeats nothing.
fn causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

/// The body up to the maximum length; `None` when it was truncated.
async fn beginning(mut body: Incoming) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.ok()?;
        let Some(data) = frame.data_ref() else {
            continue;
        };
        let room = LONGEST_ANSWER - bytes.len();
        bytes.extend_from_slice(&data[..data.len().min(room)]);
        if bytes.len() == LONGEST_ANSWER {
            break;
        }
    }
    Some(bytes)
}
