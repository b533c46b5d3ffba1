//! The error of a setting.

use alloc::format;
use alloc::string::{String, ToString};
use core::fmt;

use super::table::{Field, Kind};
use super::value::Value;
use crate::Error;
#[cfg(feature = "contracts")]
use crate::service::message::Texts;

/// The most characters of a refused value that an error message shows.
const LONGEST_SHOWN: usize = 64;

/// The numbers of errors that say what is wrong with a value of a field: with a
/// public key or a redirect URI.
const REASONS: core::ops::RangeInclusive<u16> =
    Error::PrivateKeyGiven.number()..=Error::RedirectUriScheme.number();

/// A setting that was refused: the field, the error and the value.
///
/// No setting is secret, so `Display` shows the value, cut after 64 characters. Text
/// that may contain credentials, such as a URL with user information, is not shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The field; `None` if the error concerns several fields together.
    pub field: Option<Field>,
    /// The error, with its stable number.
    pub error: Error,
    value: Option<String>,
    /// What is wrong with the value, where the error has many reasons.
    detail: Option<String>,
    is_out_of_range: bool,
}

impl Refused {
    /// A value that a field does not accept.
    #[must_use]
    pub fn value(field: Field, error: Error, value: &Value) -> Self {
        Self {
            field: Some(field),
            error,
            value: Some(shown(value)),
            detail: detail(field, value),
            is_out_of_range: matches!(value, Value::Number(_) | Value::Limit { .. }),
        }
    }

    /// A field that was refused for a reason in words.
    pub(in crate::service) fn because(field: Field, error: Error, reason: String) -> Self {
        Self {
            detail: Some(reason),
            ..Self::field(field, error)
        }
    }

    /// A field that was refused without a single value to show, for example
    /// because it is missing.
    #[must_use]
    pub const fn field(field: Field, error: Error) -> Self {
        Self {
            field: Some(field),
            error,
            value: None,
            detail: None,
            is_out_of_range: false,
        }
    }
}

impl Refused {
    /// What is wrong with the value, if that is known: no range then explains
    /// more.
    #[must_use]
    pub fn reason(&self) -> Option<String> {
        match &self.detail {
            Some(detail) => Some(detail.clone()),
            None => REASONS
                .contains(&self.error.number())
                .then(|| self.error.to_string()),
        }
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self {
            field: None,
            error,
            value: None,
            detail: None,
            is_out_of_range: false,
        }
    }
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        refused.error
    }
}

/// For example `tries: 0 is out of range: 1 to 100`; without the feature `texts`, the
/// error alone.
impl fmt::Display for Refused {
    #[cfg(not(feature = "texts"))]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }

    #[cfg(feature = "texts")]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(field) = self.field else {
            return self.error.fmt(f);
        };
        write!(f, "{}: ", field.name())?;
        if let Some(reason) = self.reason() {
            // The value may contain a password or a private key.
            return f.write_str(&reason);
        }
        let (value, range) = (self.value.as_deref(), field.range());
        match (value, range.is_empty()) {
            (Some(value), false) if self.is_out_of_range => {
                write!(f, "{value} is out of range: {range}")
            }
            (Some(value), false) => write!(f, "{value} is not valid: {range}"),
            // For a field of another group, and for a name that may not change,
            // the range is irrelevant.
            (None, false) if matches!(self.error, Error::UnknownSetting | Error::NameFixed) => {
                self.error.fmt(f)
            }
            (None, false) => write!(f, "{} ({range})", self.error),
            (_, true) => self.error.fmt(f),
        }
    }
}

impl core::error::Error for Refused {}

impl Field {
    /// The range in words, such as `1 to 100`; empty if the type has no further
    /// restriction.
    #[must_use]
    pub fn range(self) -> String {
        let description = self.description();
        let own = match description.kind {
            Kind::Flag | Kind::Text | Kind::Numbers | Kind::Texts | Kind::Map => String::new(),
            Kind::Number {
                least,
                most: u64::MAX,
            } => format!("at least {least}"),
            Kind::Number { least, most } => format!("{least} to {most}"),
            Kind::Duration { most: u64::MAX, .. } => String::new(),
            Kind::Duration { least, most } => format!("{least} to {most} ms"),
            Kind::Limit => {
                "1 to 100000 events in a window of 1 ms to 31 days, at most all at once".to_string()
            }
            Kind::Choice(names) => names.join(" or "),
            Kind::Bytes { least, most } => format!("{least} to {most} bytes"),
        };
        match (own.is_empty(), description.range.is_empty()) {
            (_, true) => own,
            (true, false) => description.range.to_string(),
            (false, false) => format!("{own}; {}", description.range),
        }
    }
}

