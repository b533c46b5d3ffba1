//! What the pages have in common.

use axum::response::Response;

use crate::admin::{GatewayInfo, GatewayOperation, Operation, Outcome};
use crate::portal::pages::layout::Section;
use crate::portal::pages::parts;
use crate::portal::pages::visit::Visit;

pub(super) const SECTION: Section = Section::Gateways;

/// The path of a gateway's page.
pub(super) fn path_of(name: &str) -> String {
    format!("/gateways/{}", parts::segment(name))
}

pub(super) async fn read(visit: &Visit, name: &str) -> Result<GatewayInfo, Response> {
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
