//! A client that sends a request again only when none of it was sent on a
//! connection that was used before: in HTTP/1.1, the connection was closed before
//! any byte of the request was written; in HTTP/2, it was closed or had got GOAWAY
//! before the request had a stream (RFC 9113 section 6.8). That is what HTTP
//! clients with a pool of connections do by themselves.

use core::error::Error as _;
use core::net::SocketAddr;
use core::time::Duration;
use std::sync::Arc;

use bytes::Bytes;
use http::{Method, Request, Response, header};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::Mutex;
use tokio_rustls::TlsConnector;

/// How long a request may take, with its connection.
const PATIENCE: Duration = Duration::from_secs(30);

/// How requests are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// HTTP/1.1, one after another on a connection.
    Kept,
    /// HTTP/1.1, each on a connection of its own.
    Fresh,
    /// HTTP/2.
    Two,
}

/// Where a server is.
#[derive(Clone)]
pub(crate) struct Target {
    pub(crate) addr: SocketAddr,
    pub(crate) tls: Option<TlsConnector>,
}

#[derive(Clone)]
enum Sender {
    One(Arc<Mutex<http1::SendRequest<Full<Bytes>>>>),
    Two(http2::SendRequest<Full<Bytes>>),
}

struct Connection {
    sender: Sender,
    id: u64,
}

/// A client with at most one connection. In HTTP/2, several tasks may use it.
pub(crate) struct Caller {
    target: Target,
    way: Way,
    connection: Mutex<(Option<Connection>, u64)>,
}

/// An answer, and how many connections were found closed before.
pub(crate) struct Answered {
    pub(crate) status: u16,
    pub(crate) body: String,
    pub(crate) closed_before: usize,
}

impl Caller {
    pub(crate) fn new(target: Target, way: Way) -> Self {
        Self {
            target,
            way,
            connection: Mutex::default(),
        }
    }

    /// Sends a form.
    pub(crate) async fn post(&self, path: &str, form: String) -> Result<Answered, String> {
        let posted = tokio::time::timeout(PATIENCE, self.post_patiently(path, form));
        posted
            .await
            .unwrap_or_else(|_| Err("no answer in time".to_owned()))
    }

    async fn post_patiently(&self, path: &str, form: String) -> Result<Answered, String> {
        let mut closed_before = 0;
        loop {
            let (sender, id, is_new) = self.sender().await?;
            match send(sender, self.request(path, form.clone())).await {
                Ok(response) => {
                    let answered = self.received(response, id, closed_before).await;
                    return answered.map_err(|error| format!("in the answer: {error}"));
                }
                Err((_, true)) if !is_new => {
                    self.forget(id).await;
                    closed_before += 1;
                }
                Err((error, _)) => {
                    let way = self.way;
                    return Err(format!("{way:?}, new: {is_new}: {}", causes(&error)));
                }
            }
        }
    }

    fn request(&self, path: &str, form: String) -> Request<Full<Bytes>> {
        let request = Request::builder()
            .method(Method::POST)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let request = match self.way {
            Way::Two => request.uri(format!("https://localhost{path}")),
            Way::Kept => request.uri(path).header(header::HOST, "localhost"),
            Way::Fresh => request
                .uri(path)
                .header(header::HOST, "localhost")
                .header(header::CONNECTION, "close"),
        };
        request.body(Full::from(form)).unwrap()
    }

    async fn received(
        &self,
        response: Response<Incoming>,
        id: u64,
        closed_before: usize,
    ) -> Result<Answered, hyper::Error> {
        let status = response.status().as_u16();
        let closes = response.headers().get(header::CONNECTION);
        let closes = closes.is_some_and(|value| value == "close") || self.way == Way::Fresh;
        let body = response.into_body().collect().await?.to_bytes();
        if closes {
            self.forget(id).await;
        }
        Ok(Answered {
            status,
            body: String::from_utf8_lossy(&body).into_owned(),
            closed_before,
        })
    }

    /// The connection, and whether it is new.
    async fn sender(&self) -> Result<(Sender, u64, bool), String> {
        let mut guard = self.connection.lock().await;
        let (connection, last_id) = &mut *guard;
        if let Some(Connection { sender, id }) = connection {
            return Ok((sender.clone(), *id, false));
        }
        *last_id += 1;
        let sender = self
            .connect()
            .await
            .map_err(|error| format!("connecting: {error}"))?;
        *connection = Some(Connection {
            sender: sender.clone(),
            id: *last_id,
        });
        Ok((sender, *last_id, true))
    }

    async fn forget(&self, id: u64) {
        let mut guard = self.connection.lock().await;
        if guard
            .0
            .as_ref()
            .is_some_and(|connection| connection.id == id)
        {
            guard.0 = None;
        }
    }

    async fn connect(&self) -> Result<Sender, Box<dyn core::error::Error + Send + Sync>> {
        let stream = TcpStream::connect(self.target.addr).await?;
        stream.set_nodelay(true)?;
        match &self.target.tls {
            None => self.handshake(stream).await,
            Some(tls) => {
                let name = "localhost".try_into()?;
                self.handshake(tls.connect(name, stream).await?).await
            }
        }
    }

    async fn handshake<S>(
        &self,
        stream: S,
    ) -> Result<Sender, Box<dyn core::error::Error + Send + Sync>>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let stream = TokioIo::new(stream);
        if self.way == Way::Two {
            let (sender, connection) = http2::handshake(TokioExecutor::new(), stream).await?;
            tokio::spawn(connection);
            return Ok(Sender::Two(sender));
        }
        let (sender, connection) = http1::handshake(stream).await?;
        tokio::spawn(connection);
        Ok(Sender::One(Arc::new(Mutex::new(sender))))
    }
}

/// Sends a request; with an error, whether nothing of it was written.
async fn send(
    sender: Sender,
    request: Request<Full<Bytes>>,
) -> Result<Response<Incoming>, (hyper::Error, bool)> {
    let sent = match sender {
        Sender::One(sender) => {
            let mut sender = sender.lock().await;
            sender.ready().await.map_err(|error| (error, true))?;
            sender.try_send_request(request).await
        }
        Sender::Two(mut sender) => {
            sender.ready().await.map_err(|error| (error, true))?;
            sender.try_send_request(request).await
        }
    };
    sent.map_err(|mut error| {
        let is_unsent = error.take_message().is_some();
        let error = error.into_error();
        let is_refused = is_refused(&error);
        (error, is_unsent || is_refused)
    })
}

/// Whether the server's GOAWAY refuses new streams. The client of `h2` ends with
/// this error only requests without a stream, or with one that the server says it
/// has not processed.
fn is_refused(error: &hyper::Error) -> bool {
    let cause = error
        .source()
        .and_then(|cause| cause.downcast_ref::<h2::Error>());
    cause.is_some_and(|cause| {
        cause.is_go_away() && cause.is_remote() && cause.reason() == Some(h2::Reason::NO_ERROR)
    })
}

/// An error with its causes.
fn causes(error: &hyper::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
