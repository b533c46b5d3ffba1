//! The operations on a challenge as changes of a store, each in one call.

use super::alias::{Alias, Aliased};
use super::credits::Credits;
use super::life::Challenge;
use super::once::Once;
use super::outcome::{Attempt, ChallengeId, Issue, Issued};
use super::pending::Pending;
use super::spend::{Reservation, Spend};
use super::verdict::{Refusal, Verdict};
use crate::Error;
use crate::store::{Change, Decision, Kind, Moment, StoreKey};

/// The change of a record by an operation of this module.
pub(super) fn change<'a, T, R: Into<Decision<T>>>(
    key: StoreKey,
    mut decide: impl FnMut(Option<&[u8]>, Moment<'_>) -> Result<R, Error> + Send + Sync + 'a,
) -> Change<'a, T> {
    Change::new(Kind::State, key, move |current, moment| {
        decide(current, moment).map(Into::into)
    })
}

/// The record is written, and its outcome is valid once that is stored.
impl<T> From<Pending<T>> for Decision<T> {
    fn from(pending: Pending<T>) -> Self {
        let (swap, outcome) = pending.into_swap();
        Self::Write(swap, outcome)
    }
}

/// Whether anything is written.
impl From<Option<Pending<()>>> for Decision<bool> {
    fn from(pending: Option<Pending<()>>) -> Self {
        match pending {
            Some(pending) => Self::Write(pending.into_swap().0, true),
            None => Self::Keep(false),
        }
    }
}

impl From<Issue> for Decision<Result<Issued, Refusal>> {
    fn from(issue: Issue) -> Self {
        match issue {
            Issue::Pending(pending) => {
                let (swap, issued) = pending.into_swap();
                Self::Write(swap, Ok(issued))
            }
            Issue::Refused(refusal) => Self::Keep(Err(refusal)),
            Issue::Corrected(refusal, correction) => {
                Self::Write(correction.into_swap().0, Err(refusal))
            }
        }
    }
}

impl From<Attempt> for Decision<Verdict> {
    fn from(attempt: Attempt) -> Self {
        match attempt {
            Attempt::Pending(pending) => pending.into(),
            Attempt::Told(verdict) => Self::Keep(verdict),
        }
    }
}

impl From<Reservation> for Decision<Result<(), Refusal>> {
    fn from(reservation: Reservation) -> Self {
        match reservation {
            Reservation::Pending(pending) => Self::Write(pending.into_swap().0, Ok(())),
            Reservation::Refused(refusal) => Self::Keep(Err(refusal)),
            Reservation::Corrected(refusal, correction) => {
                Self::Write(correction.into_swap().0, Err(refusal))
            }
        }
    }
}

impl Challenge<'_> {
    /// [`Self::issue`] in one call: the issued challenge, to be delivered, or
    /// why none may be issued now.
    ///
    #[cfg_attr(feature = "std", doc = "```")]
    #[cfg_attr(not(feature = "std"), doc = "```ignore")]
    /// # use mpass_core::challenge::{Binding, Challenge, Keyring, Policy, Subject, SubjectKind, Verdict};
    /// # use mpass_core::store::MemoryStore;
    /// # let (keyring, policy) = (Keyring::generate(&[7; 32]), Policy::default());
    /// # let subject = Subject::parse(SubjectKind::Number, "+966500000000")?;
    /// # let binding = Binding { service: "login", tenant: b"acme", subject: &subject, context: "" };
    /// # let store = MemoryStore::new(100);
    /// # let now_ms = || 1_700_000_000_000;
    /// # let entropy = || Ok([1; 32]);
    /// let environment = (now_ms, entropy); // a clock and the system's random source
    /// let challenge = Challenge::new(&keyring, &policy, binding);
    /// match challenge.issuing().run(&store, &environment)? {
    ///     Ok(issued) => {
    ///         // Send issued.code; later:
    ///         let typed = issued.code.as_str();
    ///         let verdict = challenge.attempting(typed).run(&store, &environment)?;
    ///         assert_eq!(verdict, Verdict::Accept);
    ///     }
    ///     Err(refusal) => println!("retry at {:?}", refusal.retry_at_ms),
    /// }
    /// # Ok::<(), mpass_core::Error>(())
    /// ```
    pub fn issuing(&self) -> Change<'_, Result<Issued, Refusal>> {
        change(self.key(), |current, moment| {
            self.issue(current, moment.now_ms, moment.entropy)
        })
    }

    /// [`Self::attempt`] in one call. The verdict is returned once the attempt
    /// is counted in the store; [`Verdict::Malformed`] is returned at once.
    pub fn attempting<'b>(&'b self, typed: &'b str) -> Change<'b, Verdict> {
        let change = change(self.key(), move |current, moment| {
            self.attempt(current, typed, moment.now_ms, moment.entropy)
        });
        change.unless(Verdict::of_malformed(&[typed]))
    }

    /// [`Self::attempt_at`] in one call.
    pub fn attempting_at<'b>(&'b self, id: ChallengeId, typed: &'b str) -> Change<'b, Verdict> {
        let change = change(self.key(), move |current, moment| {
            self.attempt_at(id, current, typed, moment.now_ms, moment.entropy)
        });
        change.unless(Verdict::of_malformed(&[typed]))
    }

    /// [`Self::refund`] in one call. `false` if this challenge is no longer
    /// live.
    pub fn refunding(&self, id: ChallengeId) -> Change<'_, bool> {
        change(self.key(), move |current, moment| {
            self.refund(current, id, moment.now_ms, moment.entropy)
        })
    }

    /// [`Self::unlock`] in one call: `false` if there is no record.
    pub fn unlocking(&self) -> Change<'_, bool> {
        change(self.key(), |current, moment| match current {
            None => Ok(None),
            Some(_) => self
                .unlock(current, moment.now_ms, moment.entropy)
                .map(Some),
        })
    }
}

