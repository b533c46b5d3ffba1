//! What all pages of the portal have around them: requests that change something come
//! from a page of this portal, and answers have the headers that keep them in it.

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::IntoResponse;
use http::{HeaderName, HeaderValue, Method, Response, StatusCode, header};

use super::origin;
use crate::portal::Portal;

/// Nothing inline, nothing from elsewhere, and in no frame.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
     font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; \
     base-uri 'none'";

/// Headers of every answer. `same-origin` sends other sites no referrer, as
/// `no-referrer` does, but lets browsers send the `Origin` of forms (Fetch, "append a
/// request `Origin` header"), which the guard needs.
const HEADERS: &[(HeaderName, &str)] = &[
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Pages inside the guard. The API stands outside of it: it takes no cookie.
pub(crate) fn guarded(portal: Portal, pages: Router) -> Router {
    pages.layer(middleware::from_fn_with_state(portal, guard))
}

async fn guard(State(portal): State<Portal>, request: Request<Body>, next: Next) -> Response<Body> {
    let has_tls = portal.state.setup.load().tls.is_some();
    let is_safe = matches!(*request.method(), Method::GET | Method::HEAD);
    let is_own = is_safe || origin::is_same(request.uri(), request.headers(), has_tls);
    let mut response = match is_own {
        true => next.run(request).await,
        false => StatusCode::FORBIDDEN.into_response(),
    };
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name.clone(), HeaderValue::from_static(value));
    }
    // A style sheet may be kept; a page may not.
    let no_store = HeaderValue::from_static("no-store");
    headers.entry(header::CACHE_CONTROL).or_insert(no_store);
    response
}
