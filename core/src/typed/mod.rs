//! Text that a person typed or pasted: digits of every script, and the
//! characters between them that mean nothing.
//!
//! Which characters are which is decided by Unicode's properties, not by a list
//! of our own; see `table`.

mod character;
mod code;
mod table;

pub(crate) use character::{Character, classify, is_plus};
#[cfg(feature = "alloc")]
pub(crate) use code::TYPED_BYTES;
pub(crate) use code::{LONGEST, TypedCode};
