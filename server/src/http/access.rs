//! The access log, and the dispatch of requests.

use core::net::IpAddr;
use core::time::Duration;
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use http::{Method, Request, Response, StatusCode};
use mpass_core::service::{Reason, contract_of};
use tower::ServiceExt;

use super::app::App;
use super::contract;
use super::peer::Peer;
use super::receiving::Receiving;

/// Answers, counts and logs a request: method, path without query, status,
/// reason, duration and peer, but no value from the request.
pub(super) async fn answer(
    app: &App,
    router: &Router,
    peer: IpAddr,
    request: Request<Receiving>,
) -> Response<Body> {
    let begun = Instant::now();
    let method = method_name(request.method());
    let path = request.uri().path().to_owned();
    let contract = contract_of(&path);
    // The engine routes the contracts' paths itself; the router, which costs
    // several allocations per request, is for the others.
    let response = match contract {
        Some(_) => contract::exchange(app, peer, request).await,
        None => route(router, peer, request.map(Body::new)).await,
    };
    let took = begun.elapsed();
    let reason = response.extensions().get::<Reason>().copied();
    if let Some(reason) = reason {
        let contract = contract.unwrap_or("none");
        app.state.metrics.count_request(contract, reason, took);
    }
    log(method, &path, response.status(), reason, took, peer);
    response
}

async fn route(router: &Router, peer: IpAddr, mut request: Request<Body>) -> Response<Body> {
    request.extensions_mut().insert(Peer(peer));
    match router.clone().oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

fn log(
    method: &str,
    path: &str,
    status: StatusCode,
    reason: Option<Reason>,
    took: Duration,
    peer: IpAddr,
) {
    let is_known = match reason {
        Some(reason) => !matches!(reason, Reason::NotFound | Reason::TooLarge),
        None => status != StatusCode::NOT_FOUND,
    };
    // An unknown path is free text and may contain anything.
    let path = if is_known { path } else { "-" };
    let reason = reason.map_or("-", Reason::name);
    let status = status.as_u16();
    let ms = took.as_secs_f64() * 1000.0;
    let ms = (ms * 1000.0).round() / 1000.0;
    macro_rules! line {
        ($level:ident) => {
            tracing::$level!(target: "mpass::access", method, path, status, reason, ms, %peer)
        };
    }
    if is_known && matches!(path, "/healthz" | "/metrics") {
        line!(debug);
    } else {
        line!(info);
    }
}

/// The method, or `OTHER`, because an unknown one is free text.
fn method_name(method: &Method) -> &'static str {
    const KNOWN: [Method; 9] = [
        Method::GET,
        Method::POST,
        Method::HEAD,
        Method::PUT,
        Method::DELETE,
        Method::OPTIONS,
        Method::PATCH,
        Method::TRACE,
        Method::CONNECT,
    ];
    const NAMES: [&str; 9] = [
        "GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT",
    ];
    KNOWN
        .iter()
        .zip(NAMES)
        .find(|(known, _)| *known == method)
        .map_or("OTHER", |(_, name)| name)
}
