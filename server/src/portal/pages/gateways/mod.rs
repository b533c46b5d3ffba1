//! SMS gateways: the order in which they are tried, their settings, test messages.

mod common;
mod creation;
mod form;
mod lines;
mod list;
mod order;
mod ordering;
mod removal;
mod settings;
mod state;
mod test;
mod testing;

use axum::Router;
use axum::routing::{get, post};

use crate::portal::Portal;

pub(super) fn router() -> Router<Portal> {
    Router::new()
        .route("/gateways", get(list::list))
        .route("/new/gateway", get(creation::form).post(creation::create))
        .route("/gateway-order", post(ordering::order))
        .route(
            "/gateways/{name}",
            get(settings::show).post(settings::update),
        )
        .route("/gateways/{name}/test", post(testing::test))
        .route(
            "/gateways/{name}/remove",
            get(removal::ask_remove).post(removal::remove),
        )
}
