//! Request templates: text with placeholders like `{{to}}`, each value escaped
//! for its context. Substitution is single-pass.

use std::collections::BTreeMap;

use anyhow::{bail, ensure};
use mpass_core::service::{Language, Sms};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use zeroize::Zeroizing;

/// All except the unreserved characters of RFC 3986 section 2.3.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The secrets of a gateway by their names.
pub(super) type Secrets = BTreeMap<String, Zeroizing<String>>;

/// The values of the placeholders.
pub(super) struct Values<'a> {
    pub(super) sms: &'a Sms,
    /// The message's own sender, or the default one.
    pub(super) sender: &'a str,
    pub(super) secrets: &'a Secrets,
}

/// How values are escaped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Escape {
    /// In any part of a URL: percent-encoded.
    Url,
    /// Inside a JSON string.
    Json,
    /// In `application/x-www-form-urlencoded`.
    Form,
    /// In XML text and attributes.
    Xml,
    /// Unescaped.
    Plain,
}

impl Escape {
    fn push(self, out: &mut String, value: &str) {
        match self {
            Self::Url => out.extend(utf8_percent_encode(value, RESERVED)),
            Self::Form => out.extend(form_urlencoded::byte_serialize(value.as_bytes())),
            Self::Plain => out.push_str(value),
            Self::Json => {
                let quoted = serde_json::Value::from(value).to_string();
                out.push_str(&quoted[1..quoted.len() - 1]);
            }
            Self::Xml => {
                for letter in value.chars() {
                    match letter {
                        '&' => out.push_str("&amp;"),
                        '<' => out.push_str("&lt;"),
                        '>' => out.push_str("&gt;"),
                        '"' => out.push_str("&quot;"),
                        '\'' => out.push_str("&#39;"),
                        // A line feed in an attribute would become a space.
                        '\n' => out.push_str("&#10;"),
                        letter => out.push(letter),
                    }
                }
            }
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Literal(String),
    To,
    ToDigits,
    Text,
    Sender,
    Language,
    Secret(String),
}

/// A parsed template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Template(Vec<Part>);

impl Template {
    /// Parses a template; `what` names it in errors.
    pub(super) fn parse(text: &str, what: &str) -> anyhow::Result<Self> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            let Some((name, after)) = after.split_once("}}") else {
                bail!("{what} has {{{{ without }}}}");
            };
            if !before.is_empty() {
                parts.push(Part::Literal(before.to_owned()));
            }
            parts.push(match name {
                "to" => Part::To,
                "to_digits" => Part::ToDigits,
                "text" => Part::Text,
                "sender" => Part::Sender,
                "language" => Part::Language,
                name => match name.strip_prefix("secret.") {
                    Some(name) => Part::Secret(name.to_owned()),
                    // What stands there may be a secret.
                    None => bail!(
                        "{what} has an unknown placeholder: the placeholders are to, to_digits, \
                         text, sender, language and secret.NAME"
                    ),
                },
            });
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(Part::Literal(rest.to_owned()));
        }
        Ok(Self(parts))
    }

    /// Whether it contains the number.
    pub(super) fn has_number(&self) -> bool {
        self.0
            .iter()
            .any(|part| matches!(part, Part::To | Part::ToDigits))
    }

    /// Whether it contains the text.
    pub(super) fn has_text(&self) -> bool {
        self.0.contains(&Part::Text)
    }

    /// Whether it is the same for every message.
    pub(super) fn is_constant(&self) -> bool {
        let is_constant = |part: &Part| matches!(part, Part::Literal(_) | Part::Secret(_));
        self.0.iter().all(is_constant)
    }

    /// The names of its secrets.
    pub(super) fn secrets(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|part| match part {
            Part::Secret(name) => Some(name.as_str()),
            _ => None,
        })
    }

    /// Whether it consists of secrets only.
    pub(super) fn is_secret(&self) -> bool {
        self.0.iter().all(|part| matches!(part, Part::Secret(_)))
    }

    /// Refuses names of secrets that are not configured.
    pub(super) fn check_secrets(
        &self,
        is_known: impl Fn(&str) -> bool,
        what: &str,
    ) -> anyhow::Result<()> {
        for part in &self.0 {
            if let Part::Secret(name) = part {
                ensure!(
                    is_known(name),
                    "{what} has a {{{{secret.NAME}}}} that is not in [gateway.secrets]"
                );
            }
        }
        Ok(())
    }

    /// Renders the template for a message.
    pub(super) fn render(&self, values: &Values<'_>, escape: Escape) -> Zeroizing<String> {
        let Values {
            sms,
            sender,
            secrets,
        } = values;
        // Enough capacity for nearly every message: the old buffer of a string
        // that grows is not wiped.
        let mut out = Zeroizing::new(String::with_capacity(2 * sms.text.len() + 256));
        let to = sms.to.as_str();
        for part in &self.0 {
            let value = match part {
                Part::Literal(text) => {
                    out.push_str(text);
                    continue;
                }
                Part::To => to,
                Part::ToDigits => to.trim_start_matches('+'),
                Part::Text => &sms.text,
                Part::Sender => sender,
                Part::Language => match sms.language {
                    Language::Arabic => "ar",
                    Language::English => "en",
                },
                Part::Secret(name) => secrets.get(name).map_or("", |secret| secret.as_str()),
            };
            escape.push(&mut out, value);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::super::test_message::sms;
    use super::*;

    fn rendered(template: &str, escape: Escape) -> String {
        let secrets = Secrets::from([("k".to_owned(), Zeroizing::new("a\"&{{to}}".to_owned()))]);
        let template = Template::parse(template, "it").unwrap();
        let values = Values {
            sms: &sms(),
            sender: "",
            secrets: &secrets,
        };
        template.render(&values, escape).to_string()
    }

    #[test]
    fn values_are_escaped_for_their_context() {
        let template = "{{to}}|{{to_digits}}|{{text}}|{{secret.k}}|{{sender}}|{{language}}";
        for (escape, expected) in [
            (
                Escape::Url,
                "%2B966500000000|966500000000|12%20%22%3C%26%0A%C3%A9|a%22%26%7B%7Bto%7D%7D||en",
            ),
            (
                Escape::Form,
                "%2B966500000000|966500000000|12+%22%3C%26%0A%C3%A9|a%22%26%7B%7Bto%7D%7D||en",
            ),
            (
                Escape::Json,
                "+966500000000|966500000000|12 \\\"<&\\né|a\\\"&{{to}}||en",
            ),
            (
                Escape::Xml,
                "+966500000000|966500000000|12 &quot;&lt;&amp;&#10;é|a&quot;&amp;{{to}}||en",
            ),
            (
                Escape::Plain,
                "+966500000000|966500000000|12 \"<&\né|a\"&{{to}}||en",
            ),
        ] {
            assert_eq!(rendered(template, escape), expected);
        }
    }

    #[test]
    fn unknown_placeholders_are_refused() {
        for text in ["{{code}}", "{{to", "{{ to }}", "{{secret}}"] {
            assert!(Template::parse(text, "url").is_err(), "{text}");
        }
        let template = Template::parse("{{secret.x}}{{secret.a}}", "url").unwrap();
        let check = |known: &[&str]| template.check_secrets(|name| known.contains(&name), "url");
        assert!(check(&["x"]).is_err() && check(&["a"]).is_err());
        assert!(check(&["a", "x"]).is_ok());
    }
}
