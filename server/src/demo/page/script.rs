//! What the page's script needs: its texts and the callers' credentials.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::values::Values;
use crate::portal::pages::Reader;

/// The texts that the script shows.
const TEXTS: &[&str] = &[
    "demo.offline",
    "demo.reply.none",
    "demo.reply.other",
    "demo.reply.wait",
    "demo.reply.wait.what",
    "demo.reply.sent",
    "demo.reply.sent.what",
    "demo.reply.invalid",
    "demo.reply.invalid.what",
    "demo.reply.denied",
    "demo.reply.denied.what",
    "demo.reply.internal",
    "demo.reply.internal.what",
    "demo.reply.accepted",
    "demo.reply.accepted.what",
    "demo.reply.rejected",
    "demo.reply.rejected.what",
    "demo.reply.expired",
    "demo.reply.expired.what",
    "demo.reply.done",
    "demo.reply.live",
    "demo.reply.wrong",
    "demo.reply.used",
    "demo.reply.leaving",
    "demo.reply.foreign",
    "demo.reply.foreign.what",
    "demo.reply.in",
    "demo.reply.in.what",
    "demo.reply.first",
    "demo.reply.match",
    "demo.reply.match.what",
    "demo.reply.differ",
    "demo.reply.differ.what",
];

/// As attributes of an element that is not shown.
pub(super) fn data(reader: Reader, values: &Values<'_>) -> Markup {
    let texts: BTreeMap<&str, &str> = TEXTS.iter().map(|name| (*name, reader.t(name))).collect();
    // Texts of a map are always JSON.
    let texts = serde_json::to_string(&texts).unwrap_or_default();
    html! {
        div id="data" hidden data-texts=(texts) data-key=(values.key) data-customer=(values.customer)
            data-password=(values.password) data-client=(values.client) data-secret=(values.secret)
            data-back=(values.back) {}
    }
}
