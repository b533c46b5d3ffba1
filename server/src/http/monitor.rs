//! `/livez`, `/readyz` and `/metrics`.

use core::sync::atomic::Ordering;
use core::time::Duration;
use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::State as Shared;
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, header};
use mpass_core::store::{Kind, StoreKey};

use super::app::App;
use super::authority::is_for_operator;
use super::contract;
use super::peer::Peer;
use crate::metrics::{CONTENT_TYPE, TEXT_CONTENT_TYPE};
use crate::{clock, entropy};

/// The timeout for the store.
const STORE_TIMEOUT: Duration = Duration::from_secs(2);

/// Whether a path asks for the health of the server.
pub(super) fn is_health(path: &str) -> bool {
    matches!(path, "/healthz" | "/livez" | "/readyz")
}

/// Always `ok`: the process is there and serves. Restarting it would not mend
/// what [`ready`] finds.
pub(super) async fn alive() -> Response<Body> {
    plain(StatusCode::OK, "ok\n")
}

/// `ok` when the server is not stopping and its store responds, can be written, is
/// not closed, and was restored in the past, the clock is that of the store and the
/// keyring has its active record key; otherwise 503. Before it can be so, connections
/// are not accepted. Also `/healthz`.
pub(super) async fn ready(Shared(app): Shared<App>) -> Response<Body> {
    let unavailable = |text| plain(StatusCode::SERVICE_UNAVAILABLE, text);
    if app.drain.is_leaving() {
        return unavailable("the server is stopping\n");
    }
    let engine = app.state.engine.load_full();
    let is_closed = engine.is_store_closed();
    let is_ahead = engine.restored_at_ms() > Some(clock::now_ms());
    let lacks_key = app.state.lacks_active_key.load(Ordering::Relaxed);
    let is_in_time = app.state.offset.is_tolerable();
    match store_answers(&app).await {
        _ if lacks_key => unavailable("the keyring lacks the store's active record key\n"),
        true if !is_in_time => unavailable("the clock differs too much from the store's\n"),
        true if is_closed => unavailable("the store was restored and is closed\n"),
        true if is_ahead => unavailable("the store was restored later than the clock\n"),
        true if !is_written(&app).await => unavailable("the store cannot be written\n"),
        true => plain(StatusCode::OK, "ok\n"),
        false => unavailable("the store does not answer\n"),
    }
}

/// Loads a random key, which has no value.
async fn store_answers(app: &App) -> bool {
    let Ok(entropy) = entropy::fresh() else {
        return false;
    };
    let mut store_key = StoreKey([0; 16]);
    store_key.0.copy_from_slice(&entropy[..16]);
    let load = app.state.store.load(Kind::State, store_key);
    matches!(tokio::time::timeout(STORE_TIMEOUT, load).await, Ok(Ok(_)))
}

/// Whether the last write to the store succeeded, or another one now does.
async fn is_written(app: &App) -> bool {
    let tried = app.state.store.try_to_write();
    matches!(tokio::time::timeout(STORE_TIMEOUT, tried).await, Ok(None))
}

/// The metrics, for the networks that may read them; for others the path is
/// unknown.
pub(super) async fn metrics(
    Shared(app): Shared<App>,
    Extension(Peer(address)): Extension<Peer>,
    request: Request<Body>,
) -> Response<Body> {
    let access = Arc::clone(&app.state.setup.load().metrics);
    let mut allowed = access.addresses.iter();
    if !allowed.any(|network| network.contains(address)) {
        let (parts, body) = request.into_parts();
        return contract::exchange(&app, address, &parts, body).await;
    }
    if !is_for_operator(request.uri(), request.headers(), &access.hosts) {
        let text = "The metrics are not available under this name: see metrics.hosts.\n";
        return plain(StatusCode::FORBIDDEN, text);
    }
    let kind = metrics_type(request.headers());
    match app.state.metrics.encode() {
        Ok(text) => text_response(StatusCode::OK, kind, text.into()),
        Err(_) => text_response(StatusCode::INTERNAL_SERVER_ERROR, kind, Body::empty()),
    }
}

/// OpenMetrics, except for clients that accept plain text and do not name it:
/// older collectors and browsers. The text is the same: what we write in OpenMetrics
/// is samples and comments of the older format as well.
fn metrics_type(headers: &HeaderMap) -> &'static str {
    let values = headers.get_all(header::ACCEPT).iter();
    let accepted: Vec<_> = values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|range| range.split(';').next())
        .map(|range| range.trim().to_ascii_lowercase())
        .collect();
    let names = |kind: &str| accepted.iter().any(|range| range == kind);
    let is_plain = names("text/plain") && !names("application/openmetrics-text");
    if is_plain {
        TEXT_CONTENT_TYPE
    } else {
        CONTENT_TYPE
    }
}

fn plain(status: StatusCode, text: &'static str) -> Response<Body> {
    text_response(status, "text/plain; charset=utf-8", text.into())
}

fn text_response(status: StatusCode, kind: &'static str, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_is_for_clients_without_openmetrics() {
        for (accept, expected) in [
            (None, CONTENT_TYPE),
            (Some("*/*"), CONTENT_TYPE),
            // As Prometheus sends it.
            (
                Some(
                    "application/openmetrics-text;version=1.0.0;q=0.5,\
                     text/plain;version=0.0.4;q=0.4,*/*;q=0.2",
                ),
                CONTENT_TYPE,
            ),
            (
                Some("text/plain;version=0.0.4;q=1,*/*;q=0.1"),
                TEXT_CONTENT_TYPE,
            ),
            (Some("application/json, TEXT/PLAIN"), TEXT_CONTENT_TYPE),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(accept) = accept {
                headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
            }
            assert_eq!(metrics_type(&headers), expected, "{accept:?}");
        }
    }
}
