//! The rules of a store.

use core::fmt;

use crate::Error;
use crate::store::Kind;
#[cfg(doc)]
use crate::store::Swapped;

/// The rule that a store violated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Failure {
    /// A load, swap or list failed.
    Store(Error),
    /// A key that was never stored has a value.
    NotEmpty(Kind),
    /// Not exactly one of the parallel swaps that expect no value was stored.
    Insert {
        /// The kind of the values.
        kind: Kind,
        /// The number of swaps answered with [`Swapped::Stored`].
        won: usize,
    },
    /// Not exactly one of the parallel swaps that expect the same value was
    /// stored.
    Replace {
        /// The kind of the values.
        kind: Kind,
        /// The number of swaps answered with [`Swapped::Stored`].
        won: usize,
    },
    /// A conflict did not return the value that won.
    Loser(Kind),
    /// A load did not return the value that was stored.
    Forgotten(Kind),
    /// A value of the greatest or least length was not returned unchanged.
    Length(Kind),
    /// A swap was stored although its expected value was not the current one.
    WrongValue(Kind),
    /// A swap that expected no value was stored over an existing value.
    NotAbsent(Kind),
    /// A swap that expected a value was stored although there was none.
    NotPresent(Kind),
    /// A swap that was answered with a conflict changed the stored value.
    Changed(Kind),
    /// A value of one kind was visible under the same key of the other kind.
    KindsMixed,
    /// A value was dropped before its expiry.
    DroppedEarly,
    /// A value that the store had dropped was stored anew after the clock was
    /// set back: see [`Swapped::Expired`].
    Revived,
    /// Documents were not listed in ascending order of their keys, or not after
    /// the key that was given.
    ListOrder,
    /// More documents were listed than requested.
    ListLimit,
    /// A state was listed.
    ListState,
    /// A document was not listed, or not as it is stored.
    ListMissing,
    /// The system could not start the requested number of threads. The store
    /// was not tested.
    Threads,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(error) => write!(f, "the store failed: {error}"),
            Self::NotEmpty(kind) => write!(f, "{kind:?}: a value where none was stored"),
            Self::Insert { kind, won } => {
                write!(f, "{kind:?}: {won} of the parallel inserts won, not 1")
            }
            Self::Replace { kind, won } => {
                write!(f, "{kind:?}: {won} of the parallel swaps won, not 1")
            }
            Self::Loser(kind) => write!(f, "{kind:?}: a conflict without the value that won"),
            Self::Forgotten(kind) => write!(f, "{kind:?}: a load that misses what was stored"),
            Self::Length(kind) => write!(f, "{kind:?}: a value that did not come back as it was"),
            Self::WrongValue(kind) => write!(f, "{kind:?}: stored over an unexpected value"),
            Self::NotAbsent(kind) => write!(f, "{kind:?}: inserted where a value stood"),
            Self::NotPresent(kind) => write!(f, "{kind:?}: replaced where nothing stood"),
            Self::Changed(kind) => write!(f, "{kind:?}: a refused swap changed the value"),
            Self::KindsMixed => f.write_str("a value was seen under the other kind"),
            Self::DroppedEarly => f.write_str("a value was dropped before its time"),
            Self::Revived => f.write_str("a value that was dropped was stored anew"),
            Self::ListOrder => f.write_str("documents were not listed in the order of their keys"),
            Self::ListLimit => f.write_str("more documents were listed than requested"),
            Self::ListState => f.write_str("a state was listed"),
            Self::ListMissing => f.write_str("a document was not listed as it is stored"),
            Self::Threads => f.write_str("the system starts no more threads"),
        }
    }
}

impl core::error::Error for Failure {}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Store(error)
    }
}
