//! The form of a new administrator.

use axum::response::Response;
use maud::html;

use super::common::{SECTION, roles};
use crate::admin::{AdministratorOperation as Act, Operation, Outcome};
use crate::administrators::{Permission, Role};
use crate::portal::pages::enrolled::enrolled;
use crate::portal::pages::fault::{self, Faults};
use crate::portal::pages::parts::{self, Input};
use crate::portal::pages::refused::Refused;
use crate::portal::pages::visit::Visit;
use crate::portal::signin::Form;

pub(super) async fn form(visit: Visit) -> Response {
    if !visit.may(Permission::Administrators) {
        return visit.refused(Refused::Forbidden);
    }
    creation(&visit, "", "viewer", &Faults::default())
}

fn creation(visit: &Visit, name: &str, role: &str, faults: &Faults) -> Response {
    let reader = visit.reader;
    let t = |name| reader.t(name);
    let all = roles(reader);
    let name = Input {
        value: name,
        hint: t("administrators.name.hint"),
        is_required: true,
        is_code: true,
        ..Input::new("name", t("column.name"))
    };
    let role = Input {
        value: role,
        hint: t("administrators.role.hint"),
        kind: parts::Kind::Choice(&all),
        ..Input::new("role", t("administrators.role"))
    };
    let body = html! {
        p.lead { (t("administrators.new.lead")) }
        form.panel method="post" action="/new/administrator" {
            (parts::summary(reader, faults))
            div.fields { (name.show(faults)) (role.show(faults)) }
            (parts::code(visit, faults))
            p.actions {
                button.main { (t("administrators.create")) }
                a.button href="/administrators" { (t("cancel")) }
            }
        }
    };
    visit.form(SECTION, t("administrators.new"), &body, faults)
}

pub(super) async fn create(mut visit: Visit, form: Form) -> Response {
    if !visit.may(Permission::Administrators) {
        return visit.refused(Refused::Forbidden);
    }
    let mut faults = Faults::default();
    let name = form.get("name").trim();
    visit.prove(&form, &mut faults).await;
    let role = Role::from_name(form.get("role"));
    if role.is_none() {
        faults.at("role", visit.reader.t("fault.value"));
    }
    if let (true, Some(role)) = (faults.is_empty(), role) {
        let name = name.to_owned();
        match visit
            .ask(Operation::Administrator(Act::Create { name, role }))
            .await
        {
            Ok(Outcome::Enrolled(new)) => return enrolled(&visit, SECTION, &new),
            Ok(_) => return visit.unexpected(),
            Err(Refused::Failed(failure)) => {
                faults.at("name", fault::text(visit.reader, &failure));
            }
            Err(refused) => faults.refused(visit.reader, &refused),
        }
    }
    creation(&visit, name, form.get("role"), &faults)
}
