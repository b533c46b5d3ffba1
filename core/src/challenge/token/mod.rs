//! The server-side state of OATH tokens.

#[cfg(feature = "alloc")]
mod change;
mod ocra;
mod policy;
mod state;

pub use policy::TokenPolicy;

pub(super) use state::{FORMAT, State};

use super::keyring::Keyring;
use super::outcome::Attempt;
use super::pending::Pending;
use super::record::sealing_key;
use super::slot::{Slot, WriteContext};
use super::verdict::Verdict;
use crate::Error;
use crate::labels;
use crate::oath::{Hotp, LARGEST_WINDOW, Totp};
use crate::store::StoreKey;

/// The server-side state of one OATH token: the counter or time step accepted
/// last, the clock drift, the failures and the current OCRA question. The host
/// supplies the key of the token with every attempt.
///
/// Accepted positions are strictly increasing and stored before the verdict is
/// released, so a code is accepted only once, even by parallel requests. Drift
/// correction and resynchronisation follow the same rule.
pub struct Token<'a> {
    slot: Slot<'a>,
    policy: TokenPolicy,
    restored_at_ms: Option<u64>,
    must_exist: bool,
}

/// The state of a token, for administrators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenStatus {
    /// The counter or time step accepted last.
    pub last: Option<u64>,
    /// TOTP: how many steps the token's clock is ahead of the server's.
    pub drift: i64,
    /// The number of consecutive failures.
    pub failures: u16,
    /// When the next attempt is possible, in milliseconds of Unix time. `None`
    /// if now, or if the token is locked until it is unlocked.
    pub retry_at_ms: Option<u64>,
    /// Whether the token is locked until it is unlocked.
    pub is_locked: bool,
}

impl<'a> Token<'a> {
    /// Creates the token of a tenant, with an id chosen by the host.
    ///
    /// # Errors
    /// [`Error::WindowTooLarge`] or [`Error::InvalidTries`] for a policy with
    /// values out of range.
    pub fn new(
        keyring: &'a Keyring,
        policy: TokenPolicy,
        tenant: &[u8],
        id: &[u8],
    ) -> Result<Self, Error> {
        policy.check()?;
        Ok(Self {
            slot: Slot {
                keyring,
                key: keyring.store_key(labels::TOKEN, [tenant, id]),
                format: FORMAT,
            },
            policy,
            restored_at_ms: None,
            must_exist: false,
        })
    }

    /// After the store was restored from a backup at this time, in milliseconds
    /// of Unix time ([`super::Header::restored_at_ms`]): codes that were accepted
    /// before it may be missing in the record. A HOTP token whose record was last
    /// written before it must be resynchronised, with the verdict
    /// [`Verdict::Resynchronize`] until then; a TOTP token accepts only steps
    /// after those of codes that could be accepted before it; an OCRA question asked before it is void. Failures and locks
    /// stay.
    #[must_use]
    pub fn restored_at(self, restored_at_ms: Option<u64>) -> Self {
        Self {
            restored_at_ms,
            ..self
        }
    }

    /// For a token that was enrolled, as the host knows: a missing record is
    /// [`Error::RecordMissing`], not a token that starts at 0.
    #[must_use]
    pub fn enrolled(self) -> Self {
        Self {
            must_exist: true,
            ..self
        }
    }

    /// The store key of the record, of kind [`crate::store::Kind::State`].
    #[must_use]
    pub fn key(&self) -> StoreKey {
        self.slot.key
    }

    /// The record of a token that starts at `counter`, for HOTP tokens that
    /// were used before. A token without a record starts at 0.
    ///
    /// # Errors
    /// [`Error::UnknownRecordKey`] if the keyring lacks its newest key.
    pub fn enroll(
        &self,
        counter: u64,
        now_ms: u64,
        entropy: &[u8; 32],
    ) -> Result<Pending<()>, Error> {
        let state = State {
            last: counter.checked_sub(1),
            ..State::EMPTY
        };
        let write_context = WriteContext::new(None, now_ms, entropy, b"enroll");
        let state = State {
            current_at: now_ms,
            ..state
        };
        self.write(&state, write_context, ())
    }

