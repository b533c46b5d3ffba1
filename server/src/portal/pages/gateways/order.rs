//! The order in which gateways are tried, changed by buttons or by dragging.

use axum::response::Response;
use maud::{Markup, html};

use super::SECTION;
use super::list::{all, listing};
use crate::admin::{GatewayList, GatewayOperation, Operation};
use crate::administrators::Permission;
use crate::portal::pages::answers::done;
use crate::portal::pages::fault::Faults;
use crate::portal::pages::parts;
use crate::portal::pages::reader::Reader;
use crate::portal::pages::refused::Refused;
use crate::portal::pages::visit::Visit;
use crate::portal::signin::Form;

/// The form of the order: the buttons in the table belong to it, and the script fills
/// it in.
pub(super) fn order_form(
    visit: &Visit,
    list: &GatewayList,
    names: &[String],
    faults: &Faults,
) -> Markup {
    let reader = visit.reader;
    if names.len() < 2 || !visit.may(Permission::Gateways) {
        return html! {};
    }
    html! {
        form.panel id="order" method="post" action="/gateway-order" hidden[faults.is_empty()] {
            (parts::summary(reader, faults))
            p { (reader.t("gateways.order.what")) }
            input type="hidden" name="names" value=(names.join(" "));
            input type="hidden" name="stamp" value=(list.stamp.as_deref().unwrap_or_default());
            (parts::code(visit, faults))
            p.actions {
                button.main { (reader.t("gateways.order.save")) }
                a.button href="/gateways" { (reader.t("cancel")) }
            }
        }
    }
}

/// The buttons that move a gateway.
pub(super) fn movers(reader: Reader, name: &str, names: &[String]) -> Markup {
    let at = names.iter().position(|one| one == name);
    let is_last = at == names.len().checked_sub(1);
    html! {
        span.order {
            @for (way, sign, is_off) in [("up", "↑", at == Some(0)), ("down", "↓", is_last)] {
                @let label = reader.fill(&format!("gateways.{way}"), &[("name", &name)]).into_string();
                button form="order" name="move" value=(format!("{way} {name}")) disabled[is_off]
                    aria-label=(parts::plain(&label)) { (sign) }
            }
        }
    }
}

pub(super) async fn order(mut visit: Visit, form: Form) -> Response {
    if !visit.may(Permission::Gateways) {
        return visit.refused(Refused::Forbidden);
    }
    let reader = visit.reader;
    let names = form.get("names").split(' ').filter(|name| !name.is_empty());
    let mut names: Vec<String> = names.map(str::to_owned).collect();
    moved(&mut names, form.get("move"));
    let mut faults = Faults::default();
    visit.prove(&form, &mut faults).await;
    if faults.is_empty() {
        let stamp = form.get("stamp");
        let operation = GatewayOperation::Order {
            names: names.clone(),
            stamp: (!stamp.is_empty()).then(|| stamp.to_owned()),
        };
        match visit.ask(Operation::Gateway(operation)).await {
            Ok(_) => return done("/gateways", "ordered"),
            Err(refused) => faults.refused(reader, &refused),
        }
    }
    match all(&visit).await {
        Ok(list) => {
            let body = listing(&visit, &list, &names, &faults, "").await;
            visit.form(SECTION, reader.t("gateways.title"), &body, &faults)
        }
        Err(answer) => answer,
    }
}

/// Moves one of the names a place, as a button asks: `up NAME` or `down NAME`.
fn moved(names: &mut [String], asked: &str) {
    let Some((way, name)) = asked.split_once(' ') else {
        return;
    };
    let Some(at) = names.iter().position(|one| one == name) else {
        return;
    };
    match way {
        "up" if at > 0 => names.swap(at, at - 1),
        "down" if at + 1 < names.len() => names.swap(at, at + 1),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::moved;

    #[test]
    fn a_button_moves_a_gateway_by_one_place() {
        for (asked, order) in [
            ("up b", "b a c"),
            ("down b", "a c b"),
            ("up a", "a b c"),
            ("down c", "a b c"),
            ("up x", "a b c"),
            ("away b", "a b c"),
            ("", "a b c"),
        ] {
            let mut names = ["a", "b", "c"].map(str::to_owned);
            moved(&mut names, asked);
            assert_eq!(names.join(" "), order, "{asked}");
        }
    }
}
