//! What the pages have in common.

use axum::extract::{FromRequestParts, Path};
use axum::response::{IntoResponse, Response};
use http::request::Parts;

use crate::admin::{GatewayInfo, GatewayOperation, Operation, Outcome};
use crate::administrators::Permission;
use crate::portal::Portal;
use crate::portal::pages::layout::Section;
use crate::portal::pages::parts;
use crate::portal::pages::refused::Refused;
use crate::portal::pages::visit::Visit;

pub(super) const SECTION: Section = Section::Gateways;

/// The path of a gateway's page.
pub(super) fn path_of(name: &str) -> String {
    format!("/gateways/{}", parts::segment(name))
}

/// A gateway that whoever asks may change, by the path of the request. Else the request
/// is answered with why not.
pub(super) struct Changing {
    pub(super) visit: Visit,
    pub(super) info: GatewayInfo,
}

impl FromRequestParts<Portal> for Changing {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Response> {
        let visit = Visit::from_request_parts(parts, portal).await?;
        if !visit.may(Permission::Gateways) {
            return Err(visit.refused(Refused::Forbidden));
        }
        let name = Path::<String>::from_request_parts(parts, portal).await;
        let Path(name) = name.map_err(IntoResponse::into_response)?;
        let info = read(&visit, &name).await?;
        Ok(Self { visit, info })
    }
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
