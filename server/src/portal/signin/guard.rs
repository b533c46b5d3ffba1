//! What all pages of the portal have around them: requests that change something come
//! from a page of this portal, and answers have the headers that keep them in it.

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::IntoResponse;
use http::{HeaderName, HeaderValue, Method, Response, StatusCode, header};

use super::origin;
use crate::portal::pages::Reader;
use crate::portal::shared::Portal;

/// Nothing inline, nothing from elsewhere, and in no frame.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
     font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; \
     base-uri 'none'";

/// Headers of every answer. `same-origin` sends other sites no referrer, as
/// `no-referrer` does, but lets browsers send the `Origin` of forms (Fetch, "append a
/// request `Origin` header"), which the guard needs.
const HEADERS: &[(&str, &str)] = &[
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

/// Pages inside the guard. The API stands outside of it: it takes no cookie.
pub(crate) fn guarded(portal: Portal, pages: Router) -> Router {
    pages.layer(middleware::from_fn_with_state(portal, guard))
}

async fn guard(State(portal): State<Portal>, request: Request<Body>, next: Next) -> Response<Body> {
    let has_tls = portal.state.setup.load().tls.is_some();
    let reader = Reader::of_request(request.headers());
    let is_safe = matches!(*request.method(), Method::GET | Method::HEAD);
    let is_own = is_safe || origin::is_same(request.uri(), request.headers(), has_tls);
    let mut response = match is_own {
        true => reader.scope(next.run(request)).await,
        false => StatusCode::FORBIDDEN.into_response(),
    };
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        let name = HeaderName::from_static(name);
        headers.insert(name, HeaderValue::from_static(value));
    }
    // A style sheet may be kept; a page may not.
    let no_store = HeaderValue::from_static("no-store");
    headers.entry(header::CACHE_CONTROL).or_insert(no_store);
    response
}
