//! HTTP: the routes, the access log and the connections.

mod access;
mod contract;
mod listen;
mod monitor;
mod openapi;

use core::net::IpAddr;
use core::time::Duration;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::State as Shared;
use axum::routing::get;
use axum::{Extension, Router};
use http::{Request, Response};
use mpass_core::service::Network;

use crate::state::State;

pub(crate) use listen::{Listener, bind};

/// What the handlers share.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) state: Arc<State>,
    /// The realm of the network table that callers come from.
    pub(crate) realm: Arc<str>,
    /// Who may read the metrics.
    pub(crate) metrics_addresses: Arc<[Network]>,
    pub(crate) body_timeout: Duration,
}

/// The address at the other end of a request's connection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// Every path that is no contract's; what nobody has is the engine's to
/// refuse.
pub(crate) fn router(app: App, more: Router) -> Router {
    Router::new()
        .route("/healthz", get(monitor::health))
        .route("/metrics", get(monitor::metrics))
        .route(openapi::PATH, get(openapi::index))
        .route("/openapi/{document}", get(openapi::document))
        .fallback(nobody)
        .with_state(app)
        .merge(more)
}

async fn nobody(
    Shared(app): Shared<App>,
    Extension(Peer(peer)): Extension<Peer>,
    request: Request<Body>,
) -> Response<Body> {
    contract::exchange(&app, peer, request).await
}
