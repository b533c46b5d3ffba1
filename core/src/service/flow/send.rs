//! A send, from loading the challenge to the gateway's answer: reserve from the
//! tenant's quota, write the number's challenge and, if the contract has public
//! ids, its alias, then deliver. If the gateway definitely refused the message,
//! the send is refunded once.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::steps::{Flow, Now, loaded};
use super::subject::Subject;
use super::swap::{Conflicts, PendingSwap, SwapOutcome, Unsettled};
use crate::challenge::{Aliased, ChallengeId, Issue, Issued, Pending, Refusal, Reservation};
use crate::service::cut_off::CutOffs;
use crate::service::host::{Answer, Reason, Step};
use crate::service::message::Sms;
use crate::store::Kind;

/// One send of a new challenge to a subject.
pub(crate) struct SendFlow {
    subject: Subject,
    cut_offs: Arc<CutOffs>,
    conflicts: Conflicts,
    /// Whether this send holds a reservation in the tenant's quota.
    is_reserved: bool,
    /// The public id of the challenge, once it is known.
    public_id: Option<String>,
    state: State,
}

/// The most public ids that are tried for one challenge. Even one collision is
/// less likely than a hardware failure.
const MOST_IDS: u8 = 4;

/// The result of a send.
pub(crate) enum Sent {
    /// The gateway accepted the message; the challenge's public id, if it has
    /// one.
    Delivered(Option<String>),
    /// No challenge was issued.
    Refused(Refusal),
    /// An administrator has stopped the send: the reason. Nothing was written.
    Stopped(Reason),
    /// A live challenge must not be superseded; its public id, if it has one.
    StillLive(Option<String>),
    /// The gateway definitely refused the message; the send was refunded.
    GatewayRefused,
    /// It is unknown whether the message was sent; nothing is refunded.
    GatewayUnknown,
}

enum State {
    Loading,
    LoadingQuota(Box<Pending<Issued>>),
    Reserving(Box<Pending<Issued>>, PendingSwap<()>),
    Writing(PendingSwap<Issued>),
    /// The `u8` counts the public ids that were tried.
    WritingAlias(Issued, u8, PendingSwap<()>),
    FindingAlias(ChallengeId, u8),
    Correcting(Refusal, PendingSwap<()>),
    Delivering(ChallengeId),
    LoadingRefund(ChallengeId),
    Refunding(ChallengeId, PendingSwap<()>),
    LoadingReservation(Sent),
    ReturningReservation(Returning, PendingSwap<()>),
    Over,
}

type Next = Result<Flow<Sent>, Reason>;

impl SendFlow {
    pub(crate) fn begin(subject: Subject, cut_offs: &Arc<CutOffs>) -> (Self, Step) {
        let flow = Self {
            subject,
            cut_offs: Arc::clone(cut_offs),
            conflicts: Conflicts::default(),
            is_reserved: false,
            public_id: None,
            state: State::Loading,
        };
        let step = flow.load_number();
        (flow, step)
    }

    /// Takes an answer. `draft` writes the message of a new challenge.
    pub(crate) fn next(
        &mut self,
        answer: Answer,
        now: Now,
        draft: impl FnOnce(&Subject, &Issued) -> Sms,
    ) -> Next {
        match core::mem::replace(&mut self.state, State::Over) {
            State::Loading => self.decide(loaded(answer)?, now),
            State::LoadingQuota(issue) => self.reserve(issue, loaded(answer)?, now),
            State::Reserving(issue, swap) => {
                let outcome = swap.next(answer, &mut self.conflicts)?;
                self.reserving(issue, outcome, now)
            }
            State::Writing(swap) => {
                let outcome = swap.next(answer, &mut self.conflicts)?;
                self.writing(outcome, now, draft)
            }
            State::WritingAlias(issued, attempt, swap) => {
                let outcome = swap.next(answer, &mut self.conflicts)?;
                self.writing_alias(issued, attempt, outcome, now, draft)
            }
            State::FindingAlias(id, attempt) => {
                self.found_alias(id, attempt, loaded(answer)?.as_deref(), now)
            }
            State::Correcting(refusal, swap) => {
                let outcome = swap.next(answer, &mut self.conflicts)?;
                self.correcting(refusal, outcome)
            }
            State::Delivering(id) => self.delivering(id, &answer),
            State::LoadingRefund(id) => self.refund(id, loaded(answer)?, now),
            State::Refunding(id, swap) => {
                let outcome = swap.next(answer, &mut self.conflicts)?;
                self.refunding(id, outcome, now)
            }
            State::LoadingReservation(sent) => {
                let returning = Returning {
                    sent,
                    is_uncertain: false,
                };
                self.write_reservation(returning, loaded(answer)?, now)
            }
            State::ReturningReservation(returning, swap) => {
                let outcome = swap.next(answer, &mut self.conflicts)?;
                self.returning_reservation(returning, outcome, now)
            }
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
            key: self.subject.store_key(),
        }
    }

