//! The life cycle of a challenge: what a record permits at a given time, and
//! the record that replaces it.

use super::binding::Binding;
use super::keyring::Keyring;
use super::limit::Bucket;
use super::outcome::{Attempt, ChallengeId, Issue, Issued};
use super::pending::Pending;
use super::policy::Policy;
use super::slot::{Slot, WriteContext};
use super::state::{FORMAT, Phase, State};
use super::verdict::{Refusal, RefusalReason, Verdict};
use crate::Error;
use crate::oath::{Algorithm, Code, Hotp, Key};
use crate::store::StoreKey;

/// How long a count of failures in a row is kept after the last of them.
const FAILURES_KEPT_MS: u64 = 30 * 24 * 3600 * 1000;
/// How far a clock may be behind the record's last writing before the
/// challenge ends: machines of one fleet differ by less.
const CLOCK_SKEW_MS: u64 = 5000;

/// The challenge of one subject under one policy: what may be done with the
/// record that stands at [`Self::key`].
///
/// Each method takes the record as it was loaded and gives the record that
/// replaces it; nothing is kept between calls.
pub struct Challenge<'a> {
    slot: Slot<'a>,
    policy: &'a Policy,
    binding: Binding<'a>,
    kept_ms: u64,
}

impl State {
    /// Makes the record's times agree with the clock. A clock that went back
    /// lengthens no life: the time that was left at the last writing is the
    /// most that is left now, and beyond the skew of a fleet nothing is. A
    /// clock that had once jumped ahead leaves no wait behind that is longer
    /// than the policy's; whether it had is returned.
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
            )
        };
        let before = waits(self);
        let latest = |wait_ms: u64| now_ms.saturating_add(wait_ms);
        self.resend_at = self.resend_at.min(latest(settings.resend_interval_ms));
        self.locked_until = self.locked_until.min(latest(settings.lock_ms));
        self.sends = self.sends.settled(settings.sends, now_ms);
        self.guesses = self.guesses.settled(settings.guesses, now_ms);
        before != waits(self)
    }

    /// The sends after another one, or why there is none now.
    fn may_send(&self, policy: &Policy, now_ms: u64) -> Result<Bucket, Refusal> {
        let settings = policy.settings();
        let refusal = |reason| {
            move |retry_at_ms| Refusal {
                reason,
                retry_at_ms,
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

    /// Why a code is not looked at now, or the guesses after another one.
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

    /// When nothing in the record matters any longer.
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
            failures,
        ]
        .into_iter()
        .fold(0, u64::max)
    }
}

