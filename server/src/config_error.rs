//! Errors of the configuration: one line with line and key, and never a value,
//! which may be a secret in the wrong place. The parser's own errors quote it.

mod every;

use core::fmt;
use core::ops::Range;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Error};

pub(crate) use every::read_all;

/// What is wrong with a document, without its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// The line, from 1.
    pub(crate) line: Option<usize>,
    /// The path of the key.
    pub(crate) key: Option<String>,
    /// What is wrong.
    pub(crate) what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        match &self.key {
            // What a check says begins with the setting.
            Some(key) if !self.what.starts_with(key.as_str()) => {
                write!(f, "{key}: {}", self.what)
            }
            _ => f.write_str(&self.what),
        }
    }
}

/// Parses a document. No error contains one of its values.
///
/// # Errors
/// An error that names the line, and the key where there is one.
pub(crate) fn parse<T: DeserializeOwned>(text: &str) -> anyhow::Result<T> {
    let document = match DeTable::parse(text) {
        Ok(document) => document.into_inner(),
        Err(error) => return Err(anyhow::Error::msg(malformed(text, &error))),
    };
    let refused = |error| anyhow::Error::msg(refused(text, &document, &error));
    toml::from_str(text).map_err(refused)
}

/// Adds the line of the first setting that an error names.
pub(crate) fn located(text: &str, error: anyhow::Error) -> anyhow::Error {
    match place(text, &error.to_string()) {
        Some((line, _)) => error.context(format!("line {line}")),
        None => error,
    }
}

/// The line and the key of the first setting that an error names.
pub(crate) fn problem(text: &str, error: &anyhow::Error) -> Problem {
    let place = place(text, &error.to_string());
    let (line, key) = place.map_or((None, None), |(line, key)| (Some(line), Some(key)));
    Problem {
        line,
        key,
        what: format!("{error:#}"),
    }
}

fn place(text: &str, shown: &str) -> Option<(usize, String)> {
    let document = DeTable::parse(text).ok()?;
    let words = shown.split([' ', ':', ',']);
    let mut settings = words.filter(|word| word.contains('.') || shown.starts_with(word));
    settings.find_map(|name| {
        let span = named(document.get_ref(), name)?;
        Some((line(text, &span), name.to_owned()))
    })
}

/// A text that is not TOML. Messages about syntax are fixed texts.
fn malformed(text: &str, error: &Error) -> Problem {
    Problem {
        line: error.span().map(|span| line(text, &span)),
        key: None,
        what: error.message().replace('\n', ", "),
    }
}

/// A value of the wrong type, a missing or an unknown key.
fn refused(text: &str, document: &DeTable<'_>, error: &Error) -> Problem {
    let message = error.message();
    let what = match message.rsplit_once(", expected ") {
        Some((what, expected)) if what.starts_with("unknown field") => {
            format!("unknown key, expected {expected}")
        }
        // The value is before that, and may contain the same words.
        Some((_, expected)) => format!("expected {expected}"),
        // It names the key.
        None if message.starts_with("missing field `") => message.to_owned(),
        None if message.contains("socket address") => {
            "expected an address and a port such as 127.0.0.1:9091".to_owned()
        }
        None => "the value is not valid".to_owned(),
    };
    let span = error.span();
    let key = span.as_ref().map(|span| key_at(document, span).join("."));
    Problem {
        line: span.map(|span| line(text, &span)),
        key: key.filter(|key| !key.is_empty()),
        what,
    }
}

fn line(text: &str, span: &Range<usize>) -> usize {
    let before = text.as_bytes().get(..span.start).unwrap_or_default();
    1 + before.iter().filter(|byte| **byte == b'\n').count()
}

/// The path of the key whose name or value is at a place.
fn key_at(table: &DeTable<'_>, place: &Range<usize>) -> Vec<String> {
    for (key, value) in table {
        let is_here = |span: Range<usize>| span.start <= place.start && place.end <= span.end;
        let below = below(value, place);
        if !below.is_empty() || is_here(key.span()) || is_here(value.span()) {
            return [vec![shown(key.get_ref())], below].concat();
        }
    }
    Vec::new()
}

