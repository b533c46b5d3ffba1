//! The misuse cases of `tests/misuse.json`, which the tests of every language
//! run, compiled in. Fields are named as in the JSON.

// A file that does not parse is a bug in the tests.
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
    /// The expected error of the engine, or a kind of mistake.
    pub error: String,
    /// The expected error in languages where it differs.
    #[serde(default)]
    pub c: Option<String>,
    #[serde(default)]
    pub java: Option<String>,
    #[serde(default)]
    pub javascript: Option<String>,
}

/// The value of an argument. The name of the field is its type.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Value {
    /// Decimal, of any size and sign.
    Integer(String),
    /// Decimal, not whole.
    Fraction(String),
    Text(String),
    /// A text, repeated.
    Repeated(String, usize),
    /// Text that is not valid Unicode, in whatever way the language allows it.
    Unpaired(bool),
    Texts(Vec<String>),
    /// Hexadecimal.
    Bytes(String),
    /// A number of zero bytes.
    Zeros(usize),
    /// A handle, by the name that all runners use for it.
    Handle(String),
    /// A handle that was closed.
    Closed(String),
}

/// `misuse.json`.
#[must_use]
pub fn all() -> File {
    serde_json::from_str(include_str!("../misuse.json"))
        .unwrap_or_else(|error| panic!("misuse.json: {error}"))
}
