//! The `OpenAPI` documents of the services: `/openapi` lists them, and serves
//! each one below it.

use axum::body::Body;
use axum::extract::Path;
use http::{HeaderValue, Response, StatusCode, header};
use serde::{Deserialize, Serialize};

/// The documents by file name.
const DOCUMENTS: [(&str, &str); 7] = [
    ("mpass.json", include_str!("../../../openapi/mpass.json")),
    (
        "number-verification-v0.json",
        include_str!("../../../openapi/number-verification-v0.json"),
    ),
    (
        "number-verification-v2.json",
        include_str!("../../../openapi/number-verification-v2.json"),
    ),
    (
        "verify-now.json",
        include_str!("../../../openapi/verify-now.json"),
    ),
    (
        "otp-validation-v1.json",
        include_str!("../../../openapi/otp-validation-v1.json"),
    ),
    ("login.json", include_str!("../../../openapi/login.json")),
    ("server.json", include_str!("../../../openapi/server.json")),
];

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
    match DOCUMENTS.iter().find(|(held, _)| *held == name) {
        Some((_, text)) => json_response(Body::from(*text)),
        None => empty(StatusCode::NOT_FOUND),
    }
}

fn index_json() -> serde_json::Result<Vec<u8>> {
    let entry = |(name, text): &(&str, &'static str)| {
        let Document { info } = serde_json::from_str(text)?;
        Ok(Entry {
            title: info.title,
            version: info.version,
            path: format!("{PATH}/{name}"),
        })
    };
    let documents = DOCUMENTS
        .iter()
        .map(entry)
        .collect::<serde_json::Result<_>>()?;
    serde_json::to_vec(&Index { documents })
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
        assert_eq!(documents.len(), DOCUMENTS.len());
        assert_eq!(
            documents[1],
            serde_json::json!({
                "title": "CAMARA Number Verification",
                "version": "0.4.0-wip",
                "path": "/openapi/number-verification-v0.json",
            })
        );
    }
}
