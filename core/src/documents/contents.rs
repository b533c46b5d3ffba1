//! What a document contains, and what becomes of it.

use alloc::vec::Vec;
use core::fmt;

use zeroize::Zeroizing;

use crate::Error;
use crate::challenge::Opened;
use crate::store::Stamp;

/// The contents of a document, wiped on drop. `Debug` does not show them.
#[derive(Clone)]
pub struct Contents {
    bytes: Zeroizing<Vec<u8>>,
    expires_at_ms: Option<u64>,
    stamp: Option<Stamp>,
}

impl Contents {
    /// Contents to write, which do not expire: at most 16,351 bytes.
    #[must_use]
    pub fn new(bytes: impl Into<Zeroizing<Vec<u8>>>) -> Self {
        Self {
            bytes: bytes.into(),
            expires_at_ms: None,
            stamp: None,
        }
    }

    /// With the time from which the document counts as absent, in milliseconds of
    /// Unix time.
    #[must_use]
    pub fn until(self, expires_at_ms: u64) -> Self {
        Self {
            expires_at_ms: Some(expires_at_ms),
            ..self
        }
    }

    /// The bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The time from which the document counts as absent, in milliseconds of Unix
    /// time; `None` if it does not expire.
    #[must_use]
    pub fn expires_at_ms(&self) -> Option<u64> {
        self.expires_at_ms
    }

    /// The stamp of the write, if the contents were read.
    #[must_use]
    pub fn stamp(&self) -> Option<Stamp> {
        self.stamp
    }

    /// # Errors
    /// [`Error::Changed`] if a stamp is expected and this is another one.
    pub fn expect(&self, stamp: Option<Stamp>) -> Result<(), Error> {
        match stamp.is_none() || stamp == self.stamp {
            true => Ok(()),
            false => Err(Error::Changed),
        }
    }

    pub(super) fn read(opened: Opened, stamp: Stamp) -> Self {
        Self {
            bytes: opened.contents,
            expires_at_ms: opened.expires_at_ms,
            stamp: Some(stamp),
        }
    }

    pub(super) fn into_opened(self) -> Opened {
        Opened {
            contents: self.bytes,
            expires_at_ms: self.expires_at_ms,
        }
    }
}

impl fmt::Debug for Contents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Contents")
            .field("len", &self.bytes.len())
            .field("expires_at_ms", &self.expires_at_ms)
            .field("stamp", &self.stamp)
            .finish_non_exhaustive()
    }
}

/// What becomes of a document.
#[derive(Debug)]
pub enum Next<T> {
    /// It is replaced or created.
    Write(Contents, T),
    /// It is removed. The store keeps an empty value for a day.
    Remove(T),
    /// It stays as it is.
    Keep(T),
}

/// The outcome of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Changed<T> {
    /// What the change yields.
    pub outcome: T,
    /// The stamp of the document; `None` if there is none.
    pub stamp: Option<Stamp>,
}