    /// Compares a typed HOTP code with the counters after the last accepted
    /// one. Text that cannot be a code is [`Verdict::Malformed`], as in
    /// [`Challenge::attempt`](super::Challenge::attempt): it is not counted.
    ///
    /// # Errors
    /// [`Error::RecordFormat`], [`Error::RecordForged`] or
    /// [`Error::UnknownRecordKey`] if `current` is not an authentic record of
    /// this token. Treat it as a store error.
    pub fn attempt_hotp(
        &self,
        current: Option<&[u8]>,
        hotp: &Hotp,
        typed: &str,
        now_ms: u64,
        entropy: &[u8; 32],
    ) -> Result<Attempt, Error> {
        if let Some(verdict) = Verdict::of_malformed(&[typed]) {
            return Ok(Attempt::Told(verdict));
        }
        let write_context = WriteContext::new(current, now_ms, entropy, typed.as_bytes());
        let opened = self.open(current, now_ms)?;
        if !self.is_current(&opened.0) {
            return Ok(Attempt::Told(Verdict::Resynchronize));
        }
        self.attempt_opened(opened, write_context, |state| {
            let found = state
                .next_fresh()
                .and_then(|first| hotp.verify(typed, first, self.policy.look_ahead));
            Ok(state.take(found))
        })
    }

    /// Compares a typed TOTP code with the time steps around the current one,
    /// shifted by the drift of the token. An accepted code updates the drift.
    ///
    /// # Errors
    /// As [`Self::attempt_hotp`], [`Error::TimeOutOfRange`] before T0, and
    /// [`Error::RestoredLater`] before the time of [`Self::restored_at`].
    pub fn attempt_totp(
        &self,
        current: Option<&[u8]>,
        totp: &Totp,
        typed: &str,
        now_ms: u64,
        entropy: &[u8; 32],
    ) -> Result<Attempt, Error> {
        if let Some(verdict) = Verdict::of_malformed(&[typed]) {
            return Ok(Attempt::Told(verdict));
        }
        self.check_restored(now_ms)?;
        let now_step = totp.time_step(now_ms / 1000)?;
        let write_context = WriteContext::new(current, now_ms, entropy, typed.as_bytes());
        self.attempt(write_context, |state| {
            state.skip_to(self.restored_step(totp, state));
            let centre = now_step.saturating_add_signed(state.drift);
            let first = centre.saturating_sub(u64::from(self.policy.past));
            let before = u32::try_from(centre - first).unwrap_or(0);
            let count = before + 1 + self.policy.future;
            let found = totp.verify_steps(typed, first, count);
            Ok(state.take_step(found, now_step))
        })
    }

    /// Resynchronises an HOTP token whose counter ran ahead, with two or three
    /// consecutive codes (RFC 4226 section 7.4). Counted and limited like any
    /// attempt, unless one of them is [`Verdict::Malformed`].
    ///
    /// # Errors
    /// As [`Self::attempt_hotp`], [`Error::ResyncCodes`] for one code or more
    /// than three, and [`Error::RestoredLater`] before the time of
    /// [`Self::restored_at`].
    pub fn resynchronize_hotp(
        &self,
        current: Option<&[u8]>,
        hotp: &Hotp,
        codes: &[&str],
        now_ms: u64,
        entropy: &[u8; 32],
    ) -> Result<Attempt, Error> {
        check_resync_codes(codes)?;
        if let Some(verdict) = Verdict::of_malformed(codes) {
            return Ok(Attempt::Told(verdict));
        }
        self.check_restored(now_ms)?;
        let write_context = WriteContext::new(current, now_ms, entropy, b"resync");
        self.attempt(write_context, |state| {
            let first = state.next_fresh().unwrap_or(u64::MAX);
            let found = hotp.resynchronize(codes, first, self.policy.resync_window)?;
            let verdict = state.take(found);
            if verdict.is_accept() {
                state.current_at = now_ms;
            }
            Ok(verdict)
        })
    }

