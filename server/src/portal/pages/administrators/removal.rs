//! The form that removes an administrator.

use axum::extract::Path;
use axum::response::Response;
use maud::html;

use super::common::{SECTION, path_of, read};
use crate::admin::{AdministratorInfo, AdministratorOperation as Act, Operation};
use crate::portal::pages::answers::done;
use crate::portal::pages::confirmation::{confirm, is_confirmed};
use crate::portal::pages::fault::Faults;
use crate::portal::pages::parts;
use crate::portal::pages::visit::Visit;
use crate::portal::signin::Form;

pub(super) async fn ask_remove(visit: Visit, Path(name): Path<String>) -> Response {
    match read(&visit, &name).await {
        Ok(info) => removal(&visit, &info, &Faults::default()),
        Err(answer) => answer,
    }
}

fn removal(visit: &Visit, info: &AdministratorInfo, faults: &Faults) -> Response {
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

pub(super) async fn remove(mut visit: Visit, Path(name): Path<String>, form: Form) -> Response {
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
        let stamp = Some(form.get("stamp").to_owned());
        match visit
            .ask(Operation::Administrator(Act::Remove { name, stamp }))
            .await
        {
            Ok(_) => return done("/administrators", "removed"),
            Err(refused) => faults.refused(visit.reader, &refused),
        }
    }
    removal(&visit, &info, &faults)
}
