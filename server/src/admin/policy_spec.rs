use mpass_core::Error;
use mpass_core::challenge::{CallingCodes, Limit, Policy, PolicySettings};
use mpass_core::number::CallingCode;
use mpass_core::oath::Digits;
use serde::{Deserialize, Serialize};

/// The rules of a tenant's challenges as an administrator says them; what is
/// left out has the default of its kind. Times are in milliseconds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PolicySpec {
    /// The length of codes.
    pub digits: Option<u8>,
    /// How long a code lives.
    pub lifetime_ms: Option<u64>,
    /// Wrong codes that end a challenge.
    pub tries: Option<u8>,
    /// The least time between two sends to a number.
    pub resend_interval_ms: Option<u64>,
    /// Sends to one number.
    pub sends: Option<LimitSpec>,
    /// Wrong codes for one number.
    pub guesses: Option<LimitSpec>,
    /// Sends of the whole tenant.
    pub spend: Option<LimitSpec>,
    /// Wrong codes in a row that lock a number.
    pub failures_to_lock: Option<u16>,
    /// How long a number stays locked.
    pub lock_ms: Option<u64>,
    /// Country codes that may be sent to; none: all.
    pub calling_codes: Vec<u16>,
    /// Whether the policy may be weak.
    pub allow_weak: bool,
}

/// How often something may happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitSpec {
    /// Most events in any window.
    pub events: u32,
    /// The window.
    pub window_ms: u64,
    /// Most events at once.
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
    /// The policy, with what is left out from the default of the kind.
    ///
    /// # Errors
    /// The engine's own, for each value that it refuses.
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

    /// What an administrator would say to get this policy, with every default
    /// said.
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
