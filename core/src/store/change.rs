//! A change of one value, in one call.

use alloc::boxed::Box;

use super::operation::{Decision, Environment, Moment, Settle};
use super::run::{LocalAsyncStore, begin_fresh, run, run_async};
use super::swap::{Kind, Store, StoreKey};
use crate::Error;

/// Decides what replaces a loaded value.
pub type Decide<'a, T, E = Error> =
    Box<dyn FnMut(Option<&[u8]>, Moment<'_>) -> Result<Decision<T>, E> + Send + Sync + 'a>;

/// A change of one value of a store: a decision that has not been made yet,
/// such as an attempt.
///
/// Run it on a blocking store with [`Self::run`] or on an asynchronous one with
/// [`Self::run_async`]: they load the value, decide, swap, decide again after a
/// conflict, and read the value back by its stamp if it is unknown whether the
/// swap was stored. The outcome is returned only once its value is stored. To
/// perform the steps yourself, take the [`Operation`](super::Operation) from
/// [`Self::begin`].
///
/// A change takes a clock and not a time: each decision is made at the time at
/// which the store has returned the value, so that a slow store does not lengthen
/// a life.
#[must_use = "a change does nothing until it is run"]
pub struct Change<'a, T, E = Error> {
    kind: Kind,
    key: StoreKey,
    decide: Decide<'a, T, E>,
    is_at_most_once: bool,
    known: Option<T>,
}

impl<'a, T, E: From<Error>> Change<'a, T, E> {
    /// The change of the value under `key` by `decide`, which is called again
    /// after each conflict.
    pub fn new(
        kind: Kind,
        key: StoreKey,
        decide: impl FnMut(Option<&[u8]>, Moment<'_>) -> Result<Decision<T>, E> + Send + Sync + 'a,
    ) -> Self {
        Self {
            kind,
            key,
            decide: Box::new(decide),
            is_at_most_once: false,
            known: None,
        }
    }

    /// A change that must not take effect twice: see [`Settle::at_most_once`].
    pub fn at_most_once(self) -> Self {
        Self {
            is_at_most_once: true,
            ..self
        }
    }

    /// With an outcome, if it is known without the value: nothing is loaded or
    /// written.
    pub fn unless(self, known: Option<T>) -> Self {
        Self { known, ..self }
    }

    /// The same change with outcomes of another type.
    pub fn map<U>(self, map: impl Fn(T) -> U + Send + Sync + 'a) -> Change<'a, U, E>
    where
        E: 'a,
        T: 'a,
    {
        let mut decide = self.decide;
        let known = self.known.map(&map);
        let decide = move |current: Option<&[u8]>, moment: Moment<'_>| {
            decide(current, moment).map(|decision| match decision {
                Decision::Write(swap, outcome) => Decision::Write(swap, map(outcome)),
                Decision::Keep(outcome) => Decision::Keep(map(outcome)),
            })
        };
        Change {
            kind: self.kind,
            key: self.key,
            decide: Box::new(decide),
            is_at_most_once: self.is_at_most_once,
            known,
        }
    }

    /// The outcome, if it is known without the value.
    #[must_use]
    pub fn known(self) -> Option<T> {
        self.known
    }

    /// The key of the value.
    #[must_use]
    pub fn key(&self) -> StoreKey {
        self.key
    }

    /// Decides once, from a loaded value: for a change that is part of another.
    ///
    /// # Errors
    /// Those of the decision.
    pub fn decide(mut self, current: Option<&[u8]>, moment: Moment<'_>) -> Result<Decision<T>, E> {
        (self.decide)(current, moment)
    }

    /// The operation without I/O. `entropy` is 32 fresh bytes from the host's
    /// random source.
    pub fn begin(self, entropy: &[u8; 32]) -> Settle<Decide<'a, T, E>, T> {
        let settle = Settle::new(self.kind, self.key, entropy, self.decide).unless(self.known);
        match self.is_at_most_once {
            true => settle.at_most_once(),
            false => settle,
        }
    }

    /// Runs the change on a blocking store.
    ///
    /// # Errors
    /// [`Error::EntropyFailed`], and those of
    /// [`Operation::next`](super::Operation::next). After an error, the change
    /// may have been stored, but its outcome is not known.
    pub fn run(self, store: &impl Store, environment: &impl Environment) -> Result<T, E> {
        let operation = begin_fresh(environment, |entropy| self.begin(entropy))?;
        run(store, environment, operation)
    }

    /// Runs the change on an asynchronous store. The future is `Send` if those
    /// of the store are. Dropping it cancels the change; a swap that is already
    /// stored, such as a counted attempt, stays stored.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub async fn run_async(
        self,
        store: &impl LocalAsyncStore,
        environment: &impl Environment,
    ) -> Result<T, E> {
        let operation = begin_fresh(environment, |entropy| self.begin(entropy))?;
        run_async(store, environment, operation).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Swap;

    #[test]
    fn a_mapped_change_differs_in_its_outcomes_alone() {
        let change = || {
            Change::<u8>::new(Kind::State, StoreKey([7; 16]), |current, moment| {
                let Some(current) = current else {
                    return Ok(Decision::Keep(1));
                };
                let swap = Swap {
                    kind: Kind::State,
                    key: StoreKey([7; 16]),
                    expected: Some(current.into()),
                    value: moment.entropy.into(),
                    expires_at_ms: Some(moment.now_ms),
                };
                Ok(Decision::Write(swap, 2))
            })
        };
        let moment = Moment {
            now_ms: 5,
            entropy: &[9; 32],
        };
        let decided = |current| change().map(|outcome| outcome * 10).decide(current, moment);
        assert!(matches!(decided(None), Ok(Decision::Keep(10))));
        let Ok(Decision::Write(swap, 20)) = decided(Some(&[3])) else {
            panic!("it is written");
        };
        assert_eq!(swap.expected.as_deref(), Some(&[3][..]));
        assert_eq!((swap.value, swap.expires_at_ms), ([9; 32].into(), Some(5)));
        let known = change().unless(Some(3)).map(|outcome| outcome * 10);
        assert_eq!(known.known(), Some(30));
        let once = change().at_most_once().map(|outcome| outcome);
        assert!(once.is_at_most_once);
    }
}
