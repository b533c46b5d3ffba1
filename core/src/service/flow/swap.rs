//! A swap, from the step that asks for it to the certainty of what it did.

use alloc::vec::Vec;

use super::steps::loaded;
use crate::challenge::Pending;
use crate::service::host::{Answer, Reason, Step};
use crate::store::{Kind, Swap};

/// Conflicts on one record in one exchange; each is somebody's progress.
const MOST_CONFLICTS: u16 = 256;

/// A swap on its way: from the step that asks for it to the certainty that it
/// is stored, or to the value that won.
pub(crate) struct PendingSwap<T> {
    pending: Pending<T>,
    is_rereading: bool,
}

/// What an answer to a [`PendingSwap`] means.
pub(crate) enum SwapOutcome<T> {
    /// The outcome, paid for.
    Stored(T),
    /// Decide again from this value.
    Again(Option<Vec<u8>>),
    /// Nobody knows: read the value back.
    Reread(PendingSwap<T>, Step),
}

impl<T> PendingSwap<T> {
    /// Asks for the swap of a pending outcome.
    pub(crate) fn begin(pending: Pending<T>) -> (Self, Step) {
        let step = Step::Swap(Swap {
            kind: Kind::State,
            key: pending.key(),
            expected: pending.expected().map(<[u8]>::to_vec),
            value: pending.next().to_vec(),
            expires_at_ms: pending.expires_at_ms(),
        });
        let pending_swap = Self {
            pending,
            is_rereading: false,
        };
        (pending_swap, step)
    }

    /// Takes the host's answer. Our own stamp in the value that stands there
    /// means that the swap is stored, whatever the host believes; without it,
    /// an unknown outcome counts as not stored.
    pub(crate) fn next(mut self, answer: Answer) -> Result<SwapOutcome<T>, Reason> {
        let current = match answer {
            Answer::Stored if !self.is_rereading => {
                return Ok(SwapOutcome::Stored(self.pending.stored()));
            }
            Answer::Unknown if !self.is_rereading => {
                let step = Step::Load {
                    kind: Kind::State,
                    key: self.pending.key(),
                };
                self.is_rereading = true;
                return Ok(SwapOutcome::Reread(self, step));
            }
            Answer::Conflict(current) if !self.is_rereading => current,
            Answer::Failed | Answer::Unsupported => return Err(Reason::StoreFailed),
            answer if self.is_rereading => loaded(answer)?,
            _ => return Err(Reason::WrongAnswer),
        };
        match current {
            Some(value) if self.pending.is_written_in(&value) => {
                Ok(SwapOutcome::Stored(self.pending.stored()))
            }
            current => Ok(SwapOutcome::Again(current)),
        }
    }
}

/// Counts the conflicts of an exchange.
#[derive(Default)]
pub(crate) struct Conflicts(u16);

impl Conflicts {
    pub(crate) fn another(&mut self) -> Result<(), Reason> {
        self.0 += 1;
        if self.0 > MOST_CONFLICTS {
            Err(Reason::TooManyConflicts)
        } else {
            Ok(())
        }
    }
}
