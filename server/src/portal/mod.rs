//! The listener for administration: the routes of the API, of sign-in and of the
//! pages.
//!
//! It answers under addresses, `localhost` and the names of
//! [`PortalConfig::hosts`](crate::config::PortalConfig::hosts) only, and serves none of
//! the contracts. Whatever is asked for is an
//! [`Operation`](crate::admin::Operation), which `admin::running` performs.

pub(crate) mod signin;

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
    let pages = signin::router(portal.clone());
    Router::new()
        .fallback(|| async { StatusCode::NOT_FOUND })
        .with_state(portal.clone())
        .merge(signin::guarded(portal, pages))
}

#[cfg(test)]
impl Portal {
    /// One whose configuration is not reloaded.
    pub(crate) fn of_test(state: Arc<State>) -> Self {
        use crate::admission::Admission;
        use crate::config::Config;
        use crate::options::ServeOptions;

        let config = Config::default();
        let connections = config.limits.connections;
        let admission = Admission::new(config.limits.budgets(connections), |_| {});
        let options = ServeOptions::new(config, None, Some("/data".into()), false);
        let reloader = Reloader::new(Arc::clone(&state), Arc::new(admission), options.unwrap());
        Self {
            state,
            reloader: Arc::new(reloader),
        }
    }
}
