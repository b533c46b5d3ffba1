//! The fields of settings as members of Java's classes.

use anyhow::Result;
use mpass_core::service::settings::{Field, Kind, Values};

use super::fields::{first, is_optional, list_of, range};
use super::java::{WIDTH, tagged};
use super::words::{camel, constant};

/// A type of Java.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    Flag,
    Int,
    Long,
    Duration,
    Limit,
    Text,
    Entry(&'static str),
    Bytes,
    Numbers,
    Texts,
    Entries(&'static str),
    Map,
}

impl Type {
    fn of(field: Field) -> Self {
        match (field.description().kind, list_of(field)) {
            (Kind::Flag, _) => Self::Flag,
            (Kind::Number { most, .. }, _) if i32::try_from(most).is_ok() => Self::Int,
            (Kind::Number { .. }, _) => Self::Long,
            (Kind::Duration { .. }, _) => Self::Duration,
            (Kind::Limit, _) => Self::Limit,
            (Kind::Bytes { .. }, _) => Self::Bytes,
            (Kind::Numbers, _) => Self::Numbers,
            (Kind::Texts, Some(name)) => Self::Entries(name),
            (Kind::Texts, None) => Self::Texts,
            (Kind::Map, _) => Self::Map,
            (Kind::Text | Kind::Choice(_), Some(name)) => Self::Entry(name),
            (Kind::Text | Kind::Choice(_), None) => Self::Text,
        }
    }

    /// What an accessor returns.
    fn returned(self) -> String {
        match self {
            Self::Numbers => "SortedSet<Integer>".into(),
            Self::Map => "SortedMap<String, String>".into(),
            other => other.given(),
        }
    }

    /// What a setter takes.
    fn given(self) -> String {
        match self {
            Self::Flag => "boolean".into(),
            Self::Int => "int".into(),
            Self::Long => "long".into(),
            Self::Duration => "Duration".into(),
            Self::Limit => "Limit".into(),
            Self::Text => "String".into(),
            Self::Entry(name) => name.into(),
            Self::Bytes => "byte[]".into(),
            Self::Numbers => "int...".into(),
            Self::Texts => "List<String>".into(),
            Self::Entries(name) => format!("List<{name}>"),
            Self::Map => "Map<String, String>".into(),
        }
    }

    /// The type behind `Optional`.
    fn boxed(self) -> String {
        match self {
            Self::Flag => "Boolean".into(),
            Self::Int => "Integer".into(),
            Self::Long => "Long".into(),
            other => other.returned(),
        }
    }

    pub(super) fn imports(self) -> &'static [&'static str] {
        match self {
            Self::Duration => &["java.time.Duration"],
            Self::Numbers => &["java.util.SortedSet"],
            Self::Texts | Self::Entries(_) => &["java.util.List"],
            Self::Map => &["java.util.Map", "java.util.SortedMap"],
            _ => &[],
        }
    }

    /// The method of `Values` that reads it.
    fn reader(self) -> &'static str {
        match self {
            Self::Flag => "flag",
            Self::Int => "integer",
            Self::Long => "number",
            Self::Duration => "duration",
            Self::Limit => "limit",
            Self::Text | Self::Entry(_) => "text",
            Self::Bytes => "bytes",
            Self::Numbers => "numbers",
            Self::Texts | Self::Entries(_) => "texts",
            Self::Map => "map",
        }
    }
}

/// A field in a class.
pub(super) struct Member {
    pub(super) constant: String,
    name: String,
    pub(super) kind: Type,
    pub(super) is_optional: bool,
    meaning: &'static str,
    /// Range and default in sentences.
    range: String,
}

impl Member {
    pub(super) fn new(field: Field, defaults: &Values) -> Result<Self> {
        Ok(Self {
            constant: constant(field.name()),
            name: camel(field.name().trim_end_matches("_ms")),
            kind: Type::of(field),
            is_optional: is_optional(field, defaults),
            meaning: field.description().meaning,
            range: range(field, defaults)?,
        })
    }

    pub(super) fn accessor(&self) -> String {
        let Self { constant, name, .. } = self;
        let reader = self.kind.reader();
        let (returned, read) = match self.is_optional {
            true => (
                format!("Optional<{}>", self.kind.boxed()),
                format!("optional(Field.{constant}, Values::{reader})"),
            ),
            false => (self.kind.returned(), format!("{reader}(Field.{constant})")),
        };
        let read = match self.kind {
            Type::Entry(class) => format!("{class}.of(values.{read})"),
            Type::Entries(class) => format!("values.{read}.stream().map({class}::of).toList()"),
            _ => format!("values.{read}"),
        };
        let unset = if self.is_optional {
            "; empty if not set"
        } else {
            ""
        };
        let doc = format!("{{@return {}{unset}}}", self.returned());
        format!(
            "\n{}  public {returned} {name}() {{\n    return {read};\n  }}\n",
            tagged("  ", &doc, &[])
        )
    }

    /// What the accessor returns, in words.
    fn returned(&self) -> String {
        let is_shouted = |letter: char| letter.is_ascii_uppercase();
        let lower = first(self.meaning, char::to_ascii_lowercase);
        match self.kind {
            Type::Flag => format!("whether it {lower}"),
            _ if self.meaning.chars().take(2).all(is_shouted) => self.meaning.to_owned(),
            _ if lower.starts_with("how ") => lower,
            _ => format!("the {lower}"),
        }
    }

    /// The documentation of a setter.
    fn setter_doc(&self, indent: &str, returned: &str) -> String {
        let doc = format!("{}.\n\n{}", self.meaning, self.range);
        let tags = [
            format!("@param {} the value", self.name),
            format!("@return {returned}"),
        ];
        tagged(indent, &doc, &tags)
    }

    /// The value of its parameter, as `Values` takes it.
    fn value(&self) -> String {
        match self.kind {
            Type::Entry(_) => format!("{}.label()", self.name),
            Type::Entries(class) => {
                format!("{}.stream().map({class}::label).toList()", self.name)
            }
            _ => self.name.clone(),
        }
    }

    /// The methods that return changed settings.
    pub(super) fn with(&self, class: &str) -> String {
        let Self { constant, name, .. } = self;
        let method = first(name, char::to_ascii_uppercase);
        let (given, value) = (self.kind.given(), self.value());
        let mut body = format!("    return new {class}(values.with(Field.{constant}, {value}));");
        if body.len() > WIDTH {
            body = body.replace("(values", "(\n        values");
        }
        let mut text = format!(
            "\n{}  public {class} with{method}({given} {name}) {{\n{body}\n  }}\n",
            self.setter_doc("  ", "the settings with it")
        );
        if self.is_optional {
            text += &format!(
                "\n  /** {{@return the settings without it: {{@link #{name}}} is empty}} */\n  \
                 public {class} without{method}() {{\n    \
                 return new {class}(values.without(Field.{constant}));\n  }}\n"
            );
        }
        text
    }

    /// The method of the builder.
    pub(super) fn builder(&self) -> String {
        let Self { constant, name, .. } = self;
        let (given, value) = (self.kind.given(), self.value());
        format!(
            "\n{}    public Builder {name}({given} {name}) {{\n      \
             values = values.with(Field.{constant}, {value});\n      return this;\n    }}\n",
            self.setter_doc("    ", "this")
        )
    }
}
