//! The form that removes a gateway.

use axum::response::Response;
use maud::html;

use super::common::{Changing, SECTION, path_of};
use crate::admin::{GatewayOperation, Operation};
use crate::portal::pages::answers::done;
use crate::portal::pages::confirmation::{confirm, is_confirmed};
use crate::portal::pages::fault::Faults;
use crate::portal::pages::parts;
use crate::portal::signin::Form;

pub(super) async fn ask_remove(gateway: Changing) -> Response {
    removal(&gateway, &Faults::default())
}

fn removal(gateway: &Changing, faults: &Faults) -> Response {
    let Changing { visit, info } = gateway;
    let (reader, name) = (visit.reader, info.name.as_str());
    let path = path_of(name);
    let more = html! {
        input type="hidden" name="stamp" value=(info.stamp.as_deref().unwrap_or_default());
        (parts::code(visit, faults))
    };
    let (action, button) = (format!("{path}/remove"), reader.t("gateway.remove"));
    let body = html! {
        p.lead { (reader.fill("gateway.remove.what", &[("name", &name)])) }
        (confirm(reader, &action, name, button, &path, faults, &more))
    };
    visit.form(SECTION, button, &body, faults)
}

pub(super) async fn remove(mut gateway: Changing, form: Form) -> Response {
    let Changing { visit, info } = &mut gateway;
    let mut faults = Faults::default();
    is_confirmed(visit.reader, &form, &info.name, &mut faults);
    if faults.is_empty() {
        visit.prove(&form, &mut faults).await;
    }
    if faults.is_empty() {
        let operation = GatewayOperation::Remove {
            name: info.name.clone(),
            stamp: Some(form.get("stamp").to_owned()),
        };
        match visit.ask(Operation::Gateway(operation)).await {
            Ok(_) => return done("/gateways", "removed"),
            Err(refused) => faults.refused(visit.reader, &refused),
        }
    }
    removal(&gateway, &faults)
}
