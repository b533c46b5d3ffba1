//! The value of a field.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

/// The value of a setting, whose type the field's [`Kind`](super::Kind)
/// determines.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Value {
    /// True or false.
    Flag(bool),
    /// A whole number, or a duration in milliseconds.
    Number(u64),
    /// A rate limit.
    Limit {
        /// The most events in any window.
        events: u32,
        /// The window in milliseconds.
        window_ms: u64,
        /// The most events at once.
        burst: u32,
    },
    /// A text, or one of the texts of a choice.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A list of whole numbers.
    Numbers(Vec<u64>),
    /// A list of texts.
    Texts(Vec<String>),
    /// Texts by language tag.
    Map(BTreeMap<String, String>),
}

impl Value {
    /// Bytes from a text: hexadecimal, or JSON that stands for its own bytes, as a
    /// JWK does. So does PEM, which no field accepts, so that the error can name it.
    /// `None` for any other text.
    #[must_use]
    pub fn bytes_of_text(text: &str) -> Option<Self> {
        let start = text.trim_start();
        match start.starts_with('{') || start.starts_with("-----BEGIN ") {
            true => Some(Self::Bytes(text.trim().into())),
            false => base16ct::mixed::decode_vec(text).ok().map(Self::Bytes),
        }
    }

    /// The text of bytes: JSON as it is, other bytes in hexadecimal.
    #[must_use]
    pub fn text_of_bytes(bytes: &[u8]) -> String {
        match core::str::from_utf8(bytes) {
            Ok(text) if text.starts_with('{') => text.into(),
            _ => base16ct::lower::encode_string(bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_hexadecimal_or_json() {
        for (text, bytes) in [
            ("04Ab", &[4, 0xab][..]),
            (r#" {"kty":"RSA"} "#, br#"{"kty":"RSA"}"#),
        ] {
            let value = Value::bytes_of_text(text);
            assert_eq!(value, Some(Value::Bytes(bytes.into())));
            let shown = Value::text_of_bytes(bytes);
            assert_eq!(Value::bytes_of_text(&shown), value);
        }
        let pem = "-----BEGIN PUBLIC KEY-----";
        assert_eq!(Value::bytes_of_text(pem), Some(Value::Bytes(pem.into())));
        for text in ["0", "xy", "[]", "--json"] {
            assert_eq!(Value::bytes_of_text(text), None, "{text}");
        }
    }
}
