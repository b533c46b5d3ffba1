//! The life cycle of a challenge: what a record allows at a given time, and the
//! record that replaces it.

use super::binding::Binding;
use super::keyring::Keyring;
use super::limit::Bucket;
use super::outcome::{Attempt, ChallengeId, Issue, Issued};
use super::pending::Pending;
use super::policy::Policy;
use super::slot::{Slot, WriteContext};
use super::state::{FORMAT, Phase, State, UNLOCKS};
use super::verdict::{Refusal, RefusalReason, Verdict};
use crate::Error;
use crate::labels;
use crate::oath::{Algorithm, Code, Hotp, Key};
use crate::store::StoreKey;
use crate::typed::TypedCode;

/// How long the count of consecutive failures is kept after the last failure.
const FAILURES_KEPT_MS: u64 = 30 * 24 * 3600 * 1000;
/// How far a clock may be behind the time of the last write before the
/// challenge ends. The clocks of a fleet are expected to differ by less.
const CLOCK_SKEW_MS: u64 = 5000;

/// The challenge of one subject under one policy: the operations on the record
/// stored under [`Self::key`].
///
/// On a store, an operation is one call, for example `issuing` and
/// `attempting` (feature `alloc`). The other methods take the loaded record and return the
/// record to replace it with. No state is kept between calls.
pub struct Challenge<'a> {
    slot: Slot<'a>,
    pub(super) policy: &'a Policy,
    binding: Binding<'a>,
    kept_ms: u64,
    restored_at_ms: Option<u64>,
}

impl State {
    /// Adjusts the times in the record to the current clock. If the clock went
    /// back, the challenge has at most as much time left as at the last write,
    /// and none if the difference exceeds [`CLOCK_SKEW_MS`]. If a clock had
    /// jumped ahead, waits are limited to what the policy allows. Returns
    /// whether a wait was shortened.
    fn settle(&mut self, policy: &Policy, now_ms: u64) -> bool {
        let settings = policy.settings();
        if now_ms < self.written_at {
            let left = self.ends_at.saturating_sub(self.written_at);
            self.ends_at = match self.written_at - now_ms {
                0..=CLOCK_SKEW_MS => now_ms.saturating_add(left),
                _ => 0,
            };
        }
        self.written_at = now_ms;
        let waits = |state: &Self| {
            (
                state.resend_at,
                state.locked_until,
                state.sends,
                state.guesses,
                state.unlocks,
            )
        };
        let before = waits(self);
        let latest = |wait_ms: u64| now_ms.saturating_add(wait_ms);
        self.resend_at = self.resend_at.min(latest(settings.resend_interval_ms));
        self.locked_until = self.locked_until.min(latest(settings.lock_ms));
        self.sends = self.sends.settled(settings.sends, now_ms);
        self.guesses = self.guesses.settled(settings.guesses, now_ms);
        self.unlocks = self.unlocks.settled(UNLOCKS, now_ms);
        before != waits(self)
    }

    /// The send bucket after another send, or why no send is allowed now.
    fn may_send(&self, policy: &Policy, now_ms: u64) -> Result<Bucket, Refusal> {
        let settings = policy.settings();
        let refusal = |reason| {
            move |retry_at_ms| Refusal {
                reason,
                retry_at_ms: Some(retry_at_ms),
            }
        };
        if self.locked_until > now_ms {
            return Err(refusal(RefusalReason::Locked)(self.locked_until));
        }
        self.guesses
            .take(settings.guesses, now_ms)
            .map_err(refusal(RefusalReason::Guesses))?;
        if self.resend_at > now_ms {
            return Err(refusal(RefusalReason::ResendInterval)(self.resend_at));
        }
        self.sends
            .take(settings.sends, now_ms)
            .map_err(refusal(RefusalReason::Sends))
    }

    /// The guess bucket after another wrong guess, or the verdict if the code
    /// must not be compared now.
    fn may_guess(&self, policy: &Policy, now_ms: u64) -> Result<Bucket, Verdict> {
        match self.phase {
            Phase::None | Phase::Voided => Err(Verdict::NoChallenge),
            Phase::Used => Err(Verdict::Used),
            Phase::Exhausted => Err(Verdict::Exhausted),
            Phase::Live if self.locked_until > now_ms => Err(Verdict::Locked),
            Phase::Live if self.ends_at <= now_ms => Err(Verdict::Expired),
            Phase::Live => self
                .guesses
                .take(policy.settings().guesses, now_ms)
                .map_err(|_| Verdict::Limited),
        }
    }

    /// The time from which the record has no effect.
    fn expires_at(&self) -> u64 {
        let failures = match self.failures {
            0 => 0,
            _ => self.written_at.saturating_add(FAILURES_KEPT_MS),
        };
        [
            self.ends_at,
            self.sends.0,
            self.guesses.0,
            self.resend_at,
            self.locked_until,
            self.kept_until,
            self.unlocks.0,
            failures,
        ]
        .into_iter()
        .fold(0, u64::max)
    }
}

