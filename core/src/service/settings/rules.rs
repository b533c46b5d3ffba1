//! The settings of policies, OATH tokens and engines as groups of fields.

use super::refused::Refused;
use super::table::Field;
use super::value::Value;
use super::values::{Settings, Values, settings};
use crate::Error;
use crate::challenge::{Policy, PolicySettings, TokenPolicy};
use crate::oath::Digits;
use crate::service::host::EngineSettings;

settings! {
    PolicySettings, Policy, start: start, finish: finished, more: nothing;
    digits: Digits,
    lifetime_ms: LifetimeMs,
    tries: Tries,
    resend_interval_ms: ResendIntervalMs,
    sends: Sends,
    guesses: Guesses,
    failures_to_lock: FailuresToLock,
    lock_ms: LockMs,
    spend: Spend,
    calling_codes: CallingCodes,
    allow_weak: AllowWeak,
}

settings! {
    TokenPolicy, Token, start: start, finish: finished_token, more: nothing;
    look_ahead: LookAhead,
    past: Past,
    future: Future,
    resync_window: ResyncWindow,
    delay_ms: DelayMs,
    failures_to_lock: FailuresToLock,
    lock_ms: LockMs,
}

settings! {
    EngineSettings, Engine, start: start, finish: Ok, more: nothing;
    issuer: Issuer,
    token_use: TokenUse,
}

/// These structs have no fields other than their members.
fn nothing<S>(_: &S, _: &mut Values) {}

/// Checks the rules of a token as a whole: both sides of its window together.
fn finished_token(policy: TokenPolicy) -> Result<TokenPolicy, Refused> {
    let checked = policy.check().map(|()| policy);
    checked.map_err(|error| Refused::field(Field::Past, error))
}

fn finished(settings: PolicySettings) -> Result<PolicySettings, Refused> {
    checked(settings).map(|policy| policy.settings().clone())
}

/// The policy that results from `values`, with unset fields taken from
/// `default`.
pub(in crate::service) fn policy_from(
    values: &Values,
    default: &Policy,
) -> Result<Policy, Refused> {
    let mut settings = default.settings().clone();
    settings.apply(values)?;
    checked(settings)
}

/// Checks a policy as a whole; the error names the field that causes it.
fn checked(settings: PolicySettings) -> Result<Policy, Refused> {
    let (digits, lifetime_ms) = (settings.digits, settings.lifetime_ms);
    let lock_ms = settings.lock_ms;
    Policy::new(settings).map_err(|error| {
        let (field, value) = match error {
            Error::PolicyTooWeak if digits < Digits::SIX => (Field::Digits, digits.get().into()),
            Error::PolicyTooWeak => (Field::LifetimeMs, lifetime_ms),
            // The table already limits the other time spans.
            Error::InvalidLimit => (Field::LockMs, lock_ms),
            _ => return error.into(),
        };
        Refused::value(field, error, &Value::Number(value))
    })
}

/// Default settings.
#[allow(clippy::unnecessary_wraps)] // `settings!` expects a result, for tenants without a name.
fn start<S: Default>(_: &Values) -> Result<S, Refused> {
    Ok(S::default())
}
