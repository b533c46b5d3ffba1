//! The order in which gateways are tried, changed by buttons or by dragging.

use maud::{Markup, html};

use crate::admin::GatewayList;
use crate::administrators::Permission;
use crate::portal::pages::fault::Faults;
use crate::portal::pages::parts;
use crate::portal::pages::reader::Reader;
use crate::portal::pages::visit::Visit;

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

/// Moves one of the names a place, as a button asks: `up NAME` or `down NAME`.
pub(super) fn moved(names: &mut [String], asked: &str) {
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
