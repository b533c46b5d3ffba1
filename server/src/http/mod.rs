//! HTTP: the routes, the access log and the connections.

mod access;
mod app;
pub(crate) mod authority;
mod connection;
mod contract;
mod draining;
mod framing;
mod listen;
mod logged;
mod monitor;
mod peer;
mod receiving;
mod watched;

use axum::body::Body;
use axum::extract::State as Shared;
use axum::routing::get;
use axum::{Extension, Router};
use http::{Request, Response};

pub(crate) use app::App;
pub(crate) use connection::Shared as Connections;
pub(crate) use listen::{Listener, Socket, bind};
pub(crate) use logged::LoggedPath;
pub(crate) use peer::Peer;

/// The routes outside the wire contracts. The engine refuses unknown paths.
pub(crate) fn router(app: App, more: Router) -> Router {
    Router::new()
        .route("/livez", get(monitor::alive))
        .route("/readyz", get(monitor::ready))
        .route("/healthz", get(monitor::ready))
        .route("/metrics", get(monitor::metrics))
        .fallback(not_found)
        .with_state(app)
        .merge(more)
}

async fn not_found(
    Shared(app): Shared<App>,
    Extension(Peer(peer)): Extension<Peer>,
    request: Request<Body>,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    contract::exchange(&app, peer, &parts, body).await
}
