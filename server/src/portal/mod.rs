//! The listener for administration: the routes of the API, of sign-in and of the
//! pages.
//!
//! It answers under addresses, `localhost` and the names of
//! [`PortalConfig::hosts`](crate::config::PortalConfig::hosts) only, and serves none of
//! the contracts. Whatever is asked for is an
//! [`Operation`](crate::admin::Operation), which `admin::running` performs.

pub(crate) mod api;
pub(crate) mod pages;
pub(crate) mod shared;
pub(crate) mod signin;

use axum::Router;

pub(crate) use shared::Portal;

/// All routes of the listener.
pub(crate) fn router(portal: Portal) -> Router {
    let pages = pages::router(portal.clone()).merge(signin::router(portal.clone()));
    Router::new()
        .with_state(portal.clone())
        .merge(signin::guarded(portal.clone(), pages))
        .merge(api::router(portal))
}
