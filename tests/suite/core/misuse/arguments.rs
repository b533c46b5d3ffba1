//! The arguments of a misuse case.

use std::collections::BTreeMap;

use mpass_core::Error;
use mpass_core::challenge::Keyring;
use mpass_core::oath::{Digits, Key, Secret, SecretFault};
use mpass_tests::misuse::Value;

/// Why a call failed.
pub(super) enum Refused {
    Error(Error),
    /// A program with this mistake does not compile, with the reason.
    Impossible(&'static str),
}

impl From<SecretFault> for Refused {
    fn from(fault: SecretFault) -> Self {
        fault.error.into()
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

pub(super) type Done<T> = Result<T, Refused>;

/// The arguments of a call by name. None of them is null.
pub(super) struct Arguments(pub(super) BTreeMap<String, Option<Value>>);

impl Arguments {
    pub(super) fn value(&self, name: &str) -> Option<&Value> {
        self.0[name].as_ref()
    }

    pub(super) fn integer<T: core::str::FromStr>(&self, name: &str) -> Done<T> {
        match self.value(name) {
            Some(Value::Integer(digits)) => digits
                .parse()
                .map_err(|_| Refused::Impossible("the integer type holds no such number")),
            _ => Err(Refused::Impossible("an integer is nothing else")),
        }
    }

    pub(super) fn text(&self, name: &str) -> Done<String> {
        match self.value(name) {
            Some(Value::Text(text)) => Ok(text.clone()),
            Some(Value::Repeated(text, times)) => Ok(text.repeat(*times)),
            Some(Value::Unpaired(_)) => Err(Refused::Impossible("a str is Unicode")),
            _ => Err(Refused::Impossible("a str is nothing else")),
        }
    }

    pub(super) fn texts(&self, name: &str) -> Done<Vec<&str>> {
        match self.value(name) {
            Some(Value::Texts(texts)) => Ok(texts.iter().map(String::as_str).collect()),
            _ => Err(Refused::Impossible("a slice of str is nothing else")),
        }
    }

    pub(super) fn optional_bytes(&self, name: &str) -> Done<Option<Vec<u8>>> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::Bytes(hex)) if hex.is_empty() => Ok(Some(Vec::new())),
            Some(Value::Bytes(hex)) => Ok(Some(Secret::from_hex(hex)?.expose().to_vec())),
            Some(Value::Zeros(count)) => Ok(Some(vec![0; *count])),
            _ => Err(Refused::Impossible("bytes are nothing else")),
        }
    }

    pub(super) fn bytes(&self, name: &str) -> Done<Vec<u8>> {
        let bytes = self.optional_bytes(name)?;
        bytes.ok_or(Refused::Impossible("a slice is never null"))
    }

    /// The name of an enumeration value, one of these.
    pub(super) fn handle(&self, name: &str, class: &[&str]) -> Done<&str> {
        match self.value(name) {
            Some(Value::Handle(handle)) if class.contains(&handle.as_str()) => Ok(handle),
            Some(Value::Closed(_)) => Err(Refused::Impossible("what was dropped has no name")),
            None => Err(Refused::Impossible("a reference is never null")),
            _ => Err(Refused::Impossible("a class is no other")),
        }
    }

    pub(super) fn secret(&self) -> Done<Secret> {
        let handle = self.handle("secret", &["secret", "short-secret"])?;
        Ok(Secret::from_bytes(match handle {
            "short-secret" => b"123",
            _ => b"12345678901234567890",
        })?)
    }

    pub(super) fn key(&self, algorithm: &str) -> Done<Key> {
        Ok(Key::new(algorithm.parse()?, self.secret()?.expose())?)
    }

    pub(super) fn digits(&self) -> Done<Digits> {
        Ok(Digits::new(self.integer("digits")?)?)
    }

    pub(super) fn keyring(&self) -> Done<Keyring> {
        self.handle("keyring", &["keyring"])?;
        Ok(Keyring::generate(&[1; 32]))
    }
}
