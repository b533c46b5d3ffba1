//! Responses.

use axum::body::Body;
use http::{HeaderValue, Response, header};

use super::problem::Problem;
use super::route::Route;
use crate::admin::Outcome;
use crate::request_id::RequestId;

/// The response to a performed operation.
pub(super) fn outcome(route: &Route, outcome: Outcome) -> Result<Response<Body>, Problem> {
    let body = route.answer.body(&outcome);
    outcome.wipe();
    let body = body.ok_or(Problem::INTERNAL)?;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = route.answer.status();
    let Some(body) = body else {
        return Ok(response);
    };
    let headers = response.headers_mut();
    let media = HeaderValue::from_static("application/json");
    headers.insert(header::CONTENT_TYPE, media);
    let stamp = body.get("stamp").and_then(|stamp| stamp.as_str());
    if let Some(stamp) = stamp.filter(|stamp| !stamp.is_empty()) {
        let tag = HeaderValue::try_from(format!("\"{stamp}\""));
        headers.insert(header::ETAG, tag.map_err(|_| Problem::INTERNAL)?);
    }
    if let Some(location) = route.location(&body) {
        let location = HeaderValue::try_from(location).map_err(|_| Problem::INTERNAL)?;
        headers.insert(header::LOCATION, location);
    }
    let bytes = serde_json::to_vec(&body).map_err(|_| Problem::INTERNAL)?;
    *response.body_mut() = Body::from(bytes);
    Ok(response)
}

/// The response to a method that a path does not have.
pub(super) fn method_not_allowed(routes: &[&Route]) -> Response<Body> {
    let mut methods: Vec<&str> = routes.iter().map(|route| route.method.as_str()).collect();
    if methods.contains(&"GET") {
        methods.push("HEAD");
    }
    let mut response = Problem::METHOD.response();
    if let Ok(allow) = HeaderValue::try_from(methods.join(", ")) {
        response.headers_mut().insert(header::ALLOW, allow);
    }
    response
}

/// Adds what every response has.
pub(super) fn finish(mut response: Response<Body>) -> Response<Body> {
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Some(id) = RequestId::current()
        && let Ok(id) = HeaderValue::try_from(id.to_string())
    {
        headers.insert("x-request-id", id);
    }
    response
}
