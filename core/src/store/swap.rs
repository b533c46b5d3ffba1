//! Values, their keys, and the compare-and-swap that replaces one.

#[cfg(feature = "alloc")]
use alloc::vec::Vec;
use core::fmt;

#[cfg(feature = "alloc")]
use crate::Error;
use crate::list::list;

/// The longest value of [`Kind::State`], in bytes.
pub const MAX_STATE_LEN: usize = 96;
/// The longest value of [`Kind::Document`], in bytes.
pub const MAX_DOCUMENT_LEN: usize = 16 * 1024;

list! {
    /// The kind of a value. A store keeps the two kinds separate.
    pub enum Kind: u8 {
        /// Records of at most 96 bytes: challenges, tokens and limits. Most of
        /// them expire.
        State = 1, "state";
        /// Sealed documents of at most 16,384 bytes: channels, customers and
        /// clients, and the header of the store. Most of them do not expire.
        Document = 2, "document";
    }
}

/// The key of a value: 16 bytes derived from the keyring's locator key, which
/// reveal nothing about what they identify.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StoreKey(pub [u8; 16]);

impl fmt::Debug for StoreKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for byte in self.0 {
            write!(f, "{byte:02x}")?;
        }
        Ok(())
    }
}

/// A compare-and-swap.
#[cfg(feature = "alloc")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Swap {
    /// The kind of the value.
    pub kind: Kind,
    /// The key of the value.
    pub key: StoreKey,
    /// The current value that is required. `None` if there must be none.
    pub expected: Option<Vec<u8>>,
    /// The new value.
    pub value: Vec<u8>,
    /// The time in milliseconds of Unix time from which the store may drop the
    /// value, but not earlier. `None` if the value does not expire.
    pub expires_at_ms: Option<u64>,
}

/// The result of a [`Swap`].
#[cfg(feature = "alloc")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Swapped {
    /// The new value is stored durably.
    Stored,
    /// The current value, which is not the expected one.
    Conflict(Option<Vec<u8>>),
    /// Nothing was stored: there is no value, none is expected, and the new
    /// one expires no later than a value that the store has already dropped. An
    /// earlier value of this key may be among those, so that an insert would
    /// undo it: a token could be used a second time after a clock that was
    /// ahead is set back.
    Expired,
}

/// A document with its key, as listed by a store.
#[cfg(feature = "alloc")]
pub type Listed = (StoreKey, Vec<u8>);

/// A blocking store.
///
/// `load` may return an expired value, because the engine checks the times
/// within it. It must return the latest stored value, not an older one from a
/// replica; a stale value causes a conflict, never a wrong verdict.
#[cfg(feature = "alloc")]
pub trait Store {
    /// Loads the value of a key.
    ///
    /// # Errors
    /// [`Error::StoreFailed`] if the store cannot be read.
    fn load(&self, kind: Kind, key: &StoreKey) -> Result<Option<Vec<u8>>, Error>;

    /// Replaces a value if it is the expected one. A store may use `now_ms` to
    /// drop expired values.
    ///
    /// # Errors
    /// [`Error::StoreFailed`] if nothing was stored, [`Error::StoreFull`] if
    /// there is no space for a new value, [`Error::StoreUnknown`] if the
    /// outcome is unknown, in which case the engine reads the value back.
    fn swap(&self, swap: &Swap, now_ms: u64) -> Result<Swapped, Error>;

    /// Lists the values of [`Kind::Document`] with a key after `after`, in
    /// ascending order of their keys as unsigned bytes, at most `limit` of them.
    /// Fewer than `limit` mean that there are no more. A value that changes
    /// meanwhile is listed in its old or its new form.
    ///
    /// # Errors
    /// [`Error::StoreFailed`] if the store cannot be read.
    fn list(&self, after: Option<&StoreKey>, limit: u32) -> Result<Vec<Listed>, Error>;
}
