//! The form that removes a gateway.

use axum::extract::Path;
use axum::response::Response;
use maud::html;

use super::common::{SECTION, path_of, read};
use crate::admin::{GatewayInfo, GatewayOperation, Operation};
use crate::administrators::Permission;
use crate::portal::pages::answers::done;
use crate::portal::pages::confirmation::{confirm, is_confirmed};
use crate::portal::pages::fault::Faults;
use crate::portal::pages::parts;
use crate::portal::pages::refused::Refused;
use crate::portal::pages::visit::Visit;
use crate::portal::signin::Form;

pub(super) async fn ask_remove(visit: Visit, Path(name): Path<String>) -> Response {
    if !visit.may(Permission::Gateways) {
        return visit.refused(Refused::Forbidden);
    }
    match read(&visit, &name).await {
        Ok(info) => removal(&visit, &info, &Faults::default()),
        Err(answer) => answer,
    }
}

fn removal(visit: &Visit, info: &GatewayInfo, faults: &Faults) -> Response {
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

pub(super) async fn remove(mut visit: Visit, Path(name): Path<String>, form: Form) -> Response {
    if !visit.may(Permission::Gateways) {
        return visit.refused(Refused::Forbidden);
    }
    let info = match read(&visit, &name).await {
        Ok(info) => info,
        Err(answer) => return answer,
    };
    let mut faults = Faults::default();
    is_confirmed(visit.reader, &form, &name, &mut faults);
    if faults.is_empty() {
        visit.prove(&form, &mut faults).await;
    }
    if faults.is_empty() {
        let operation = GatewayOperation::Remove {
            name,
            stamp: Some(form.get("stamp").to_owned()),
        };
        match visit.ask(Operation::Gateway(operation)).await {
            Ok(_) => return done("/gateways", "removed"),
            Err(refused) => faults.refused(visit.reader, &refused),
        }
    }
    removal(&visit, &info, &faults)
}
