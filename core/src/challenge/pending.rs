//! Outcomes that are released only once their record is stored.

use core::fmt;

use super::record::{RECORD_LEN, Record, Stamp};
use crate::store::StoreKey;
#[cfg(feature = "alloc")]
use crate::store::{Kind, Swap};

/// An outcome that must not be released before its record is stored.
///
/// The host replaces [`Self::expected`] by [`Self::next`] under [`Self::key`]
/// in its store, in one compare-and-swap, and calls [`Self::stored`] once that
/// is durable. On a conflict it drops this value and repeats the operation with
/// the record that won. If the outcome of the swap is unknown, it reads the
/// store and calls [`Self::is_written_in`].
#[must_use = "the outcome exists only once the record is stored"]
pub struct Pending<T> {
    pub(super) key: StoreKey,
    pub(super) expected: Option<Record>,
    pub(super) next: Record,
    pub(super) stamp: Stamp,
    pub(super) expires_at_ms: Option<u64>,
    pub(super) outcome: T,
}

impl<T> Pending<T> {
    /// The store key of the record.
    #[must_use]
    pub fn key(&self) -> StoreKey {
        self.key
    }

    /// The record that the swap must replace. `None` if there must be none.
    #[must_use]
    pub fn expected(&self) -> Option<&[u8]> {
        self.expected.as_ref().map(|record| &record[..])
    }

    /// The new record.
    #[must_use]
    pub fn next(&self) -> &[u8; RECORD_LEN] {
        &self.next
    }

    /// The time from which the store may drop the record, in milliseconds of
    /// Unix time: no count in it has any effect then. It is rounded up to
    /// a whole minute. `None` if the record does not expire.
    #[must_use]
    pub fn expires_at_ms(&self) -> Option<u64> {
        self.expires_at_ms
    }

    /// Whether the value now in the store is the one of this write, which is
    /// recognised by its stamp. Only for a swap whose outcome is unknown: after a
    /// conflict, the value is another caller's, which has the same stamp if the
    /// host's entropy repeats.
    #[must_use]
    pub fn is_written_in(&self, current: &[u8]) -> bool {
        // Every record begins with the format (1 byte), the key id (2 bytes)
        // and the stamp.
        current.get(3..11) == Some(&self.stamp)
    }

    /// The swap that stores the record, and the outcome, which is valid only
    /// once that swap is stored.
    #[cfg(feature = "alloc")]
    pub(crate) fn into_swap(self) -> (Swap, T) {
        let swap = Swap {
            kind: Kind::State,
            key: self.key,
            expected: self.expected.map(|record| record.to_vec()),
            value: self.next.to_vec(),
            expires_at_ms: self.expires_at_ms,
        };
        (swap, self.outcome)
    }

    /// Returns the outcome. Call this only once the swap is durably stored.
    pub fn stored(self) -> T {
        self.outcome
    }
}

/// Shows only the store key, never the outcome.
impl<T> fmt::Debug for Pending<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pending")
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}
