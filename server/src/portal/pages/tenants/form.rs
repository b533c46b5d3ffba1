//! The settings of a tenant as a form, from the table of settings.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};
use mpass_core::service::Scope;
use mpass_core::service::settings::{Field, Group, Kind, Value, Values};

use crate::admin::{TenantKind, TenantSpec};
use crate::portal::pages::fault::Faults;
use crate::portal::pages::parts::{self, Input};
use crate::portal::pages::reader::Reader;
use crate::portal::signin::Form;
use crate::setting_text;

/// The parts of the form, with what each has.
const PARTS: &[(&str, &[Field])] = &[
    (
        "settings.basic",
        &[
            Field::Name,
            Field::Sender,
            Field::Country,
            Field::CallingCodes,
            Field::Addresses,
            Field::Apps,
            Field::Scopes,
            Field::RedirectUris,
            Field::PublicKey,
            Field::IdTokenAlg,
            Field::TestCredits,
        ],
    ),
    (
        "settings.codes",
        &[
            Field::Digits,
            Field::LifetimeMs,
            Field::Tries,
            Field::ResendIntervalMs,
            Field::AllowWeak,
        ],
    ),
    (
        "settings.limits",
        &[
            Field::Sends,
            Field::Guesses,
            Field::FailuresToLock,
            Field::LockMs,
            Field::Spend,
        ],
    ),
    (
        "settings.message",
        &[Field::Texts, Field::Host, Field::AndroidAppHashes],
    ),
];

/// Languages whose texts always have a field of their own.
const LANGUAGES: [&str; 2] = ["ar", "en"];
/// The fields for a text in a further language.
const NEW_TAG: &str = "texts.new.tag";
const NEW_TEXT: &str = "texts.new.text";

/// What the fields of a form contain: the settings of a tenant, or what somebody has
/// typed.
pub(super) struct Typed {
    kind: TenantKind,
    /// Whether the tenant is there, so that its name is fixed.
    is_there: bool,
    texts: BTreeMap<String, String>,
    /// The tags of the map's texts.
    tags: BTreeSet<String>,
}

impl Typed {
    /// The defaults of a kind.
    pub(super) fn defaults(kind: TenantKind) -> Self {
        Self::of(kind, &Values::defaults(kind.group()), false)
    }

    /// The settings of a tenant.
    pub(super) fn of_tenant(kind: TenantKind, spec: &TenantSpec) -> Self {
        // What is stored was checked when it was set.
        let values = spec.values(kind.group());
        let values = values.unwrap_or_else(|_| Values::new(kind.group()));
        Self::of(kind, &values, true)
    }

    fn of(kind: TenantKind, values: &Values, is_there: bool) -> Self {
        let mut texts = BTreeMap::new();
        let mut tags: BTreeSet<String> = LANGUAGES.map(str::to_owned).into();
        for (field, value) in values.iter() {
            let name = field.name();
            match value {
                Value::Map(map) => {
                    for (tag, text) in map {
                        tags.insert(tag.clone());
                        texts.insert(format!("{name}.{tag}"), text.clone());
                    }
                }
                Value::Texts(all) if field == Field::Scopes => {
                    let scopes = all
                        .iter()
                        .map(|scope| (format!("{name}.{scope}"), "true".into()));
                    texts.extend(scopes);
                }
                Value::Texts(all) => {
                    texts.insert(name.to_owned(), all.join("\n"));
                }
                value => {
                    texts.insert(name.to_owned(), setting_text::show(field, value));
                }
            }
        }
        Self {
            kind,
            is_there,
            texts,
            tags,
        }
    }

    /// What a form has in place of what is here.
    pub(super) fn typed(mut self, form: &Form) -> Self {
        let mut names: Vec<String> = Vec::new();
        for field in self.fields() {
            match field.description().kind {
                Kind::Map => names.extend(
                    self.tags
                        .iter()
                        .map(|tag| format!("{}.{tag}", field.name())),
                ),
                _ if field == Field::Scopes => {
                    let scopes = Scope::ALL
                        .iter()
                        .map(|scope| format!("scopes.{}", scope.name()));
                    names.extend(scopes);
                }
                _ => names.push(field.name().to_owned()),
            }
        }
        names.extend([NEW_TAG, NEW_TEXT].map(str::to_owned));
        self.texts = names
            .into_iter()
            // Forms have CR LF (HTML, "normalize newlines").
            .map(|name| (form.get(&name).replace("\r\n", "\n"), name))
            .filter(|(text, _)| !text.is_empty())
            .map(|(text, name)| (name, text))
            .collect();
        self
    }

