//! Channels, customers and clients: lists, settings, credentials.

mod creation;
mod credential;
mod credits;
mod form;
mod guesses;
mod list;
mod revocation;
mod rotation;
mod settings;

use axum::response::Response;
use axum::routing::{get, post};
use axum::{Extension, Router};
use maud::Markup;

use super::kinds::texts_of;
use super::parts;
use super::reader::Reader;
use super::visit::Visit;
use crate::admin::{Operation, Outcome, TenantInfo, TenantKind};
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
    let credits = post(credits::add_credits).layer(Extension(TenantKind::Customer));
    router.route("/customers/{name}/credits", credits)
}

type Kind = Extension<TenantKind>;

/// The path of a tenant's page.
fn path_of(kind: TenantKind, name: &str) -> String {
    format!("{}/{}", texts_of(kind).path(), parts::segment(name))
}

fn state(reader: Reader, one: &TenantInfo) -> Markup {
    match one.is_revoked {
        true => parts::badge("bad", reader.t("state.revoked")),
        false => parts::badge("good", reader.t("state.active")),
    }
}

async fn read(visit: &Visit, kind: TenantKind, name: &str) -> Result<TenantInfo, Response> {
    match visit.ask(Operation::Read(kind, name.to_owned())).await {
        Ok(Outcome::Tenant(info)) => Ok(*info),
        Ok(_) => Err(visit.unexpected()),
        Err(refused) => Err(visit.refused(refused)),
    }
}
