//! The subject of an exchange's challenge, and the quota that its sends are
//! charged to.

use alloc::string::String;
use alloc::sync::Arc;

use super::steps::Now;
use crate::Error;
use crate::challenge::{
    self, ALIAS_LIFE_MS, Alias, Binding, Challenge, ChallengeId, Credits, Keyring, Pending, Policy,
    Reservation, Spend,
};
use crate::service::host::Step;
use crate::store::{Kind, StoreKey};

/// Whose challenge an exchange is about, and under which rules.
pub(crate) struct Subject {
    pub(crate) keyring: Arc<Keyring>,
    pub(crate) policy: Policy,
    /// The service id, from `tenant::service_id`.
    pub(crate) service: &'static str,
    /// The tenant's id.
    pub(crate) tenant: [u8; 16],
    pub(crate) subject: challenge::Subject,
    /// The context that a code is bound to, such as an app; may be empty.
    pub(crate) context: String,
    pub(crate) billing: Billing,
    /// Whether a new challenge replaces one that is still live.
    pub(crate) supersedes: bool,
    /// How the public id of a challenge is written, if the contract has one.
    pub(crate) public_id: Option<PublicId>,
}

/// How a tenant pays for sends.
#[derive(Clone, Copy)]
pub(crate) enum Billing {
    /// The policy's spend limit, if it has one.
    Limit,
    /// Prepaid credits.
    Credits {
        /// The balance while no record exists.
        initial: u64,
        /// Whether the record exists, according to the tenant's value.
        has_begun: bool,
    },
}

/// Writes a challenge's public id from 16 pseudorandom bytes.
pub(crate) type PublicId = fn([u8; 16]) -> String;

impl Subject {
    /// The store key of the number's record.
    pub(crate) fn store_key(&self) -> StoreKey {
        self.challenge_of(None).key()
    }

    pub(crate) fn challenge(&self, now: Now) -> Challenge<'_> {
        self.challenge_of(now.restored_at_ms)
    }

    fn challenge_of(&self, restored_at_ms: Option<u64>) -> Challenge<'_> {
        let binding = Binding {
            service: self.service,
            tenant: &self.tenant,
            subject: &self.subject,
            context: &self.context,
        };
        let kept_ms = self.public_id.map_or(0, |_| ALIAS_LIFE_MS);
        Challenge::new(&self.keyring, &self.policy, binding)
            .kept(kept_ms)
            .restored_at(restored_at_ms)
    }

    /// The quota that a send is reserved from; `None` without a spend limit.
    pub(crate) fn quota(&self) -> Option<Quota<'_>> {
        let (keyring, service, tenant) = (&*self.keyring, self.service, &self.tenant);
        match self.billing {
            Billing::Limit => Spend::new(keyring, &self.policy, service, tenant).map(Quota::Limit),
            Billing::Credits { initial, has_begun } => {
                let credits = Credits::new(keyring, service, tenant, initial);
                Some(Quota::Credits(credits.begun(has_begun)))
            }
        }
    }

    /// The public id of a challenge, if the contract has one. Each `attempt`
    /// yields another id, in case the id of an earlier attempt is taken.
    pub(crate) fn public_id(&self, id: ChallengeId, attempt: u8) -> Option<String> {
        let write = self.public_id?;
        Some(write(id.public_bytes(&self.keyring, attempt)))
    }

    /// The alias record of a public id of this tenant.
    pub(crate) fn alias(&self, public_id: &str) -> Alias<'_> {
        Alias::new(&self.keyring, self.service, &self.tenant, public_id)
    }
}

/// The record that a send is charged to: reserved before the challenge is
/// written, and returned once if the gateway definitely refused the message.
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
