use core::fmt;

use super::record::{RECORD_LEN, Record, Stamp};
use crate::store::StoreKey;

/// An outcome that may not be told yet: "store before you tell" as a type.
///
/// The host replaces [`Self::expected`] by [`Self::next`] at [`Self::key`] in
/// its store, in one compare-and-swap, and calls [`Self::stored`] once that
/// is durable. On a conflict it drops this value and decides again from the
/// one that won; when it does not know what became of the swap it reads the
/// store and asks [`Self::is_written_in`].
#[must_use = "the outcome exists only once the record is stored"]
pub struct Pending<T> {
    pub(super) key: StoreKey,
    pub(super) expected: Option<Record>,
    pub(super) next: Record,
    pub(super) stamp: Stamp,
    pub(super) expires_at_ms: u64,
    pub(super) outcome: T,
}

impl<T> Pending<T> {
    /// Where the record stands.
    #[must_use]
    pub fn key(&self) -> StoreKey {
        self.key
    }

    /// What must stand there for the swap; `None`: nothing.
    #[must_use]
    pub fn expected(&self) -> Option<&[u8]> {
        self.expected.as_ref().map(|record| &record[..])
    }

    /// What stands there afterwards.
    #[must_use]
    pub fn next(&self) -> &[u8; RECORD_LEN] {
        &self.next
    }

    /// From when on a store may drop the record, in milliseconds of Unix
    /// time: no count of it matters any longer.
    #[must_use]
    pub fn expires_at_ms(&self) -> u64 {
        self.expires_at_ms
    }

    /// Whether the value that now stands in the store is this writing: it
    /// carries this writing's stamp.
    #[must_use]
    pub fn is_written_in(&self, current: &[u8]) -> bool {
        // Format, key id, stamp: where every record has its stamp.
        current.get(3..11) == Some(&self.stamp)
    }

    /// The outcome. Call this only once the swap is durably stored.
    pub fn stored(self) -> T {
        self.outcome
    }
}

/// Shows the place only, never the outcome.
impl<T> fmt::Debug for Pending<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pending")
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}
