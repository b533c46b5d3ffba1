//! The demo's pages.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Extension, State};
use axum::middleware::{self, Next};
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Router, response};
use http::header::{self, HeaderName};
use http::{HeaderValue, Request, Response, StatusCode};

use super::callers::Callers;
use super::guard;
use super::names::BACK;
use super::setup::Demo;
use crate::http::Peer;

const PAGE: &str = include_str!("page/index.html");
const SCRIPT: &str = include_str!("page/demo.js");
const SERVICES: &str = include_str!("page/services.js");
const STYLE: &str = include_str!("page/demo.css");
const ICON: &str = include_str!("page/icon.svg");
/// The page runs no foreign script and cannot be framed.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";

const HEADERS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::CACHE_CONTROL, "no-store"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
];

/// The demo's pages.
pub fn routes(demo: &Arc<Demo>) -> Router {
    Router::new()
        .route("/", get(page))
        .route(BACK, get(page))
        .route(
            "/demo.js",
            get(|| text("text/javascript; charset=utf-8", SCRIPT)),
        )
        .route(
            "/services.js",
            get(|| text("text/javascript; charset=utf-8", SERVICES)),
        )
        .route("/demo.css", get(|| text("text/css; charset=utf-8", STYLE)))
        .route("/icon.svg", get(|| text("image/svg+xml", ICON)))
        .route("/outbox.json", get(outbox))
        .route_layer(middleware::from_fn_with_state(Arc::clone(demo), guarded))
        .with_state(Arc::clone(demo))
}

/// Answers 403 to requests that the guard does not allow.
async fn guarded(
    State(demo): State<Arc<Demo>>,
    Extension(Peer(peer)): Extension<Peer>,
    request: Request<Body>,
    next: Next,
) -> Response<Body> {
    let port = demo.address.port();
    let is_allowed = guard::allows(peer, request.uri(), request.headers(), port);
    let mut response = match is_allowed {
        true => next.run(request).await,
        false => (
            StatusCode::FORBIDDEN,
            "The demo is only available on this machine.\n",
        )
            .into_response(),
    };
    for (name, value) in HEADERS {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}

async fn text(kind: &'static str, text: &'static str) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, kind)], text)
}

async fn page(State(demo): State<Arc<Demo>>) -> response::Html<String> {
    let callers = &demo.callers;
    let mut page = PAGE.to_owned();
    // The values have only characters of base64 and URLs, so they need no
    // escaping.
    for (placeholder, value) in [
        ("{{channel-key}}", callers.key.as_str()),
        ("{{customer}}", Callers::CUSTOMER),
        ("{{password}}", &callers.password),
        ("{{client}}", Callers::CLIENT),
        ("{{secret}}", &callers.secret),
        ("{{back}}", &demo.back),
    ] {
        page = page.replace(placeholder, value);
    }
    response::Html(page)
}

async fn outbox(State(demo): State<Arc<Demo>>) -> Response<Body> {
    match serde_json::to_vec(&demo.outbox.messages()) {
        Ok(json) => ([(header::CONTENT_TYPE, "application/json")], json).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
