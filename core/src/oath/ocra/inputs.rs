//! The inputs of an OCRA computation and their encoding.

use core::fmt;

use zeroize::Zeroize;

use super::question::FIELD;
use super::suite::{LONGEST_MAC, Suite};
use crate::Error;
use crate::kernel::hash;
use crate::oath::totp::check_seconds;

/// Padding for the longest session information.
static ZEROS: [u8; 999] = [0; 999];

/// The inputs of one computation: a question, and the other inputs that the
/// suite lists. `Debug` shows none of them.
#[derive(Clone, Copy)]
pub struct Inputs<'a> {
    question: &'a str,
    counter: Option<u64>,
    pin: Option<Pin<'a>>,
    session: Option<&'a [u8]>,
    time: Option<Time>,
}

#[derive(Clone, Copy)]
enum Pin<'a> {
    Text(&'a str),
    Hash(&'a [u8]),
}

#[derive(Clone, Copy)]
enum Time {
    Seconds(u64),
    Steps(u64),
}

impl<'a> Inputs<'a> {
    /// Inputs with a question of 1 character up to the suite's length, or, in
    /// mutual mode, with both parties' questions of exactly that length (see
    /// [`Mutual`](super::Mutual)).
    #[must_use]
    pub fn new(question: &'a str) -> Self {
        Self {
            question,
            counter: None,
            pin: None,
            session: None,
            time: None,
        }
    }

    /// The question.
    #[must_use]
    pub fn question(&self) -> &'a str {
        self.question
    }

    /// Adds a counter.
    #[must_use]
    pub fn with_counter(self, counter: u64) -> Self {
        Self {
            counter: Some(counter),
            ..self
        }
    }

    /// Adds a PIN, which is hashed with the suite's PIN hash.
    #[must_use]
    pub fn with_pin(self, pin: &'a str) -> Self {
        Self {
            pin: Some(Pin::Text(pin)),
            ..self
        }
    }

    /// Adds the hash of a PIN, for a verifier that does not store PINs.
    #[must_use]
    pub fn with_pin_hash(self, hash: &'a [u8]) -> Self {
        Self {
            pin: Some(Pin::Hash(hash)),
            ..self
        }
    }

    /// Adds session information, at most as long as the suite allows.
    #[must_use]
    pub fn with_session(self, session: &'a [u8]) -> Self {
        Self {
            session: Some(session),
            ..self
        }
    }

    /// Adds a Unix time in seconds, at most the end of the year 9999.
    #[must_use]
    pub fn with_time(self, unix_seconds: u64) -> Self {
        Self {
            time: Some(Time::Seconds(unix_seconds)),
            ..self
        }
    }

    /// Adds a time in steps of the suite.
    #[must_use]
    pub fn with_time_step(self, step: u64) -> Self {
        Self {
            time: Some(Time::Steps(step)),
            ..self
        }
    }
}

impl fmt::Debug for Inputs<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Inputs(…)")
    }
}

/// Inputs checked against a suite and encoded. Counter and time step are
/// supplied for each computation.
pub(super) struct Message<'a> {
    pub(super) counter: Option<u64>,
    pub(super) question: [u8; FIELD],
    pin: [u8; LONGEST_MAC],
    pin_len: usize,
    session_len: usize,
    pub(super) session: &'a [u8],
    pub(super) time_step: Option<u64>,
}

impl<'a> Message<'a> {
    pub(super) fn new(suite: &Suite, inputs: &Inputs<'a>) -> Result<Self, Error> {
        let session_len = agreed(suite.session_len(), inputs.session)?;
        let mut message = Self {
            counter: agreed(suite.has_counter().then_some(()), inputs.counter)?
                .map(|((), counter)| counter),
            question: suite.encode_question(inputs.question)?,
            pin: [0; LONGEST_MAC],
            pin_len: 0,
            session_len: session_len.map_or(0, |(len, _)| len),
            session: session_len.map_or(&[], |(_, session)| session),
            time_step: agreed(suite.time_step_seconds(), inputs.time)?.map(
                |(step, time)| match time {
                    Time::Seconds(seconds) => seconds / step,
                    Time::Steps(steps) => steps,
                },
            ),
        };
        if let Some(Time::Seconds(seconds)) = inputs.time {
            check_seconds(seconds)?;
        }
        if message.session.len() > message.session_len {
            return Err(Error::SessionTooLong);
        }
        if let Some((algorithm, pin)) = agreed(suite.pin_algorithm(), inputs.pin)? {
            message.pin_len = algorithm.output_len();
            let field = &mut message.pin[..message.pin_len];
            match pin {
                Pin::Text(pin) => {
                    field.copy_from_slice(hash(algorithm, &[pin.as_bytes()]).as_bytes());
                }
                Pin::Hash(hash) if hash.len() == field.len() => field.copy_from_slice(hash),
                Pin::Hash(_) => return Err(Error::PinHashLength),
            }
        }
        Ok(message)
    }

    /// The hash of the PIN; empty if the suite has none.
    pub(super) fn pin(&self) -> &[u8] {
        &self.pin[..self.pin_len]
    }

    /// The zero padding before the session information.
    pub(super) fn session_filling(&self) -> &'static [u8] {
        &ZEROS[..self.session_len - self.session.len()]
    }
}

impl Drop for Message<'_> {
    fn drop(&mut self) {
        self.pin.zeroize();
    }
}

/// Checks that an input is present in both the suite and the given inputs, or
/// in neither.
fn agreed<S, G>(suite: Option<S>, given: Option<G>) -> Result<Option<(S, G)>, Error> {
    match (suite, given) {
        (Some(suite), Some(given)) => Ok(Some((suite, given))),
        (None, None) => Ok(None),
        (Some(_), None) => Err(Error::MissingInput),
        (None, Some(_)) => Err(Error::UnexpectedInput),
    }
}
