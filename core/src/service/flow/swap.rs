//! One swap, from its step to a certain outcome.

use alloc::vec::Vec;

use super::steps::loaded;
use crate::challenge::Pending;
use crate::service::host::{Answer, Reason, Step};
use crate::store::{Kind, Swap};

/// The most conflicts in one exchange. Each conflict means that another
/// exchange made progress.
const MOST_CONFLICTS: u16 = 256;

/// A swap whose outcome is not certain yet.
pub(crate) struct PendingSwap<T> {
    pending: Pending<T>,
    is_rereading: bool,
}

/// The result of an answer to a [`PendingSwap`].
pub(crate) enum SwapOutcome<T> {
    /// The swap is stored, so the pending result is released.
    Stored(T),
    /// Another value was stored: decide again from it.
    Again(Option<Vec<u8>>),
    /// The outcome is unknown: read the value back.
    Reread(PendingSwap<T>, Step),
}

impl<T> PendingSwap<T> {
    /// Begins the swap of a pending result.
    pub(crate) fn begin(pending: Pending<T>) -> (Self, Step) {
        let step = Step::Swap(Swap {
            kind: Kind::State,
            key: pending.key(),
            expected: pending.expected().map(<[u8]>::to_vec),
            value: pending.next().to_vec(),
            expires_at_ms: pending.expires_at_ms(),
        });
        let swap = Self {
            pending,
            is_rereading: false,
        };
        (swap, step)
    }

    /// Takes the host's answer. If the current value carries the stamp of this
    /// swap, the swap is stored, even if the host reported a conflict. Without
    /// the stamp, an unknown outcome counts as not stored.
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
