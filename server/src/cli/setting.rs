//! A setting on the command line: its option, the text of its values, and the
//! words of its errors, from the table of settings.

use core::fmt::Write;

use clap::{Arg, ArgAction};
use mpass_core::service::settings::{Field, Group, Kind, Refused, Value, Values};

use crate::setting_text::{duration, parse, show};

/// The longest part of a value that an error repeats, in characters.
const LONGEST_SHOWN: usize = 64;

/// The name of its option: its name without the unit, a list's in the singular.
pub(super) fn flag(field: Field) -> String {
    let name = field.description().item;
    let name = match field.description().kind {
        Kind::Duration { .. } => name.trim_end_matches("_ms"),
        _ => name,
    };
    name.replace('_', "-")
}

/// An older or shorter name of its option.
const fn alias(field: Field) -> Option<&'static str> {
    match field {
        Field::LockMs => Some("lock-time"),
        Field::TestCredits => Some("credits"),
        _ => None,
    }
}

/// The option of a field, with the default that it has in a group.
pub(super) fn option(group: Group, field: Field, default: Option<&Value>) -> Arg {
    let option = Arg::new(field.name())
        .long(flag(field))
        .help(help(field, default))
        .value_name(value_name(field))
        .value_parser(move |text: &str| read(group, field, text));
    let option = match alias(field) {
        Some(alias) => option.visible_alias(alias),
        None => option,
    };
    match field.description().kind {
        Kind::Numbers | Kind::Texts | Kind::Map => option.action(ArgAction::Append),
        Kind::Flag => option
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value("true"),
        Kind::Number { .. } | Kind::Duration { .. } | Kind::Limit => {
            option.allow_negative_numbers(true)
        }
        // PEM begins with hyphens.
        Kind::Text | Kind::Bytes { .. } => option.allow_hyphen_values(true),
        _ => option,
    }
}

/// Its sentence, its range and its default.
fn help(field: Field, default: Option<&Value>) -> String {
    let description = field.description();
    let mut help = description.meaning.to_owned();
    let range = range(field);
    // Writing to a string does not fail.
    if !range.is_empty() {
        let _ = write!(help, " ({range})");
    }
    if matches!(description.kind, Kind::Numbers | Kind::Texts | Kind::Map) {
        help += "; may be repeated";
    }
    let default = default
        .map(|default| show(field, default))
        .filter(|default| !default.is_empty());
    if let Some(default) = default {
        let _ = write!(help, " [default: {default}]");
    }
    help
}

fn value_name(field: Field) -> String {
    let description = field.description();
    match description.kind {
        Kind::Flag => "true|false".into(),
        Kind::Number { .. } => "N".into(),
        Kind::Duration { .. } => "TIME".into(),
        Kind::Limit => "N/TIME".into(),
        Kind::Text => description.item.to_uppercase(),
        Kind::Choice(names) => names.join("|"),
        Kind::Bytes { .. } => "HEX|JWK".into(),
        Kind::Map => "LANGUAGE=TEXT".into(),
        Kind::Numbers | Kind::Texts => {
            let words = description.item.rsplit('_');
            words.take(1).collect::<String>().to_uppercase()
        }
    }
}

/// Reads a value, or one member of a list.
///
/// # Errors
/// The value, and what would be one.
pub(super) fn read(group: Group, field: Field, text: &str) -> Result<Value, String> {
    let value = parse(field, text).map_err(|like| match field.description().kind {
        // It may be a private key, given instead of the public one.
        Kind::Bytes { .. } => format!("the value is not {like}"),
        _ => format!("{} is not {like}", quoted(text)),
    })?;
    let mut values = Values::new(group);
    let checked = match field.description().kind {
        Kind::Numbers | Kind::Texts | Kind::Map => values.add(field, value.clone()),
        _ => values.set(field, value.clone()),
    };
    let Err(refused) = checked else {
        return Ok(value);
    };
    let range = range(field);
    if let Some(reason) = refused.reason() {
        return Err(reason);
    }
    Err(match value {
        // A private key that was given instead is not repeated.
        Value::Bytes(bytes) => format!("{} bytes are not valid: {range}", bytes.len()),
        // A URI may have a password in it.
        _ if field == Field::RedirectUris => format!("{}: {range}", refused.error),
        _ if range.is_empty() => format!("{} is refused: {}", quoted(text), refused.error),
        Value::Number(_) | Value::Limit { .. } => {
            format!("{} is out of range: {range}", cut(text))
        }
        _ => format!("{} is not valid: {range}", quoted(text)),
    })
}

/// The range in words, with durations as they are typed.
fn range(field: Field) -> String {
    let description = field.description();
    let range = match description.kind {
        Kind::Duration { least, most } if most < u64::MAX => {
            let own = format!("{} to {}", duration(least), duration(most));
            match description.range {
                "" => own,
                more => format!("{own}; {more}"),
            }
        }
        _ => field.range(),
    };
    // Sentences of the table name other fields.
    let fields = Field::ALL.iter();
    let named = fields.filter(|field| field.name().contains('_'));
    named.fold(range, |range, field| {
        range.replace(field.name(), &format!("--{}", flag(*field)))
    })
}

