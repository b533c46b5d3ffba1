//! Administrators: who may sign in, with which role.

mod creation;
mod credentials;
mod identity;
mod list;
mod person;
mod removal;

use axum::Router;
use axum::response::Response;
use axum::routing::{get, post};
use maud::Markup;

use super::layout::{self, Section};
use super::parts;
use super::reader::Reader;
use super::visit::Visit;
use crate::admin::{AdministratorInfo, AdministratorOperation as Act, Operation, Outcome};
use crate::administrators::Role;
use crate::portal::Portal;

const SECTION: Section = Section::Administrators;

pub(super) fn router() -> Router<Portal> {
    Router::new()
        .route("/administrators", get(list::list))
        .route(
            "/new/administrator",
            get(creation::form).post(creation::create),
        )
        .route(
            "/administrators/{name}",
            get(person::show).post(person::update),
        )
        .route("/administrators/{name}/reset", post(credentials::reset))
        .route(
            "/administrators/{name}/identity",
            get(identity::form).post(identity::bind),
        )
        .route("/administrators/{name}/unlock", post(person::unlock))
        .route(
            "/administrators/{name}/remove",
            get(removal::ask_remove).post(removal::remove),
        )
}

fn path_of(name: &str) -> String {
    format!("/administrators/{}", parts::segment(name))
}

fn state(reader: Reader, one: &AdministratorInfo) -> Markup {
    match (one.is_disabled, one.locked_until_ms) {
        (true, _) => parts::badge("bad", reader.t("administrators.disabled")),
        (false, Some(_)) => parts::badge("wait", reader.t("administrators.locked")),
        (false, None) => parts::badge("good", reader.t("state.active")),
    }
}

fn roles(reader: Reader) -> Vec<(String, String)> {
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
