//! The mistakes of `tests/misuse.json`, which every language makes, compiled
//! in. Each field is named as in the JSON.

// A file that does not parse is a broken build of the tests.
#![allow(clippy::panic, missing_docs)]

use std::collections::BTreeMap;

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    pub source: String,
    /// The right arguments of each call, by name.
    pub calls: BTreeMap<String, BTreeMap<String, Option<Value>>>,
    pub misuses: Vec<Misuse>,
}

/// One wrong argument.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Misuse {
    pub name: String,
    pub call: String,
    pub argument: String,
    pub value: Option<Value>,
    /// An error of the engine or a kind of mistake.
    pub error: String,
    /// The error in languages that answer with another.
    #[serde(default)]
    pub c: Option<String>,
    #[serde(default)]
    pub java: Option<String>,
    #[serde(default)]
    pub javascript: Option<String>,
}

/// A value of an argument; the name of the field is its type.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Value {
    /// Decimal, of any size and sign.
    Integer(String),
    /// Decimal, not whole.
    Fraction(String),
    Text(String),
    /// A text so many times.
    Repeated(String, usize),
    /// Text that is not Unicode, in whatever way a language allows that.
    Unpaired(bool),
    Texts(Vec<String>),
    /// Hexadecimal.
    Bytes(String),
    /// So many bytes of 0.
    Zeros(usize),
    /// A handle, by the name that every runner has for it.
    Handle(String),
    /// A handle after its end.
    Closed(String),
}

/// `misuse.json`.
#[must_use]
pub fn all() -> File {
    serde_json::from_str(include_str!("../misuse.json"))
        .unwrap_or_else(|error| panic!("misuse.json: {error}"))
}
