//! What the pages have in common.

use axum::extract::{FromRequestParts, Path};
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use maud::Markup;

use crate::admin::{AdministratorInfo, AdministratorOperation as Act, Operation, Outcome};
use crate::administrators::Role;
use crate::portal::Portal;
use crate::portal::pages::layout::{self, Section};
use crate::portal::pages::parts;
use crate::portal::pages::reader::Reader;
use crate::portal::pages::visit::Visit;

pub(super) const SECTION: Section = Section::Administrators;

pub(super) fn path_of(name: &str) -> String {
    format!("/administrators/{}", parts::segment(name))
}

pub(super) fn state(reader: Reader, one: &AdministratorInfo) -> Markup {
    match (one.is_disabled, one.locked_until_ms) {
        (true, _) => parts::badge("bad", reader.t("administrators.disabled")),
        (false, Some(_)) => parts::badge("wait", reader.t("administrators.locked")),
        (false, None) => parts::badge("good", reader.t("state.active")),
    }
}

pub(super) fn roles(reader: Reader) -> Vec<(String, String)> {
    let roles = Role::ALL.iter();
    roles
        .map(|role| {
            (
                role.name().to_owned(),
                reader.t(layout::role(*role)).to_owned(),
            )
        })
        .collect()
}

/// An administrator by the path of the request. Without one, or for those who may not
/// know, the request is answered.
pub(super) struct Named {
    pub(super) visit: Visit,
    pub(super) info: AdministratorInfo,
}

impl FromRequestParts<Portal> for Named {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Response> {
        let visit = Visit::from_request_parts(parts, portal).await?;
        let name = Path::<String>::from_request_parts(parts, portal).await;
        let Path(name) = name.map_err(IntoResponse::into_response)?;
        let info = read(&visit, &name).await?;
        Ok(Self { visit, info })
    }
}

async fn read(visit: &Visit, name: &str) -> Result<AdministratorInfo, Response> {
    let name = name.to_owned();
    match visit
        .ask(Operation::Administrator(Act::Read { name }))
        .await
    {
        Ok(Outcome::Administrator(info)) => Ok(info),
        Ok(_) => Err(visit.unexpected()),
        Err(refused) => Err(visit.refused(refused)),
    }
}
