//! Forms that end something: they ask for its name.

use maud::{Markup, html};

use super::fault::Faults;
use super::parts::{self, Input};
use super::reader::Reader;
use crate::portal::signin::Form;

/// A form that ends something once its name was typed.
pub(super) fn confirm(
    reader: Reader,
    action: &str,
    name: &str,
    button: &str,
    back: &str,
    faults: &Faults,
    more: &Markup,
) -> Markup {
    let label = reader.t("confirm.label");
    let input = Input {
        hint: reader.t("confirm.hint"),
        is_required: true,
        is_code: true,
        ..Input::new("confirm", label)
    };
    html! {
        form.panel method="post" action=(action) {
            (parts::summary(reader, faults))
            p { (reader.fill("confirm.what", &[("name", &parts::name(name))])) }
            (input.show(faults))
            (more)
            p.actions {
                button.danger { (button) }
                a.button href=(back) { (reader.t("cancel")) }
            }
        }
    }
}

/// Whether the name of what is to end was typed.
pub(super) fn is_confirmed(reader: Reader, form: &Form, name: &str, faults: &mut Faults) {
    if form.get("confirm").trim() != name {
        faults.at("confirm", reader.t("fault.confirm"));
    }
}
