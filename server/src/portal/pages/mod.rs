//! The pages of the portal: screens of the outcomes of operations.
//!
//! A page is rendered by the server and works without its script. Whatever it changes
//! is an [`Operation`](crate::admin::Operation).

mod assets;
mod credential;
mod fault;
mod gateway_form;
mod gateways;
mod layout;
mod overview;
mod parts;
mod plot;
mod reader;
mod settings_form;
mod tenants;
mod texts;
mod view;
mod visit;

use axum::Router;

use super::Portal;

pub(crate) use layout::{narrow, refusal};
pub(crate) use parts::{password_field, text_field};
pub(crate) use reader::Reader;

/// The routes of the pages, to be put inside the guard of the sign-in.
pub(crate) fn router(portal: Portal) -> Router {
    Router::new()
        .merge(assets::router())
        .merge(overview::router())
        .merge(tenants::router())
        .merge(gateways::router())
        .merge(view::router())
        .with_state(portal)
}
