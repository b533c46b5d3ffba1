//! The steps of an operation on a store, and the store's answers.

use alloc::vec::Vec;

use super::swap::{Kind, Listed, StoreKey, Swap};
use crate::Error;
use crate::list::list;

/// What an operation requires of the store next.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreStep {
    /// Load a value; answer [`StoreAnswer::Loaded`].
    Load {
        /// The kind of the value.
        kind: Kind,
        /// The key of the value.
        key: StoreKey,
    },
    /// Swap a value; answer [`StoreAnswer::Stored`], [`StoreAnswer::Conflict`],
    /// [`StoreAnswer::Expired`], [`StoreAnswer::Full`] or
    /// [`StoreAnswer::Unknown`].
    Swap(Swap),
    /// List documents, as [`Store::list`](super::Store::list); answer
    /// [`StoreAnswer::Listed`].
    List {
        /// The key after which the list begins.
        after: Option<StoreKey>,
        /// The greatest number of documents.
        limit: u32,
    },
}

/// The store's answer to a [`StoreStep`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreAnswer {
    /// The first answer, before any step.
    Begin,
    /// The value that was loaded, if there is one.
    Loaded(Option<Vec<u8>>),
    /// The swap is durably stored.
    Stored,
    /// The swap found this value instead of the expected one.
    Conflict(Option<Vec<u8>>),
    /// The swap inserts a value that expires before values that the store has
    /// already dropped: see [`Swapped::Expired`](super::Swapped::Expired).
    Expired,
    /// The documents that were listed.
    Listed(Vec<Listed>),
    /// The swap may or may not have been stored.
    Unknown,
    /// The step failed, without effect.
    Failed,
    /// There is no space for another value.
    Full,
}

list! {
    /// The kind of a step of an operation on a store. C, Java and JavaScript use
    /// the same numbers and names; `load` and `swap` are those of an exchange.
    #[non_exhaustive]
    pub enum StoreStepKind: u8 {
        /// Load a value.
        Load = 1, "load";
        /// Swap a value.
        Swap = 2, "swap";
        /// List documents.
        List = 8, "list";
    }
}

impl StoreAnswer {
    /// The value of a load.
    ///
    /// # Errors
    /// [`Error::StoreFailed`] for any other answer.
    pub fn loaded(self) -> Result<Option<Vec<u8>>, Error> {
        match self {
            Self::Loaded(value) => Ok(value),
            _ => Err(Error::StoreFailed),
        }
    }

    /// The documents of a list.
    ///
    /// # Errors
    /// [`Error::StoreFailed`] for any other answer.
    pub fn listed(self) -> Result<Vec<Listed>, Error> {
        match self {
            Self::Listed(documents) => Ok(documents),
            _ => Err(Error::StoreFailed),
        }
    }
}