impl<'a> Challenge<'a> {
    /// Creates the challenge of a subject.
    #[must_use]
    pub fn new(keyring: &'a Keyring, policy: &'a Policy, binding: Binding<'a>) -> Self {
        Self {
            slot: Slot {
                keyring,
                key: binding.store_key(keyring),
                format: FORMAT,
            },
            policy,
            binding,
            kept_ms: 0,
            restored_at_ms: None,
        }
    }

    /// After the store was restored from a backup at this time, in milliseconds
    /// of Unix time ([`super::Header::restored_at_ms`]): a challenge that was
    /// last written before it is void, because attempts may have been lost. The
    /// verdict is [`Verdict::NoChallenge`]. Counts and limits stay. Before that
    /// time nothing is issued.
    #[must_use]
    pub fn restored_at(self, restored_at_ms: Option<u64>) -> Self {
        Self {
            restored_at_ms,
            ..self
        }
    }

    /// Keeps the record for at least this many milliseconds after each issue,
    /// for as long as something refers to it, such as an [`super::Alias`].
    #[must_use]
    pub fn kept(self, kept_ms: u64) -> Self {
        Self { kept_ms, ..self }
    }

    /// The store key of the record, of kind [`crate::store::Kind::State`].
    #[must_use]
    pub fn key(&self) -> StoreKey {
        self.slot.key
    }

    /// Issues a new challenge, which supersedes the current one, or refuses.
    /// The counts of failures, sends and guesses continue.
    ///
    /// `current` is the loaded record, `now_ms` the Unix time in milliseconds,
    /// `entropy` 32 fresh bytes from the host's random source.
    ///
    /// # Errors
    /// [`Error::RecordFormat`], [`Error::RecordForged`] or
    /// [`Error::UnknownRecordKey`] if `current` is not an authentic record for
    /// this store key. Treat it as a store error. [`Error::RestoredLater`] before
    /// the time of [`Self::restored_at`].
    pub fn issue(
        &self,
        current: Option<&[u8]>,
        now_ms: u64,
        entropy: &[u8; 32],
    ) -> Result<Issue, Error> {
        if self.restored_at_ms.is_some_and(|at_ms| at_ms > now_ms) {
            // A code from before that time would not be accepted.
            return Err(Error::RestoredLater);
        }
        let write_context = WriteContext::new(current, now_ms, entropy, b"issue");
        let (mut state, was_ahead) = self.open(write_context)?;
        let settings = self.policy.settings();
        state.sends = match state.may_send(self.policy, now_ms) {
            Ok(sends) => sends,
            Err(refusal) if was_ahead => {
                let correction = self.write(&state, write_context, ())?;
                return Ok(Issue::Corrected(refusal, correction));
            }
            Err(refusal) => return Ok(Issue::Refused(refusal)),
        };
        state.phase = Phase::Live;
        state.code_key = self.slot.keyring.newest();
        state.digits = settings.digits;
        state.tries_left = settings.tries;
        state.ends_at = now_ms.saturating_add(settings.lifetime_ms);
        state.resend_at = now_ms.saturating_add(settings.resend_interval_ms);
        state.salt = self.slot.fresh(labels::SALT, write_context);
        if self.kept_ms > 0 {
            let kept_until = now_ms.saturating_add(self.kept_ms);
            state.kept_until = state.kept_until.max(kept_until);
        }
        let issued = Issued {
            code: self.code(&state)?,
            id: ChallengeId(state.salt),
            ends_at_ms: state.ends_at,
        };
        self.write(&state, write_context, issued)
            .map(Issue::Pending)
    }

    /// The live challenge in the record, if any: neither used, exhausted,
    /// voided nor expired.
    ///
    /// # Errors
    /// As [`Self::issue`].
    pub fn live(&self, current: Option<&[u8]>, now_ms: u64) -> Result<Option<ChallengeId>, Error> {
        let write_context = WriteContext::new(current, now_ms, &[0; 32], &[]);
        let (state, _) = self.open(write_context)?;
        let is_live = state.phase == Phase::Live && state.ends_at > now_ms;
        Ok(is_live.then_some(ChallengeId(state.salt)))
    }

    /// As [`Self::attempt`], for the challenge with this id. If the record
    /// holds a different challenge, the code is not compared and the verdict is
    /// [`Verdict::Expired`].
    ///
    /// # Errors
    /// As [`Self::issue`].
    pub fn attempt_at(
        &self,
        id: ChallengeId,
        current: Option<&[u8]>,
        typed: &str,
        now_ms: u64,
        entropy: &[u8; 32],
    ) -> Result<Attempt, Error> {
        match TypedCode::read(typed) {
            Some(typed) => self.attempt_read(Some(id), current, Some(&typed), now_ms, entropy),
            None => Ok(Attempt::Told(Verdict::Malformed)),
        }
    }

