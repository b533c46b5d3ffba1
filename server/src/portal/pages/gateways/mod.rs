//! SMS gateways: the order in which they are tried, their settings, test messages.

mod creation;
mod form;
mod lines;
mod list;
mod order;
mod removal;
mod settings;
mod state;
mod test;

use axum::Router;
use axum::response::Response;
use axum::routing::{get, post};

use super::layout::Section;
use super::parts;
use super::visit::Visit;
use crate::admin::{GatewayInfo, GatewayOperation, Operation, Outcome};
use crate::portal::Portal;

const SECTION: Section = Section::Gateways;

pub(super) fn router() -> Router<Portal> {
    Router::new()
        .route("/gateways", get(list::list))
        .route("/new/gateway", get(creation::form).post(creation::create))
        .route("/gateway-order", post(order::order))
        .route(
            "/gateways/{name}",
            get(settings::show).post(settings::update),
        )
        .route("/gateways/{name}/test", post(test::test))
        .route(
            "/gateways/{name}/remove",
            get(removal::ask_remove).post(removal::remove),
        )
}

/// The path of a gateway's page.
fn path_of(name: &str) -> String {
    format!("/gateways/{}", parts::segment(name))
}

async fn read(visit: &Visit, name: &str) -> Result<GatewayInfo, Response> {
    let name = name.to_owned();
    match visit
        .ask(Operation::Gateway(GatewayOperation::Read { name }))
        .await
    {
        Ok(Outcome::Gateway(info)) => Ok(*info),
        Ok(_) => Err(visit.unexpected()),
        Err(refused) => Err(visit.refused(refused)),
    }
}