/// Why settings are refused as a whole; `values` are those that led to it.
pub(super) fn refused(refused: &Refused, values: &Values) -> String {
    let Some(field) = refused.field else {
        return refused.to_string();
    };
    let mut line = format!("--{}", flag(field));
    // Writing to a string does not fail.
    if let Some(value) = values.get(field) {
        let shown = match value {
            Value::Text(text) => quoted(text),
            value => cut(&show(field, value)),
        };
        let _ = write!(line, " {shown}");
    }
    if let Some(reason) = refused.reason() {
        let _ = write!(line, ": {reason}");
        return line;
    }
    let _ = write!(line, ": {}", refused.error);
    let range = range(field);
    if !range.is_empty() {
        let _ = write!(line, " ({range})");
    }
    line
}

/// A text in quotes, on one line, cut where it is long.
fn quoted(text: &str) -> String {
    format!("{:?}", cut(text))
}

fn cut(text: &str) -> String {
    let mut shown: String = text.chars().take(LONGEST_SHOWN).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::setting_text::duration_ms;

    fn read(field: Field, text: &str) -> Result<Value, String> {
        super::read(Group::Channel, field, text)
    }

    #[test]
    fn limits() {
        let limit = |text| read(Field::Sends, text).map(|value| show(Field::Sends, &value));
        for text in ["10/1h", "10/1h/3", "1/30s", "7/90s/7"] {
            assert_eq!(limit(text).as_deref(), Ok(text));
        }
        assert_eq!(limit("10/60m/5").as_deref(), Ok("10/1h"));
        for text in ["", "10", "10/", "/1h", "10/1h/", "10/1h/3/4", "-1/1h"] {
            assert!(limit(text).unwrap_err().contains("such as"), "{text}");
        }
        for text in ["10/1h/11", "0/1h", "1/32d"] {
            assert!(limit(text).unwrap_err().contains("out of range"), "{text}");
        }
    }

    #[test]
    fn a_text_is_shown_on_one_line() {
        let text = read(Field::Texts, "en=a\r\n{{code}}\nsender x").unwrap();
        let shown = "en=a\r\\n{{code}}\\nsender x";
        assert_eq!(show(Field::Texts, &text), shown);
    }

    #[test]
    fn errors_show_value_and_range() {
        for (field, text, error) in [
            (Field::Tries, "0", "0 is out of range: 1 to 100"),
            (Field::Tries, "x", "\"x\" is not a whole number"),
            (
                Field::ResendIntervalMs,
                "2d",
                "2d is out of range: 0s to 1d",
            ),
            (
                Field::Scopes,
                "openid",
                "\"openid\" is refused: the settings have no such field",
            ),
        ] {
            assert_eq!(read(field, text).as_ref(), Err(&error.to_owned()));
        }
        let long = read(Field::Sender, &"x".repeat(100)).unwrap_err();
        assert!(
            long.contains('…') && long.contains("1 to 32 bytes"),
            "{long}"
        );
    }

    #[test]
    fn calling_codes() {
        for text in ["966", "+1"] {
            assert!(read(Field::CallingCodes, text).is_ok(), "{text}");
        }
        for text in ["", "+", "999999", "-966", "++966", "sa", "0"] {
            assert!(read(Field::CallingCodes, text).is_err(), "{text}");
        }
    }

    #[test]
    fn durations() {
        for (ms, text) in [
            (0, "0s"),
            (1, "1ms"),
            (90_000, "90s"),
            (300_000, "5m"),
            (86_400_000, "1d"),
        ] {
            assert_eq!(duration(ms), text);
            assert_eq!(duration_ms(text), Ok(ms));
        }
    }

    #[test]
    fn what_may_be_a_secret_is_not_repeated() {
        let key = "7f".repeat(32);
        for text in [key.as_str(), "-----BEGIN PRIVATE KEY-----"] {
            let error = super::read(Group::Client, Field::PublicKey, text).unwrap_err();
            assert!(!error.contains(&text[..8]), "{error}");
        }
        for (uri, fault) in [
            ("http://user:password@app.example/", "has user information"),
            ("https://app.example/#password", "has a fragment"),
            ("http://app.example/password", "has the scheme http"),
            ("https://app.example:password/", "is not valid"),
            ("HTTPS://app.example/password", "in lower case"),
            ("password", "is not absolute"),
        ] {
            let error = super::read(Group::Client, Field::RedirectUris, uri).unwrap_err();
            assert!(!error.contains("password"), "{error}");
            assert!(error.contains(fault), "{error}");
        }
    }

    #[test]
    fn a_refused_public_key_has_its_reason() {
        let n = "A".repeat(171);
        let jwk = |more: &str| format!(r#"{{"kty":"RSA","e":"AQAB","n":"{n}"{more}}}"#);
        let pem = |label: &str| {
            let body = "MAA=".repeat(20);
            format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n")
        };
        for (text, reason) in [
            (jwk(r#","alg":"PS256""#), "the alg of the JWK"),
            (jwk(r#","use":"enc""#), "not for signatures"),
            (jwk(r#","d":"AQ""#), "a private key was given"),
            (jwk(""), "2048 to 4096 bits"),
            (pem("PRIVATE KEY"), "a private key was given"),
            (pem("PUBLIC KEY"), "is in PEM"),
        ] {
            let error = super::read(Group::Client, Field::PublicKey, &text).unwrap_err();
            assert!(error.contains(reason), "{error}");
            assert!(
                !error.contains("bytes") && !error.contains("MAA"),
                "{error}"
            );
        }
    }

    #[test]
    fn a_duration_is_in_whole_milliseconds() {
        let read = |text| super::read(Group::Channel, Field::ResendIntervalMs, text);
        assert_eq!(read("500ms"), Ok(Value::Number(500)));
        assert!(read("1ns").is_err() && read("999us").is_err());
    }
}
