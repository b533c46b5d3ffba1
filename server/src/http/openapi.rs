//! The `OpenAPI` documents of the services: `/openapi` lists them, and serves
//! each one below it.

use axum::body::Body;
use axum::extract::Path;
use http::{HeaderValue, Response, StatusCode, header};
use include_dir::{Dir, File, include_dir};
use serde::{Deserialize, Serialize};

/// Every document, by its file name.
static DOCUMENTS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../openapi");

/// The path of the list, and the prefix of the documents' paths.
pub(super) const PATH: &str = "/openapi";

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

#[derive(Serialize)]
struct Index<'a> {
    documents: Vec<Entry<'a>>,
}

/// The list of documents.
pub(super) async fn index() -> Response<Body> {
    match index_json() {
        Ok(json) => json_response(json.into()),
        Err(error) => {
            tracing::error!(%error, "an OpenAPI document is malformed");
            empty(StatusCode::INTERNAL_SERVER_ERROR)
        }
    }
}

/// One document.
pub(super) async fn document(Path(name): Path<String>) -> Response<Body> {
    match DOCUMENTS.get_file(name) {
        Some(file) => json_response(Body::from(file.contents())),
        None => empty(StatusCode::NOT_FOUND),
    }
}

fn index_json() -> serde_json::Result<Vec<u8>> {
    let documents = DOCUMENTS
        .files()
        .map(entry)
        .collect::<serde_json::Result<_>>()?;
    serde_json::to_vec(&Index { documents })
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
        let json: serde_json::Value = serde_json::from_slice(&index_json().unwrap()).unwrap();
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
