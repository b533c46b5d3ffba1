//! The credits of a customer.

use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};

use super::form::Typed;
use super::settings::Shown;
use super::{path_of, read};
use crate::admin::{Operation, Outcome, TenantKind};
use crate::administrators::Permission;
use crate::portal::pages::answers::done;
use crate::portal::pages::fault::Faults;
use crate::portal::pages::kinds::section;
use crate::portal::pages::parts::{self, Input};
use crate::portal::pages::refused::Refused;
use crate::portal::pages::visit::Visit;
use crate::portal::signin::Form;

pub(super) async fn balance(visit: &Visit, kind: TenantKind, name: &str) -> Option<u64> {
    if kind != TenantKind::Customer {
        return None;
    }
    let query = Operation::AddCredits {
        name: name.to_owned(),
        credits: 0,
    };
    match visit.ask(query).await {
        Ok(Outcome::Credits(left)) => Some(left),
        _ => None,
    }
}

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

/// The balance, with the form that adds to it.
pub(super) fn panel(shown: &Shown<'_>, path: &str, left: u64, faults: &Faults) -> Markup {
    let reader = shown.visit.reader;
    let input = Input {
        is_required: true,
        is_code: true,
        kind: parts::Kind::Line("number"),
        ..Input::new("credits", reader.t("credits.add"))
    };
    html! {
        section.panel {
            h2 { (reader.t("credits.title")) }
            p.figure { (reader.n(left)) }
            @if shown.visit.may(Permission::Tenants) && !shown.info.is_revoked {
                form.line method="post" action=(format!("{path}/credits")) {
                    (input.show(faults))
                    button { (reader.t("credits.do")) }
                }
            }
        }
    }
}
