//! Operations on a store, without I/O: load a value, decide, swap, and decide
//! again from the value that won.

use alloc::vec::Vec;

use super::in_flight::{InFlight, SwapOutcome, stamp_of};
use super::step::{StoreAnswer, StoreStep};
use super::swap::{Kind, StoreKey, Swap};
use crate::Error;

/// Conflicts after which an operation gives up. Each of them means that another
/// writer made progress.
pub(crate) const MOST_CONFLICTS: u16 = 256;
/// An operation that is older decides nothing any more.
const LONGEST_LIFE_MS: u64 = 10_000;

/// The progress of an [`Operation`].
#[derive(Debug)]
#[must_use]
pub enum Progress<T> {
    /// Perform this step and pass its answer to [`Operation::next`].
    Step(StoreStep),
    /// The operation is over.
    Done(T),
}

/// An operation on a store.
///
/// Call [`Self::next`] with [`StoreAnswer::Begin`], perform the step, and call it
/// again with the answer until it is done: [`run`](super::run) and
/// [`run_async`](super::run_async) do so.
pub trait Operation {
    /// What the operation yields once it is done.
    type Outcome;
    /// Why it failed.
    type Error: From<Error>;

    /// Takes the answer to the last step. `now_ms` is the current time in
    /// milliseconds of Unix time: each decision uses the time of the answer that
    /// it is based on, so that a slow store does not lengthen a life.
    ///
    /// # Errors
    /// [`Error::StoreFailed`], [`Error::StoreFull`] or
    /// [`Error::StoreUnknown`] if the store failed; [`Error::TooManyConflicts`];
    /// [`Error::OperationTooOld`] if a decision is due more than 10 s after the
    /// first; and the errors of the operation itself. Any call after an error or
    /// the outcome is an error.
    fn next(
        &mut self,
        answer: StoreAnswer,
        now_ms: u64,
    ) -> Result<Progress<Self::Outcome>, Self::Error>;
}

/// A clock and a source of entropy.
///
/// A pair of closures is one.
pub trait Environment {
    /// The current time, in milliseconds of Unix time.
    fn now_ms(&self) -> u64;

    /// 32 fresh bytes from the system's random source.
    ///
    /// # Errors
    /// [`Error::EntropyFailed`] if the source failed.
    fn entropy(&self) -> Result<[u8; 32], Error>;
}

impl<N, E> Environment for (N, E)
where
    N: Fn() -> u64,
    E: Fn() -> Result<[u8; 32], Error>,
{
    fn now_ms(&self) -> u64 {
        self.0()
    }

    fn entropy(&self) -> Result<[u8; 32], Error> {
        self.1()
    }
}

/// What to do with a loaded value.
#[derive(Debug)]
pub enum Decision<T> {
    /// Replace it. The outcome is valid once the swap is stored.
    Write(Swap, T),
    /// Keep it.
    Keep(T),
}

/// The time of a decision and the entropy of its operation.
#[derive(Clone, Copy)]
pub struct Moment<'a> {
    /// The current time, in milliseconds of Unix time.
    pub now_ms: u64,
    /// 32 bytes of fresh entropy, the same for every decision of an operation.
    pub entropy: &'a [u8; 32],
}

/// The [`Operation`] on one value: it loads the value, decides, swaps, and
/// decides again after each conflict.
///
/// If the outcome of a swap is unknown, it reads the value back and recognizes
/// its own by the stamp, also when that swap is stored late. Without the stamp,
/// it decides again: the swap was not stored, or another writer has replaced its
/// value. A decision that must not take effect twice is made with
/// [`Self::at_most_once`].
pub struct Settle<D, T> {
    kind: Kind,
    key: StoreKey,
    entropy: zeroize::Zeroizing<[u8; 32]>,
    decide: D,
    state: SettleState<T>,
    /// The outcome, if it does not depend on the value.
    known: Option<T>,
    /// The swaps whose outcome stayed unknown.
    unsettled: Vec<InFlight<T>>,
    is_at_most_once: bool,
    conflicts: u16,
    began_at_ms: Option<u64>,
    now_ms: u64,
}

enum SettleState<T> {
    New,
    Loading,
    Swapping(InFlight<T>),
    Over,
}

