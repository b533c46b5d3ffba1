//! What a copy needs from a store: all of its contents, with their ends.

use core::future::Future;

use futures_util::future::join_all;
use mpass_core::Error;
use mpass_core::store::{Kind, StoreKey, Swap, Swapped};

/// An end that is later than this (in the year 9999) is as none: Redis and PostgreSQL
/// do not keep it.
const LATEST_MS: u64 = 253_402_300_799_999;
/// How long a value is kept after its end, so that clocks may differ.
pub(crate) const MARGIN_MS: u64 = 24 * 60 * 60 * 1000;

/// How far the clocks of the copy and of the stores differ at most without a difference
/// in what is left out.
pub(super) const CLOCKS_MS: u64 = 10 * 60 * 1000;

/// A value of a store, with its key and its end.
#[derive(Clone, PartialEq, Eq)]
pub struct Record {
    /// Its key.
    pub key: StoreKey,
    /// The value.
    pub value: Vec<u8>,
    /// The time in milliseconds of Unix time from which it may be dropped; `None` if it
    /// does not end.
    pub expires_at_ms: Option<u64>,
}

impl core::fmt::Debug for Record {
    /// Without the value.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Record")
            .field("key", &self.key)
            .field("expires_at_ms", &self.expires_at_ms)
            .finish_non_exhaustive()
    }
}

impl Record {
    /// The end, if every store keeps it.
    pub(super) fn end(&self) -> Option<u64> {
        self.expires_at_ms.filter(|end| *end <= LATEST_MS)
    }

    /// Whether every store may have dropped it by `now_ms`.
    pub(super) fn has_expired(&self, now_ms: u64) -> bool {
        self.end()
            .is_some_and(|end| end.saturating_add(MARGIN_MS) <= now_ms.saturating_add(CLOCKS_MS))
    }

    /// The swap that puts it where `expected` stands.
    pub(crate) fn swap(self, kind: Kind, expected: Option<Vec<u8>>) -> Swap {
        Swap {
            kind,
            key: self.key,
            expected,
            expires_at_ms: self.end(),
            value: self.value,
        }
    }
}

/// The highest end of a value that a store has dropped, or may have dropped, by kind: an
/// insert that ends no later is [`Swapped::Expired`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dropped {
    /// That of a state, in milliseconds of Unix time.
    pub state_ms: Option<u64>,
    /// That of a document.
    pub document_ms: Option<u64>,
}

impl Dropped {
    /// The later of both, by kind.
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        Self {
            state_ms: self.state_ms.max(other.state_ms),
            document_ms: self.document_ms.max(other.document_ms),
        }
    }

    /// With a value of a kind that was dropped, too.
    pub(super) fn with(self, kind: Kind, end_ms: Option<u64>) -> Self {
        self.max(match kind {
            Kind::State => Self {
                state_ms: end_ms,
                document_ms: None,
            },
            Kind::Document => Self {
                state_ms: None,
                document_ms: end_ms,
            },
        })
    }
}

/// A store that can be copied, and that a copy can be written to. All of it works
/// although the store is closed, and on a node that was not admitted.
pub trait Contents: Send + Sync {
    /// As [`Store::load`](mpass_core::store::Store::load).
    ///
    /// # Errors
    /// [`Error::StoreFailed`].
    fn load(
        &self,
        kind: Kind,
        key: StoreKey,
    ) -> impl Future<Output = Result<Option<Vec<u8>>, Error>> + Send;

    /// As [`Store::swap`](mpass_core::store::Store::swap).
    ///
    /// # Errors
    /// As there.
    fn swap(&self, swap: Swap, now_ms: u64) -> impl Future<Output = Result<Swapped, Error>> + Send;

    /// At most `limit` values of a kind after a key, in the order of their keys; empty
    /// at the end, and only there. An end may be later than the one that was stored, but
    /// not earlier.
    ///
    /// # Errors
    /// [`Error::StoreFailed`].
    fn records(
        &self,
        kind: Kind,
        after: Option<StoreKey>,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<Record>, Error>> + Send;

    /// Writes values at keys where nothing stands, and returns how many were written.
    ///
    /// # Errors
    /// As [`Self::swap`]; some may have been written.
    fn insert(
        &self,
        kind: Kind,
        records: Vec<Record>,
        now_ms: u64,
    ) -> impl Future<Output = Result<u64, Error>> + Send {
        let swaps = records
            .into_iter()
            .map(move |record| self.swap(record.swap(kind, None), now_ms));
        async move {
            let mut written = 0;
            for swapped in join_all(swaps).await {
                written += u64::from(swapped? == Swapped::Stored);
            }
            Ok(written)
        }
    }

    /// What it has dropped, or may have dropped by `now_ms`.
    ///
    /// # Errors
    /// [`Error::StoreFailed`].
    fn dropped(&self, now_ms: u64) -> impl Future<Output = Result<Dropped, Error>> + Send;

    /// Takes over what another store has dropped. `false` if it cannot keep that.
    ///
    /// # Errors
    /// As [`Self::swap`].
    fn raise_dropped(&self, dropped: Dropped) -> impl Future<Output = Result<bool, Error>> + Send;

    /// Whether the engine of the store drops values by a clock of its own. Then
    /// [`Self::records`] shows when it does: 24 hours after the end that was stored.
    fn drops_by_itself(&self, kind: Kind) -> bool;
}
