//! Administrators: who may sign in, with which role.

mod common;
mod creation;
mod credentials;
mod identity;
mod list;
mod person;
mod removal;

use axum::Router;
use axum::routing::{get, post};

use crate::portal::Portal;

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
