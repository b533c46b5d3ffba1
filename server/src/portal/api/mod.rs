//! The administration API: every operation as a request over HTTP.
//!
//! One table of routes ([`table`]) makes the router, the `OpenAPI` document and the
//! client of the command line.

mod answer;
mod bearer;
pub(crate) mod client;
mod document;
mod exchange;
mod export;
mod problem;
mod respond;
mod route;
mod schemas;
mod table;

use core::net::IpAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::State as Shared;
use axum::routing::{any, get};
use axum::{Extension, Router};
use http::{Method, Request, Response};

use self::exchange::Exchange;
use self::problem::Problem;
use self::route::{Answer, Route};
pub(crate) use self::table::PREFIX;
use super::Portal;
use crate::http::{LoggedPath, Peer};

/// The routes of the API, to be merged into those of the portal.
pub(crate) fn router(portal: Portal) -> Router {
    let mut router = Router::new().route("/openapi.json", get(document::serve));
    for (path, routes) in table::by_path() {
        let handler = move |Shared(portal): Shared<Portal>,
                            Extension(Peer(from)): Extension<Peer>,
                            request: Request<Body>| {
            answer(portal, path, routes.clone(), from, request)
        };
        router = router.route(path, any(handler));
    }
    let router = router.fallback(|| async { respond::finish(Problem::NOT_FOUND.response()) });
    Router::new().nest(PREFIX, router.with_state(portal))
}

async fn answer(
    portal: Portal,
    path: &'static str,
    routes: Vec<&'static Route>,
    from: IpAddr,
    request: Request<Body>,
) -> Response<Body> {
    let method = match *request.method() {
        Method::HEAD => &Method::GET,
        ref method => method,
    };
    let response = match routes.iter().find(|route| route.method == *method) {
        Some(route) => {
            let exchange = Exchange {
                portal,
                route,
                from,
            };
            let done = answered(exchange, request).await;
            done.unwrap_or_else(|problem| problem.response())
        }
        None => respond::method_not_allowed(&routes),
    };
    let mut response = respond::finish(response);
    // A path contains names, and what was typed in their stead.
    let path = LoggedPath(format!("{PREFIX}{path}"));
    response.extensions_mut().insert(path);
    response
}

async fn answered(exchange: Exchange, request: Request<Body>) -> Result<Response<Body>, Problem> {
    let state = &exchange.portal.state;
    let granted = bearer::granted(state, request.headers()).await?;
    let headers = request.headers().clone();
    let operation = exchange.read(request).await?;
    if !granted.may(operation.permission()) {
        return Err(Problem::FORBIDDEN);
    }
    if bearer::needs_code(&operation) {
        bearer::prove(state, &granted, &headers, exchange.from).await?;
    }
    let granted = Arc::new(granted);
    if matches!(exchange.route.answer, Answer::Lines) {
        return export::lines(exchange, granted, operation).await;
    }
    let route = exchange.route;
    let outcome = exchange.perform(granted, operation).await?;
    respond::outcome(route, outcome)
}
