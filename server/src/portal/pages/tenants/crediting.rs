//! Credits are added.

use axum::extract::Path;
use axum::response::Response;

use super::common::{path_of, read};
use super::credits::balance;
use super::form::Typed;
use super::settings::Shown;
use crate::admin::{Operation, TenantKind};
use crate::administrators::Permission;
use crate::portal::pages::answers::done;
use crate::portal::pages::fault::Faults;
use crate::portal::pages::kinds::section;
use crate::portal::pages::refused::Refused;
use crate::portal::pages::visit::Visit;
use crate::portal::signin::Form;

pub(super) async fn add_credits(visit: Visit, Path(name): Path<String>, form: Form) -> Response {
    if !visit.may(Permission::Tenants) {
        return visit.refused(Refused::Forbidden);
    }
    let kind = TenantKind::Customer;
    let info = match read(&visit, kind, &name).await {
        Ok(info) => info,
        Err(answer) => return answer,
    };
    let mut faults = Faults::default();
    match form.get("credits").trim().parse() {
        Ok(credits) if credits > 0 => {
            let add = Operation::AddCredits {
                name: name.clone(),
                credits,
            };
            match visit.ask(add).await {
                Ok(_) => {
                    return done(&path_of(kind, &name), "credited");
                }
                Err(refused) => faults.refused(visit.reader, &refused),
            }
        }
        _ => faults.at("credits", visit.reader.t("fault.number")),
    }
    let shown = Shown {
        visit: &visit,
        kind,
        info: &info,
        credits: balance(&visit, kind, &name).await,
        query: "",
    };
    let typed = Typed::of_tenant(kind, &info.spec);
    visit.form(section(kind), &name, &shown.body(&typed, &faults), &faults)
}
