//! Requests of the wire contracts, from HTTP to the engine and back.

use core::net::IpAddr;
use core::sync::atomic::AtomicU32;
use core::time::Duration;
use std::borrow::Cow;

use axum::body::Body;
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use http_body_util::BodyExt;
use hyper::body::Body as HttpBody;
use mpass_core::number::CallingCode;
use mpass_core::service::{self, MAX_REQUEST_LEN, Reason, Reply, drive_async};

use super::app::App;
use crate::host::ListenerHost;
use crate::{clock, entropy};

/// How much of a body that is too large is read, so that the sender receives
/// the response before the connection is closed.
const MOST_READ: usize = 1024 * 1024;

/// How an exchange ended, as an extension of its response.
#[derive(Clone)]
pub(super) struct Ended {
    pub(super) reason: Reason,
    /// The name of the tenant that the request was authenticated as.
    pub(super) tenant: Option<String>,
    /// The country code of the number.
    pub(super) calling_code: Option<CallingCode>,
    /// The segments of the message.
    pub(super) segments: u32,
}

/// Runs a request's exchange to its reply.
pub(super) async fn exchange<B>(app: &App, peer: IpAddr, parts: &Parts, body: B) -> Response<Body>
where
    B: HttpBody<Data = Bytes> + Unpin,
{
    let setup = app.state.setup.load_full();
    let body = match read_body(body, setup.limits.body_timeout).await {
        Ok(body) => body,
        Err(status) => return closing(status),
    };
    let headers = text_headers(&parts.headers);
    let headers: Vec<(&str, &str)> = headers
        .iter()
        .map(|(name, value)| (*name, value.as_ref()))
        .collect();
    let request = service::Request {
        method: parts.method.as_str(),
        path: parts.uri.path(),
        query: parts.uri.query().unwrap_or_default(),
        headers: &headers,
        body: &body,
        peer,
    };
    let entropy = match entropy::fresh() {
        Ok(entropy) => entropy,
        Err(error) => {
            tracing::error!(%error, "no entropy available");
            return closing(StatusCode::SERVICE_UNAVAILABLE);
        }
    };
    // First: on other connections, the engine may be one that voids more.
    let link = app.state.store.link();
    let engine = app.state.engine.load_full();
    let exchange = engine.begin(&request, clock::now_ms(), &entropy);
    let host = ListenerHost {
        state: &app.state,
        setup,
        link,
        realm: &app.realm,
        segments: AtomicU32::new(0),
    };
    let reply = drive_async(&host, exchange).await;
    response(reply, host.segments.into_inner())
}

/// Reads the body, up to one byte more than the engine's limit, so that the
/// engine refuses it.
async fn read_body<B>(mut body: B, timeout: Duration) -> Result<Vec<u8>, StatusCode>
where
    B: HttpBody<Data = Bytes> + Unpin,
{
    if body.is_end_stream() {
        return Ok(Vec::new());
    }
    let reading = async {
        let mut bytes = Vec::new();
        let mut read = 0;
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|_| StatusCode::BAD_REQUEST)?;
            let Some(data) = frame.data_ref() else {
                continue;
            };
            read += data.len();
            let room = (MAX_REQUEST_LEN + 1).saturating_sub(bytes.len());
            bytes.extend_from_slice(&data[..data.len().min(room)]);
            if read > MOST_READ {
                break;
            }
        }
        Ok(bytes)
    };
    tokio::time::timeout(timeout, reading)
        .await
        .unwrap_or(Err(StatusCode::REQUEST_TIMEOUT))
}

/// The headers as text. Invalid UTF-8 in a value is replaced; no contract
/// accepts the replacement character.
fn text_headers(headers: &HeaderMap) -> Vec<(&str, Cow<'_, str>)> {
    headers
        .iter()
        .map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes())))
        .collect()
}

/// Converts a reply to an HTTP response.
fn response(reply: Reply, segments: u32) -> Response<Body> {
    let mut response = Response::new(Body::from(reply.body));
    *response.status_mut() =
        StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in reply.headers {
        if let (Ok(name), Ok(value)) = (
            HeaderName::from_bytes(name.as_bytes()),
            HeaderValue::try_from(value),
        ) {
            response.headers_mut().append(name, value);
        }
    }
    response.extensions_mut().insert(Ended {
        reason: reply.reason,
        tenant: reply.tenant,
        calling_code: reply.calling_code,
        segments,
    });
    response
}

/// A response without a body, after which the connection is closed.
pub(super) fn closing(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