    /// Compares a typed code, unless the state of the challenge already decides
    /// the verdict.
    ///
    /// Digits of every script are read; white space, dashes, and direction and
    /// other format characters are passed over. 4 to 10 digits of another length
    /// than the challenge's are a wrong code and cost a try. Any other text has
    /// the verdict [`Verdict::Malformed`], which costs none and does not depend
    /// on the record.
    ///
    /// # Errors
    /// As [`Self::issue`].
    pub fn attempt(
        &self,
        current: Option<&[u8]>,
        typed: &str,
        now_ms: u64,
        entropy: &[u8; 32],
    ) -> Result<Attempt, Error> {
        match TypedCode::read(typed) {
            Some(typed) => self.attempt_read(None, current, Some(&typed), now_ms, entropy),
            None => Ok(Attempt::Told(Verdict::Malformed)),
        }
    }

    /// As [`Self::attempt`] and [`Self::attempt_at`] with a text that was read.
    /// `None` is a wrong code, for contracts whose codes are more than digits.
    pub(crate) fn attempt_read(
        &self,
        id: Option<ChallengeId>,
        current: Option<&[u8]>,
        typed: Option<&TypedCode>,
        now_ms: u64,
        entropy: &[u8; 32],
    ) -> Result<Attempt, Error> {
        let input = typed.map_or(&b""[..], TypedCode::as_bytes);
        let write_context = WriteContext::new(current, now_ms, entropy, input);
        let (mut state, was_ahead) = self.open(write_context)?;
        if id.is_some_and(|id| state.salt != id.0) {
            return Ok(Attempt::Told(Verdict::Expired));
        }
        let settings = self.policy.settings();
        let guesses = match state.may_guess(self.policy, now_ms) {
            Ok(guesses) => guesses,
            Err(verdict) if was_ahead => {
                return self
                    .write(&state, write_context, verdict)
                    .map(Attempt::Pending);
            }
            Err(verdict) => return Ok(Attempt::Told(verdict)),
        };
        let verdict = if self.is_right(&state, typed)? {
            state.phase = Phase::Used;
            state.failures = 0;
            Verdict::Accept
        } else {
            state.guesses = guesses;
            state.tries_left = state.tries_left.saturating_sub(1);
            state.failures = state.failures.saturating_add(1);
            if state.failures >= settings.failures_to_lock {
                state.failures = 0;
                state.locked_until = now_ms.saturating_add(settings.lock_ms);
            }
            if state.tries_left == 0 {
                state.phase = Phase::Exhausted;
                Verdict::Exhausted
            } else {
                Verdict::Wrong
            }
        };
        self.write(&state, write_context, verdict)
            .map(Attempt::Pending)
    }

    /// Refunds the send of this challenge and voids it, after a gateway has
    /// definitely refused the message. `None` if this challenge is no longer
    /// live in the record; so each send is refunded at most once.
    ///
    /// The superseded challenge is not revived, and the resend interval
    /// remains.
    ///
    /// # Errors
    /// As [`Self::issue`].
    pub fn refund(
        &self,
        current: Option<&[u8]>,
        id: ChallengeId,
        now_ms: u64,
        entropy: &[u8; 32],
    ) -> Result<Option<Pending<()>>, Error> {
        let write_context = WriteContext::new(current, now_ms, entropy, b"refund");
        let (mut state, _) = self.open(write_context)?;
        if state.phase != Phase::Live || state.salt != id.0 {
            return Ok(None);
        }
        state.phase = Phase::Voided;
        state.sends = state.sends.give_back(self.policy.settings().sends);
        self.write(&state, write_context, ()).map(Some)
    }

    /// Opens and settles the record. Also returns whether [`State::settle`]
    /// shortened a wait.
    pub(super) fn open(&self, write_context: WriteContext<'_>) -> Result<(State, bool), Error> {
        let mut state = match write_context.current {
            None => State::EMPTY,
            Some(bytes) => State::read(self.slot.open(bytes)?)?,
        };
        let is_from_before = |at_ms| state.written_at < at_ms && state.phase != Phase::None;
        if self.restored_at_ms.is_some_and(is_from_before) {
            state.phase = Phase::Voided;
        }
        let was_ahead = state.settle(self.policy, write_context.now_ms);
        Ok((state, was_ahead))
    }

    /// The code of the challenge in the record: HOTP with counter 0 under a
    /// secret derived from a record key, the salt and the binding. It cannot be
    /// computed from the store alone.
    fn code(&self, state: &State) -> Result<Code, Error> {
        let key = self.slot.keyring.record(state.code_key)?;
        let secret = self.binding.code_secret(key, &state.salt);
        let key = Key::new(Algorithm::Sha256, secret.as_bytes())?;
        Ok(Hotp::new(key, state.digits).generate(0))
    }

    fn is_right(&self, state: &State, typed: Option<&TypedCode>) -> Result<bool, Error> {
        let expected = self.code(state)?;
        let typed = typed.and_then(|typed| Code::of_typed(typed, state.digits));
        Ok(typed.is_some_and(|typed| typed.ct_eq(&expected).into()))
    }

    pub(super) fn write<T>(
        &self,
        state: &State,
        write_context: WriteContext<'_>,
        outcome: T,
    ) -> Result<Pending<T>, Error> {
        self.slot
            .write(write_context, Some(state.expires_at()), outcome, |writer| {
                state.write(writer);
            })
    }
}
