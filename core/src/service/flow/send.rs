//! A send, from the load of its record to the gateway's word: reserve from the
//! tenant's purse, write the number's challenge and, where the contract has
//! ids, its alias, deliver; and give back once what a gateway definitely
//! refused.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::steps::{Flow, Now, loaded};
use super::subject::Subject;
use super::swap::{Conflicts, PendingSwap, SwapOutcome};
use crate::challenge::{Aliased, ChallengeId, Issue, Issued, Pending, Refusal, Reservation};
use crate::service::host::{Answer, Reason, Step};
use crate::service::message::Sms;
use crate::store::Kind;

/// One send of a new challenge to a subject.
pub(crate) struct SendFlow {
    subject: Subject,
    conflicts: Conflicts,
    /// Whether the tenant's purse holds a reservation of ours.
    is_reserved: bool,
    /// The public id of the challenge, once it is known.
    public_id: Option<String>,
    state: State,
}

/// Ids that are tried for one challenge; two that are alike are rarer than
/// failing machines.
const MOST_IDS: u8 = 4;

/// What a send came to.
pub(crate) enum Sent {
    /// The gateway has the message; the challenge's public id, if it has one.
    Delivered(Option<String>),
    /// No challenge for now.
    Refused(Refusal),
    /// A challenge that must not be superseded lives; its public id.
    StillLive(Option<String>),
    /// The gateway definitely refused; the send is given back.
    GatewayRefused,
    /// Nobody knows; nothing is given back.
    GatewayUnknown,
}

enum State {
    Loading,
    LoadingPurse(Box<Pending<Issued>>),
    Reserving(Box<Pending<Issued>>, PendingSwap<()>),
    Writing(PendingSwap<Issued>),
    Naming(Issued, u8, PendingSwap<()>),
    FindingName(ChallengeId, u8),
    Correcting(Refusal, PendingSwap<()>),
    Delivering(ChallengeId),
    LoadingRefund(ChallengeId),
    Refunding(ChallengeId, PendingSwap<()>),
    LoadingReturn(Sent),
    Returning(Sent, PendingSwap<()>),
    Over,
}

type Next = Result<Flow<Sent>, Reason>;

impl SendFlow {
    pub(crate) fn begin(subject: Subject) -> (Self, Step) {
        let flow = Self {
            subject,
            conflicts: Conflicts::default(),
            is_reserved: false,
            public_id: None,
            state: State::Loading,
        };
        let step = flow.load_number();
        (flow, step)
    }

