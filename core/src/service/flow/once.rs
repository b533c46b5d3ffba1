//! The one use of something, such as a token or a code.

use super::steps::{Flow, Now};
use super::swap::{PendingSwap, SwapOutcome};
use crate::challenge::Once;
use crate::service::host::{Answer, Reason, Step};

/// Uses something once: the use is stored before the request is answered.
pub(crate) struct UseFlow(Option<PendingSwap<()>>);

impl UseFlow {
    /// Asks for the swap that stores the use. `good_until_ms` is the end of the
    /// life of what is used.
    pub(crate) fn begin(
        once: &Once<'_>,
        good_until_ms: u64,
        now: Now,
    ) -> Result<(Self, Step), Reason> {
        let pending = once.take(good_until_ms, now.ms, &now.entropy)?;
        let (pending_swap, step) = PendingSwap::begin(pending);
        Ok((Self(Some(pending_swap)), step))
    }

    pub(crate) fn next(&mut self, answer: Answer) -> Result<Flow<()>, Reason> {
        let pending_swap = self.0.take().ok_or(Reason::WrongAnswer)?;
        match pending_swap.next(answer)? {
            SwapOutcome::Stored(()) => Ok(Flow::Done(())),
            SwapOutcome::Again(Some(_)) => Err(Reason::TokenUsed),
            // Not stored, and nobody else's: nothing was used.
            SwapOutcome::Again(None) => Err(Reason::StoreFailed),
            SwapOutcome::Reread(pending_swap, step) => {
                self.0 = Some(pending_swap);
                Ok(Flow::Step(step))
            }
        }
    }
}
