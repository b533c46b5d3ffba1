//! One swap, from its step to a certain outcome.

use alloc::vec::Vec;

use super::step::StoreAnswer;
use super::swap::{Kind, StoreKey, Swap};
use crate::Error;

/// A swap on its way to a certain outcome.
pub(crate) struct InFlight<T> {
    kind: Kind,
    key: StoreKey,
    /// The stamp of the expected value, if there is one.
    expected: Option<[u8; 8]>,
    stamp: Option<[u8; 8]>,
    outcome: T,
    reread: Reread,
    /// Whether an earlier swap with the same stamp may still be stored.
    is_repeated: bool,
}

/// Whether the value is being read back, and what its absence means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reread {
    No,
    /// After an unknown outcome: without the stamp, decide again.
    Unknown,
    /// After a failure: if the value is still the expected one, the operation
    /// fails. If it is another one, the swap may have been stored and replaced.
    Failed,
}

/// The result of an answer to a swap.
pub(crate) enum SwapOutcome<T> {
    /// The swap is stored, so its outcome is released.
    Stored(T),
    /// The swap was not stored, because the value is another one: decide again
    /// from it.
    Again(Option<Vec<u8>>),
    /// It stays unknown whether the swap was stored, and perhaps replaced since:
    /// decide again from the current value, where a repetition does no harm.
    Unsettled(InFlight<T>, Option<Vec<u8>>),
    /// Load the value again.
    Reread(InFlight<T>),
}

/// The stamp of a stored value, which is fresh for every write: it follows the
/// format (1 byte) and the record key id (2 bytes).
pub(crate) fn stamp_of(value: &[u8]) -> Option<[u8; 8]> {
    value.get(3..11)?.try_into().ok()
}

impl<T> InFlight<T> {
    pub(crate) fn begin(swap: &Swap, outcome: T) -> Self {
        Self {
            kind: swap.kind,
            key: swap.key,
            expected: swap.expected.as_deref().and_then(stamp_of),
            stamp: stamp_of(&swap.value),
            outcome,
            reread: Reread::No,
            is_repeated: false,
        }
    }

    /// The repetition of an earlier swap whose outcome stayed unknown: if it has the
    /// same stamp, that one is recognized also after a conflict.
    pub(crate) fn after(self, unsettled: Option<[u8; 8]>) -> Self {
        Self {
            is_repeated: unsettled.is_some() && unsettled == self.stamp,
            ..self
        }
    }

    /// The stamp of the swap's value.
    pub(crate) fn stamp(&self) -> Option<[u8; 8]> {
        self.stamp
    }

    /// Whether a value is the one that the swap replaces.
    pub(crate) fn replaces(&self, current: Option<&[u8]>) -> bool {
        self.expected == current.and_then(stamp_of)
    }

    /// Whether this is the stamp of the swap's value.
    pub(crate) fn has_stamp(&self, stamp: [u8; 8]) -> bool {
        self.stamp == Some(stamp)
    }

    pub(crate) fn into_outcome(self) -> T {
        self.outcome
    }

    /// Kind and key of the value.
    pub(crate) fn at(&self) -> (Kind, StoreKey) {
        (self.kind, self.key)
    }

    /// Takes the store's answer. After an unknown outcome, a value with the stamp
    /// of this swap means that it is stored. After a conflict it does not: if the
    /// entropy repeats, another caller may have written the same value, and only
    /// one of the two has stored it.
    pub(crate) fn next(self, answer: StoreAnswer) -> Result<SwapOutcome<T>, Error> {
        let current = match (self.reread, answer) {
            (Reread::No, StoreAnswer::Stored) => return Ok(SwapOutcome::Stored(self.outcome)),
            (Reread::No, StoreAnswer::Unknown) => return Ok(self.read_back(Reread::Unknown)),
            // A store may fail after it has stored the value.
            (Reread::No, StoreAnswer::Failed) => return Ok(self.read_back(Reread::Failed)),
            (Reread::No, StoreAnswer::Full) => return Err(Error::StoreFull),
            (Reread::No, StoreAnswer::Expired) => return Err(Error::StoreExpired),
            (Reread::No, StoreAnswer::Conflict(current)) => {
                let found = current.as_deref().and_then(stamp_of);
                return Ok(match self.is_repeated && found == self.stamp {
                    true => SwapOutcome::Stored(self.outcome),
                    false => SwapOutcome::Again(current),
                });
            }
            (Reread::Unknown | Reread::Failed, StoreAnswer::Loaded(current)) => current,
            (Reread::Unknown | Reread::Failed, _) => return Err(Error::StoreUnknown),
            (Reread::No, _) => return Err(Error::StoreFailed),
        };
        let found = current.as_deref().and_then(stamp_of);
        if found.is_some() && found == self.stamp {
            return Ok(SwapOutcome::Stored(self.outcome));
        }
        match self.reread {
            Reread::Failed if found == self.expected => Err(Error::StoreFailed),
            _ => Ok(SwapOutcome::Unsettled(self, current)),
        }
    }

    fn read_back(mut self, reread: Reread) -> SwapOutcome<T> {
        self.reread = reread;
        SwapOutcome::Reread(self)
    }
}