/// What is wrong with the texts of messages.
fn detail(field: Field, value: &Value) -> Option<String> {
    match (field, value) {
        #[cfg(feature = "contracts")]
        (Field::Texts, Value::Map(texts)) => Texts::fault(
            texts
                .iter()
                .map(|(tag, text)| (tag.as_str(), text.as_str())),
        ),
        _ => None,
    }
}

#[cfg(not(feature = "texts"))]
fn shown(_: &Value) -> String {
    String::new()
}

#[cfg(feature = "texts")]
fn shown(value: &Value) -> String {
    match value {
        Value::Flag(flag) => flag.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Limit {
            events,
            window_ms,
            burst,
        } => format!("{events} in {window_ms} ms, {burst} at once"),
        Value::Text(text) => quoted(text),
        Value::Bytes(bytes) => format!("{} bytes", bytes.len()),
        Value::Numbers(numbers) => cut(&format!("{numbers:?}")),
        Value::Texts(texts) => quoted(&texts.join(", ")),
        Value::Map(map) => {
            let texts: alloc::vec::Vec<String> = map
                .iter()
                .map(|(key, text)| format!("{key}: {text}"))
                .collect();
            quoted(&texts.join(", "))
        }
    }
}

/// A text in quotes, unless it may contain credentials, as a URL with user information
/// does.
#[cfg(feature = "texts")]
fn quoted(text: &str) -> String {
    if text.contains('@') || text.contains("//") {
        return "the value".into();
    }
    cut(text)
}

/// A text in quotes with control characters escaped, cut after
/// [`LONGEST_SHOWN`] characters.
fn cut(text: &str) -> String {
    let mut shown: String = text.chars().take(LONGEST_SHOWN).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    format!("{shown:?}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_names_field_value_and_range() {
        let refused = Refused::value(Field::Tries, Error::InvalidTries, &Value::Number(0));
        assert_eq!(refused.to_string(), "tries: 0 is out of range: 1 to 100");
        let long = Value::Text("x".repeat(100));
        let refused = Refused::value(Field::Sender, Error::InvalidName, &long).to_string();
        assert!(
            refused.contains('…') && !refused.contains(&"x".repeat(65)),
            "{refused}"
        );
        let uri = Value::Texts(alloc::vec!["https://user:x@app.example/".into()]);
        let refused =
            Refused::value(Field::RedirectUris, Error::RedirectUriUserInfo, &uri).to_string();
        assert_eq!(
            refused,
            "redirect_uris: the redirect URI has user information"
        );
        for (field, error) in [
            (Field::Issuer, Error::InvalidIssuer),
            (Field::Host, Error::InvalidHost),
            (Field::Name, Error::InvalidName),
        ] {
            for text in ["https://user:x1y2@a.example/", "user:x1y2@a.example"] {
                let refused = Refused::value(field, error, &Value::Text(text.into()));
                let shown = alloc::format!("{refused} {refused:?}");
                assert!(!shown.contains("x1y2"), "{shown}");
            }
        }
        let addresses = Value::Texts(alloc::vec!["http://user:x1y2@10.0.0.1".into()]);
        let refused = Refused::value(Field::Addresses, Error::InvalidAddress, &addresses);
        assert!(!refused.to_string().contains("x1y2"), "{refused}");
        let texts = |tag: &str, text: &str| {
            let value = Value::Map([(tag.into(), text.into())].into());
            let refused = Refused::value(Field::Texts, Error::InvalidTemplate, &value);
            refused.to_string()
        };
        assert_eq!(
            texts("en_us", "{{code}} {{minute}}"),
            "texts: en-US: {{minute}} is not a placeholder: there are {{code}}, {{app}} and {{minutes}}"
        );
        assert_eq!(
            texts("\u{202e}", "{{code}}"),
            "texts: \"\\u{202e}\" is not a language tag (BCP 47)"
        );
        assert_eq!(
            Refused::field(Field::Name, Error::NameFixed).to_string(),
            "name: the name cannot be changed"
        );
        assert_eq!(
            Refused::from(Error::NameTaken).to_string(),
            Error::NameTaken.to_string()
        );
    }
}