    /// Takes an answer; `draft` writes the message of a new challenge.
    pub(crate) fn next(
        &mut self,
        answer: Answer,
        now: Now,
        draft: impl FnOnce(&Subject, &Issued) -> Sms,
    ) -> Next {
        match core::mem::replace(&mut self.state, State::Over) {
            State::Loading => self.decide(loaded(answer)?, now),
            State::LoadingPurse(issue) => self.reserve(issue, loaded(answer)?, now),
            State::Reserving(issue, pending_swap) => match pending_swap.next(answer)? {
                SwapOutcome::Stored(()) => {
                    self.is_reserved = true;
                    Ok(self.write(*issue))
                }
                SwapOutcome::Again(current) => {
                    self.conflicts.another()?;
                    self.reserve(issue, current, now)
                }
                SwapOutcome::Reread(pending_swap, step) => {
                    self.step(State::Reserving(issue, pending_swap), step)
                }
            },
            State::Writing(pending_swap) => match pending_swap.next(answer)? {
                SwapOutcome::Stored(issued) => self.name(issued, 0, now, draft),
                SwapOutcome::Again(current) => {
                    self.conflicts.another()?;
                    self.decide(current, now)
                }
                SwapOutcome::Reread(pending_swap, step) => {
                    self.step(State::Writing(pending_swap), step)
                }
            },
            State::Naming(issued, attempt, pending_swap) => match pending_swap.next(answer)? {
                SwapOutcome::Stored(()) => self.deliver(&issued, draft),
                SwapOutcome::Again(_) => self.name(issued, attempt + 1, now, draft),
                SwapOutcome::Reread(pending_swap, step) => {
                    self.step(State::Naming(issued, attempt, pending_swap), step)
                }
            },
            State::FindingName(id, attempt) => {
                self.found_name(id, attempt, loaded(answer)?.as_deref(), now)
            }
            State::Correcting(refusal, pending_swap) => match pending_swap.next(answer)? {
                SwapOutcome::Stored(()) | SwapOutcome::Again(_) => {
                    Ok(self.give_back(Sent::Refused(refusal)))
                }
                SwapOutcome::Reread(pending_swap, step) => {
                    self.step(State::Correcting(refusal, pending_swap), step)
                }
            },
            State::Delivering(id) => match answer {
                Answer::Delivered => Ok(Flow::Done(Sent::Delivered(self.public_id.take()))),
                Answer::Refused => {
                    let step = self.load_number();
                    self.step(State::LoadingRefund(id), step)
                }
                Answer::Unknown | Answer::Failed => Ok(Flow::Done(Sent::GatewayUnknown)),
                Answer::Unsupported => Err(Reason::GatewayUnknown),
                _ => Err(Reason::WrongAnswer),
            },
            State::LoadingRefund(id) => self.refund(id, loaded(answer)?, now),
            State::Refunding(id, pending_swap) => match pending_swap.next(answer)? {
                SwapOutcome::Stored(()) => Ok(self.give_back(Sent::GatewayRefused)),
                SwapOutcome::Again(current) => {
                    self.conflicts.another()?;
                    self.refund(id, current, now)
                }
                SwapOutcome::Reread(pending_swap, step) => {
                    self.step(State::Refunding(id, pending_swap), step)
                }
            },
            State::LoadingReturn(sent) => self.write_return(sent, loaded(answer)?, now),
            State::Returning(sent, pending_swap) => match pending_swap.next(answer)? {
                SwapOutcome::Stored(()) => Ok(Flow::Done(sent)),
                SwapOutcome::Again(current) => {
                    self.conflicts.another()?;
                    self.write_return(sent, current, now)
                }
                SwapOutcome::Reread(pending_swap, step) => {
                    self.step(State::Returning(sent, pending_swap), step)
                }
            },
            State::Over => Err(Reason::WrongAnswer),
        }
    }

    fn step(&mut self, state: State, step: Step) -> Next {
        self.state = state;
        Ok(Flow::Step(step))
    }

    fn load_number(&self) -> Step {
        Step::Load {
            kind: Kind::State,
            key: self.subject.challenge().key(),
        }
    }

    /// Asks for a challenge from what stands at the number's place.
    fn decide(&mut self, current: Option<Vec<u8>>, now: Now) -> Next {
        let challenge = self.subject.challenge();
        if !self.subject.supersedes
            && let Some(id) = challenge.live(current.as_deref(), now.ms)?
        {
            return self.find_name(id, 0);
        }
        let issue = challenge.issue(current.as_deref(), now.ms, &now.entropy)?;
        match issue {
            Issue::Refused(refusal) => Ok(self.give_back(Sent::Refused(refusal))),
            Issue::Corrected(refusal, correction) => self.correct(refusal, correction),
            Issue::Pending(pending) => match self.subject.quota() {
                Some(quota) if !self.is_reserved => {
                    let step = quota.load();
                    self.step(State::LoadingPurse(Box::new(pending)), step)
                }
                _ => Ok(self.write(pending)),
            },
        }
    }

    fn reserve(&mut self, issue: Box<Pending<Issued>>, current: Option<Vec<u8>>, now: Now) -> Next {
        let quota = self.subject.quota().ok_or(Reason::WrongAnswer)?;
        match quota.reserve(current.as_deref(), now)? {
            Reservation::Refused(refusal) => Ok(Flow::Done(Sent::Refused(refusal))),
            Reservation::Corrected(refusal, correction) => self.correct(refusal, correction),
            Reservation::Pending(pending) => {
                let (pending_swap, step) = PendingSwap::begin(pending);
                self.step(State::Reserving(issue, pending_swap), step)
            }
        }
    }