impl Spend<'_> {
    /// [`Self::reserve`] in one call. An unknown outcome may cost a send, but
    /// never allows another.
    pub fn reserving(&self) -> Change<'_, Result<(), Refusal>> {
        change(self.key(), |current, moment| {
            self.reserve(current, moment.now_ms, moment.entropy)
        })
    }
}

impl Spend<'_> {
    /// [`Self::give_back`] in one call, at most once per reservation. After
    /// [`Error::StoreUnknown`], do not repeat it.
    pub fn giving_back(&self) -> Change<'_, ()> {
        let change = change(self.key(), |current, moment| {
            self.give_back(current, moment.now_ms, moment.entropy)
        });
        change.at_most_once()
    }
}

impl Credits<'_> {
    /// [`Self::give_back`] in one call, at most once per reservation. After
    /// [`Error::StoreUnknown`], do not repeat it.
    pub fn giving_back(&self) -> Change<'_, ()> {
        let change = change(self.key(), |current, moment| {
            self.give_back(current, moment.now_ms, moment.entropy)
        });
        change.at_most_once()
    }

    /// [`Self::add`] in one call: the new balance. After
    /// [`Error::StoreUnknown`], read the balance before adding again.
    pub fn adding(&self, paid: u64) -> Change<'_, u64> {
        let change = change(self.key(), move |current, moment| {
            self.add(current, paid, moment.now_ms, moment.entropy)
        });
        change.at_most_once()
    }

    /// [`Self::reserve`] in one call. An unknown outcome may cost a credit, but
    /// never makes one.
    pub fn reserving(&self) -> Change<'_, Result<(), Refusal>> {
        change(self.key(), |current, moment| {
            self.reserve(current, moment.now_ms, moment.entropy)
        })
    }
}

impl Once<'_> {
    /// [`Self::take`] in one call: `true` if this was the use, `false` if the
    /// object was used before or is past its lifetime.
    ///
    /// [`Error::StoreExpired`] means that a record of an earlier use may already
    /// have been dropped: refuse the object.
    pub fn taking(&self, good_until_ms: Option<u64>) -> Change<'_, bool> {
        change(self.key(), move |current, moment| {
            let is_over = good_until_ms.is_some_and(|until| moment.now_ms >= until);
            if current.is_some() || is_over {
                return Ok(None);
            }
            self.take(good_until_ms, moment.now_ms, moment.entropy)
                .map(Some)
        })
    }
}

impl Alias<'_> {
    /// [`Self::write`] in one call: `false` if the public id is taken, so that
    /// another one must be chosen.
    pub fn writing<'b>(&'b self, aliased: &'b Aliased) -> Change<'b, bool> {
        change(self.key(), move |current, moment| match current {
            Some(_) => Ok(None),
            None => self.write(aliased, moment.now_ms, moment.entropy).map(Some),
        })
    }
}

#[cfg(all(test, feature = "std"))]
#[path = "change_tests/mod.rs"]
mod tests;
