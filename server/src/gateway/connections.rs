//! Connections of HTTP/1.1 to a gateway, kept for its next requests.

use core::future::{Future, poll_fn};
use core::pin::{Pin, pin};
use core::time::Duration;
use std::sync::{Mutex, MutexGuard, PoisonError};
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

/// The longest answer that is looked at.
const LONGEST_ANSWER: usize = 64 * 1024;
/// How long a connection is kept that nobody uses.
const KEPT_FOR: Duration = Duration::from_secs(90);
/// Connections that are kept at one time.
const MOST_KEPT: usize = 256;
/// After how long a silence the system asks whether the other end lives, how
/// often it asks again, and how many times.
const PROBES: (Duration, u32) = (Duration::from_secs(15), 3);

type Stream = MaybeHttpsStream<TokioIo<TcpStream>>;
type Body = Full<Bytes>;

/// What a gateway said.
#[derive(Debug)]
pub(super) struct Heard {
    pub(super) status: u16,
    /// Its beginning, up to the longest that is looked at; `None` until all
    /// of that has come.
    pub(super) body: Option<Vec<u8>>,
}

/// Why nothing was heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unheard {
    /// No connection came about, so nothing was sent.
    NoConnection,
    /// It broke before its answer, and nobody knows what came through.
    Broken,
}

/// The connections to one host.
///
/// A request's own task drives the connection that it has, which costs
/// neither a task nor a hand-over between two; one that is kept lies still,
/// and what has become of it is seen when it is taken again.
pub(super) struct Connections {
    connector: HttpsConnector<HttpConnector>,
    host: Uri,
    connect_timeout: Duration,
    /// The last used one last.
    kept: Mutex<Vec<Kept>>,
}

struct Kept {
    connection: Connection,
    since: Instant,
}

struct Connection {
    requests: http1::SendRequest<Body>,
    /// Nothing once it has ended: what it still holds is answered by its going.
    driver: Option<http1::Connection<Stream, Body>>,
}

impl Connections {
    /// To the host of a URI with scheme and authority; a connection has to
    /// come about in `connect_timeout`, names and TLS included.
    pub(super) fn new(host: Uri, tls: ClientConfig, connect_timeout: Duration) -> Self {
        let mut http = HttpConnector::new();
        http.enforce_http(false);
        http.set_nodelay(true);
        let (interval, retries) = PROBES;
        http.set_keepalive(Some(interval));
        http.set_keepalive_interval(Some(interval));
        http.set_keepalive_retries(Some(retries));
        Self {
            connector: HttpsConnector::from((http, tls)),
            host,
            connect_timeout,
            kept: Mutex::default(),
        }
    }

    /// Asks once. `heard` is what the gateway said so far, even when this is
    /// dropped before its end.
    ///
    /// A connection that its other end had closed gives a request back of
    /// which it wrote nothing; only then is another one tried.
    pub(super) async fn ask(
        &self,
        mut request: Request<Body>,
        heard: &mut Option<Heard>,
    ) -> Result<(), Unheard> {
        loop {
            let (mut connection, is_new) = match self.take() {
                Some(connection) => (connection, false),
                None => (self.connect().await?, true),
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

    async fn connect(&self) -> Result<Connection, Unheard> {
        let connecting = async {
            let stream = self.connector.clone().oneshot(self.host.clone()).await;
            let stream = stream.map_err(|_| Unheard::NoConnection)?;
            let shaken = http1::handshake(stream).await;
            shaken.map_err(|_| Unheard::NoConnection)
        };
        let connected = timeout(self.connect_timeout, connecting).await;
        let (requests, driver) = connected.unwrap_or(Err(Unheard::NoConnection))?;
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
        // One that closes, or whose answer was not read to its end.
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
    /// Asks once; the request comes back when nothing of it was written.
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

/// The body up to the longest that is looked at; `None` when it broke off.
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
