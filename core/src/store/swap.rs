//! Values, their keys, and the compare-and-swap that replaces one.

#[cfg(feature = "alloc")]
use alloc::vec::Vec;
use core::fmt;

#[cfg(feature = "alloc")]
use crate::Error;
use crate::list::list;

/// The longest value of [`Kind::State`], in bytes.
pub const MAX_STATE_LEN: usize = 96;
/// The longest value of [`Kind::Tenant`], in bytes.
pub const MAX_TENANT_LEN: usize = 4096;
/// The expiry of values that never expire.
pub const NEVER: u64 = u64::MAX;

list! {
    /// The kind of a value. A store keeps the two kinds separate.
    pub enum Kind: u8 {
        /// Records of at most 96 bytes: challenges, tokens and limits. Most of
        /// them expire.
        State = 1, "state";
        /// Channels, customers and clients, at most 4,096 bytes. They never
        /// expire.
        Tenant = 2, "tenant";
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
    /// value, but not earlier. [`NEVER`] for values that do not expire.
    pub expires_at_ms: u64,
}

/// The result of a [`Swap`].
#[cfg(feature = "alloc")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Swapped {
    /// The new value is stored durably.
    Stored,
    /// The current value, which is not the expected one.
    Conflict(Option<Vec<u8>>),
}

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
}
