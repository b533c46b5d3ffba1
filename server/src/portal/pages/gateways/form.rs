//! The form of an HTTP gateway, and what it stands for.

use std::collections::BTreeMap;

use maud::{Markup, html};
use serde_json::{Map, Value as Json, json};
use zeroize::Zeroizing;

use super::lines::{headers, plain, rule, written};
use crate::admin::{GatewayInfo, SecretState};
use crate::gateway::SecretValues;
use crate::portal::pages::fault::Faults;
use crate::portal::pages::parts::{self, Input};
use crate::portal::pages::reader::Reader;
use crate::portal::signin::Form;

/// The settings with a field of one value.
const PLAIN: &[&str] = &[
    "url",
    "method",
    "body_format",
    "body",
    "sender",
    "timeout",
    "ca_certificates",
];
/// How many secrets can be added at once.
const NEW_SECRETS: usize = 3;

/// What the fields contain.
pub(super) struct Typed {
    texts: BTreeMap<String, String>,
    secrets: BTreeMap<String, SecretState>,
    is_there: bool,
}

/// What a form asks for.
pub(super) struct Asked {
    pub(super) name: String,
    pub(super) settings: Map<String, Json>,
    pub(super) secrets: SecretValues,
}

impl Typed {
    /// A new gateway.
    pub(super) fn new() -> Self {
        let defaults = json!({
            "method": "POST",
            "body_format": "json",
            "body": "{\"to\": \"{{to}}\", \"text\": \"{{text}}\"}",
            "timeout": "5s",
            "success": [{ "status": ["200-299"] }],
        });
        let settings = defaults.as_object().cloned().unwrap_or_default();
        Self::of(&settings, BTreeMap::new(), false)
    }

    /// A gateway that is there.
    pub(super) fn of_gateway(info: &GatewayInfo) -> Self {
        Self::of(&info.settings, info.secrets.clone(), true)
    }

    fn of(
        settings: &Map<String, Json>,
        secrets: BTreeMap<String, SecretState>,
        is_there: bool,
    ) -> Self {
        let mut texts = BTreeMap::new();
        for (name, value) in settings {
            let text = match (name.as_str(), value) {
                ("headers", Json::Object(headers)) => {
                    let lines = headers
                        .iter()
                        .map(|(name, value)| format!("{name}: {}", plain(value)));
                    lines.collect::<Vec<_>>().join("\n")
                }
                ("success" | "refusal", Json::Array(rules)) => {
                    rules.iter().map(written).collect::<Vec<_>>().join("\n")
                }
                ("basic_auth", Json::Object(basic)) => {
                    for part in ["user", "password"] {
                        let value = basic.get(part).map(plain).unwrap_or_default();
                        texts.insert(format!("basic_auth.{part}"), value);
                    }
                    continue;
                }
                (_, value) => plain(value),
            };
            texts.insert(name.clone(), text);
        }
        Self {
            texts,
            secrets,
            is_there,
        }
    }

    /// What a form has in place of what is here.
    pub(super) fn typed(mut self, form: &Form) -> Self {
        let more = ["name", "headers", "basic_auth.user", "basic_auth.password"];
        let rest = ["allow_plain_http", "success", "refusal"];
        let names = PLAIN.iter().chain(&more).chain(&rest);
        self.texts = names
            .map(|name| ((*name).to_owned(), form.get(name).replace("\r\n", "\n")))
            .collect();
        for at in 0..NEW_SECRETS {
            let name = format!("secret-new.{at}.name");
            self.texts.insert(name.clone(), form.get(&name).to_owned());
        }
        self
    }

    fn get(&self, name: &str) -> &str {
        self.texts.get(name).map_or("", String::as_str)
    }

    /// The settings and secrets of a form. What cannot be read is a fault of its field.
    pub(super) fn asked(&self, reader: Reader, form: &Form, faults: &mut Faults) -> Asked {
        let mut settings = Map::new();
        for name in PLAIN {
            let text = self.get(name).trim();
            let value = if text.is_empty() {
                Json::Null
            } else {
                text.into()
            };
            settings.insert((*name).to_owned(), value);
        }
        let is_plain = self.get("allow_plain_http") == "true";
        settings.insert("allow_plain_http".to_owned(), is_plain.into());
        match headers(self.get("headers")) {
            Some(headers) => settings.insert("headers".to_owned(), headers),
            None => {
                faults.at("headers", reader.t("fault.headers"));
                None
            }
        };
        let basic = ["basic_auth.user", "basic_auth.password"].map(|name| self.get(name).trim());
        let basic = match basic {
            ["", ""] => Json::Null,
            [user, password] => json!({ "user": user, "password": password }),
        };
        settings.insert("basic_auth".to_owned(), basic);
        for name in ["success", "refusal"] {
            let lines = self
                .get(name)
                .lines()
                .filter(|line| !line.trim().is_empty());
            let rules: Option<Vec<Json>> = lines.map(rule).collect();
            match rules {
                Some(rules) if rules.is_empty() => settings.insert(name.to_owned(), Json::Null),
                Some(rules) => settings.insert(name.to_owned(), rules.into()),
                None => {
                    faults.at(name, reader.t("fault.rule"));
                    None
                }
            };
        }
        Asked {
            name: self.get("name").trim().to_owned(),
            settings,
            secrets: self.secret_values(reader, form, faults),
        }
    }

