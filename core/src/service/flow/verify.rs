//! An attempt, from loading the challenge to the released verdict.

use alloc::vec::Vec;

use super::steps::{Flow, Now, loaded};
use super::subject::Subject;
use super::swap::{Conflicts, PendingSwap, SwapOutcome, Unsettled};
use crate::challenge::{Attempt, ChallengeId, Verdict};
use crate::service::host::{Answer, Reason, Step};
use crate::store::Kind;
use crate::typed::TypedCode;

/// One attempt to verify a typed code against a subject's challenge.
pub(crate) struct VerifyFlow {
    subject: Subject,
    /// The challenge to verify against, if the contract names it by an id.
    id: Option<ChallengeId>,
    /// `None` for text that no code has.
    typed: Option<TypedCode>,
    conflicts: Conflicts,
    state: State,
}

enum State {
    Loading,
    Writing(PendingSwap<Verdict>),
    Over,
}

impl VerifyFlow {
    /// Begins the attempt. A contract whose codes are only digits refuses other
    /// text itself, before this.
    pub(crate) fn begin(
        subject: Subject,
        id: Option<ChallengeId>,
        typed: Option<TypedCode>,
    ) -> (Self, Step) {
        let step = Step::Load {
            kind: Kind::State,
            key: subject.store_key(),
        };
        let flow = Self {
            subject,
            id,
            typed,
            conflicts: Conflicts::default(),
            state: State::Loading,
        };
        (flow, step)
    }

    pub(crate) fn next(&mut self, answer: Answer, now: Now) -> Result<Flow<Verdict>, Reason> {
        match core::mem::replace(&mut self.state, State::Over) {
            State::Loading => self.decide(loaded(answer)?, now),
            State::Writing(swap) => match swap.next(answer, &mut self.conflicts)? {
                SwapOutcome::Stored(verdict) => Ok(Flow::Done(verdict)),
                SwapOutcome::Again(current) | SwapOutcome::Unsettled(Unsettled { current, .. }) => {
                    self.conflicts.another()?;
                    self.decide(current, now)
                }
                SwapOutcome::Reread(swap, step) => {
                    self.state = State::Writing(swap);
                    Ok(Flow::Step(step))
                }
            },
            State::Over => Err(Reason::WrongAnswer),
        }
    }

    fn decide(&mut self, current: Option<Vec<u8>>, now: Now) -> Result<Flow<Verdict>, Reason> {
        let challenge = self.subject.challenge(now);
        let current = current.as_deref();
        let typed = self.typed.as_ref();
        match challenge.attempt_read(self.id, current, typed, now.ms, &now.entropy)? {
            Attempt::Told(verdict) => Ok(Flow::Done(verdict)),
            Attempt::Pending(pending) => {
                let (swap, step) = PendingSwap::begin(pending, &self.conflicts);
                self.state = State::Writing(swap);
                Ok(Flow::Step(step))
            }
        }
    }
}