    /// Resynchronises the drift of a TOTP token, with two or three consecutive
    /// codes. Counted and limited like any attempt, unless one of them is
    /// [`Verdict::Malformed`].
    ///
    /// # Errors
    /// As [`Self::attempt_totp`], and [`Error::ResyncCodes`] for one code or
    /// more than three.
    pub fn resynchronize_totp(
        &self,
        current: Option<&[u8]>,
        totp: &Totp,
        codes: &[&str],
        now_ms: u64,
        entropy: &[u8; 32],
    ) -> Result<Attempt, Error> {
        check_resync_codes(codes)?;
        if let Some(verdict) = Verdict::of_malformed(codes) {
            return Ok(Attempt::Told(verdict));
        }
        self.check_restored(now_ms)?;
        let now_step = totp.time_step(now_ms / 1000)?;
        let side = self.policy.resync_window;
        let write_context = WriteContext::new(current, now_ms, entropy, b"resync");
        self.attempt(write_context, |state| {
            state.skip_to(self.restored_step(totp, state));
            let first = now_step.saturating_sub(u64::from(side));
            // Never includes a step that was already accepted.
            let first = first.max(state.next_fresh().unwrap_or(u64::MAX));
            let last = now_step.saturating_add(u64::from(side));
            let count = last.checked_sub(first).map_or(0, |steps| steps + 1);
            let count = u32::try_from(count).unwrap_or(LARGEST_WINDOW);
            let found = totp.resynchronize_steps(codes, first, count)?;
            Ok(state.take_step(found, now_step))
        })
    }

    /// Unlocks the token and resets its failures. For administrators.
    ///
    /// # Errors
    /// As [`Self::attempt_hotp`].
    pub fn unlock(
        &self,
        current: Option<&[u8]>,
        now_ms: u64,
        entropy: &[u8; 32],
    ) -> Result<Pending<()>, Error> {
        let state = State {
            failures: 0,
            retry_at: 0,
            is_locked: false,
            ..self.open(current, now_ms)?.0
        };
        let write_context = WriteContext::new(current, now_ms, entropy, b"unlock");
        self.write(&state, write_context, ())
    }

    /// Reseals the record with the newest record key, otherwise unchanged. For
    /// tokens that have not been used since the key was made the newest, before
    /// an older key is removed. `None` if the record is already sealed with the
    /// newest key.
    ///
    /// # Errors
    /// As [`Self::attempt_hotp`].
    pub fn reseal(
        &self,
        current: &[u8],
        now_ms: u64,
        entropy: &[u8; 32],
    ) -> Result<Option<Pending<()>>, Error> {
        let (state, _) = self.open(Some(current), now_ms)?;
        if sealing_key(current) == Some(self.slot.keyring.newest()) {
            return Ok(None);
        }
        let write_context = WriteContext::new(Some(current), now_ms, entropy, b"reseal");
        self.write(&state, write_context, ()).map(Some)
    }

    /// The state of the token.
    ///
    /// # Errors
    /// As [`Self::attempt_hotp`].
    pub fn status(&self, current: Option<&[u8]>, now_ms: u64) -> Result<TokenStatus, Error> {
        let (state, _) = self.open(current, now_ms)?;
        Ok(TokenStatus {
            last: state.last,
            drift: state.drift,
            failures: state.failures,
            retry_at_ms: Some(state.retry_at).filter(|at| !state.is_locked && *at > now_ms),
            is_locked: state.is_locked,
        })
    }

    /// The common part of all attempts: refuses while the token waits or is
    /// locked, and counts the attempt.
    fn attempt(
        &self,
        write_context: WriteContext<'_>,
        compare: impl FnOnce(&mut State) -> Result<Verdict, Error>,
    ) -> Result<Attempt, Error> {
        let opened = self.open(write_context.current, write_context.now_ms)?;
        self.attempt_opened(opened, write_context, compare)
    }

