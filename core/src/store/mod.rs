//! The host's storage as the engine sees it: load a value, swap a value.
//!
//! A store is correct when of any number of parallel swaps that expect
//! the same value of one key exactly one is stored, and when
//! what it calls stored is still there after a crash. A store that says
//! "stored" and forgets gives away free guesses; a store that says "conflict"
//! or fails without need costs a retry or a user's attempt, nothing else.

#[cfg(feature = "std")]
mod memory;
#[cfg(feature = "std")]
pub mod probe;

#[cfg(feature = "alloc")]
use alloc::vec::Vec;
use core::fmt;

#[cfg(feature = "alloc")]
use crate::Error;
use crate::list::list;
#[cfg(feature = "alloc")]
#[cfg(feature = "std")]
pub use memory::MemoryStore;

/// The longest value of [`Kind::State`], in bytes.
pub const MAX_STATE_LEN: usize = 96;
/// The longest value of [`Kind::Tenant`], in bytes.
pub const MAX_TENANT_LEN: usize = 4096;
/// An expiry that never comes.
pub const NEVER: u64 = u64::MAX;

list! {
    /// What a value is; a store keeps the two kinds apart.
    pub enum Kind: u8 {
        /// Records of at most 96 bytes that expire: challenges, tokens, limits.
        State = 1, "state";
        /// Channels, customers and clients, at most 4 KiB, which do not.
        Tenant = 2, "tenant";
    }
}

/// Where a value stands: 16 bytes that tell nothing about what they stand
/// for, derived from the keyring's locator key.
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

/// One compare-and-swap.
#[cfg(feature = "alloc")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Swap {
    /// Which kind of value.
    pub kind: Kind,
    /// Its place.
    pub key: StoreKey,
    /// What must stand there now; `None`: nothing.
    pub expected: Option<Vec<u8>>,
    /// What stands there afterwards.
    pub value: Vec<u8>,
    /// From this time on, in milliseconds of Unix time, the store may drop
    /// the value; never before. [`NEVER`] for values that stay.
    pub expires_at_ms: u64,
}

/// What became of a [`Swap`].
#[cfg(feature = "alloc")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Swapped {
    /// The new value stands and will survive a crash.
    Stored,
    /// Something else than expected stood there; this is it.
    Conflict(Option<Vec<u8>>),
}

/// A blocking store of the host.
///
/// `load` may return a value whose time has passed: the engine judges by the
/// times inside. It must return the newest stored value, not a replica's
/// older one; a stale value costs a conflict, never a verdict.
#[cfg(feature = "alloc")]
pub trait Store {
    /// The value at a key.
    ///
    /// # Errors
    /// [`Error::StoreFailed`] when the store cannot tell.
    fn load(&self, kind: Kind, key: &StoreKey) -> Result<Option<Vec<u8>>, Error>;

    /// Replaces a value if it is still the expected one. `now_ms` lets a
    /// store drop what has expired.
    ///
    /// # Errors
    /// [`Error::StoreFailed`] when nothing was stored, [`Error::StoreFull`]
    /// when there is no room for a new value, [`Error::StoreUnknown`] when
    /// nobody knows: the engine then reads the value back.
    fn swap(&self, swap: &Swap, now_ms: u64) -> Result<Swapped, Error>;
}
