//! Whose challenge an exchange is about, and what its sends are paid from.

use alloc::string::String;
use alloc::sync::Arc;

use super::steps::Now;
use crate::Error;
use crate::challenge::{
    ALIAS_LIFE_MS, Alias, Binding, Challenge, ChallengeId, Credits, Keyring, Pending, Policy,
    Reservation, Spend,
};
use crate::number::PhoneNumber;
use crate::service::host::Step;
use crate::store::Kind;

/// Whose challenge an exchange is about.
pub(crate) struct Subject {
    pub(crate) keyring: Arc<Keyring>,
    pub(crate) policy: Policy,
    pub(crate) service: &'static str,
    pub(crate) tenant: [u8; 16],
    pub(crate) number: PhoneNumber,
    pub(crate) context: String,
    pub(crate) billing: Billing,
    /// Whether a new challenge takes the place of one that lives.
    pub(crate) supersedes: bool,
    /// How its challenges are known to the outside, if they are.
    pub(crate) public_id: Option<PublicId>,
}

/// What a tenant pays its sends from.
#[derive(Clone, Copy)]
pub(crate) enum Billing {
    /// The policy's spend limit, if it has one.
    Limit,
    /// Prepaid credits, which begin at this many.
    Credits(u64),
}

/// Writes a challenge's public id from 16 bytes that look random.
pub(crate) type PublicId = fn([u8; 16]) -> String;

impl Subject {
    pub(crate) fn challenge(&self) -> Challenge<'_> {
        let binding = Binding {
            service: self.service,
            tenant: &self.tenant,
            number: self.number.as_str(),
            context: &self.context,
        };
        let kept_ms = self.public_id.map_or(0, |_| ALIAS_LIFE_MS);
        Challenge::new(&self.keyring, &self.policy, binding).kept(kept_ms)
    }

    pub(crate) fn quota(&self) -> Option<Quota<'_>> {
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
    pub(crate) fn public_id(&self, id: ChallengeId, attempt: u8) -> Option<String> {
        let write = self.public_id?;
        Some(write(id.public_bytes(&self.keyring, attempt)))
    }

    /// What an id of ours leads to, under a tenant.
    pub(crate) fn alias(&self, public_id: &str) -> Alias<'_> {
        Alias::new(&self.keyring, self.service, &self.tenant, public_id)
    }
}

/// Where a send is paid from: reserved before its challenge is written, given
/// back once when a gateway definitely refused.
pub(crate) enum Quota<'a> {
    Limit(Spend<'a>),
    Credits(Credits<'a>),
}

impl Quota<'_> {
    pub(crate) fn load(&self) -> Step {
        let key = match self {
            Self::Limit(spend) => spend.key(),
            Self::Credits(credits) => credits.key(),
        };
        Step::Load {
            kind: Kind::State,
            key,
        }
    }

    pub(crate) fn reserve(&self, current: Option<&[u8]>, now: Now) -> Result<Reservation, Error> {
        match self {
            Self::Limit(spend) => spend.reserve(current, now.ms, &now.entropy),
            Self::Credits(credits) => credits.reserve(current, now.ms, &now.entropy),
        }
    }

    pub(crate) fn give_back(&self, current: Option<&[u8]>, now: Now) -> Result<Pending<()>, Error> {
        match self {
            Self::Limit(spend) => spend.give_back(current, now.ms, &now.entropy),
            Self::Credits(credits) => credits.give_back(current, now.ms, &now.entropy),
        }
    }
}
