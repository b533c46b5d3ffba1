//! A send, from the load of its record to the gateway's word: reserve from the
//! tenant's spend, write the number's challenge, deliver; and give back once
//! what a gateway definitely refused.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::flow::{Conflicts, Flow, Now, Settled, Settling, Subject, loaded};
use super::message::Sms;
use super::reply::Reason;
use super::step::{Answer, Step};
use crate::Error;
use crate::challenge::{ChallengeId, Issue, Issued, Pending, Refusal, Reservation};
use crate::store::Kind;

/// One send of a new challenge to a subject.
pub(super) struct SendFlow {
    subject: Subject,
    conflicts: Conflicts,
    /// Whether the tenant's spend holds a reservation of ours.
    is_reserved: bool,
    state: State,
}

/// What a send came to.
#[derive(Clone, Copy)]
pub(super) enum Sent {
    /// The gateway has the message.
    Delivered,
    /// No challenge for now.
    Refused(Refusal),
    /// The gateway definitely refused; the send is given back.
    GatewayRefused,
    /// Nobody knows; nothing is given back.
    GatewayUnknown,
}

enum State {
    Loading,
    LoadingSpend(Box<Pending<Issued>>),
    Reserving(Box<Pending<Issued>>, Settling<()>),
    Writing(Settling<Issued>),
    Correcting(Refusal, Settling<()>),
    Delivering(ChallengeId),
    LoadingRefund(ChallengeId),
    Refunding(ChallengeId, Settling<()>),
    LoadingReturn(Sent),
    Returning(Sent, Settling<()>),
    Over,
}

type Next = Result<Flow<Sent>, Reason>;

impl SendFlow {
    pub(super) fn begin(subject: Subject) -> (Self, Step) {
        let flow = Self {
            subject,
            conflicts: Conflicts::default(),
            is_reserved: false,
            state: State::Loading,
        };
        let step = flow.load_number();
        (flow, step)
    }

