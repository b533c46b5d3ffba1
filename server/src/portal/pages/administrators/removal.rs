//! The form that removes an administrator.

use axum::response::Response;
use maud::html;

use super::common::{Named, SECTION, path_of};
use crate::admin::{AdministratorOperation as Act, Operation};
use crate::portal::pages::answers::done;
use crate::portal::pages::confirmation::{confirm, is_confirmed};
use crate::portal::pages::fault::Faults;
use crate::portal::pages::parts;
use crate::portal::signin::Form;

pub(super) async fn ask_remove(person: Named) -> Response {
    removal(&person, &Faults::default())
}

fn removal(person: &Named, faults: &Faults) -> Response {
    let Named { visit, info } = person;
    let (reader, path) = (visit.reader, path_of(&info.name));
    let more = html! {
        input type="hidden" name="stamp" value=(info.stamp);
        (parts::code(visit, faults))
    };
    let (action, button) = (format!("{path}/remove"), reader.t("administrators.remove"));
    let body = html! {
        p.lead { (reader.fill("administrators.remove.what", &[("name", &info.name)])) }
        (confirm(reader, &action, &info.name, button, &path, faults, &more))
    };
    visit.form(SECTION, button, &body, faults)
}

pub(super) async fn remove(mut person: Named, form: Form) -> Response {
    let Named { visit, info } = &mut person;
    let mut faults = Faults::default();
    is_confirmed(visit.reader, &form, &info.name, &mut faults);
    if faults.is_empty() {
        visit.prove(&form, &mut faults).await;
    }
    if faults.is_empty() {
        let operation = Act::Remove {
            name: info.name.clone(),
            stamp: Some(form.get("stamp").to_owned()),
        };
        match visit.ask(Operation::Administrator(operation)).await {
            Ok(_) => return done("/administrators", "removed"),
            Err(refused) => faults.refused(visit.reader, &refused),
        }
    }
    removal(&person, &faults)
}
