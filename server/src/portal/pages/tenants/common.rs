//! What the pages have in common.

use axum::Extension;
use axum::extract::{FromRequestParts, Path};
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use maud::Markup;

use crate::admin::{Operation, Outcome, TenantInfo, TenantKind};
use crate::administrators::Permission;
use crate::portal::Portal;
use crate::portal::pages::kinds::texts_of;
use crate::portal::pages::parts;
use crate::portal::pages::reader::Reader;
use crate::portal::pages::refused::Refused;
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

/// A tenant that whoever asks may change, by the path of the request. Else the request
/// is answered with why not.
pub(super) struct Changing {
    pub(super) visit: Visit,
    pub(super) kind: TenantKind,
    pub(super) info: TenantInfo,
}

impl FromRequestParts<Portal> for Changing {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Response> {
        let visit = Visit::from_request_parts(parts, portal).await?;
        if !visit.may(Permission::Tenants) {
            return Err(visit.refused(Refused::Forbidden));
        }
        let kind = Kind::from_request_parts(parts, portal).await;
        let Extension(kind) = kind.map_err(IntoResponse::into_response)?;
        let name = Path::<String>::from_request_parts(parts, portal).await;
        let Path(name) = name.map_err(IntoResponse::into_response)?;
        let info = read(&visit, kind, &name).await?;
        Ok(Self { visit, kind, info })
    }
}

impl Changing {
    pub(super) fn name(&self) -> &str {
        self.info.spec.name()
    }

    /// The path of its page.
    pub(super) fn path(&self) -> String {
        path_of(self.kind, self.name())
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