impl<'a> Challenge<'a> {
    /// The challenge of a subject.
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
        }
    }

    /// The same challenge, whose record is kept for at least this many
    /// milliseconds after each issue: as long as something points at it, such
    /// as an [`super::Alias`].
    #[must_use]
    pub fn kept(self, kept_ms: u64) -> Self {
        Self { kept_ms, ..self }
    }

    /// Where its record stands, among [`crate::store::Kind::State`].
    #[must_use]
    pub fn key(&self) -> StoreKey {
        self.slot.key
    }

    /// A new challenge in place of the one that lives, or a refusal. Counts
    /// of failures, sends and guesses go on.
    ///
    /// `current` is the record that was loaded, `now_ms` the time in
    /// milliseconds of Unix time, `entropy` 32 fresh bytes.
    ///
    /// # Errors
    /// [`Error::RecordFormat`], [`Error::RecordForged`] or
    /// [`Error::UnknownRecordKey`] when `current` is not a record of ours at
    /// this place: a store error.
    pub fn issue(
        &self,
        current: Option<&[u8]>,
        now_ms: u64,
        entropy: &[u8; 32],
    ) -> Result<Issue, Error> {
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
        state.salt = self.slot.fresh(b"salt", write_context);
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

    /// The challenge that lives in the record now: neither used, exhausted,
    /// voided nor past its lifetime.
    ///
    /// # Errors
    /// As [`Self::issue`].
    pub fn live(&self, current: Option<&[u8]>, now_ms: u64) -> Result<Option<ChallengeId>, Error> {
        let write_context = WriteContext::new(current, now_ms, &[0; 32], &[]);
        let (state, _) = self.open(write_context)?;
        let is_live = state.phase == Phase::Live && state.ends_at > now_ms;
        Ok(is_live.then_some(ChallengeId(state.salt)))
    }

    /// As [`Self::attempt`] for one challenge by its id: when the record no
    /// longer holds that one, the code is not looked at and the verdict is
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
        let write_context = WriteContext::new(current, now_ms, entropy, typed.as_bytes());
        let opened = self.open(write_context)?;
        if opened.0.salt != id.0 {
            return Ok(Attempt::Told(Verdict::Expired));
        }
        self.attempt_opened(opened, typed, write_context)
    }

    /// Compares a code that somebody typed, or says why it is not looked at.
    ///
    /// A text that is no code of the challenge's length is a wrong code and
    /// costs a try like any other.
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
        let write_context = WriteContext::new(current, now_ms, entropy, typed.as_bytes());
        self.attempt_opened(self.open(write_context)?, typed, write_context)
    }

    fn attempt_opened(
        &self,
        (mut state, was_ahead): (State, bool),
        typed: &str,
        write_context: WriteContext<'_>,
    ) -> Result<Attempt, Error> {
        let now_ms = write_context.now_ms;
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

    /// After a gateway's definite refusal: gives the send of this challenge
    /// back and voids it, once. `None` when the record no longer holds this
    /// challenge live, so that there is nothing to give back.
    ///
    /// What the challenge superseded stays dead and the resend interval stays.
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

    /// Unlocks the number and forgets its failures: an administrator's act.
    ///
    /// # Errors
    /// As [`Self::issue`].
    pub fn unlock(
        &self,
        current: Option<&[u8]>,
        now_ms: u64,
        entropy: &[u8; 32],
    ) -> Result<Pending<()>, Error> {
        let write_context = WriteContext::new(current, now_ms, entropy, b"unlock");
        let (mut state, _) = self.open(write_context)?;
        state.locked_until = 0;
        state.failures = 0;
        self.write(&state, write_context, ())
    }

    /// The settled record, and whether a clock had been ahead in it.
    fn open(&self, write_context: WriteContext<'_>) -> Result<(State, bool), Error> {
        let mut state = match write_context.current {
            None => State::EMPTY,
            Some(bytes) => State::read(self.slot.open(bytes)?)?,
        };
        let was_ahead = state.settle(self.policy, write_context.now_ms);
        Ok((state, was_ahead))
    }

    /// The code of the challenge in the record: HOTP of a secret derived from
    /// a record key, the challenge's salt and its binding. Nothing that is
    /// stored tells it.
    fn code(&self, state: &State) -> Result<Code, Error> {
        let secret = self.slot.keyring.record(state.code_key)?.code_secret([
            &state.salt,
            self.binding.service.as_bytes(),
            self.binding.tenant,
            self.binding.number.as_bytes(),
            self.binding.context.as_bytes(),
        ]);
        let key = Key::new(Algorithm::Sha256, secret.as_bytes())?;
        Ok(Hotp::new(key, state.digits).generate(0))
    }

    fn is_right(&self, state: &State, typed: &str) -> Result<bool, Error> {
        let expected = self.code(state)?;
        let typed = Code::parse(typed, state.digits);
        Ok(typed.is_some_and(|typed| typed.ct_eq(&expected).into()))
    }

    fn write<T>(
        &self,
        state: &State,
        write_context: WriteContext<'_>,
        outcome: T,
    ) -> Result<Pending<T>, Error> {
        self.slot
            .write(write_context, state.expires_at(), outcome, |writer| {
                state.write(writer);
            })
    }
}
