//! The page that shows a document with Swagger UI, from files of this server only.

use std::sync::LazyLock;

use axum::Router;
use axum::body::Body;
use axum::response::{Html, IntoResponse};
use http::{HeaderName, HeaderValue, Response, header};
use maud::html;

use crate::portal::pages::{Asset, Outside, Reader, asset_routes};

const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";

static BUNDLE: LazyLock<Asset> = LazyLock::new(|| {
    let content = include_bytes!(concat!(env!("OUT_DIR"), "/swagger-ui-bundle.js.gz"));
    Asset::gzip("swagger-ui.js", JAVASCRIPT, content)
});
static BUNDLE_STYLE: LazyLock<Asset> = LazyLock::new(|| {
    let content = include_bytes!(concat!(env!("OUT_DIR"), "/swagger-ui.css.gz"));
    Asset::gzip("swagger-ui.css", CSS, content)
});
static SCRIPT: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("viewer.js", JAVASCRIPT, include_str!("assets/viewer.js")));
static STYLE: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("viewer.css", CSS, include_str!("assets/viewer.css")));

/// Nothing inline and nothing from elsewhere; the style sheet has its pictures in itself.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' data:; connect-src 'self'; form-action 'none'; frame-ancestors 'none'; \
     base-uri 'none'";
const HEADERS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    (header::CACHE_CONTROL, "no-store"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
];

/// The listener that serves the page.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// That of the services.
    Services,
    /// That of the services in the demo.
    Demo,
    /// That of the administration.
    Portal,
}

/// The routes of the page's files.
pub(super) fn files() -> Router {
    asset_routes([&BUNDLE, &BUNDLE_STYLE, &SCRIPT, &STYLE])
}

/// The page with one of the documents, each with its title and its path; `query` has the
/// path of the chosen one.
pub(super) fn page(
    reader: Reader,
    documents: &[(String, String)],
    query: &str,
    place: Place,
) -> Response<Body> {
    let t = |name| reader.t(name);
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let chosen = pairs.find(|(name, _)| name == "show");
    let chosen = chosen.and_then(|(_, path)| documents.iter().find(|(_, own)| *own == path));
    let Some((_, shown)) = chosen.or_else(|| documents.first()) else {
        return http::StatusCode::NOT_FOUND.into_response();
    };
    let files = html! {
        link rel="stylesheet" href=(BUNDLE_STYLE.path());
        link rel="stylesheet" href=(STYLE.path());
        script src=(BUNDLE.path()) defer {}
        script src=(SCRIPT.path()) defer {}
    };
    let is_demo = place == Place::Demo;
    let note = if is_demo {
        "openapi.demo"
    } else {
        "openapi.authorize"
    };
    let body = html! {
        p.lead { (t("openapi.what")) " " (t(note)) " " (t("openapi.english")) }
        @if documents.len() > 1 {
            nav.documents aria-label=(t("openapi.documents")) {
                @for (title, path) in documents {
                    a href=(format!("/openapi?show={path}")) aria-current=[(path == shown).then_some("page")] {
                        bdi { (title) }
                    }
                }
            }
        }
        noscript { p.notice.wait { (t("openapi.plain")) } }
        p { a href=(shown) { (t("openapi.raw")) } }
        div id="viewer" dir="ltr" lang="en" data-url=(shown)
            data-callers=[is_demo.then_some("/callers.json")] {}
    };
    let links = html! { @if place != Place::Services { a href="/" { (t("openapi.home")) } } };
    let page = Outside {
        title: t("openapi.title"),
        files: &files,
        links: &links,
        here: None,
    }
    .page(reader, &body);
    let mut response = Html(page.into_string()).into_response();
    for (name, value) in HEADERS {
        let value = HeaderValue::from_static(value);
        response.headers_mut().insert(name, value);
    }
    response
}
