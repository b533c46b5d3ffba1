//! Parts of the page.

use maud::{Markup, html};

use super::commands::Contract;
use crate::portal::pages::Reader;

/// A service: a tab of the page.
pub(super) struct Service {
    pub(super) id: &'static str,
    /// Its own name, the same in every language.
    pub(super) name: &'static str,
    /// What is done before the phone gets a message, and after it.
    pub(super) steps: [Markup; 2],
    /// Whether a message arrives between the steps.
    pub(super) has_message: bool,
    pub(super) contracts: Vec<Contract>,
}

/// A step with its number.
pub(super) fn step(reader: Reader, number: u8, title: &str, id: &str, body: &Markup) -> Markup {
    html! {
        section.panel.step aria-labelledby=(id) {
            h3 id=(id) { span.number aria-hidden="true" { (reader.digits(&number.to_string())) } (reader.t(title)) }
            (body)
        }
    }
}
