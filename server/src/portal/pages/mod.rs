//! The pages of the portal: screens of the outcomes of operations.
//!
//! A page is rendered by the server and works without its script. Whatever it changes
//! is an [`Operation`](crate::admin::Operation).

mod administrators;
mod answers;
mod assets;
mod audit;
mod confirmation;
mod enrolled;
mod fault;
mod gateways;
mod keys;
mod kinds;
mod language;
mod layout;
mod numbers;
mod overview;
mod own;
mod parts;
mod plot;
mod reader;
mod refused;
mod stops;
mod tenants;
#[cfg(test)]
mod tests;
mod texts;
mod tokens;
mod view;
mod visit;

use axum::Router;

use super::Portal;

pub(crate) use assets::{Asset, routes as asset_routes};
pub(crate) use fault::refusal;
pub(crate) use layout::{Outside, narrow};
pub(crate) use parts::{copied, password_field, text_field};
pub(crate) use reader::Reader;

/// The routes of the pages, to be put inside the guard of the sign-in.
pub(crate) fn router(portal: Portal) -> Router {
    Router::new()
        .merge(assets::router())
        .merge(overview::router())
        .merge(tenants::router())
        .merge(gateways::router())
        .merge(numbers::router())
        .merge(stops::router())
        .merge(audit::router())
        .merge(keys::router())
        .merge(administrators::router())
        .merge(tokens::router())
        .merge(own::router())
        .fallback(missing)
        .merge(view::router())
        .with_state(portal)
}

/// The routes of the files that a page outside the portal needs.
pub(crate) fn files() -> Router {
    assets::router()
}

/// The route for the choice of language and colours.
pub(crate) fn choice<S: Clone + Send + Sync + 'static>() -> Router<S> {
    view::router()
}

/// The answer to a path that is no page.
async fn missing(visit: visit::Visit) -> axum::response::Response {
    let t = |name| visit.reader.t(name);
    visit.stop(
        http::StatusCode::NOT_FOUND,
        t("stop.missing"),
        t("stop.missing"),
    )
}
