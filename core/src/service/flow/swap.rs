//! One swap, from its step to a certain outcome.

use alloc::vec::Vec;

use crate::challenge::Pending;
use crate::service::host::{Answer, Reason, Step};
use crate::store::{InFlight, MOST_CONFLICTS, StoreAnswer};

/// A swap whose outcome is not certain yet.
pub(crate) struct PendingSwap<T>(InFlight<T>);

/// The result of an answer to a [`PendingSwap`].
pub(crate) enum SwapOutcome<T> {
    /// The swap is stored, so the pending result is released.
    Stored(T),
    /// The swap was not stored, because the value is another one: decide again
    /// from it.
    Again(Option<Vec<u8>>),
    /// It stays unknown whether the swap was stored, and perhaps replaced since:
    /// decide again from the current value, where a repetition does no harm.
    Unsettled(Unsettled),
    /// Read the value back.
    Reread(PendingSwap<T>, Step),
}

/// The current value after a swap whose outcome stays unknown.
pub(crate) struct Unsettled {
    pub(crate) current: Option<Vec<u8>>,
    /// Whether it is still the one that the swap replaces: the swap is not
    /// stored, or not yet.
    pub(crate) is_unchanged: bool,
}

impl<T> PendingSwap<T> {
    /// Begins the swap of a pending result, after these conflicts.
    pub(crate) fn begin(pending: Pending<T>, conflicts: &Conflicts) -> (Self, Step) {
        let (swap, outcome) = pending.into_swap();
        let in_flight = InFlight::begin(&swap, outcome).after(conflicts.unsettled);
        (Self(in_flight), Step::Swap(swap))
    }

    /// Takes the host's answer. If the value that is read back after an unknown
    /// outcome carries the stamp of this swap, the swap is stored. Without the
    /// stamp, it counts as not stored.
    pub(crate) fn next(
        self,
        answer: Answer,
        conflicts: &mut Conflicts,
    ) -> Result<SwapOutcome<T>, Reason> {
        use crate::store::SwapOutcome as Settled;
        match self.0.next(store_answer(answer)?)? {
            Settled::Stored(outcome) => Ok(SwapOutcome::Stored(outcome)),
            Settled::Again(current) => Ok(SwapOutcome::Again(current)),
            Settled::Unsettled(in_flight, current) => {
                conflicts.unsettled = in_flight.stamp();
                Ok(SwapOutcome::Unsettled(Unsettled {
                    is_unchanged: in_flight.replaces(current.as_deref()),
                    current,
                }))
            }
            Settled::Reread(in_flight) => {
                let (kind, key) = in_flight.at();
                Ok(SwapOutcome::Reread(
                    Self(in_flight),
                    Step::Load { kind, key },
                ))
            }
        }
    }
}

/// The answer to a step of a swap. In an exchange, a failed step has had no
/// effect, so that nothing is read back.
fn store_answer(answer: Answer) -> Result<StoreAnswer, Reason> {
    Ok(match answer {
        Answer::Loaded(current) => StoreAnswer::Loaded(current),
        Answer::Stored => StoreAnswer::Stored,
        Answer::Conflict(current) => StoreAnswer::Conflict(current),
        Answer::Expired => StoreAnswer::Expired,
        Answer::Unknown => StoreAnswer::Unknown,
        Answer::Failed | Answer::Unsupported => return Err(Reason::StoreFailed),
        _ => return Err(Reason::WrongAnswer),
    })
}

/// Counts the conflicts of an exchange.
#[derive(Default)]
pub(crate) struct Conflicts {
    count: u16,
    /// The stamp of the last swap whose outcome stayed unknown.
    unsettled: Option<[u8; 8]>,
}

impl Conflicts {
    pub(crate) fn another(&mut self) -> Result<(), Reason> {
        self.count += 1;
        if self.count > MOST_CONFLICTS {
            Err(Reason::TooManyConflicts)
        } else {
            Ok(())
        }
    }
}