impl<D, T> Settle<D, T> {
    /// The operation on the value under `key`. `entropy` is 32 fresh bytes from
    /// the host's random source. `decide` gets the current value; it is called
    /// again after each conflict.
    pub fn new<E>(kind: Kind, key: StoreKey, entropy: &[u8; 32], decide: D) -> Self
    where
        D: FnMut(Option<&[u8]>, Moment<'_>) -> Result<Decision<T>, E>,
    {
        Self {
            kind,
            key,
            entropy: zeroize::Zeroizing::new(*entropy),
            decide,
            state: SettleState::New,
            known: None,
            unsettled: Vec::new(),
            is_at_most_once: false,
            conflicts: 0,
            began_at_ms: None,
            now_ms: 0,
        }
    }

    /// Ends with [`Error::StoreUnknown`], instead of deciding again, if the
    /// outcome of a swap is unknown and another writer has replaced the value
    /// since: the swap may have taken effect. For decisions such as the addition
    /// of an amount, whose repetition would add it twice.
    #[must_use]
    pub fn at_most_once(mut self) -> Self {
        self.is_at_most_once = true;
        self
    }

    /// Ends with the outcome, if there is one, before anything is loaded.
    #[must_use]
    pub fn unless(mut self, known: Option<T>) -> Self {
        self.known = known;
        self
    }

    /// The error that ends the operation: an earlier swap may still be stored.
    fn certain(&self, error: Error) -> Error {
        match self.unsettled.is_empty() {
            true => error,
            false => Error::StoreUnknown,
        }
    }

    /// The outcome of an earlier swap that turns out to be stored.
    fn found(&mut self, current: Option<&[u8]>) -> Option<T> {
        let stamp = current.and_then(stamp_of)?;
        let at = self.unsettled.iter().position(|one| one.has_stamp(stamp));
        at.map(|at| self.unsettled.swap_remove(at).into_outcome())
    }

    fn decide<E>(&mut self, current: Option<&[u8]>) -> Result<Progress<T>, E>
    where
        D: FnMut(Option<&[u8]>, Moment<'_>) -> Result<Decision<T>, E>,
        E: From<Error>,
    {
        if let Some(outcome) = self.found(current) {
            return Ok(Progress::Done(outcome));
        }
        let is_replaced = self.unsettled.iter().any(|one| !one.replaces(current));
        if self.is_at_most_once && is_replaced {
            return Err(Error::StoreUnknown.into());
        }
        let began_at_ms = *self.began_at_ms.get_or_insert(self.now_ms);
        if self.now_ms - began_at_ms > LONGEST_LIFE_MS {
            return Err(self.certain(Error::OperationTooOld).into());
        }
        let moment = Moment {
            now_ms: self.now_ms,
            entropy: &self.entropy,
        };
        match (self.decide)(current, moment)? {
            Decision::Keep(outcome) => Ok(Progress::Done(outcome)),
            Decision::Write(swap, outcome) => {
                self.state = SettleState::Swapping(InFlight::begin(&swap, outcome));
                Ok(Progress::Step(StoreStep::Swap(swap)))
            }
        }
    }
}

impl<D, T> Settle<D, T> {
    /// Decides again, unless that happened too often.
    fn again<E>(&mut self, current: Option<&[u8]>) -> Result<Progress<T>, E>
    where
        D: FnMut(Option<&[u8]>, Moment<'_>) -> Result<Decision<T>, E>,
        E: From<Error>,
    {
        self.conflicts += 1;
        if self.conflicts > MOST_CONFLICTS {
            return Err(self.certain(Error::TooManyConflicts).into());
        }
        self.decide(current)
    }
}

impl<D, T, E> Operation for Settle<D, T>
where
    D: FnMut(Option<&[u8]>, Moment<'_>) -> Result<Decision<T>, E>,
    E: From<Error>,
{
    type Outcome = T;
    type Error = E;

    fn next(&mut self, answer: StoreAnswer, now_ms: u64) -> Result<Progress<T>, E> {
        // A clock that goes back does not lengthen the operation.
        self.now_ms = self.now_ms.max(now_ms);
        let state = core::mem::replace(&mut self.state, SettleState::Over);
        match state {
            SettleState::New if answer == StoreAnswer::Begin => {
                if let Some(outcome) = self.known.take() {
                    return Ok(Progress::Done(outcome));
                }
                self.began_at_ms = Some(self.now_ms);
                self.state = SettleState::Loading;
                let (kind, key) = (self.kind, self.key);
                Ok(Progress::Step(StoreStep::Load { kind, key }))
            }
            SettleState::Loading => {
                let current = answer.loaded()?;
                self.decide(current.as_deref())
            }
            SettleState::Swapping(in_flight) => match in_flight
                .next(answer)
                .map_err(|error| self.certain(error))?
            {
                SwapOutcome::Stored(outcome) => Ok(Progress::Done(outcome)),
                SwapOutcome::Again(current) => self.again(current.as_deref()),
                SwapOutcome::Unsettled(in_flight, current) => {
                    self.unsettled.push(in_flight);
                    self.again(current.as_deref())
                }
                SwapOutcome::Reread(in_flight) => {
                    let (kind, key) = in_flight.at();
                    self.state = SettleState::Swapping(in_flight);
                    Ok(Progress::Step(StoreStep::Load { kind, key }))
                }
            },
            SettleState::New | SettleState::Over => Err(Error::StoreFailed.into()),
        }
    }
}

#[cfg(test)]
#[path = "operation_tests.rs"]
pub(super) mod tests;