fn below(value: &Spanned<DeValue<'_>>, place: &Range<usize>) -> Vec<String> {
    match value.get_ref() {
        DeValue::Table(table) => key_at(table, place),
        DeValue::Array(values) => {
            let mut below = values.iter().map(|value| below(value, place));
            below.find(|path| !path.is_empty()).unwrap_or_default()
        }
        _ => Vec::new(),
    }
}

/// The place of a setting, or of the nearest table that has it.
fn named(document: &DeTable<'_>, name: &str) -> Option<Range<usize>> {
    let mut table = document;
    let mut place = None;
    for part in name.split('.') {
        let Some((key, value)) = table.iter().find(|(key, _)| key.get_ref() == part) else {
            break;
        };
        place = Some(key.span());
        match value.get_ref() {
            DeValue::Table(below) => table = below,
            _ => break,
        }
    }
    place
}

/// A key, unless it is text that can only be a value in the wrong place.
fn shown(key: &str) -> String {
    let is_bare = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    match key.len() <= 40 && key.bytes().all(is_bare) {
        true => key.to_owned(),
        false => "(a quoted key)".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::config::Config;

    fn error(text: &str) -> String {
        format!("{:#}", Config::parse(text).unwrap_err())
    }

    #[test]
    fn line_and_key_without_the_value() {
        for (text, expected) in [
            (
                "[gateway]\nurl = \"https://a.example/?{{to}}{{text}}\"\n[gateway.secrets]\n\
                 token = \"SECRET\"",
                "line 4: gateway.secrets.token: expected `env` or `file`",
            ),
            (
                "[limits]\n\nconnections = \"SECRET, expected SECRET\"",
                "line 3: limits.connections: expected usize",
            ),
            (
                "[limits]\nheader_timeout = \"SECRET\"",
                "line 2: limits.header_timeout: expected a duration",
            ),
            (
                "listen = \"SECRET\"",
                "line 1: listen: expected an address and a port such as 127.0.0.1:9091",
            ),
            (
                "[[network.nas]]\naddress = \"SECRET\"\nsecret = { env = \"S\" }",
                "line 2: network.nas.address: expected an address or a network such as 10.0.0.0/8",
            ),
            (
                "[log]\nlevel = \"SECRET\"",
                "line 2: log.level: expected one of `error`, `warn`, `info`, `debug`",
            ),
            (
                "[log]\nlevle = \"SECRET\"",
                "line 2: log.levle: unknown key, expected `level` or `format`",
            ),
            (
                "\n[tls]\nkey = \"SECRET\"",
                "line 2: tls: missing field `certificates`",
            ),
            (
                "[limits]\nconnections = 0",
                "line 2: limits.connections must be at least 1",
            ),
            (
                "listen = \"127.0.0.1:1\"\nnumbers.own = [\"SECRET\"]",
                "line 2: numbers.own has a malformed prefix: expected `+` and 1 to 15 digits that \
                 begin with a country code",
            ),
        ] {
            assert_eq!(error(text), expected, "{text}");
        }
    }

    #[test]
    fn broken_syntax() {
        for text in [
            "a = SECRET",
            "a = \"SECRET",
            "a = 'SECRET",
            "a = \"x\" SECRET",
            "SECRET",
            "a = { b = \"SECRET\"",
            "a = [\"SECRET\"",
            "[SECRET",
            "a = \"\\SECRET\"",
            "a = 1SECRET",
            "a = \"\"\"SECRET",
        ] {
            let text = format!("# one\n{text}\n");
            let error = error(&text);
            let is_located = error.contains("line 2: ") || error.contains("line 3: ");
            assert!(is_located, "{text}: {error}");
            assert!(!error.contains("SECRET"), "{text}: {error}");
            assert!(!error.contains('\n'), "{text}: {error}");
        }
    }

    #[test]
    fn errors_of_an_unknown_form_are_not_repeated() {
        #[derive(Debug)]
        struct Odd;
        impl<'de> Deserialize<'de> for Odd {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let map = std::collections::BTreeMap::<String, String>::deserialize(deserializer)?;
                Err(serde::de::Error::custom(format!("odd {map:?}")))
            }
        }
        let error = parse::<Odd>("a = \"SECRET\"").unwrap_err().to_string();
        assert!(error.ends_with("the value is not valid"), "{error}");
    }
}
