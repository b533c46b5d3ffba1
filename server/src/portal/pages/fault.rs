//! What is wrong with a form: beside its fields, and as a whole.

use std::collections::BTreeMap;

use maud::{Markup, Render, html};
use mpass_core::service::settings::Refused as RefusedSetting;

use super::language::Language;
use super::reader::Reader;
use super::refused::{CODE, Refused};
use crate::admin::{Cause, Failure};
use crate::portal::signin::Refusal;

/// The faults of a form.
#[derive(Default)]
pub(super) struct Faults {
    fields: BTreeMap<String, String>,
    whole: Option<String>,
    /// Whether the role may not do what the form asks for.
    is_forbidden: bool,
}

impl Faults {
    /// Adds one beside a field. The first one stays.
    pub(super) fn at(&mut self, field: impl Into<String>, what: impl Render) {
        let what = what.render().into_string();
        self.fields.entry(field.into()).or_insert(what);
    }

    /// Adds one of the whole form.
    pub(super) fn whole(&mut self, what: impl Render) {
        self.whole.get_or_insert(what.render().into_string());
    }

    pub(super) fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.whole.is_none() && !self.is_forbidden
    }

    /// Whether the role may not do what the form asks for.
    pub(super) const fn is_forbidden(&self) -> bool {
        self.is_forbidden
    }

    /// The fault of a field.
    pub(super) fn of(&self, field: &str) -> Option<Markup> {
        let what = self.fields.get(field)?;
        Some(maud::PreEscaped(what.clone()))
    }

    /// Whether a field with this prefix has one.
    pub(super) fn is_within(&self, prefix: &str) -> bool {
        self.fields.keys().any(|field| field.starts_with(prefix))
    }

    /// The fault of the whole form.
    pub(super) fn of_whole(&self) -> Option<Markup> {
        self.whole.clone().map(maud::PreEscaped)
    }

    /// Adds why the operation of the form was refused.
    pub(super) fn refused(&mut self, reader: Reader, refused: &Refused) {
        match refused {
            Refused::Forbidden => self.is_forbidden = true,
            Refused::NotFresh => self.at(CODE, reader.t("fault.code.missing")),
            Refused::Failed(failure) => {
                let what = text(reader, failure);
                match field(&failure.message) {
                    Some(field) => self.at(field, what),
                    None => self.whole(what),
                }
            }
        }
    }

    /// Adds why a setting was refused.
    pub(super) fn setting(&mut self, reader: Reader, refused: &RefusedSetting) {
        let failure = Failure::from(refused.clone());
        let what = match refused.reason() {
            Some(reason) => english(reader, &reason),
            // The hint of the field has its range.
            None if refused.field.is_some() && !is_known(reader, &failure) => {
                html! { (reader.t("fault.setting")) }
            }
            None => text(reader, &failure),
        };
        match refused.field {
            Some(field) => self.at(field.name(), what),
            None => self.whole(what),
        }
    }
}

/// The field that a message begins with: a setting, or one of a gateway.
fn field(message: &str) -> Option<String> {
    let (name, _) = message.split_once([':', ' '])?;
    let name = name.strip_prefix("gateway.").unwrap_or(name);
    let is_name = |byte: u8| byte.is_ascii_lowercase() || b"_.-".contains(&byte);
    let is_field = !name.is_empty() && name.bytes().all(is_name) && message.contains(':')
        || message.starts_with("gateway.");
    is_field.then(|| name.to_owned())
}

/// Why an operation failed, in the language of the reader as far as it is known there.
/// Of other failures, their kind is; the reason itself is in English.
pub(super) fn text(reader: Reader, failure: &Failure) -> Markup {
    let known = reader.find(&format!("error.{}", failure.number));
    match (known, reader.language) {
        (Some(text), _) => html! { (text) },
        (None, Language::English) => english(reader, &failure.message),
        // What it was, is in the address or in its field.
        (None, _) if failure.cause == Cause::Missing => html! { (reader.t("cause.missing")) },
        (None, _) => html! {
            (reader.t(kind(failure.cause))) " " (english(reader, &failure.message))
        },
    }
}

/// The name of the text for a kind of failure.
const fn kind(cause: Cause) -> &'static str {
    match cause {
        Cause::Refused => "cause.refused",
        Cause::Missing => "cause.missing",
        Cause::Conflict => "cause.conflict",
        Cause::Unavailable => "cause.unavailable",
    }
}

fn is_known(reader: Reader, failure: &Failure) -> bool {
    reader.find(&format!("error.{}", failure.number)).is_some()
}

/// A text that is there in English only.
fn english(reader: Reader, text: &str) -> Markup {
    match reader.language {
        Language::English => html! { (text) },
        _ => html! { bdi lang="en" dir="ltr" { (text) } },
    }
}

/// Why a sign-in or a code was refused.
pub(crate) fn refusal(reader: Reader, refusal: Refusal) -> Markup {
    let t = |name| reader.t(name);
    match refusal {
        Refusal::Wrong => t("refusal.wrong").render(),
        Refusal::Wait(seconds) => reader.fill("refusal.wait", &[("n", &reader.n(seconds))]),
        Refusal::Busy(_) => t("refusal.busy").render(),
        Refusal::Provider => t("refusal.provider").render(),
        Refusal::WeakPassword => reader.words("refusal.weak").render(),
        Refusal::Unavailable => t("refusal.unavailable").render(),
    }
}
