//! What the pages have in common.

use axum::Extension;
use axum::response::Response;
use maud::Markup;

use crate::admin::{Operation, Outcome, TenantInfo, TenantKind};
use crate::portal::pages::kinds::texts_of;
use crate::portal::pages::parts;
use crate::portal::pages::reader::Reader;
use crate::portal::pages::visit::Visit;

pub(super) type Kind = Extension<TenantKind>;

/// The path of a tenant's page.
pub(super) fn path_of(kind: TenantKind, name: &str) -> String {
    format!("{}/{}", texts_of(kind).path(), parts::segment(name))
}

pub(super) fn state(reader: Reader, one: &TenantInfo) -> Markup {
    match one.is_revoked {
        true => parts::badge("bad", reader.t("state.revoked")),
        false => parts::badge("good", reader.t("state.active")),
    }
}

pub(super) async fn read(
    visit: &Visit,
    kind: TenantKind,
    name: &str,
) -> Result<TenantInfo, Response> {
    match visit.ask(Operation::Read(kind, name.to_owned())).await {
        Ok(Outcome::Tenant(info)) => Ok(*info),
        Ok(_) => Err(visit.unexpected()),
        Err(refused) => Err(visit.refused(refused)),
    }
}
