//! The challenge policy of a tenant as an administrator describes it.

use mpass_core::Error;
use mpass_core::challenge::{CallingCodes, Limit, Policy, PolicySettings};
use mpass_core::number::CallingCode;
use mpass_core::oath::Digits;
use serde::{Deserialize, Serialize};

/// A tenant's challenge policy as an administrator describes it; omitted fields
/// take the default of the tenant's kind. Times are in milliseconds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PolicySpec {
    /// The length of codes.
    pub digits: Option<u8>,
    /// The lifetime of a code.
    pub lifetime_ms: Option<u64>,
    /// Wrong codes after which a challenge ends.
    pub tries: Option<u8>,
    /// The minimum time between two sends to a number.
    pub resend_interval_ms: Option<u64>,
    /// The limit on sends to one number.
    pub sends: Option<LimitSpec>,
    /// The limit on wrong codes for one number.
    pub guesses: Option<LimitSpec>,
    /// The limit on all sends of the tenant.
    pub spend: Option<LimitSpec>,
    /// Consecutive wrong codes that lock a number.
    pub failures_to_lock: Option<u16>,
    /// How long a number stays locked.
    pub lock_ms: Option<u64>,
    /// Country codes that may be sent to; empty for all.
    pub calling_codes: Vec<u16>,
    /// Whether a weak policy is allowed.
    pub allow_weak: bool,
}

/// A rate limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitSpec {
    /// The maximum number of events in any window.
    pub events: u32,
    /// The length of the window.
    pub window_ms: u64,
    /// The maximum number of events at once.
    pub burst: u32,
}

impl From<Limit> for LimitSpec {
    fn from(limit: Limit) -> Self {
        Self {
            events: limit.events(),
            window_ms: limit.window_ms(),
            burst: limit.burst(),
        }
    }
}

impl TryFrom<LimitSpec> for Limit {
    type Error = Error;

    fn try_from(spec: LimitSpec) -> Result<Self, Error> {
        Self::new(spec.events, spec.window_ms, spec.burst)
    }
}

impl PolicySpec {
    /// Converts to a policy; omitted fields are taken from `default`.
    ///
    /// # Errors
    /// The engine's error for the first invalid value.
    pub fn policy(&self, default: &Policy) -> Result<Policy, Error> {
        let default = default.settings();
        let limit = |spec: Option<LimitSpec>, otherwise: Limit| match spec {
            Some(spec) => Limit::try_from(spec),
            None => Ok(otherwise),
        };
        let mut calling_codes = CallingCodes::all();
        for code in &self.calling_codes {
            calling_codes.insert(CallingCode::new(*code)?);
        }
        Policy::new(PolicySettings {
            digits: self.digits.map_or(Ok(default.digits), Digits::new)?,
            lifetime_ms: self.lifetime_ms.unwrap_or(default.lifetime_ms),
            tries: self.tries.unwrap_or(default.tries),
            resend_interval_ms: self
                .resend_interval_ms
                .unwrap_or(default.resend_interval_ms),
            sends: limit(self.sends, default.sends)?,
            guesses: limit(self.guesses, default.guesses)?,
            failures_to_lock: self.failures_to_lock.unwrap_or(default.failures_to_lock),
            lock_ms: self.lock_ms.unwrap_or(default.lock_ms),
            spend: match self.spend {
                Some(spec) => Some(Limit::try_from(spec)?),
                None => default.spend,
            },
            calling_codes,
            allow_weak: self.allow_weak || default.allow_weak,
        })
    }

    /// The description of a policy, with every default spelled out.
    #[must_use]
    pub fn of(policy: &Policy) -> Self {
        let policy = policy.settings();
        Self {
            digits: Some(policy.digits.get()),
            lifetime_ms: Some(policy.lifetime_ms),
            tries: Some(policy.tries),
            resend_interval_ms: Some(policy.resend_interval_ms),
            sends: Some(policy.sends.into()),
            guesses: Some(policy.guesses.into()),
            spend: policy.spend.map(Into::into),
            failures_to_lock: Some(policy.failures_to_lock),
            lock_ms: Some(policy.lock_ms),
            calling_codes: policy.calling_codes.iter().map(CallingCode::get).collect(),
            allow_weak: policy.allow_weak,
        }
    }
}
