//! What is stopped, as the fields of a form and in words.

use maud::{Markup, html};

use crate::admin::{StopTarget, TenantKind};
use crate::portal::pages::parts;
use crate::portal::pages::reader::Reader;
use crate::portal::signin::Form;

/// The values of the field for what is stopped, with the names of their texts.
pub(super) const WHAT: [(&str, &str); 6] = [
    ("sends", "stops.sends"),
    ("gateway", "stops.gateway"),
    ("channel", "kind.channel"),
    ("customer", "kind.customer"),
    ("client", "kind.client"),
    ("prefix", "stops.prefix"),
];

/// The target of a form; `None` if it names none.
pub(super) fn of_form(form: &Form) -> Option<StopTarget> {
    let name = form.get("name").trim().to_owned();
    match (form.get("what"), name.is_empty()) {
        ("sends", true) => Some(StopTarget::Sends),
        ("gateway", is_every) => Some(StopTarget::Gateway {
            name: (!is_every).then_some(name),
        }),
        ("prefix", false) => Some(StopTarget::Prefix { prefix: name }),
        (kind, false) => Some(StopTarget::Tenant {
            kind: TenantKind::from_name(kind)?,
            name,
        }),
        _ => None,
    }
}

/// The fields of a form with a target.
pub(super) fn fields(target: &StopTarget) -> [(&'static str, &str); 2] {
    let (what, name) = match target {
        StopTarget::Sends => ("sends", ""),
        StopTarget::Gateway { name } => ("gateway", name.as_deref().unwrap_or_default()),
        StopTarget::Tenant { kind, name } => (kind.name(), name.as_str()),
        StopTarget::Prefix { prefix } => ("prefix", prefix.as_str()),
    };
    [("what", what), ("name", name)]
}

/// A target in words.
pub(super) fn words(reader: Reader, target: &StopTarget) -> Markup {
    let [(_, what), (_, name)] = fields(target);
    let known = WHAT.iter().find(|(value, _)| *value == what);
    let text = match target {
        StopTarget::Gateway { name: None } => reader.t("stops.gateways"),
        _ => known.map_or(what, |(_, text)| reader.t(text)),
    };
    html! { (text) @if !name.is_empty() { " " (parts::name(name)) } }
}

/// The path of the form that stops a target.
pub(in crate::portal::pages) fn link(target: &StopTarget) -> String {
    let fields = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields(target))
        .finish();
    format!("/new/stop?{fields}")
}
