//! Style sheets, scripts and the icon: under names that contain their hash, so that
//! browsers keep them until they change.

use std::sync::LazyLock;

use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use http::{HeaderMap, HeaderValue, StatusCode};

/// A file.
pub(crate) struct Asset {
    kind: &'static str,
    content: &'static [u8],
    /// Whether its content is compressed, as every browser takes it.
    is_gzip: bool,
    path: String,
    tag: String,
}

impl Asset {
    pub(crate) fn new(name: &str, kind: &'static str, text: &'static str) -> Self {
        Self::of(name, kind, text.as_bytes(), false)
    }

    /// One that is compressed with gzip.
    pub(crate) fn gzip(name: &str, kind: &'static str, content: &'static [u8]) -> Self {
        Self::of(name, kind, content, true)
    }

    fn of(name: &str, kind: &'static str, content: &'static [u8], is_gzip: bool) -> Self {
        let hash = ring::digest::digest(&ring::digest::SHA256, content);
        let hash = base16ct::lower::encode_string(&hash.as_ref()[..8]);
        let (stem, ending) = name.split_once('.').unwrap_or((name, ""));
        Self {
            kind,
            content,
            is_gzip,
            path: format!("/assets/{stem}.{hash}.{ending}"),
            tag: format!("\"{hash}\""),
        }
    }

    /// Its path.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    fn answer(&self, headers: &HeaderMap) -> Response {
        let is_known = headers
            .get(IF_NONE_MATCH)
            .is_some_and(|it| *it == *self.tag);
        let kept = HeaderValue::from_static("public, max-age=31536000, immutable");
        let mut response = match is_known {
            true => StatusCode::NOT_MODIFIED.into_response(),
            false => ([(CONTENT_TYPE, self.kind)], self.content).into_response(),
        };
        response.headers_mut().insert(CACHE_CONTROL, kept);
        if self.is_gzip {
            let gzip = HeaderValue::from_static("gzip");
            response.headers_mut().insert(CONTENT_ENCODING, gzip);
        }
        if let Ok(tag) = HeaderValue::from_str(&self.tag) {
            response.headers_mut().insert(ETAG, tag);
        }
        response
    }
}

pub(super) static STYLE: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new(
        "portal.css",
        "text/css; charset=utf-8",
        concat!(
            include_str!("assets/base.css"),
            include_str!("assets/frame.css"),
            include_str!("assets/parts.css"),
            include_str!("assets/forms.css"),
            include_str!("assets/screens.css"),
            include_str!("assets/narrow.css"),
        ),
    )
});
pub(super) static SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new(
        "portal.js",
        "text/javascript; charset=utf-8",
        include_str!("assets/portal.js"),
    )
});
pub(super) static ICON: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("icon.svg", "image/svg+xml", include_str!("assets/icon.svg")));

/// The routes of the files that every page has.
pub(super) fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    routes([&STYLE, &SCRIPT, &ICON])
}

/// The routes of files.
pub(crate) fn routes<S: Clone + Send + Sync + 'static, const COUNT: usize>(
    all: [&'static LazyLock<Asset>; COUNT],
) -> Router<S> {
    all.into_iter().fold(Router::new(), |router, asset| {
        let answer = move |headers: HeaderMap| async move { asset.answer(&headers) };
        router.route(asset.path(), get(answer))
    })
}
