//! The pieces that every contract is put together from.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::reply::Reason;
use super::step::{Answer, Step};
use crate::Error;
use crate::challenge::{Binding, Challenge, Keyring, Pending, Policy, Spend};
use crate::number::PhoneNumber;
use crate::store::{Kind, Swap};

/// Conflicts on one record in one exchange; each is somebody's progress.
const MOST_CONFLICTS: u16 = 256;

/// What an answer led to: another step, or the end of a flow.
pub(super) enum Flow<T> {
    Step(Step),
    Done(T),
}

impl From<Error> for Reason {
    fn from(error: Error) -> Self {
        match error {
            Error::RecordFormat | Error::RecordForged | Error::UnknownRecordKey => {
                Self::RecordRefused
            }
            Error::TooManyConflicts => Self::TooManyConflicts,
            _ => Self::StoreFailed,
        }
    }
}

/// What an exchange brings to each of its answers.
#[derive(Clone, Copy)]
pub(super) struct Now {
    pub(super) ms: u64,
    /// Mixed from the host's entropy, the time and the whole request.
    pub(super) entropy: [u8; 32],
}

/// Whose challenge an exchange is about.
pub(super) struct Subject {
    pub(super) keyring: Arc<Keyring>,
    pub(super) policy: Policy,
    pub(super) service: &'static str,
    pub(super) tenant: [u8; 16],
    pub(super) number: PhoneNumber,
    pub(super) context: String,
}

impl Subject {
    pub(super) fn challenge(&self) -> Challenge<'_> {
        let binding = Binding {
            service: self.service,
            tenant: &self.tenant,
            number: self.number.as_str(),
            context: &self.context,
        };
        Challenge::new(&self.keyring, &self.policy, binding)
    }

    pub(super) fn spend(&self) -> Option<Spend<'_>> {
        Spend::new(&self.keyring, &self.policy, self.service, &self.tenant)
    }
}

/// What a load came to.
pub(super) fn loaded(answer: Answer) -> Result<Option<Vec<u8>>, Reason> {
    match answer {
        Answer::Loaded(value) => Ok(value),
        Answer::Failed | Answer::Unknown | Answer::Unsupported => Err(Reason::StoreFailed),
        _ => Err(Reason::WrongAnswer),
    }
}

/// A swap on its way: from the step that asks for it to the certainty that it
/// is stored, or to the value that won.
pub(super) struct Settling<T> {
    pending: Pending<T>,
    is_rereading: bool,
}

/// What an answer to a [`Settling`] swap means.
pub(super) enum Settled<T> {
    /// The outcome, paid for.
    Stored(T),
    /// Decide again from this value.
    Again(Option<Vec<u8>>),
    /// Nobody knows: read the value back.
    Reread(Settling<T>, Step),
}

impl<T> Settling<T> {
    /// Asks for the swap of a pending outcome.
    pub(super) fn begin(pending: Pending<T>) -> (Self, Step) {
        let step = Step::Swap(Swap {
            kind: Kind::State,
            key: pending.key(),
            expected: pending.expected().map(<[u8]>::to_vec),
            value: pending.next().to_vec(),
            expires_at_ms: pending.expires_at_ms(),
        });
        let settling = Self {
            pending,
            is_rereading: false,
        };
        (settling, step)
    }

    /// Takes the host's answer. Our own stamp in the value that stands there
    /// means that the swap is stored, whatever the host believes; without it,
    /// an unknown outcome counts as not stored.
    pub(super) fn next(mut self, answer: Answer) -> Result<Settled<T>, Reason> {
        let current = match answer {
            Answer::Stored if !self.is_rereading => {
                return Ok(Settled::Stored(self.pending.stored()));
            }
            Answer::Unknown if !self.is_rereading => {
                let step = Step::Load {
                    kind: Kind::State,
                    key: self.pending.key(),
                };
                self.is_rereading = true;
                return Ok(Settled::Reread(self, step));
            }
            Answer::Conflict(current) if !self.is_rereading => current,
            Answer::Failed | Answer::Unsupported => return Err(Reason::StoreFailed),
            answer if self.is_rereading => loaded(answer)?,
            _ => return Err(Reason::WrongAnswer),
        };
        match current {
            Some(value) if self.pending.is_written_in(&value) => {
                Ok(Settled::Stored(self.pending.stored()))
            }
            current => Ok(Settled::Again(current)),
        }
    }
}

/// Counts the conflicts of an exchange.
#[derive(Default)]
pub(super) struct Conflicts(u16);

impl Conflicts {
    pub(super) fn another(&mut self) -> Result<(), Reason> {
        self.0 += 1;
        if self.0 > MOST_CONFLICTS {
            Err(Reason::TooManyConflicts)
        } else {
            Ok(())
        }
    }
}