    /// Takes an answer; `draft` writes the message of a new challenge.
    pub(super) fn next(
        &mut self,
        answer: Answer,
        now: Now,
        draft: impl FnOnce(&Subject, &Issued) -> Sms,
    ) -> Next {
        match core::mem::replace(&mut self.state, State::Over) {
            State::Loading => self.decide(loaded(answer)?, now),
            State::LoadingSpend(issue) => self.reserve(issue, loaded(answer)?, now),
            State::Reserving(issue, settling) => match settling.next(answer)? {
                Settled::Stored(()) => {
                    self.is_reserved = true;
                    Ok(self.write(*issue))
                }
                Settled::Again(current) => {
                    self.conflicts.another()?;
                    self.reserve(issue, current, now)
                }
                Settled::Reread(settling, step) => {
                    self.step(State::Reserving(issue, settling), step)
                }
            },
            State::Writing(settling) => match settling.next(answer)? {
                Settled::Stored(issued) => {
                    let sms = draft(&self.subject, &issued);
                    self.step(State::Delivering(issued.id), Step::Deliver(sms))
                }
                Settled::Again(current) => {
                    self.conflicts.another()?;
                    self.decide(current, now)
                }
                Settled::Reread(settling, step) => self.step(State::Writing(settling), step),
            },
            State::Correcting(refusal, settling) => match settling.next(answer)? {
                Settled::Stored(()) | Settled::Again(_) => {
                    Ok(self.give_back(Sent::Refused(refusal)))
                }
                Settled::Reread(settling, step) => {
                    self.step(State::Correcting(refusal, settling), step)
                }
            },
            State::Delivering(id) => match answer {
                Answer::Delivered => Ok(Flow::Done(Sent::Delivered)),
                Answer::Refused => {
                    let step = self.load_number();
                    self.step(State::LoadingRefund(id), step)
                }
                Answer::Unknown | Answer::Failed => Ok(Flow::Done(Sent::GatewayUnknown)),
                Answer::Unsupported => Err(Reason::GatewayUnknown),
                _ => Err(Reason::WrongAnswer),
            },
            State::LoadingRefund(id) => self.refund(id, loaded(answer)?, now),
            State::Refunding(id, settling) => match settling.next(answer)? {
                Settled::Stored(()) => Ok(self.give_back(Sent::GatewayRefused)),
                Settled::Again(current) => {
                    self.conflicts.another()?;
                    self.refund(id, current, now)
                }
                Settled::Reread(settling, step) => self.step(State::Refunding(id, settling), step),
            },
            State::LoadingReturn(sent) => self.write_return(sent, loaded(answer)?, now),
            State::Returning(sent, settling) => match settling.next(answer)? {
                Settled::Stored(()) => Ok(Flow::Done(sent)),
                Settled::Again(current) => {
                    self.conflicts.another()?;
                    self.write_return(sent, current, now)
                }
                Settled::Reread(settling, step) => {
                    self.step(State::Returning(sent, settling), step)
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
        let issue = self
            .subject
            .challenge()
            .issue(current.as_deref(), now.ms, &now.entropy)?;
        match issue {
            Issue::Refused(refusal) => Ok(self.give_back(Sent::Refused(refusal))),
            Issue::Corrected(refusal, correction) => self.correct(refusal, correction),
            Issue::Pending(pending) => match self.subject.spend() {
                Some(spend) if !self.is_reserved => {
                    let step = Step::Load {
                        kind: Kind::State,
                        key: spend.key(),
                    };
                    self.step(State::LoadingSpend(Box::new(pending)), step)
                }
                _ => Ok(self.write(pending)),
            },
        }
    }

    fn reserve(&mut self, issue: Box<Pending<Issued>>, current: Option<Vec<u8>>, now: Now) -> Next {
        let spend = self.subject.spend().ok_or(Reason::WrongAnswer)?;
        match spend.reserve(current.as_deref(), now.ms, &now.entropy)? {
            Reservation::Refused(refusal) => Ok(Flow::Done(Sent::Refused(refusal))),
            Reservation::Corrected(refusal, correction) => self.correct(refusal, correction),
            Reservation::Pending(pending) => {
                let (settling, step) = Settling::begin(pending);
                self.step(State::Reserving(issue, settling), step)
            }
        }
    }

    fn correct(&mut self, refusal: Refusal, correction: Pending<()>) -> Next {
        let (settling, step) = Settling::begin(correction);
        self.step(State::Correcting(refusal, settling), step)
    }

    fn write(&mut self, issue: Pending<Issued>) -> Flow<Sent> {
        let (settling, step) = Settling::begin(issue);
        self.state = State::Writing(settling);
        Flow::Step(step)
    }

    fn refund(&mut self, id: ChallengeId, current: Option<Vec<u8>>, now: Now) -> Next {
        let refund =
            self.subject
                .challenge()
                .refund(current.as_deref(), id, now.ms, &now.entropy)?;
        match refund {
            None => Ok(self.give_back(Sent::GatewayRefused)),
            Some(pending) => {
                let (settling, step) = Settling::begin(pending);
                self.step(State::Refunding(id, settling), step)
            }
        }
    }

    /// Ends with `sent`, after the reservation, if there is one, is returned.
    fn give_back(&mut self, sent: Sent) -> Flow<Sent> {
        match self.subject.spend() {
            Some(spend) if self.is_reserved => {
                let step = Step::Load {
                    kind: Kind::State,
                    key: spend.key(),
                };
                self.is_reserved = false;
                self.state = State::LoadingReturn(sent);
                Flow::Step(step)
            }
            _ => Flow::Done(sent),
        }
    }

    fn write_return(&mut self, sent: Sent, current: Option<Vec<u8>>, now: Now) -> Next {
        let spend = self.subject.spend().ok_or(Error::StoreFailed)?;
        let pending = spend.give_back(current.as_deref(), now.ms, &now.entropy)?;
        let (settling, step) = Settling::begin(pending);
        self.step(State::Returning(sent, settling), step)
    }
}
