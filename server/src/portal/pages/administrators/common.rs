//! What the pages have in common.

use axum::response::Response;
use maud::Markup;

use crate::admin::{AdministratorInfo, AdministratorOperation as Act, Operation, Outcome};
use crate::administrators::Role;
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

pub(super) async fn read(visit: &Visit, name: &str) -> Result<AdministratorInfo, Response> {
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
