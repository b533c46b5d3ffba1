//! Values behind handles that wrap types of the core.

use alloc::boxed::Box;

use mpass_core::challenge::{Issued, Keyring, Pending, Verdict};
#[cfg(feature = "service")]
use mpass_core::service::{Engine, Exchange};
use mpass_core::store::StoreKey;

use crate::lock::Lock;

/// A keyring, which changes when a key is added.
pub(crate) type Keys = Lock<Keyring>;

/// An engine, which changes with the header of the store.
#[cfg(feature = "service")]
pub(crate) type Serving = Lock<Engine>;

/// An exchange, which one thread at a time may use.
#[cfg(feature = "service")]
pub(crate) type Running = Lock<Exchange>;

/// A pending write, until it is stored.
pub(crate) struct PendingOutcome(pub(crate) Lock<Option<Box<dyn AnyPending>>>);

/// What a pending write writes.
pub(crate) struct Written<'a> {
    pub(crate) key: StoreKey,
    pub(crate) expected: Option<&'a [u8]>,
    pub(crate) next: &'a [u8],
    pub(crate) expires_at_ms: Option<u64>,
}

/// A [`Pending`] with any type of outcome.
pub(crate) trait AnyPending: Send + Sync {
    fn written(&self) -> Written<'_>;
    fn is_written_in(&self, current: &[u8]) -> bool;
    fn stored(self: Box<Self>) -> Stored;
}

impl<T: Into<Stored> + Send + Sync> AnyPending for Pending<T> {
    fn written(&self) -> Written<'_> {
        Written {
            key: self.key(),
            expected: self.expected(),
            next: self.next(),
            expires_at_ms: self.expires_at_ms(),
        }
    }

    fn is_written_in(&self, current: &[u8]) -> bool {
        self.is_written_in(current)
    }

    fn stored(self: Box<Self>) -> Stored {
        Pending::stored(*self).into()
    }
}

/// The outcome of a stored write.
pub(crate) enum Stored {
    Issued(Issued),
    Verdict(Verdict),
    Balance(u64),
    Done,
}

impl From<Issued> for Stored {
    fn from(issued: Issued) -> Self {
        Self::Issued(issued)
    }
}

impl From<Verdict> for Stored {
    fn from(verdict: Verdict) -> Self {
        Self::Verdict(verdict)
    }
}

impl From<u64> for Stored {
    fn from(balance: u64) -> Self {
        Self::Balance(balance)
    }
}

impl From<()> for Stored {
    fn from((): ()) -> Self {
        Self::Done
    }
}