    fn correct(&mut self, refusal: Refusal, correction: Pending<()>) -> Next {
        let (pending_swap, step) = PendingSwap::begin(correction);
        self.step(State::Correcting(refusal, pending_swap), step)
    }

    fn write(&mut self, issue: Pending<Issued>) -> Flow<Sent> {
        let (pending_swap, step) = PendingSwap::begin(issue);
        self.state = State::Writing(pending_swap);
        Flow::Step(step)
    }

    /// Writes the alias of a challenge that has none yet; where the contract
    /// has no ids, goes on to deliver.
    fn name(
        &mut self,
        issued: Issued,
        attempt: u8,
        now: Now,
        draft: impl FnOnce(&Subject, &Issued) -> Sms,
    ) -> Next {
        if attempt == MOST_IDS {
            return Err(Reason::TooManyConflicts);
        }
        self.public_id = self.subject.public_id(issued.id, attempt);
        let Some(public_id) = &self.public_id else {
            return self.deliver(&issued, draft);
        };
        let aliased = Aliased {
            number: self.subject.number,
            id: issued.id,
        };
        let alias = self.subject.alias(public_id);
        let (pending_swap, step) =
            PendingSwap::begin(alias.write(&aliased, now.ms, &now.entropy)?);
        self.step(State::Naming(issued, attempt, pending_swap), step)
    }

    fn deliver(&mut self, issued: &Issued, draft: impl FnOnce(&Subject, &Issued) -> Sms) -> Next {
        let sms = draft(&self.subject, issued);
        self.step(State::Delivering(issued.id), Step::Deliver(sms))
    }

    /// Asks whether this is the id of a challenge that lives; where the
    /// contract has no ids, ends without one.
    fn find_name(&mut self, id: ChallengeId, attempt: u8) -> Next {
        self.public_id = match attempt {
            MOST_IDS => None,
            attempt => self.subject.public_id(id, attempt),
        };
        let Some(public_id) = &self.public_id else {
            return Ok(self.give_back(Sent::StillLive(None)));
        };
        let step = Step::Load {
            kind: Kind::State,
            key: self.subject.alias(public_id).key(),
        };
        self.step(State::FindingName(id, attempt), step)
    }

    fn found_name(
        &mut self,
        id: ChallengeId,
        attempt: u8,
        current: Option<&[u8]>,
        now: Now,
    ) -> Next {
        let public_id = self.public_id.take().ok_or(Reason::WrongAnswer)?;
        let is_its_name = match current {
            Some(bytes) => {
                let aliased = self.subject.alias(&public_id).read(bytes, now.ms)?;
                aliased.is_some_and(|aliased| aliased.id == id)
            }
            // The first place that is free is where the challenge's own send,
            // which goes on at this moment, writes its alias.
            None => true,
        };
        if is_its_name {
            return Ok(self.give_back(Sent::StillLive(Some(public_id))));
        }
        self.find_name(id, attempt + 1)
    }

    fn refund(&mut self, id: ChallengeId, current: Option<Vec<u8>>, now: Now) -> Next {
        let refund =
            self.subject
                .challenge()
                .refund(current.as_deref(), id, now.ms, &now.entropy)?;
        match refund {
            None => Ok(self.give_back(Sent::GatewayRefused)),
            Some(pending) => {
                let (pending_swap, step) = PendingSwap::begin(pending);
                self.step(State::Refunding(id, pending_swap), step)
            }
        }
    }

    /// Ends with `sent`, after the reservation, if there is one, is returned.
    fn give_back(&mut self, sent: Sent) -> Flow<Sent> {
        match self.subject.quota() {
            Some(quota) if self.is_reserved => {
                let step = quota.load();
                self.is_reserved = false;
                self.state = State::LoadingReturn(sent);
                Flow::Step(step)
            }
            _ => Flow::Done(sent),
        }
    }

    fn write_return(&mut self, sent: Sent, current: Option<Vec<u8>>, now: Now) -> Next {
        let quota = self.subject.quota().ok_or(Reason::WrongAnswer)?;
        let pending = quota.give_back(current.as_deref(), now)?;
        let (pending_swap, step) = PendingSwap::begin(pending);
        self.step(State::Returning(sent, pending_swap), step)
    }
}
