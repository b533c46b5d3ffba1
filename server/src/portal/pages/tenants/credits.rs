//! The credits of a customer.

use maud::{Markup, html};

use crate::admin::{Operation, Outcome, TenantInfo, TenantKind};
use crate::administrators::Permission;
use crate::portal::pages::fault::Faults;
use crate::portal::pages::parts::{self, Input};
use crate::portal::pages::visit::Visit;

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

/// The balance, with the form that adds to it.
pub(super) fn panel(
    visit: &Visit,
    info: &TenantInfo,
    path: &str,
    left: u64,
    faults: &Faults,
) -> Markup {
    let reader = visit.reader;
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
            @if visit.may(Permission::Tenants) && !info.is_revoked {
                form.line method="post" action=(format!("{path}/credits")) {
                    (input.show(faults))
                    button { (reader.t("credits.do")) }
                }
            }
        }
    }
}