    fn get(&self, name: &str) -> &str {
        self.texts.get(name).map_or("", String::as_str)
    }

    fn fields(&self) -> impl Iterator<Item = Field> + use<> {
        let (group, is_there) = (self.kind.group(), self.is_there);
        let fields = PARTS.iter().flat_map(|(_, fields)| fields.iter().copied());
        fields.filter(move |field| is_shown(*field, group, is_there))
    }

    /// The values that were typed, each checked. What is wrong is a fault of its field.
    pub(super) fn values(&self, reader: Reader, faults: &mut Faults) -> Values {
        let mut values = Values::new(self.kind.group());
        for field in self.fields() {
            match self.read(field) {
                Ok(None) => {}
                Ok(Some(value)) => {
                    if let Err(refused) = values.set(field, value) {
                        faults.setting(reader, &refused);
                    }
                }
                Err(name) => faults.at(name, reader.t(like(field))),
            }
        }
        values
    }

    /// The value of a field; `None` if it is empty, the name of its input if it cannot
    /// be read.
    fn read(&self, field: Field) -> Result<Option<Value>, String> {
        let name = field.name();
        let text = self.get(name).trim();
        let members = || {
            let parts = text.split(['\n', ',']).map(str::trim);
            parts.filter(|part| !part.is_empty())
        };
        let bad = |_| name.to_owned();
        Ok(match field.description().kind {
            Kind::Flag => Some(Value::Flag(text == "true")),
            _ if field == Field::Scopes => {
                let chosen = Scope::ALL.iter().map(|scope| scope.name());
                let chosen =
                    chosen.filter(|scope| !self.get(&format!("{name}.{scope}")).is_empty());
                Some(Value::Texts(chosen.map(str::to_owned).collect()))
            }
            Kind::Map => self.map(name)?,
            _ if text.is_empty() => None,
            Kind::Numbers => {
                let mut numbers = Vec::new();
                for member in members() {
                    let member = member.trim_start_matches('+');
                    numbers.push(member.parse().map_err(|_| name.to_owned())?);
                }
                Some(Value::Numbers(numbers))
            }
            Kind::Texts => Some(Value::Texts(members().map(str::to_owned).collect())),
            Kind::Number { .. } => {
                let text = text.trim_start_matches('+');
                Some(setting_text::parse(field, text).map_err(bad)?)
            }
            _ => Some(setting_text::parse(field, text).map_err(bad)?),
        })
    }

    fn map(&self, name: &str) -> Result<Option<Value>, String> {
        let mut map = BTreeMap::new();
        for tag in &self.tags {
            let text = self.get(&format!("{name}.{tag}"));
            if !text.trim().is_empty() {
                map.insert(tag.clone(), text.to_owned());
            }
        }
        match (self.get(NEW_TAG).trim(), self.get(NEW_TEXT)) {
            ("", "") => {}
            ("", _) => return Err(NEW_TAG.to_owned()),
            (tag, text) => {
                if map.insert(tag.to_owned(), text.to_owned()).is_some() {
                    return Err(NEW_TAG.to_owned());
                }
            }
        }
        Ok((!map.is_empty()).then_some(Value::Map(map)))
    }

    /// The fields of the form, in parts.
    pub(super) fn show(&self, reader: Reader, faults: &Faults) -> Markup {
        let group = self.kind.group();
        html! {
            @for (at, (title, fields)) in PARTS.iter().enumerate() {
                @let shown: Vec<Field> = fields.iter().copied()
                    .filter(|field| is_shown(*field, group, self.is_there)).collect();
                @let is_open = at == 0 || shown.iter().any(|field| faults.is_within(field.name()));
                @if !shown.is_empty() {
                    details.part open[is_open] {
                        summary { h2 { (reader.t(title)) } }
                        div.fields {
                            @for field in shown { (self.field(reader, field, faults)) }
                        }
                    }
                }
            }
        }
    }

