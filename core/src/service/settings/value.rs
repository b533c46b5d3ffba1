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
