//! The single use of something, such as a token or an authorization code.

use super::steps::{Flow, Now};
use super::swap::{Conflicts, PendingSwap, SwapOutcome, Unsettled};
use crate::challenge::Once;
use crate::service::host::{Answer, Reason, Step};

/// Records a single use. It is stored before the request is answered.
pub(crate) struct UseFlow(Option<PendingSwap<()>>);

impl UseFlow {
    /// Begins the swap that stores the use. `good_until_ms` is when the token or
    /// code expires, in milliseconds of Unix time; `None` if it does not.
    pub(crate) fn begin(
        once: &Once<'_>,
        good_until_ms: Option<u64>,
        now: Now,
    ) -> Result<(Self, Step), Reason> {
        let pending = once.take(good_until_ms, now.ms, &now.entropy)?;
        let (swap, step) = PendingSwap::begin(pending, &Conflicts::default());
        Ok((Self(Some(swap)), step))
    }

    pub(crate) fn next(&mut self, answer: Answer) -> Result<Flow<()>, Reason> {
        let swap = self.0.take().ok_or(Reason::WrongAnswer)?;
        if answer == Answer::Expired {
            // An earlier use may be among the values that were dropped.
            return Err(Reason::TokenUsed);
        }
        match swap.next(answer, &mut Conflicts::default())? {
            SwapOutcome::Stored(()) => Ok(Flow::Done(())),
            SwapOutcome::Again(Some(_))
            | SwapOutcome::Unsettled(Unsettled {
                current: Some(_), ..
            }) => Err(Reason::TokenUsed),
            // The swap was not stored and no other use is: nothing was used.
            SwapOutcome::Again(None) | SwapOutcome::Unsettled(Unsettled { current: None, .. }) => {
                Err(Reason::StoreFailed)
            }
            SwapOutcome::Reread(swap, step) => {
                self.0 = Some(swap);
                Ok(Flow::Step(step))
            }
        }
    }
}
