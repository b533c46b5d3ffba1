//! A send, from the load of its record to the gateway's word: reserve from the
//! tenant's purse, write the number's challenge and, where the contract has
//! ids, its alias, deliver; and give back once what a gateway definitely
//! refused.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::flow::{Conflicts, Flow, Now, Settled, Settling, Subject, loaded};
use super::message::Sms;
use super::reply::Reason;
use super::step::{Answer, Step};
use crate::challenge::{Aliased, ChallengeId, Issue, Issued, Pending, Refusal, Reservation};
use crate::store::Kind;

/// One send of a new challenge to a subject.
pub(super) struct SendFlow {
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
pub(super) enum Sent {
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
    Reserving(Box<Pending<Issued>>, Settling<()>),
    Writing(Settling<Issued>),
    Naming(Issued, u8, Settling<()>),
    FindingName(ChallengeId, u8),
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
            public_id: None,
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
            State::LoadingPurse(issue) => self.reserve(issue, loaded(answer)?, now),
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
                Settled::Stored(issued) => self.name(issued, 0, now, draft),
                Settled::Again(current) => {
                    self.conflicts.another()?;
                    self.decide(current, now)
                }
                Settled::Reread(settling, step) => self.step(State::Writing(settling), step),
            },
            State::Naming(issued, attempt, settling) => match settling.next(answer)? {
                Settled::Stored(()) => self.deliver(&issued, draft),
                Settled::Again(_) => self.name(issued, attempt + 1, now, draft),
                Settled::Reread(settling, step) => {
                    self.step(State::Naming(issued, attempt, settling), step)
                }
            },
            State::FindingName(id, attempt) => {
                self.found_name(id, attempt, loaded(answer)?.as_deref(), now)
            }
            State::Correcting(refusal, settling) => match settling.next(answer)? {
                Settled::Stored(()) | Settled::Again(_) => {
                    Ok(self.give_back(Sent::Refused(refusal)))
                }
                Settled::Reread(settling, step) => {
                    self.step(State::Correcting(refusal, settling), step)
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
            Issue::Pending(pending) => match self.subject.purse() {
                Some(purse) if !self.is_reserved => {
                    let step = purse.load();
                    self.step(State::LoadingPurse(Box::new(pending)), step)
                }
                _ => Ok(self.write(pending)),
            },
        }
    }

    fn reserve(&mut self, issue: Box<Pending<Issued>>, current: Option<Vec<u8>>, now: Now) -> Next {
        let purse = self.subject.purse().ok_or(Reason::WrongAnswer)?;
        match purse.reserve(current.as_deref(), now)? {
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
        let (settling, step) = Settling::begin(alias.write(&aliased, now.ms, &now.entropy)?);
        self.step(State::Naming(issued, attempt, settling), step)
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
                let (settling, step) = Settling::begin(pending);
                self.step(State::Refunding(id, settling), step)
            }
        }
    }

    /// Ends with `sent`, after the reservation, if there is one, is returned.
    fn give_back(&mut self, sent: Sent) -> Flow<Sent> {
        match self.subject.purse() {
            Some(purse) if self.is_reserved => {
                let step = purse.load();
                self.is_reserved = false;
                self.state = State::LoadingReturn(sent);
                Flow::Step(step)
            }
            _ => Flow::Done(sent),
        }
    }

    fn write_return(&mut self, sent: Sent, current: Option<Vec<u8>>, now: Now) -> Next {
        let purse = self.subject.purse().ok_or(Reason::WrongAnswer)?;
        let pending = purse.give_back(current.as_deref(), now)?;
        let (settling, step) = Settling::begin(pending);
        self.step(State::Returning(sent, settling), step)
    }
}
