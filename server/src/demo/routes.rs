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
use serde_json::json;

use super::callers::Callers;
use super::guard;
use super::names::BACK;
use super::page::{self, Values};
use super::setup::Demo;
use crate::http::Peer;
use crate::portal::pages::{self, Reader};

const SCRIPT: &str = include_str!("page/demo.js");
const SERVICES: &str = include_str!("page/services.js");
const STYLE: &str = include_str!("page/demo.css");
/// The page runs no foreign script and cannot be framed. It sends forms to this server
/// only.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
                      connect-src 'self'; base-uri 'none'; form-action 'self'; \
                      frame-ancestors 'none'";

/// `same-origin` lets browsers send the `Origin` of forms, which the guard needs; other
/// sites get no referrer.
const HEADERS: [(HeaderName, &str); 5] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
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
        .route("/outbox.json", get(outbox))
        .route("/callers.json", get(callers))
        .merge(pages::choice())
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
    // A style sheet may be kept; pages and messages may not.
    let no_store = HeaderValue::from_static("no-store");
    let headers = response.headers_mut();
    headers.entry(header::CACHE_CONTROL).or_insert(no_store);
    response
}

async fn text(kind: &'static str, text: &'static str) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, kind)], text)
}

async fn page(State(demo): State<Arc<Demo>>, reader: Reader) -> response::Html<String> {
    let callers = &demo.callers;
    let values = Values {
        base: &demo.base,
        portal: demo.portal.as_deref(),
        key: &callers.key,
        customer: Callers::CUSTOMER,
        password: &callers.password,
        client: Callers::CLIENT,
        secret: &callers.secret,
        back: &demo.back,
        messages: &demo.outbox.messages(),
    };
    response::Html(page::page(reader, &values).into_string())
}

/// The callers' credentials, for requests that are tried on the page of `OpenAPI`.
async fn callers(State(demo): State<Arc<Demo>>) -> Response<Body> {
    let callers = &demo.callers;
    as_json(&json!({
        "key": *callers.key,
        "customer": Callers::CUSTOMER,
        "password": *callers.password,
        "client": Callers::CLIENT,
        "secret": *callers.secret,
        "back": demo.back,
    }))
}

async fn outbox(State(demo): State<Arc<Demo>>) -> Response<Body> {
    as_json(&demo.outbox.messages())
}

fn as_json(value: &impl serde::Serialize) -> Response<Body> {
    match serde_json::to_vec(value) {
        Ok(json) => ([(header::CONTENT_TYPE, "application/json")], json).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
