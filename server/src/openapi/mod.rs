//! The `OpenAPI` documents of the services: `/openapi` lists them, for browsers as a page
//! to read and try them, and serves each one below it.

mod viewer;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, RawQuery};
use axum::routing::get;
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use include_dir::{Dir, File, include_dir};
use serde::{Deserialize, Serialize};

use self::viewer::Place;
use crate::portal::pages::{self, Reader};

/// Every document, by its file name.
static DOCUMENTS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../openapi");

/// The path of the list, and the prefix of the documents' paths.
const PATH: &str = "/openapi";

/// The part of a document that the list needs.
#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    info: Info<'a>,
}

#[derive(Deserialize)]
struct Info<'a> {
    title: &'a str,
    version: &'a str,
}

#[derive(Serialize)]
struct Entry<'a> {
    title: &'a str,
    version: &'a str,
    path: String,
}

impl Entry<'_> {
    /// Its title with its version, and its path.
    fn titled(self) -> (String, String) {
        (format!("{} {}", self.title, self.version), self.path)
    }
}

#[derive(Serialize)]
struct Index<'a> {
    documents: Vec<Entry<'a>>,
}

/// The document of the administration, which the portal's listener serves.
const ADMINISTRATION: (&str, &str) = ("mPass administration", "/admin/v1/openapi.json");

/// The routes of the documents and of the page. In the demo, what is tried on the page has
/// the demo's credentials.
pub(crate) fn routes(is_demo: bool) -> Router {
    let place = if is_demo {
        Place::Demo
    } else {
        Place::Services
    };
    let index = move |reader, headers, query| index(place, reader, headers, query);
    Router::new()
        .route(PATH, get(index))
        .route("/openapi/{document}", get(document))
        .merge(pages::files())
        .merge(viewer::files())
}

/// The page for the document of the administration.
pub(crate) fn of_administration() -> Router {
    let page = |reader| async move {
        let (title, path) = ADMINISTRATION;
        viewer::page(
            reader,
            &[(title.to_owned(), path.to_owned())],
            "",
            Place::Portal,
        )
    };
    Router::new().route(PATH, get(page)).merge(viewer::files())
}

/// The list of documents, as JSON or, where a browser asks, as a page.
async fn index(
    place: Place,
    reader: Reader,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response<Body> {
    let accepted = headers.get_all(header::ACCEPT).iter();
    let mut accepted = accepted.filter_map(|value| value.to_str().ok());
    let list = documents().and_then(|documents| {
        if accepted.any(|value| value.contains("text/html")) {
            let all: Vec<_> = documents.into_iter().map(Entry::titled).collect();
            let chosen = query.unwrap_or_default();
            return Ok(viewer::page(reader, &all, &chosen, place));
        }
        let json = serde_json::to_vec(&Index { documents })?;
        Ok(json_response(json.into()))
    });
    let mut response = list.unwrap_or_else(|error| {
        tracing::error!(%error, "an OpenAPI document is malformed");
        empty(StatusCode::INTERNAL_SERVER_ERROR)
    });
    let vary = HeaderValue::from_static("Accept");
    response.headers_mut().insert(header::VARY, vary);
    response
}

/// One document.
async fn document(Path(name): Path<String>) -> Response<Body> {
    match DOCUMENTS.get_file(name) {
        Some(file) => json_response(Body::from(file.contents())),
        None => empty(StatusCode::NOT_FOUND),
    }
}

fn documents() -> serde_json::Result<Vec<Entry<'static>>> {
    DOCUMENTS.files().map(entry).collect()
}

fn entry(file: &'static File<'_>) -> serde_json::Result<Entry<'static>> {
    let Document { info } = serde_json::from_slice(file.contents())?;
    Ok(Entry {
        title: info.title,
        version: info.version,
        path: format!("{PATH}/{}", file.path().display()),
    })
}

fn json_response(body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "public, max-age=300"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

fn empty(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_has_every_document() {
        let documents = documents().unwrap();
        let json = serde_json::to_value(&Index { documents }).unwrap();
        let documents = json["documents"].as_array().unwrap();
        assert_eq!(documents.len(), DOCUMENTS.files().count());
        let expected = serde_json::json!({
            "title": "Number Verification",
            "version": "0.4.0-wip",
            "path": "/openapi/number-verification-v0.json",
        });
        assert!(documents.contains(&expected));
    }
}
