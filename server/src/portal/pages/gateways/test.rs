//! A test message through a gateway.

use maud::{Markup, html};

use crate::portal::pages::fault::Faults;
use crate::portal::pages::parts::{self, Input};
use crate::portal::pages::reader::Reader;

/// The form that asks for the number.
pub(super) fn test_form(reader: Reader, path: &str, faults: &Faults) -> Markup {
    let number = Input {
        hint: reader.t("gateway.test.hint"),
        is_required: true,
        is_code: true,
        kind: parts::Kind::Line("tel"),
        ..Input::new("to", reader.t("gateway.test.to"))
    };
    html! {
        section.panel {
            h2 { (reader.t("gateway.test")) }
            form.line method="post" action=(format!("{path}/test")) {
                (number.show(faults))
                button { (reader.t("gateway.test.do")) }
            }
        }
    }
}

/// What became of a test message, by the query.
pub(super) fn tested(reader: Reader, query: &str) -> Markup {
    let Some(outcome) = parts::value(query, "tested") else {
        return html! {};
    };
    let (class, name) = match outcome.as_str() {
        "delivered" => ("good", "tested.delivered"),
        "refused" => ("bad", "tested.refused"),
        _ => ("wait", "tested.unknown"),
    };
    let ms = parts::value(query, "ms").and_then(|it| it.parse::<u64>().ok());
    let ms = ms.unwrap_or_default();
    html! {
        p class=(format!("notice {class}")) role="status" {
            (reader.t(name)) ". " (reader.fill("tested.took", &[("n", &reader.n(ms))]))
        }
    }
}