    fn secret_values(&self, reader: Reader, form: &Form, faults: &mut Faults) -> SecretValues {
        let mut values = SecretValues::new();
        for name in self.secrets.keys() {
            let value = form.get(&format!("secret.{name}"));
            if !value.is_empty() {
                values.insert(name.clone(), Some(Zeroizing::new(value.to_owned())));
            } else if form.get(&format!("secret-end.{name}")) == "true" {
                values.insert(name.clone(), None);
            }
        }
        for at in 0..NEW_SECRETS {
            let field = format!("secret-new.{at}.name");
            let name = form.get(&field).trim();
            let value = form.get(&format!("secret-new.{at}.value"));
            match (name, value) {
                ("", "") => {}
                ("", _) => faults.at(field, reader.t("fault.secret.name")),
                (name, value) => {
                    values.insert(name.to_owned(), Some(Zeroizing::new(value.to_owned())));
                }
            }
        }
        values
    }

    /// The fields.
    pub(super) fn show(&self, reader: Reader, faults: &Faults) -> Markup {
        let t = |name| reader.t(name);
        let line = |name| self.input(reader, name);
        let lines = |name, rows| Input {
            kind: parts::Kind::Lines(rows),
            ..self.input(reader, name)
        };
        let choice = |all: &[&str]| -> Vec<(String, String)> {
            all.iter()
                .map(|one| ((*one).to_owned(), (*one).to_owned()))
                .collect()
        };
        let methods = choice(&["GET", "POST", "PUT"]);
        let formats = choice(&["json", "form", "xml", "text"]);
        html! {
            details.part open {
                summary { h2 { (t("gateway.part.request")) } }
                p.hint { (t("gateway.placeholders")) }
                div.fields {
                    @if !self.is_there {
                        (Input { is_required: true, ..line("name") }.show(faults))
                    }
                    (Input { kind: parts::Kind::Choice(&[("http".into(), "HTTP".into())]), value: "http", ..Input::new("kind", t("gateway.kind")) }.show(faults))
                    div.wide.field { (Input { is_required: true, ..line("url") }.show(faults)) }
                    (Input { kind: parts::Kind::Choice(&methods), ..line("method") }.show(faults))
                    (Input { kind: parts::Kind::Choice(&formats), ..line("body_format") }.show(faults))
                    div.wide.field { (lines("body", 4).show(faults)) }
                    div.wide.field { (lines("headers", 2).show(faults)) }
                    (line("basic_auth.user").show(faults))
                    (line("basic_auth.password").show(faults))
                }
            }
            details.part open {
                summary { h2 { (t("gateway.part.secrets")) } }
                p.hint { (t("gateway.secrets.what")) }
                (self.secret_fields(reader, faults))
            }
            details.part open[["success", "refusal"].iter().any(|name| faults.of(name).is_some())] {
                summary { h2 { (t("gateway.part.responses")) } }
                p.hint { (t("gateway.rules.what")) }
                div.fields {
                    (lines("success", 3).show(faults))
                    (lines("refusal", 3).show(faults))
                }
            }
            details.part open[["timeout", "sender", "ca_certificates", "allow_plain_http"].iter().any(|name| faults.of(name).is_some())] {
                summary { h2 { (t("gateway.part.connection")) } }
                div.fields {
                    (line("timeout").show(faults))
                    (line("sender").show(faults))
                    div.wide.field { (lines("ca_certificates", 3).show(faults)) }
                    (Input { kind: parts::Kind::Check, ..line("allow_plain_http") }.show(faults))
                }
            }
        }
    }

    fn input<'a>(&'a self, reader: Reader, name: &'a str) -> Input<'a> {
        let label = reader.find(&format!("gateway.{name}")).unwrap_or(name);
        let hint = reader.find(&format!("gateway.{name}.hint"));
        Input {
            hint: hint.unwrap_or_default(),
            value: self.get(name),
            is_code: true,
            ..Input::new(name, label)
        }
    }

    /// Secrets are written only: a field shows whether one is set.
    fn secret_fields(&self, reader: Reader, faults: &Faults) -> Markup {
        let t = |name| reader.t(name);
        html! {
            div.fields {
                @for (name, state) in &self.secrets {
                    @let (field, end) = (format!("secret.{name}"), format!("secret-end.{name}"));
                    @let hint = match state {
                        SecretState::Set => t("gateway.secret.set"),
                        SecretState::NotSet => t("gateway.secret.missing"),
                    };
                    div.field {
                        (Input { hint, kind: parts::Kind::Line("password"), autocomplete: "new-password", ..Input::new(&field, name) }.show(faults))
                        @if *state == SecretState::Set {
                            (Input { kind: parts::Kind::Check, ..Input::new(&end, t("gateway.secret.end")) }.show(faults))
                        }
                    }
                }
            }
            @let shown = if self.is_there { 1 } else { NEW_SECRETS };
            @for at in 0..shown {
                @let (field, value) = (format!("secret-new.{at}.name"), format!("secret-new.{at}.value"));
                div.fields {
                    (Input { value: self.get(&field), is_code: true, ..Input::new(&field, t("gateway.secret.name")) }.show(faults))
                    (Input { kind: parts::Kind::Line("password"), autocomplete: "new-password", ..Input::new(&value, t("gateway.secret.value")) }.show(faults))
                }
            }
        }
    }
}
