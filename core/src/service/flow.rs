//! The pieces that every contract is put together from.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::reply::Reason;
use super::step::{Answer, Step};
use crate::Error;
use crate::challenge::{
    ALIAS_LIFE_MS, Alias, Binding, Challenge, ChallengeId, Credits, Keyring, Pending, Policy,
    Reservation, Spend,
};
use crate::number::PhoneNumber;
use crate::store::{Kind, Swap};

/// Conflicts on one record in one exchange; each is somebody's progress.
const MOST_CONFLICTS: u16 = 256;

/// What an answer led to: another step, or the end of a flow.
pub(super) enum Flow<T> {
    Step(Step),
    Done(T),
}

impl From<Error> for Reason {
    fn from(error: Error) -> Self {
        match error {
            Error::RecordFormat | Error::RecordForged | Error::UnknownRecordKey => {
                Self::RecordRefused
            }
            Error::TooManyConflicts => Self::TooManyConflicts,
            _ => Self::StoreFailed,
        }
    }
}

/// What an exchange brings to each of its answers.
#[derive(Clone, Copy)]
pub(super) struct Now {
    pub(super) ms: u64,
    /// Mixed from the host's entropy, the time and the whole request.
    pub(super) entropy: [u8; 32],
}

/// Whose challenge an exchange is about.
pub(super) struct Subject {
    pub(super) keyring: Arc<Keyring>,
    pub(super) policy: Policy,
    pub(super) service: &'static str,
    pub(super) tenant: [u8; 16],
    pub(super) number: PhoneNumber,
    pub(super) context: String,
    pub(super) billing: Billing,
    /// Whether a new challenge takes the place of one that lives.
    pub(super) supersedes: bool,
    /// How its challenges are known to the outside, if they are.
    pub(super) public_id: Option<PublicId>,
}

/// What a tenant pays its sends from.
#[derive(Clone, Copy)]
pub(super) enum Billing {
    /// The policy's spend limit, if it has one.
    Limit,
    /// Prepaid credits, which begin at this many.
    Credits(u64),
}

/// Writes a challenge's public id from 16 bytes that look random.
pub(super) type PublicId = fn([u8; 16]) -> String;

impl Subject {
    pub(super) fn challenge(&self) -> Challenge<'_> {
        let binding = Binding {
            service: self.service,
            tenant: &self.tenant,
            number: self.number.as_str(),
            context: &self.context,
        };
        let kept_ms = self.public_id.map_or(0, |_| ALIAS_LIFE_MS);
        Challenge::new(&self.keyring, &self.policy, binding).kept(kept_ms)
    }

    pub(super) fn quota(&self) -> Option<Quota<'_>> {
        let (keyring, service, tenant) = (&*self.keyring, self.service, &self.tenant);
        match self.billing {
            Billing::Limit => Spend::new(keyring, &self.policy, service, tenant).map(Quota::Limit),
            Billing::Credits(initial) => Some(Quota::Credits(Credits::new(
                keyring, service, tenant, initial,
            ))),
        }
    }

    /// The public id of a challenge of ours, at the given attempt to find one
    /// that is free.
    pub(super) fn public_id(&self, id: ChallengeId, attempt: u8) -> Option<String> {
        let write = self.public_id?;
        Some(write(id.public_bytes(&self.keyring, attempt)))
    }

    /// What an id of ours leads to, under a tenant.
    pub(super) fn alias(&self, public_id: &str) -> Alias<'_> {
        Alias::new(&self.keyring, self.service, &self.tenant, public_id)
    }
}

/// Where a send is paid from: reserved before its challenge is written, given
/// back once when a gateway definitely refused.
pub(super) enum Quota<'a> {
    Limit(Spend<'a>),
    Credits(Credits<'a>),
}

impl Quota<'_> {
    pub(super) fn load(&self) -> Step {
        let key = match self {
            Self::Limit(spend) => spend.key(),
            Self::Credits(credits) => credits.key(),
        };
        Step::Load {
            kind: Kind::State,
            key,
        }
    }

    pub(super) fn reserve(&self, current: Option<&[u8]>, now: Now) -> Result<Reservation, Error> {
        match self {
            Self::Limit(spend) => spend.reserve(current, now.ms, &now.entropy),
            Self::Credits(credits) => credits.reserve(current, now.ms, &now.entropy),
        }
    }

    pub(super) fn give_back(&self, current: Option<&[u8]>, now: Now) -> Result<Pending<()>, Error> {
        match self {
            Self::Limit(spend) => spend.give_back(current, now.ms, &now.entropy),
            Self::Credits(credits) => credits.give_back(current, now.ms, &now.entropy),
        }
    }
}

/// What a load came to.
pub(super) fn loaded(answer: Answer) -> Result<Option<Vec<u8>>, Reason> {
    match answer {
        Answer::Loaded(value) => Ok(value),
        Answer::Failed | Answer::Unknown | Answer::Unsupported => Err(Reason::StoreFailed),
        _ => Err(Reason::WrongAnswer),
    }
}

/// A swap on its way: from the step that asks for it to the certainty that it
/// is stored, or to the value that won.
pub(super) struct PendingSwap<T> {
    pending: Pending<T>,
    is_rereading: bool,
}

/// What an answer to a [`Settling`] swap means.
pub(super) enum SwapOutcome<T> {
    /// The outcome, paid for.
    Stored(T),
    /// Decide again from this value.
    Again(Option<Vec<u8>>),
    /// Nobody knows: read the value back.
    Reread(PendingSwap<T>, Step),
}

impl<T> PendingSwap<T> {
    /// Asks for the swap of a pending outcome.
    pub(super) fn begin(pending: Pending<T>) -> (Self, Step) {
        let step = Step::Swap(Swap {
            kind: Kind::State,
            key: pending.key(),
            expected: pending.expected().map(<[u8]>::to_vec),
            value: pending.next().to_vec(),
            expires_at_ms: pending.expires_at_ms(),
        });
        let pending_swap = Self {
            pending,
            is_rereading: false,
        };
        (pending_swap, step)
    }

    /// Takes the host's answer. Our own stamp in the value that stands there
    /// means that the swap is stored, whatever the host believes; without it,
    /// an unknown outcome counts as not stored.
    pub(super) fn next(mut self, answer: Answer) -> Result<SwapOutcome<T>, Reason> {
        let current = match answer {
            Answer::Stored if !self.is_rereading => {
                return Ok(SwapOutcome::Stored(self.pending.stored()));
            }
            Answer::Unknown if !self.is_rereading => {
                let step = Step::Load {
                    kind: Kind::State,
                    key: self.pending.key(),
                };
                self.is_rereading = true;
                return Ok(SwapOutcome::Reread(self, step));
            }
            Answer::Conflict(current) if !self.is_rereading => current,
            Answer::Failed | Answer::Unsupported => return Err(Reason::StoreFailed),
            answer if self.is_rereading => loaded(answer)?,
            _ => return Err(Reason::WrongAnswer),
        };
        match current {
            Some(value) if self.pending.is_written_in(&value) => {
                Ok(SwapOutcome::Stored(self.pending.stored()))
            }
            current => Ok(SwapOutcome::Again(current)),
        }
    }
}

/// Counts the conflicts of an exchange.
#[derive(Default)]
pub(super) struct Conflicts(u16);

impl Conflicts {
    pub(super) fn another(&mut self) -> Result<(), Reason> {
        self.0 += 1;
        if self.0 > MOST_CONFLICTS {
            Err(Reason::TooManyConflicts)
        } else {
            Ok(())
        }
    }
}