    /// Decides from the number's current record whether a challenge is issued. A
    /// cut-off comes first, whatever the record contains.
    fn decide(&mut self, current: Option<Vec<u8>>, now: Now) -> Next {
        let number = self.subject.subject.number();
        if let Some(reason) = self.cut_offs.stops_send(number.as_ref(), now.ms) {
            return Ok(self.return_reservation(Sent::Stopped(reason)));
        }
        let challenge = self.subject.challenge(now);
        if !self.subject.supersedes
            && let Some(id) = challenge.live(current.as_deref(), now.ms)?
        {
            return self.find_alias(id, 0);
        }
        let issue = challenge.issue(current.as_deref(), now.ms, &now.entropy)?;
        match issue {
            Issue::Refused(refusal) => Ok(self.return_reservation(Sent::Refused(refusal))),
            Issue::Corrected(refusal, correction) => self.correct(refusal, correction),
            Issue::Pending(pending) => match self.subject.quota() {
                Some(quota) if !self.is_reserved => {
                    let step = quota.load();
                    self.step(State::LoadingQuota(Box::new(pending)), step)
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
                let (swap, step) = PendingSwap::begin(pending, &self.conflicts);
                self.step(State::Reserving(issue, swap), step)
            }
        }
    }

    fn reserving(
        &mut self,
        issue: Box<Pending<Issued>>,
        outcome: SwapOutcome<()>,
        now: Now,
    ) -> Next {
        match outcome {
            SwapOutcome::Stored(()) => {
                self.is_reserved = true;
                Ok(self.write(*issue))
            }
            SwapOutcome::Again(current) | SwapOutcome::Unsettled(Unsettled { current, .. }) => {
                self.conflicts.another()?;
                self.reserve(issue, current, now)
            }
            SwapOutcome::Reread(swap, step) => self.step(State::Reserving(issue, swap), step),
        }
    }

    fn correct(&mut self, refusal: Refusal, correction: Pending<()>) -> Next {
        let (swap, step) = PendingSwap::begin(correction, &self.conflicts);
        self.step(State::Correcting(refusal, swap), step)
    }

    fn correcting(&mut self, refusal: Refusal, outcome: SwapOutcome<()>) -> Next {
        match outcome {
            SwapOutcome::Stored(()) | SwapOutcome::Again(_) | SwapOutcome::Unsettled(_) => {
                Ok(self.return_reservation(Sent::Refused(refusal)))
            }
            SwapOutcome::Reread(swap, step) => self.step(State::Correcting(refusal, swap), step),
        }
    }

    fn write(&mut self, issue: Pending<Issued>) -> Flow<Sent> {
        let (swap, step) = PendingSwap::begin(issue, &self.conflicts);
        self.state = State::Writing(swap);
        Flow::Step(step)
    }

    fn writing(
        &mut self,
        outcome: SwapOutcome<Issued>,
        now: Now,
        draft: impl FnOnce(&Subject, &Issued) -> Sms,
    ) -> Next {
        match outcome {
            SwapOutcome::Stored(issued) => self.write_alias(issued, 0, now, draft),
            SwapOutcome::Again(current) | SwapOutcome::Unsettled(Unsettled { current, .. }) => {
                self.conflicts.another()?;
                self.decide(current, now)
            }
            SwapOutcome::Reread(swap, step) => self.step(State::Writing(swap), step),
        }
    }

    /// Writes the alias of a new challenge. Without public ids in the contract,
    /// continues with the delivery.
    fn write_alias(
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
            subject: self.subject.subject.clone(),
            id: issued.id,
        };
        let alias = self.subject.alias(public_id);
        let (swap, step) = PendingSwap::begin(
            alias.write(&aliased, now.ms, &now.entropy)?,
            &self.conflicts,
        );
        self.step(State::WritingAlias(issued, attempt, swap), step)
    }

    fn writing_alias(
        &mut self,
        issued: Issued,
        attempt: u8,
        outcome: SwapOutcome<()>,
        now: Now,
        draft: impl FnOnce(&Subject, &Issued) -> Sms,
    ) -> Next {
        match outcome {
            SwapOutcome::Stored(()) => self.deliver(&issued, draft),
            // The id is taken.
            SwapOutcome::Again(_) | SwapOutcome::Unsettled(_) => {
                self.write_alias(issued, attempt + 1, now, draft)
            }
            SwapOutcome::Reread(swap, step) => {
                self.step(State::WritingAlias(issued, attempt, swap), step)
            }
        }
    }

    fn deliver(&mut self, issued: &Issued, draft: impl FnOnce(&Subject, &Issued) -> Sms) -> Next {
        let sms = draft(&self.subject, issued);
        self.step(State::Delivering(issued.id), Step::Deliver(sms))
    }

