//! What administrators do to a challenge.

use super::life::Challenge;
use super::outcome::ChallengeId;
use super::pending::Pending;
use super::slot::WriteContext;
use super::state::{MINUTE_MS, Phase, State, UNLOCKS};
use crate::Error;

impl Challenge<'_> {
    /// Unlocks the subject and resets its failures, at most three times within 24
    /// hours. Wrong guesses still count against the policy's limit of them. For
    /// administrators.
    ///
    /// # Errors
    /// [`Error::TooManyUnlocks`]; as [`Self::issue`].
    pub fn unlock(
        &self,
        current: Option<&[u8]>,
        now_ms: u64,
        entropy: &[u8; 32],
    ) -> Result<Pending<()>, Error> {
        let write_context = WriteContext::new(current, now_ms, entropy, b"unlock");
        let (mut state, _) = self.open(write_context)?;
        // The record has whole minutes.
        let minute_ms = now_ms - now_ms % MINUTE_MS;
        let unlocks = state.unlocks.take(UNLOCKS, minute_ms);
        state.unlocks = unlocks.map_err(|_| Error::TooManyUnlocks)?;
        state.locked_until = 0;
        state.failures = 0;
        self.write(&state, write_context, ())
    }

    /// Erases the challenge: no code is accepted, and nothing of it is left. What limits
    /// and locks the subject stays. For administrators.
    ///
    /// # Errors
    /// As [`Self::issue`].
    pub fn erase(
        &self,
        current: Option<&[u8]>,
        now_ms: u64,
        entropy: &[u8; 32],
    ) -> Result<Pending<()>, Error> {
        let write_context = WriteContext::new(current, now_ms, entropy, b"erase");
        let (state, _) = self.open(write_context)?;
        let erased = State {
            written_at: state.written_at,
            sends: state.sends,
            guesses: state.guesses,
            resend_at: state.resend_at,
            locked_until: state.locked_until,
            failures: state.failures,
            unlocks: state.unlocks,
            ..State::EMPTY
        };
        self.write(&erased, write_context, ())
    }

    /// The challenge in the record, whatever has become of it.
    ///
    /// # Errors
    /// As [`Self::issue`].
    pub fn last(&self, current: Option<&[u8]>, now_ms: u64) -> Result<Option<ChallengeId>, Error> {
        let write_context = WriteContext::new(current, now_ms, &[0; 32], &[]);
        let (state, _) = self.open(write_context)?;
        Ok((state.phase != Phase::None).then_some(ChallengeId(state.salt)))
    }
}