    fn attempt_opened(
        &self,
        (mut state, was_ahead): (State, bool),
        write_context: WriteContext<'_>,
        compare: impl FnOnce(&mut State) -> Result<Verdict, Error>,
    ) -> Result<Attempt, Error> {
        let now_ms = write_context.now_ms;
        if state.is_locked {
            return Ok(Attempt::Told(Verdict::Locked));
        }
        if state.retry_at > now_ms {
            let verdict = if state.failures >= self.policy.failures_to_lock {
                Verdict::Locked
            } else {
                Verdict::Limited
            };
            return if was_ahead {
                self.write(&state, write_context, verdict)
                    .map(Attempt::Pending)
            } else {
                Ok(Attempt::Told(verdict))
            };
        }
        if state.failures >= self.policy.failures_to_lock {
            // The lock time has passed: start over.
            state.failures = 0;
        }
        let verdict = compare(&mut state)?;
        if verdict.is_accept() {
            state.failures = 0;
            state.retry_at = 0;
        } else {
            self.count_failure(&mut state, now_ms);
        }
        self.write(&state, write_context, verdict)
            .map(Attempt::Pending)
    }

    fn count_failure(&self, state: &mut State, now_ms: u64) {
        state.failures = state.failures.saturating_add(1);
        if state.failures >= self.policy.failures_to_lock && self.policy.lock_ms == 0 {
            state.is_locked = true;
        }
        state.retry_at = now_ms.saturating_add(self.policy.wait_ms(state.failures));
    }

    /// Opens the record. Also returns whether it contained a wait longer than
    /// the policy allows, written by a clock that was ahead, which was
    /// shortened.
    fn open(&self, current: Option<&[u8]>, now_ms: u64) -> Result<(State, bool), Error> {
        let Some(bytes) = current else {
            return match self.must_exist {
                true => Err(Error::RecordMissing),
                false => Ok((State::EMPTY, false)),
            };
        };
        let mut state = State::read(self.slot.open(bytes)?)?;
        let latest = now_ms.saturating_add(self.policy.wait_ms(state.failures));
        let was_ahead = state.retry_at > latest;
        state.retry_at = state.retry_at.min(latest);
        Ok((state, was_ahead))
    }

    /// Whether no code can have been accepted after the position in the record,
    /// as far as [`Self::restored_at`] says.
    fn is_current(&self, state: &State) -> bool {
        self.restored_at_ms
            .is_none_or(|at_ms| state.current_at >= at_ms)
    }

    /// Refuses before the time of [`Self::restored_at`], when no code can be
    /// accepted: an attempt would be counted, and a step from that time stored as
    /// the last one.
    fn check_restored(&self, now_ms: u64) -> Result<(), Error> {
        match self.restored_at_ms > Some(now_ms) {
            true => Err(Error::RestoredLater),
            false => Ok(()),
        }
    }

    /// The last time step for which a code can have been accepted before
    /// [`Self::restored_at`]: that of the token's own clock, which may be ahead.
    fn restored_step(&self, totp: &Totp, state: &State) -> Option<u64> {
        let step = totp.time_step(self.restored_at_ms? / 1000).ok()?;
        let ahead = u64::try_from(state.drift).unwrap_or(0);
        let ahead = ahead.saturating_add(u64::from(self.policy.future));
        Some(step.saturating_add(ahead))
    }

    fn write<T>(
        &self,
        state: &State,
        write_context: WriteContext<'_>,
        outcome: T,
    ) -> Result<Pending<T>, Error> {
        let mut state = state.clone();
        if self.is_current(&state) {
            state.current_at = write_context.now_ms;
        }
        self.slot.write(write_context, None, outcome, |writer| {
            state.write(writer);
        })
    }
}

/// Refuses a number of codes before anything else is looked at.
fn check_resync_codes(codes: &[&str]) -> Result<(), Error> {
    match codes {
        [_, _] | [_, _, _] => Ok(()),
        _ => Err(Error::ResyncCodes),
    }
}