    fn delivering(&mut self, id: ChallengeId, answer: &Answer) -> Next {
        match answer {
            Answer::Delivered => Ok(Flow::Done(Sent::Delivered(self.public_id.take()))),
            Answer::Refused => {
                let step = self.load_number();
                self.step(State::LoadingRefund(id), step)
            }
            Answer::Unknown | Answer::Failed => Ok(Flow::Done(Sent::GatewayUnknown)),
            Answer::Unsupported => Err(Reason::GatewayUnknown),
            _ => Err(Reason::WrongAnswer),
        }
    }

    /// Looks for the public id of a live challenge by loading the aliases of its
    /// candidates. Without public ids in the contract, ends without one.
    fn find_alias(&mut self, id: ChallengeId, attempt: u8) -> Next {
        self.public_id = match attempt {
            MOST_IDS => None,
            attempt => self.subject.public_id(id, attempt),
        };
        let Some(public_id) = &self.public_id else {
            return Ok(self.return_reservation(Sent::StillLive(None)));
        };
        let step = Step::Load {
            kind: Kind::State,
            key: self.subject.alias(public_id).key(),
        };
        self.step(State::FindingAlias(id, attempt), step)
    }

    fn found_alias(
        &mut self,
        id: ChallengeId,
        attempt: u8,
        current: Option<&[u8]>,
        now: Now,
    ) -> Next {
        let public_id = self.public_id.take().ok_or(Reason::WrongAnswer)?;
        let is_its_alias = match current {
            Some(bytes) => {
                let aliased = self.subject.alias(&public_id);
                let aliased = aliased
                    .restored_at(now.restored_at_ms)
                    .read(bytes, now.ms)?;
                aliased.is_some_and(|aliased| aliased.id == id)
            }
            // The send that issued the challenge is still running: the first
            // free alias is the one it is about to write.
            None => true,
        };
        if is_its_alias {
            return Ok(self.return_reservation(Sent::StillLive(Some(public_id))));
        }
        self.find_alias(id, attempt + 1)
    }

    fn refund(&mut self, id: ChallengeId, current: Option<Vec<u8>>, now: Now) -> Next {
        let refund =
            self.subject
                .challenge(now)
                .refund(current.as_deref(), id, now.ms, &now.entropy)?;
        match refund {
            None => Ok(self.return_reservation(Sent::GatewayRefused)),
            Some(pending) => {
                let (swap, step) = PendingSwap::begin(pending, &self.conflicts);
                self.step(State::Refunding(id, swap), step)
            }
        }
    }

    fn refunding(&mut self, id: ChallengeId, outcome: SwapOutcome<()>, now: Now) -> Next {
        match outcome {
            SwapOutcome::Stored(()) => Ok(self.return_reservation(Sent::GatewayRefused)),
            SwapOutcome::Again(current) | SwapOutcome::Unsettled(Unsettled { current, .. }) => {
                self.conflicts.another()?;
                self.refund(id, current, now)
            }
            SwapOutcome::Reread(swap, step) => self.step(State::Refunding(id, swap), step),
        }
    }

    /// Ends with `sent` after returning the reservation, if there is one.
    fn return_reservation(&mut self, sent: Sent) -> Flow<Sent> {
        match self.subject.quota() {
            Some(quota) if self.is_reserved => {
                let step = quota.load();
                self.is_reserved = false;
                self.state = State::LoadingReservation(sent);
                Flow::Step(step)
            }
            _ => Flow::Done(sent),
        }
    }

    fn write_reservation(
        &mut self,
        returning: Returning,
        current: Option<Vec<u8>>,
        now: Now,
    ) -> Next {
        let quota = self.subject.quota().ok_or(Reason::WrongAnswer)?;
        let pending = quota.give_back(current.as_deref(), now)?;
        let (swap, step) = PendingSwap::begin(pending, &self.conflicts);
        self.step(State::ReturningReservation(returning, swap), step)
    }

    /// Returns the reservation at most once: if an earlier swap may have been
    /// stored and replaced, it is not returned again.
    fn returning_reservation(
        &mut self,
        returning: Returning,
        outcome: SwapOutcome<()>,
        now: Now,
    ) -> Next {
        let (current, is_uncertain) = match outcome {
            SwapOutcome::Reread(swap, step) => {
                return self.step(State::ReturningReservation(returning, swap), step);
            }
            SwapOutcome::Again(current) if !returning.is_uncertain => (current, false),
            SwapOutcome::Unsettled(Unsettled {
                current,
                is_unchanged: true,
            }) => (current, true),
            SwapOutcome::Stored(()) | SwapOutcome::Again(_) | SwapOutcome::Unsettled(_) => {
                return Ok(Flow::Done(returning.sent));
            }
        };
        self.conflicts.another()?;
        let returning = Returning {
            is_uncertain: is_uncertain || returning.is_uncertain,
            ..returning
        };
        self.write_reservation(returning, current, now)
    }
}

/// The return of a reservation.
struct Returning {
    /// The end of the flow after it.
    sent: Sent,
    /// Whether an earlier swap may still be stored.
    is_uncertain: bool,
}