    fn field(&self, reader: Reader, field: Field, faults: &Faults) -> Markup {
        let name = field.name();
        let (label, hint) = words(reader, self.kind.group(), field);
        let input = Input {
            hint,
            value: self.get(name),
            is_required: field == Field::Name && self.kind.fresh_name().is_none(),
            is_code: field != Field::Sender,
            ..Input::new(name, label)
        };
        match field.description().kind {
            Kind::Flag => Input {
                kind: parts::Kind::Check,
                ..input
            }
            .show(faults),
            Kind::Map => self.texts_field(reader, field, faults),
            _ if field == Field::Scopes => self.scopes(reader, faults),
            Kind::Texts | Kind::Numbers => Input {
                kind: parts::Kind::Lines(2),
                ..input
            }
            .show(faults),
            Kind::Bytes { .. } => Input {
                kind: parts::Kind::Lines(4),
                ..input
            }
            .show(faults),
            Kind::Choice(names) => {
                let names: Vec<_> = names
                    .iter()
                    .map(|it| ((*it).to_owned(), (*it).to_owned()))
                    .collect();
                Input {
                    kind: parts::Kind::Choice(&names),
                    ..input
                }
                .show(faults)
            }
            _ => input.show(faults),
        }
    }

    fn scopes(&self, reader: Reader, faults: &Faults) -> Markup {
        html! {
            fieldset.field {
                legend { (reader.t("field.scopes")) }
                @for scope in Scope::ALL {
                    @let name = format!("scopes.{}", scope.name());
                    (Input { kind: parts::Kind::Check, value: self.get(&name), ..Input::new(&name, scope.name()) }.show(faults))
                }
                @if let Some(fault) = faults.of("scopes") { p.fault { (fault) } }
            }
        }
    }

    fn texts_field(&self, reader: Reader, field: Field, faults: &Faults) -> Markup {
        let name = field.name();
        html! {
            fieldset.field.wide {
                legend { (reader.t("field.texts")) }
                p.hint { (reader.t("hint.texts")) }
                @if let Some(fault) = faults.of(name) { p.fault { (fault) } }
                @for tag in &self.tags {
                    @let input = format!("{name}.{tag}");
                    @let known = reader.find(&format!("language.{tag}"));
                    (Input { kind: parts::Kind::Lines(2), value: self.get(&input), ..Input::new(&input, known.unwrap_or(tag)) }.show(faults))
                }
                div.pair {
                    (Input { value: self.get(NEW_TAG), is_code: true, ..Input::new(NEW_TAG, reader.t("texts.new.tag")) }.show(faults))
                    (Input { value: self.get(NEW_TEXT), kind: parts::Kind::Lines(2), ..Input::new(NEW_TEXT, reader.t("texts.new.text")) }.show(faults))
                }
            }
        }
    }
}

/// Whether the form has a field: the name, and what a customer begins with, only while
/// the tenant is made.
fn is_shown(field: Field, group: Group, is_there: bool) -> bool {
    let only_new = matches!(field, Field::Name | Field::TestCredits);
    field.is_of(group) && !(is_there && only_new)
}

/// The label and the hint of a setting.
pub(super) fn words(reader: Reader, group: Group, field: Field) -> (&'static str, &'static str) {
    let name = field.name();
    let of_group = |what: &str| reader.find(&format!("{what}.{name}.{}", group.name()));
    let label = of_group("field").or_else(|| reader.find(&format!("field.{name}")));
    let hint = of_group("hint").or_else(|| reader.find(&format!("hint.{name}")));
    (label.unwrap_or(name), hint.unwrap_or_default())
}

/// The text for a value that is none of the field's type.
fn like(field: Field) -> &'static str {
    match field.description().kind {
        Kind::Number { .. } | Kind::Numbers => "fault.number",
        Kind::Duration { .. } => "fault.duration",
        Kind::Limit => "fault.limit",
        Kind::Bytes { .. } => "fault.bytes",
        Kind::Map => "fault.language",
        _ => "fault.value",
    }
}

/// What changes: the fields that were typed with another value, and those that were
/// emptied.
pub(super) fn changes(now: &TenantSpec, typed: &Typed, values: &Values) -> Option<TenantSpec> {
    let mut set = Values::new(values.group());
    let mut cleared = Vec::new();
    for field in typed.fields() {
        match (now.get(field), values.get(field)) {
            (now, Some(next)) if now != Some(next) => {
                // It was checked when it was read.
                let _ = set.set(field, next.clone());
            }
            (Some(now), None) if !is_nothing(now) => cleared.push(field),
            _ => {}
        }
    }
    let is_nothing = set.iter().next().is_none() && cleared.is_empty();
    (!is_nothing).then(|| TenantSpec::of_patch(&set, &cleared))
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Texts(texts) => texts.is_empty(),
        Value::Numbers(numbers) => numbers.is_empty(),
        Value::Map(texts) => texts.is_empty(),
        _ => false,
    }
}
