//! Values behind handles that wrap types of the core.

use alloc::boxed::Box;

use mpass_core::Error;
use mpass_core::challenge::{Issued, Keyring, Pending, Refusal, Verdict};
#[cfg(feature = "service")]
use mpass_core::service::{Exchange, TenantWrite};

use mpass_core::store::{Operation, Progress, StoreAnswer};

use crate::lock::Lock;

/// A keyring, which changes when a key is added.
pub(crate) type Keys = Lock<Keyring>;

/// An exchange, which one thread at a time may use.
#[cfg(feature = "service")]
pub(crate) type Running = Lock<Exchange>;

/// The pending write of a tenant, until it is stored.
#[cfg(feature = "service")]
pub(crate) struct PendingTenant(pub(crate) Lock<Option<TenantWrite>>);

/// A pending write, until it is stored.
pub(crate) struct PendingOutcome(pub(crate) Lock<Option<Box<dyn AnyPending>>>);

/// A [`Pending`] with any type of outcome.
pub(crate) trait AnyPending: Send + Sync {
    fn is_written_in(&self, current: &[u8]) -> bool;
    fn stored(self: Box<Self>) -> Stored;
}

impl<T: Into<Stored> + Send + Sync> AnyPending for Pending<T> {
    fn is_written_in(&self, current: &[u8]) -> bool {
        self.is_written_in(current)
    }

    fn stored(self: Box<Self>) -> Stored {
        Pending::stored(*self).into()
    }
}

/// An operation on a store, which one thread at a time may drive.
pub(crate) type Driven = Lock<Box<dyn Steps>>;

/// An [`Operation`] with any type of outcome.
pub(crate) trait Steps: Send + Sync {
    fn next(&mut self, answer: StoreAnswer, now_ms: u64) -> Result<Progress<Stored>, Error>;
}

impl<O> Steps for O
where
    O: Operation<Outcome: Into<Stored>, Error = Error> + Send + Sync,
{
    fn next(&mut self, answer: StoreAnswer, now_ms: u64) -> Result<Progress<Stored>, Error> {
        Ok(match Operation::next(self, answer, now_ms)? {
            Progress::Step(step) => Progress::Step(step),
            Progress::Done(outcome) => Progress::Done(outcome.into()),
        })
    }
}

/// The outcome of a stored write.
pub(crate) enum Stored {
    Issued(Issued),
    Issue(Result<Issued, Refusal>),
    Verdict(Verdict),
    Balance(u64),
    Flag(bool),
    Done,
}

impl From<Issued> for Stored {
    fn from(issued: Issued) -> Self {
        Self::Issued(issued)
    }
}

impl From<Result<Issued, Refusal>> for Stored {
    fn from(issue: Result<Issued, Refusal>) -> Self {
        Self::Issue(issue)
    }
}

impl From<bool> for Stored {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
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
