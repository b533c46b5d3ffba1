//! Rules that derive the outcome of a message from the gateway's response.

use core::ops::RangeInclusive;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A rule about an HTTP response. All of its conditions must hold.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Status codes: numbers, and ranges like `"200-299"`.
    pub status: Vec<Statuses>,
    /// Text that the body contains.
    pub body_contains: Option<String>,
    /// A JSON Pointer (RFC 6901) into a JSON body.
    pub json_pointer: Option<String>,
    /// The expected value; without it, any value except null.
    pub json_equals: Option<Value>,
}

/// A status code, or a range of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statuses(pub RangeInclusive<u16>);

impl Serialize for Statuses {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (first, last) = (self.0.start(), self.0.end());
        serializer.collect_str(&format_args!("{first}-{last}"))
    }
}

impl<'de> Deserialize<'de> for Statuses {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = Statuses;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an HTTP status from 200 to 599 or a range like \"200-299\"")
            }

            fn visit_i64<E: serde::de::Error>(self, status: i64) -> Result<Statuses, E> {
                let invalid = || E::invalid_value(serde::de::Unexpected::Signed(status), &self);
                let status = u16::try_from(status).map_err(|_| invalid())?;
                range(status, status).ok_or_else(invalid)
            }

            fn visit_u64<E: serde::de::Error>(self, status: u64) -> Result<Statuses, E> {
                let signed = i64::try_from(status).unwrap_or(i64::MAX);
                self.visit_i64(signed)
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Statuses, E> {
                let (first, last) = text.split_once('-').unwrap_or((text, text));
                match (first.parse(), last.parse()) {
                    (Ok(first), Ok(last)) => range(first, last),
                    _ => None,
                }
                .ok_or_else(|| E::invalid_value(serde::de::Unexpected::Str(text), &self))
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

fn range(first: u16, last: u16) -> Option<Statuses> {
    (200 <= first && first <= last && last <= 599).then_some(Statuses(first..=last))
}

impl Rule {
    fn of_statuses<const N: usize>(ranges: [RangeInclusive<u16>; N]) -> Vec<Self> {
        vec![Self {
            status: ranges.map(Statuses).to_vec(),
            body_contains: None,
            json_pointer: None,
            json_equals: None,
        }]
    }

    /// The default rules for success: any status from 200 to 299.
    #[must_use]
    pub fn success() -> Vec<Self> {
        Self::of_statuses([200..=299])
    }

    /// The default rules for refusal, statuses that mean that the request was
    /// invalid and had no effect: 400 to 499 except 408 and 425, after which
    /// the message may still have been accepted, and 429, which some gateways
    /// return after part of a message.
    #[must_use]
    pub fn refusal() -> Vec<Self> {
        Self::of_statuses([400..=407, 409..=424, 426..=428, 430..=499])
    }

    /// Whether a response matches.
    pub(super) fn is_met(&self, status: u16, body: &[u8]) -> bool {
        let contains = |needle: &String| {
            let needle = needle.as_bytes();
            needle.is_empty() || body.windows(needle.len()).any(|window| window == needle)
        };
        self.status.iter().any(|range| range.0.contains(&status))
            && self.body_contains.as_ref().is_none_or(contains)
            && self
                .json_pointer
                .as_ref()
                .is_none_or(|pointer| self.is_json_met(pointer, body))
    }

    fn is_json_met(&self, pointer: &str, body: &[u8]) -> bool {
        let Ok(json) = serde_json::from_slice::<Value>(body) else {
            return false;
        };
        match (json.pointer(pointer), &self.json_equals) {
            (Some(found), Some(expected)) => found == expected,
            (Some(found), None) => !found.is_null(),
            (None, _) => false,
        }
    }

    pub(super) fn check(&self, what: &str) -> anyhow::Result<()> {
        anyhow::ensure!(!self.status.is_empty(), "{what}: status is empty");
        match (&self.json_pointer, &self.json_equals) {
            (None, Some(_)) => anyhow::bail!("{what}: json_equals needs json_pointer"),
            (Some(pointer), _) if !pointer.is_empty() && !pointer.starts_with('/') => {
                anyhow::bail!("{what}: json_pointer must begin with /")
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(text: &str) -> Rule {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn all_conditions_of_a_rule_must_hold() {
        for (text, status, body, expected) in [
            ("status = [200]", 200, "", true),
            ("status = [200]", 201, "", false),
            ("status = [\"200-299\", 302]", 302, "", true),
            (
                "status = [200]\nbody_contains = \"OK\"",
                200,
                "id OK 1",
                true,
            ),
            ("status = [200]\nbody_contains = \"OK\"", 200, "ERR", false),
            (
                "status = [200]\njson_pointer = \"/a/0/b\"",
                200,
                r#"{"a":[{"b":0}]}"#,
                true,
            ),
            (
                "status = [200]\njson_pointer = \"/a\"",
                200,
                r#"{"a":null}"#,
                false,
            ),
            (
                "status = [200]\njson_pointer = \"/a\"\njson_equals = 0",
                200,
                r#"{"a":0}"#,
                true,
            ),
            (
                "status = [200]\njson_pointer = \"/a\"\njson_equals = 0",
                200,
                r#"{"a":"0"}"#,
                false,
            ),
            (
                "status = [200]\njson_pointer = \"/a\"\njson_equals = \"x\"",
                200,
                "no json",
                false,
            ),
        ] {
            assert_eq!(
                rule(text).is_met(status, body.as_bytes()),
                expected,
                "{text} {body}"
            );
        }
    }

    #[test]
    fn the_defaults() {
        let met = |rules: &[Rule], status| rules.iter().any(|rule| rule.is_met(status, b""));
        for status in [200, 202, 299] {
            assert!(met(&Rule::success(), status) && !met(&Rule::refusal(), status));
        }
        for status in [400, 401, 407, 409, 424, 426, 428, 430, 499] {
            assert!(
                met(&Rule::refusal(), status) && !met(&Rule::success(), status),
                "{status}"
            );
        }
        for status in [301, 399, 408, 425, 429, 500, 503, 599] {
            assert!(
                !met(&Rule::refusal(), status) && !met(&Rule::success(), status),
                "{status}"
            );
        }
    }

    #[test]
    fn invalid_statuses() {
        for text in ["99", "\"299-200\"", "600", "\"a\"", "true", "-1", "100"] {
            assert!(
                toml::from_str::<Rule>(&format!("status = [{text}]")).is_err(),
                "{text}"
            );
        }
    }
}
