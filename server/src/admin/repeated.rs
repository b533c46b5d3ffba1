//! Repeated keys of JSON objects: RFC 8259 section 4 leaves open which value
//! counts, so a request that contains one is refused.

use std::collections::BTreeSet;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// Whether a JSON text has an object, at any depth, with the same key twice.
/// `false` for a text that is not JSON.
pub(crate) fn has_repeated_key(json: &[u8]) -> bool {
    let read = serde_json::from_slice::<Checked>(json);
    // The only error that is not one of syntax.
    read.is_err_and(|error| error.is_data())
}

/// Any JSON value without repeated keys. Nothing of it is kept.
struct Checked;

impl<'de> Deserialize<'de> for Checked {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Check)
    }
}

struct Check;

impl<'de> Visitor<'de> for Check {
    type Value = Checked;

    fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("a JSON value without repeated keys")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Checked, E> {
        Ok(Checked)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Checked, E> {
        Ok(Checked)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Checked, E> {
        Ok(Checked)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Checked, E> {
        Ok(Checked)
    }

    fn visit_str<E>(self, _: &str) -> Result<Checked, E> {
        Ok(Checked)
    }

    fn visit_unit<E>(self) -> Result<Checked, E> {
        Ok(Checked)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Checked, A::Error> {
        while let Some(Checked) = list.next_element()? {}
        Ok(Checked)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Checked, A::Error> {
        let mut keys = BTreeSet::new();
        while let Some(key) = object.next_key::<String>()? {
            if !keys.insert(key) {
                return Err(A::Error::custom("a repeated key"));
            }
            let Checked = object.next_value()?;
        }
        Ok(Checked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_keys_at_any_depth() {
        for (json, expected) in [
            (
                r#"{"a":1,"b":{"a":null},"c":[{"a":true},{"a":-1.5}]}"#,
                false,
            ),
            (r#"{"a":1,"a":1}"#, true),
            (r#"{"a":1,"b":2,"a":null}"#, true),
            (r#"{"a":{"b":"x","b":"x"}}"#, true),
            (r#"[1,[{"a":[],"a":{}}]]"#, true),
            // The same key after its escapes.
            (r#"{"a":1,"\u0061":2}"#, true),
            (r#"{"a":1,"A":2}"#, false),
            // Not JSON.
            ("", false),
            (r#"{"a":1,"#, false),
            (r#"{"a":1 "a":2}"#, false),
            (r#"{1:1,1:2}"#, false),
            ("\"\\ud800\"", false),
        ] {
            assert_eq!(has_repeated_key(json.as_bytes()), expected, "{json}");
        }
        assert!(!has_repeated_key(b"{\"\xff\":1}"));
    }
}
