//! Errors of the configuration: one line with line and key, and never a value,
//! which may be a secret in the wrong place. The parser's own errors quote it.

mod every;
mod problem;

use core::ops::Range;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use self::problem::{line, malformed, refused};

pub(crate) use self::every::read_all;
pub(crate) use self::problem::Problem;

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
    let words = || {
        shown
            .split([' ', ','])
            .map(|word| word.trim_end_matches(':'))
    };
    let mut settings = words().filter(|word| word.contains('.') || shown.starts_with(word));
    settings.find_map(|name| {
        let mut others = words().skip_while(|word| *word != name).skip(1);
        let span = named(document.get_ref(), name, others.next())?;
        Some((line(text, &span), name.to_owned()))
    })
}

/// The place of a setting, or of the nearest table that has it. In a list, it is that
/// of the element with the value that the message has next.
fn named(document: &DeTable<'_>, name: &str, next: Option<&str>) -> Option<Range<usize>> {
    let mut table = document;
    let mut place = None;
    for part in name.split('.') {
        let Some((key, value)) = table.iter().find(|(key, _)| key.get_ref() == part) else {
            break;
        };
        place = Some(key.span());
        match value.get_ref() {
            DeValue::Table(below) => table = below,
            DeValue::Array(elements) => {
                let has_it = |one: &&Spanned<DeValue<'_>>| {
                    next.is_some_and(|next| has_text(one.get_ref(), next))
                };
                return elements.iter().find(has_it).map(Spanned::span).or(place);
            }
            _ => break,
        }
    }
    place
}

/// Whether an element of a list is this text, or a table with it. A message has a
/// single address as a network.
fn has_text(element: &DeValue<'_>, text: &str) -> bool {
    match element {
        DeValue::String(one) => {
            let rest = text.strip_prefix(one.as_ref());
            matches!(rest, Some("" | "/32" | "/128"))
        }
        DeValue::Table(table) => {
            let mut values = table.iter();
            values.any(|(_, value)| has_text(value.get_ref(), text))
        }
        _ => false,
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
                "line 3: limits.connections: expected a whole number",
            ),
            ("keyring = \"SECRET\"", "line 1: keyring: expected a table"),
            (
                "keyring.file = 1",
                "line 1: keyring.file: expected a path in quotes",
            ),
            (
                "listen = 9091",
                "line 1: listen: expected an address and a port such as 127.0.0.1:9091",
            ),
            (
                "numbers.own = \"SECRET\"",
                "line 1: numbers.own: expected a list in brackets",
            ),
            (
                "[gateway]\nurl = \"\"\nsecrets.token = { env = \"SECRET\", file = \"SECRET\" }",
                "line 3: gateway.secrets.token: expected a table with exactly one key",
            ),
            (
                "[tls]\nkey = \"a\"\nkey = \"SECRET\"",
                "line 3: key: duplicate key",
            ),
            (
                "[[network.nas]]\naddress = \"10.0.0.0/8\"\nsecret.env = \"S\"\n\
                 [[network.nas]]\naddress = \"10.0.0.1\"\nsecret.env = \"S\"\n\
                 [network]\nlisten = \"127.0.0.1:1813\"",
                "line 4: network.nas 10.0.0.1/32 overlaps with 10.0.0.0/8",
            ),
            (
                "metrics.hosts = [\"SECRET:80\"]",
                "line 1: metrics.hosts has a name that is not one of a host without a port",
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
