//! An attempt, from loading the challenge to the released verdict.

use alloc::string::String;
use alloc::vec::Vec;

use zeroize::Zeroizing;

use super::steps::{Flow, Now, loaded};
use super::subject::Subject;
use super::swap::{Conflicts, PendingSwap, SwapOutcome, Unsettled};
use crate::challenge::{Attempt, ChallengeId, Verdict};
use crate::service::host::{Answer, Reason, Step};
use crate::store::Kind;

/// One attempt to verify a typed code against a subject's challenge.
pub(crate) struct VerifyFlow {
    subject: Subject,
    /// The challenge to verify against, if the contract names it by an id.
    id: Option<ChallengeId>,
    typed: Zeroizing<String>,
    conflicts: Conflicts,
    state: State,
}

enum State {
    Loading,
    Writing(PendingSwap<Verdict>),
    Over,
}

impl VerifyFlow {
    pub(crate) fn begin(
        subject: Subject,
        id: Option<ChallengeId>,
        typed: Zeroizing<String>,
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
            State::Writing(swap) => match swap.next(answer)? {
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
        let attempt = match self.id {
            Some(id) => challenge.attempt_at(id, current, &self.typed, now.ms, &now.entropy)?,
            None => challenge.attempt(current, &self.typed, now.ms, &now.entropy)?,
        };
        match attempt {
            Attempt::Told(verdict) => Ok(Flow::Done(verdict)),
            Attempt::Pending(pending) => {
                let (swap, step) = PendingSwap::begin(pending);
                self.state = State::Writing(swap);
                Ok(Flow::Step(step))
            }
        }
    }
}
