//! The form of a new gateway.

use axum::response::Response;
use maud::{Markup, html};

use super::common::{SECTION, path_of};
use super::form::{Asked, Typed};
use crate::admin::{GatewayOperation, Operation};
use crate::administrators::Permission;
use crate::portal::pages::answers::done;
use crate::portal::pages::fault::Faults;
use crate::portal::pages::parts;
use crate::portal::pages::refused::Refused;
use crate::portal::pages::visit::Visit;
use crate::portal::signin::Form;

pub(super) async fn form(visit: Visit) -> Response {
    if !visit.may(Permission::Gateways) {
        return visit.refused(Refused::Forbidden);
    }
    let body = creation(&visit, &Typed::new(), &Faults::default());
    visit.page(SECTION, visit.reader.t("gateway.new"), &body)
}

fn creation(visit: &Visit, typed: &Typed, faults: &Faults) -> Markup {
    let reader = visit.reader;
    html! {
        p.lead { (reader.t("gateway.new.lead")) }
        form.panel method="post" action="/new/gateway" {
            (parts::summary(reader, faults))
            (typed.show(reader, faults))
            (parts::code(visit, faults))
            p.actions {
                button.main { (reader.t("gateway.create")) }
                a.button href="/gateways" { (reader.t("cancel")) }
            }
        }
    }
}

pub(super) async fn create(mut visit: Visit, form: Form) -> Response {
    if !visit.may(Permission::Gateways) {
        return visit.refused(Refused::Forbidden);
    }
    let reader = visit.reader;
    let mut faults = Faults::default();
    let typed = Typed::new().typed(&form);
    let Asked {
        name,
        settings,
        secrets,
    } = typed.asked(reader, &form, &mut faults);
    let settings = settings
        .into_iter()
        .filter(|(_, value)| !value.is_null())
        .collect();
    if faults.is_empty() {
        visit.prove(&form, &mut faults).await;
    }
    if faults.is_empty() {
        let path = path_of(&name);
        let operation = GatewayOperation::Create {
            name,
            settings,
            secrets,
        };
        match visit.ask(Operation::Gateway(operation)).await {
            Ok(_) => return done(&path, "gateway"),
            Err(refused) => faults.refused(reader, &refused),
        }
    }
    let body = creation(&visit, &typed, &faults);
    visit.form(SECTION, reader.t("gateway.new"), &body, &faults)
}
