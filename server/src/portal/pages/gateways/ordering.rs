//! The order of gateways is changed.

use axum::response::Response;

use super::common::SECTION;
use super::list::{all, listing};
use super::order::moved;
use crate::admin::{GatewayOperation, Operation};
use crate::administrators::Permission;
use crate::portal::pages::answers::done;
use crate::portal::pages::fault::Faults;
use crate::portal::pages::refused::Refused;
use crate::portal::pages::visit::Visit;
use crate::portal::signin::Form;

pub(super) async fn order(mut visit: Visit, form: Form) -> Response {
    if !visit.may(Permission::Gateways) {
        return visit.refused(Refused::Forbidden);
    }
    let reader = visit.reader;
    let names = form.get("names").split(' ').filter(|name| !name.is_empty());
    let mut names: Vec<String> = names.map(str::to_owned).collect();
    moved(&mut names, form.get("move"));
    let mut faults = Faults::default();
    visit.prove(&form, &mut faults).await;
    if faults.is_empty() {
        let stamp = form.get("stamp");
        let operation = GatewayOperation::Order {
            names: names.clone(),
            stamp: (!stamp.is_empty()).then(|| stamp.to_owned()),
        };
        match visit.ask(Operation::Gateway(operation)).await {
            Ok(_) => return done("/gateways", "ordered"),
            Err(refused) => faults.refused(reader, &refused),
        }
    }
    match all(&visit).await {
        Ok(list) => {
            let body = listing(&visit, &list, &names, &faults, "").await;
            visit.form(SECTION, reader.t("gateways.title"), &body, &faults)
        }
        Err(answer) => answer,
    }
}
