//! A field's value without its meaning.

use alloc::string::String;
use alloc::vec::Vec;

/// A value of a setting, of the type that its field's
/// [`Kind`](super::Kind) names.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Value {
    /// True or false.
    Flag(bool),
    /// A whole number, or a duration in milliseconds.
    Number(u64),
    /// A rate.
    Limit {
        /// Most events in any window.
        events: u32,
        /// The window in milliseconds.
        window_ms: u64,
        /// Most events at once.
        burst: u32,
    },
    /// A text, or one of a few.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A list of whole numbers.
    Numbers(Vec<u64>),
    /// A list of texts.
    Texts(Vec<String>),
}
