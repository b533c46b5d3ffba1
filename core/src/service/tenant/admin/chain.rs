//! Operations in sequence.

use crate::Error;
use crate::store::{Operation, Progress, StoreAnswer};

/// An operation, and the next one, which depends on its outcome.
pub(super) struct Then<A, B, F> {
    state: State<A, B, F>,
}

enum State<A, B, F> {
    First(A, F),
    Second(B),
    Over,
}

/// Performs `first`, then the operation that `next` makes of its outcome.
pub(super) fn then<A, B, F>(first: A, next: F) -> Then<A, B, F>
where
    A: Operation,
    B: Operation<Error = A::Error>,
    F: FnOnce(A::Outcome) -> Result<B, A::Error>,
{
    Then {
        state: State::First(first, next),
    }
}

impl<A, B, F> Operation for Then<A, B, F>
where
    A: Operation,
    B: Operation<Error = A::Error>,
    F: FnOnce(A::Outcome) -> Result<B, A::Error>,
{
    type Outcome = B::Outcome;
    type Error = A::Error;

    fn next(&mut self, answer: StoreAnswer, now_ms: u64) -> Result<Progress<B::Outcome>, A::Error> {
        let (mut second, answer) = match core::mem::replace(&mut self.state, State::Over) {
            State::First(mut first, next) => match first.next(answer, now_ms)? {
                Progress::Step(step) => {
                    self.state = State::First(first, next);
                    return Ok(Progress::Step(step));
                }
                Progress::Done(outcome) => (next(outcome)?, StoreAnswer::Begin),
            },
            State::Second(second) => (second, answer),
            State::Over => return Err(Error::StoreFailed.into()),
        };
        let progress = second.next(answer, now_ms)?;
        if let Progress::Step(_) = progress {
            self.state = State::Second(second);
        }
        Ok(progress)
    }
}

/// An operation that may not be required.
pub(super) struct Optional<O>(pub(super) Option<O>);

impl<O: Operation> Operation for Optional<O> {
    type Outcome = Option<O::Outcome>;
    type Error = O::Error;

    fn next(
        &mut self,
        answer: StoreAnswer,
        now_ms: u64,
    ) -> Result<Progress<Self::Outcome>, O::Error> {
        let Some(operation) = &mut self.0 else {
            return Ok(Progress::Done(None));
        };
        Ok(match operation.next(answer, now_ms)? {
            Progress::Step(step) => Progress::Step(step),
            Progress::Done(outcome) => Progress::Done(Some(outcome)),
        })
    }
}
