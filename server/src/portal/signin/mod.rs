//! Signing in to the portal, and what a session is bound to.

mod answer;
mod cookie;
mod destination;
mod form;
mod guard;
mod origin;
mod own;
mod password;
mod prove;
mod provider;
mod refusal;
mod screen;
mod session;
#[cfg(test)]
pub(crate) mod tests;

use axum::Router;
use axum::routing::{get, post};

pub(crate) use cookie::Cookie;
pub(crate) use destination::own as own_page;
pub(crate) use form::Form;
pub(crate) use guard::guarded;
pub(crate) use refusal::Refusal;
pub(crate) use session::SignedIn;

use crate::identity_provider::RETURN_PATH;
use crate::portal::shared::Portal;

/// The pages of the sign-in, to be put inside [`guarded`].
pub(crate) fn router(portal: Portal) -> Router {
    Router::new()
        .route("/signin", get(password::page).post(password::sign_in))
        .route("/signin/kept", get(password::kept))
        .route("/signin/provider", get(provider::begin))
        .route(RETURN_PATH, get(provider::finish))
        .route("/signin/code", post(provider::complete))
        .route("/signout", post(password::sign_out))
        .route("/signout/everywhere", post(own::sign_out_everywhere))
        .route("/session/prove", get(prove::page).post(prove::prove))
        .route("/session", get(own::session))
        .route("/session/password", get(own::page).post(own::set_password))
        .with_state(portal)
}
