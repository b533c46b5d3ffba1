//! The listener for administration: the routes of the API, of sign-in and of the
//! pages.
//!
//! It answers under addresses, `localhost` and the names of
//! [`PortalConfig::hosts`](crate::config::PortalConfig::hosts) only, and serves none of
//! the contracts. Whatever is asked for is an
//! [`Operation`](crate::admin::Operation), which `admin::running` performs.

pub(crate) mod api;

use std::sync::Arc;

use axum::Router;
use http::StatusCode;

use crate::reload::Reloader;
use crate::state::State;

/// The state that its handlers share.
#[derive(Clone)]
pub(crate) struct Portal {
    pub(crate) state: Arc<State>,
    pub(crate) reloader: Arc<Reloader>,
}

/// All routes of the listener.
pub(crate) fn router(portal: Portal) -> Router {
    Router::new()
        .fallback(|| async { StatusCode::NOT_FOUND })
        .with_state(portal.clone())
        .merge(api::router(portal))
}
