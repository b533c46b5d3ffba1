//! Channels, customers and clients: lists, settings, credentials.

mod common;
mod creation;
mod credential;
mod crediting;
mod credits;
mod form;
mod guesses;
mod list;
mod revocation;
mod rotation;
mod settings;

use axum::routing::{get, post};
use axum::{Extension, Router};

use super::kinds::texts_of;
use crate::admin::TenantKind;
use crate::portal::Portal;

/// The routes of every kind.
pub(super) fn router() -> Router<Portal> {
    let mut router = Router::new();
    for kind in TenantKind::ALL.iter().copied() {
        let base = texts_of(kind).path();
        let of_kind = Router::new()
            .route(base, get(list::list))
            .route(
                &format!("/new/{}", kind.name()),
                get(creation::form).post(creation::create),
            )
            .route(
                &format!("{base}/{{name}}"),
                get(settings::show).post(settings::update),
            )
            .route(
                &format!("{base}/{{name}}/rotate"),
                get(rotation::ask_rotate).post(rotation::rotate),
            )
            .route(
                &format!("{base}/{{name}}/revoke"),
                get(revocation::ask_revoke).post(revocation::revoke),
            )
            .layer(Extension(kind));
        router = router.merge(of_kind);
    }
    let credits = post(crediting::add_credits).layer(Extension(TenantKind::Customer));
    router.route("/customers/{name}/credits", credits)
}
