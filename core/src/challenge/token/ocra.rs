//! OCRA questions and responses of a token (RFC 6287).

use super::Token;
use super::state::State;
use crate::Error;
use crate::challenge::outcome::Attempt;
use crate::challenge::pending::Pending;
use crate::challenge::slot::WriteContext;
use crate::challenge::verdict::Verdict;
use crate::labels;
use crate::oath::ocra::{Inputs, Ocra, Tolerance};

impl Token<'_> {
    /// Records that the token is asked `question` (RFC 6287), to be answered
    /// within `lifetime_ms` milliseconds. It replaces any earlier question.
    /// Send the question only once this is stored.
    ///
    /// In mutual mode, pass the question of the client's response:
    /// [`Mutual::for_client_response`].
    ///
    /// [`Mutual::for_client_response`]: crate::oath::ocra::Mutual::for_client_response
    ///
    /// # Errors
    /// As [`Self::attempt_hotp`], and [`Error::RestoredLater`] before the time of
    /// [`Self::restored_at`], because no response would be accepted.
    pub fn ask(
        &self,
        current: Option<&[u8]>,
        question: &str,
        lifetime_ms: u64,
        now_ms: u64,
        entropy: &[u8; 32],
    ) -> Result<Pending<()>, Error> {
        self.check_restored(now_ms)?;
        let write_context = WriteContext::new(current, now_ms, entropy, question.as_bytes());
        let state = State {
            question: self.digest(question),
            question_ends_at: now_ms.saturating_add(lifetime_ms),
            question_asked_at: now_ms,
            ..self.open(current, now_ms)?.0
        };
        self.write(&state, write_context, ())
    }

    /// Verifies a response to the current question, which is accepted only
    /// once. `inputs` hold the question and the other inputs of the suite
    /// except counter and time, which are taken from the record and the clock,
    /// with the windows of the policy. A response that cannot be one of the suite
    /// is [`Verdict::Malformed`] and not counted.
    ///
    /// # Errors
    /// As [`Self::attempt_hotp`], and those of [`Ocra::verify`].
    pub fn attempt_ocra(
        &self,
        current: Option<&[u8]>,
        ocra: &Ocra,
        inputs: Inputs<'_>,
        response: &str,
        now_ms: u64,
        entropy: &[u8; 32],
    ) -> Result<Attempt, Error> {
        if ocra.is_malformed(response) {
            return Ok(Attempt::Told(Verdict::Malformed));
        }
        let digest = self.digest(inputs.question());
        let opened = self.open(current, now_ms)?;
        let state = &opened.0;
        let told = match state.question_ends_at {
            _ if state.question != digest => Some(Verdict::NoChallenge),
            _ if self.restored_at_ms > Some(state.question_asked_at) => Some(Verdict::NoChallenge),
            0 => Some(Verdict::Used),
            ends_at if ends_at <= now_ms => Some(Verdict::Expired),
            _ => None,
        };
        if let Some(verdict) = told {
            return Ok(Attempt::Told(verdict));
        }
        let write_context = WriteContext::new(current, now_ms, entropy, response.as_bytes());
        self.attempt_opened(opened, write_context, |state| {
            let found = self.search_ocra(state, ocra, inputs, response, now_ms)?;
            if found.is_accept() {
                state.question_ends_at = 0;
            }
            Ok(found)
        })
    }

    fn search_ocra(
        &self,
        state: &mut State,
        ocra: &Ocra,
        mut inputs: Inputs<'_>,
        response: &str,
        now_ms: u64,
    ) -> Result<Verdict, Error> {
        let suite = ocra.suite();
        if suite.has_counter() {
            // The largest counter was already accepted.
            let Some(counter) = state.next_fresh() else {
                return Ok(Verdict::Wrong);
            };
            inputs = inputs.with_counter(counter);
        }
        if suite.time_step_seconds().is_some() {
            inputs = inputs.with_time(now_ms / 1000);
        }
        let tolerance = Tolerance {
            look_ahead: self.policy.look_ahead,
            past: self.policy.past,
            future: self.policy.future,
        };
        Ok(match ocra.verify(response, &inputs, tolerance)? {
            None => Verdict::Wrong,
            Some(matched) if suite.has_counter() => state.take(matched.counter),
            Some(_) => Verdict::Accept,
        })
    }

    /// The digest by which a question is stored.
    fn digest(&self, question: &str) -> [u8; 16] {
        self.slot
            .keyring
            .store_key(labels::QUESTION, [&self.slot.key.0, question.as_bytes()])
            .0
    }
}
