//! Credits are added.

use axum::response::Response;

use super::common::Changing;
use super::credits::balance;
use super::form::Typed;
use super::settings::Shown;
use crate::admin::Operation;
use crate::portal::pages::answers::done;
use crate::portal::pages::fault::Faults;
use crate::portal::pages::kinds::section;
use crate::portal::signin::Form;

pub(super) async fn add_credits(tenant: Changing, form: Form) -> Response {
    let (visit, kind, name) = (&tenant.visit, tenant.kind, tenant.name());
    let mut faults = Faults::default();
    match form.get("credits").trim().parse() {
        Ok(credits) if credits > 0 => {
            let add = Operation::AddCredits {
                name: name.to_owned(),
                credits,
            };
            match visit.ask(add).await {
                Ok(_) => return done(&tenant.path(), "credited"),
                Err(refused) => faults.refused(visit.reader, &refused),
            }
        }
        _ => faults.at("credits", visit.reader.t("fault.number")),
    }
    let shown = Shown {
        visit,
        kind,
        info: &tenant.info,
        credits: balance(visit, kind, name).await,
        query: "",
    };
    let typed = Typed::of_tenant(kind, &tenant.info.spec);
    visit.form(section(kind), name, &shown.body(&typed, &faults), &faults)
}
