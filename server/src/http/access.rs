//! The access log, and the dispatch of requests.

use core::net::IpAddr;
use core::time::Duration;
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use http::request::Parts;
use http::{Method, Request, Response, StatusCode};
use mpass_core::number::CallingCode;
use mpass_core::service::{Reason, contract_of};
use tower::ServiceExt;

use super::app::App;
use super::authority::{is_for_operator, is_for_this_machine, is_well_formed};
use super::contract::{self, Ended};
use super::framing;
use super::logged::LoggedPath;
use super::monitor::is_health;
use super::peer::Peer;
use super::receiving::Receiving;
use crate::clock;
use crate::request_id::RequestId;
use crate::statistics::Event;

/// Answers, counts and logs a request: method, path without query, status,
/// reason, duration, peer, tenant and the request's id, but no value from the
/// request.
pub(super) async fn answer(
    app: &App,
    router: &Router,
    peer: IpAddr,
    request: Request<Receiving>,
) -> Response<Body> {
    let begun = Instant::now();
    let id = RequestId::new();
    let (parts, body) = request.into_parts();
    let method = method_name(&parts.method);
    let path = parts.uri.path().to_owned();
    let contract = contract_of(&path).filter(|_| !app.is_portal);
    // The engine routes the contracts' paths itself; the router, which costs
    // several allocations per request, is for the others.
    let refused = misdirected(app, &parts);
    let response = match (refused, contract) {
        (Some(status), _) => contract::closing(status),
        (None, Some(_)) => id.scope(contract::exchange(app, peer, &parts, body)).await,
        (None, None) => {
            let request = Request::from_parts(parts, Body::new(body));
            id.scope(route(router, peer, request)).await
        }
    };
    let took = begun.elapsed();
    let ended = response.extensions().get::<Ended>();
    let reason = ended.map(|ended| ended.reason);
    let tenant = ended.and_then(|ended| ended.tenant.as_deref());
    if let (Some(reason), Some(ended)) = (reason, ended) {
        let contract = contract.unwrap_or("none");
        let event = Event {
            contract,
            tenant,
            calling_code: ended.calling_code.map(CallingCode::get),
            segments: ended.segments.into(),
            reason,
            took,
        };
        app.state.statistics.count(&event, clock::now_ms());
        app.state.metrics.count_request(contract, reason, took);
        app.state.recent.count(contract, tenant, reason);
    }
    // Such a path is free text, too.
    let logged = response.extensions().get::<LoggedPath>();
    let path = match logged {
        _ if refused.is_some() => "-",
        Some(LoggedPath(template)) => template,
        None => &path,
    };
    log(&Line {
        method,
        path,
        is_known: logged.is_some(),
        status: response.status(),
        reason,
        took,
        peer,
        tenant,
        id,
    });
    response
}

/// The status for a request that is not for one authority, not for the demo's or the portal's, or of
/// unclear length.
fn misdirected(app: &App, parts: &Parts) -> Option<StatusCode> {
    let (uri, headers) = (&parts.uri, &parts.headers);
    if !is_well_formed(parts.version, uri, headers) {
        return Some(StatusCode::BAD_REQUEST);
    }
    if let Some(status) = framing::refused(headers) {
        return Some(status);
    }
    let is_foreign = |port| !is_for_this_machine(uri, headers, port);
    if app.demo_port.is_some_and(is_foreign) {
        return Some(StatusCode::FORBIDDEN);
    }
    let is_misdirected = app.is_portal && {
        let portal = Arc::clone(&app.state.setup.load().portal);
        !is_for_operator(uri, headers, &portal.hosts)
    };
    is_misdirected.then_some(StatusCode::MISDIRECTED_REQUEST)
}

async fn route(router: &Router, peer: IpAddr, mut request: Request<Body>) -> Response<Body> {
    request.extensions_mut().insert(Peer(peer));
    match router.clone().oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

/// What a line of the access log contains.
struct Line<'a> {
    method: &'static str,
    path: &'a str,
    /// Whether the path is not free text although the status is 404.
    is_known: bool,
    status: StatusCode,
    reason: Option<Reason>,
    took: Duration,
    peer: IpAddr,
    tenant: Option<&'a str>,
    id: RequestId,
}

fn log(line: &Line<'_>) {
    let &Line {
        method,
        path,
        is_known,
        status,
        reason,
        took,
        peer,
        tenant,
        id,
    } = line;
    let is_known = match reason {
        Some(reason) => !matches!(reason, Reason::NotFound | Reason::TooLarge),
        None => is_known || status != StatusCode::NOT_FOUND,
    };
    // An unknown path is free text and may contain anything.
    let path = if is_known { path } else { "-" };
    let reason = reason.map_or("-", Reason::name);
    let status = status.as_u16();
    let ms = took.as_secs_f64() * 1000.0;
    let ms = (ms * 1000.0).round() / 1000.0;
    macro_rules! line {
        ($level:ident) => {
            tracing::$level!(target: "mpass::access", method, path, status, reason, ms, %peer, tenant, request = %id)
        };
    }
    if is_known && (is_health(path) || path == "/metrics") {
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
