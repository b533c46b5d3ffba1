//! Policies.

use mpass_core::Error;
use mpass_core::challenge::{self, Limit, PolicySettings, TokenPolicy};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::convert::{Thrown, calling_code, digits};

#[wasm_bindgen]
extern "C" {
    /// Settings of a policy; what is absent has the core's default.
    pub type PolicyParts;
    #[wasm_bindgen(method, getter, structural)]
    fn digits(this: &PolicyParts) -> Option<u32>;
    #[wasm_bindgen(method, getter, structural, js_name = lifetimeMs)]
    fn lifetime_ms(this: &PolicyParts) -> Option<u64>;
    #[wasm_bindgen(method, getter, structural)]
    fn tries(this: &PolicyParts) -> Option<u32>;
    #[wasm_bindgen(method, getter, structural, js_name = resendIntervalMs)]
    fn resend_interval_ms(this: &PolicyParts) -> Option<u64>;
    #[wasm_bindgen(method, getter, structural)]
    fn sends(this: &PolicyParts) -> Option<LimitParts>;
    #[wasm_bindgen(method, getter, structural)]
    fn guesses(this: &PolicyParts) -> Option<LimitParts>;
    #[wasm_bindgen(method, getter, structural)]
    fn spend(this: &PolicyParts) -> Option<LimitParts>;
    #[wasm_bindgen(method, getter, structural, js_name = failuresToLock)]
    fn failures_to_lock(this: &PolicyParts) -> Option<u32>;
    #[wasm_bindgen(method, getter, structural, js_name = lockMs)]
    fn lock_ms(this: &PolicyParts) -> Option<u64>;
    #[wasm_bindgen(method, getter, structural, js_name = callingCodes)]
    fn calling_codes(this: &PolicyParts) -> Option<Vec<u32>>;
    #[wasm_bindgen(method, getter, structural, js_name = allowWeak)]
    fn allow_weak(this: &PolicyParts) -> Option<bool>;

    /// How often something may happen.
    pub type LimitParts;
    #[wasm_bindgen(method, getter, structural)]
    fn events(this: &LimitParts) -> u32;
    #[wasm_bindgen(method, getter, structural, js_name = windowMs)]
    fn window_ms(this: &LimitParts) -> u64;
    #[wasm_bindgen(method, getter, structural)]
    fn burst(this: &LimitParts) -> Option<u32>;

    /// Settings of a token's policy; what is absent has the core's default.
    pub type TokenPolicyParts;
    #[wasm_bindgen(method, getter, structural, js_name = lookAhead)]
    fn look_ahead(this: &TokenPolicyParts) -> Option<u32>;
    #[wasm_bindgen(method, getter, structural)]
    fn past(this: &TokenPolicyParts) -> Option<u32>;
    #[wasm_bindgen(method, getter, structural)]
    fn future(this: &TokenPolicyParts) -> Option<u32>;
    #[wasm_bindgen(method, getter, structural, js_name = resyncWindow)]
    fn resync_window(this: &TokenPolicyParts) -> Option<u32>;
    #[wasm_bindgen(method, getter, structural, js_name = delayMs)]
    fn delay_ms(this: &TokenPolicyParts) -> Option<u64>;
    #[wasm_bindgen(method, getter, structural, js_name = failuresToLock)]
    fn failures_to_lock(this: &TokenPolicyParts) -> Option<u32>;
    #[wasm_bindgen(method, getter, structural, js_name = lockMs)]
    fn lock_ms(this: &TokenPolicyParts) -> Option<u64>;
}

fn limit(parts: &LimitParts) -> Result<Limit, Error> {
    let (events, window_ms) = (parts.events(), parts.window_ms());
    match parts.burst() {
        Some(burst) => Limit::new(events, window_ms, burst),
        None => Limit::half_at_once(events, window_ms),
    }
}

fn failures(count: u32) -> Result<u16, Error> {
    u16::try_from(count).map_err(|_| Error::InvalidTries)
}

/// The rules of challenges.
#[wasm_bindgen]
pub struct Policy(pub(crate) challenge::Policy);

#[wasm_bindgen]
impl Policy {
    /// Checks settings.
    #[wasm_bindgen(constructor)]
    pub fn new(parts: &PolicyParts) -> Result<Self, Thrown> {
        let mut settings = PolicySettings::default();
        if let Some(length) = parts.digits() {
            settings.digits = digits(length)?;
        }
        if let Some(tries) = parts.tries() {
            settings.tries = u8::try_from(tries).map_err(|_| Error::InvalidTries)?;
        }
        if let Some(count) = parts.failures_to_lock() {
            settings.failures_to_lock = failures(count)?;
        }
        for (target, given) in [
            (&mut settings.lifetime_ms, parts.lifetime_ms()),
            (&mut settings.resend_interval_ms, parts.resend_interval_ms()),
            (&mut settings.lock_ms, parts.lock_ms()),
        ] {
            *target = given.unwrap_or(*target);
        }
        if let Some(sends) = parts.sends() {
            settings.sends = limit(&sends)?;
        }
        if let Some(guesses) = parts.guesses() {
            settings.guesses = limit(&guesses)?;
        }
        settings.spend = parts.spend().as_ref().map(limit).transpose()?;
        for code in parts.calling_codes().unwrap_or_default() {
            settings.calling_codes.insert(calling_code(code)?);
        }
        settings.allow_weak = parts.allow_weak().unwrap_or(settings.allow_weak);
        Ok(Self(challenge::Policy::new(settings)?))
    }

    /// The same policy once more, for calls that use theirs up.
    #[must_use]
    pub fn copy(&self) -> Self {
        Self(self.0.clone())
    }

    /// The chance of guessing one challenge's code.
    #[wasm_bindgen(js_name = guessProbabilityPerChallenge)]
    #[must_use]
    pub fn guess_probability_per_challenge(&self) -> f64 {
        self.0.guess_probability_per_challenge()
    }

    /// The chance of guessing a code of a number within a day.
    #[wasm_bindgen(js_name = guessProbabilityPerDay)]
    #[must_use]
    pub fn guess_probability_per_day(&self) -> f64 {
        self.0.guess_probability_per_day()
    }
}

pub(crate) fn token_policy(parts: &TokenPolicyParts) -> Result<TokenPolicy, Error> {
    let mut policy = TokenPolicy::default();
    for (target, given) in [
        (&mut policy.look_ahead, parts.look_ahead()),
        (&mut policy.past, parts.past()),
        (&mut policy.future, parts.future()),
        (&mut policy.resync_window, parts.resync_window()),
    ] {
        *target = given.unwrap_or(*target);
    }
    for (target, given) in [
        (&mut policy.delay_ms, parts.delay_ms()),
        (&mut policy.lock_ms, parts.lock_ms()),
    ] {
        *target = given.unwrap_or(*target);
    }
    if let Some(count) = parts.failures_to_lock() {
        policy.failures_to_lock = failures(count)?;
    }
    Ok(policy)
}
