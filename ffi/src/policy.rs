//! The rules of a challenge.

use mpass_core::challenge::{Limit, Policy, PolicySettings};

use crate::boundary::boundary;
use crate::handle::{changed, class, construct, free, used};
use crate::key;
use crate::number::calling_code;
use crate::slice::out_param;
use crate::status::mpass_status;

/// The rules of a challenge. They are checked where they are used, and by
/// `mpass_policy_check`; what is made with a policy keeps it as it was then.
pub struct mpass_policy {
    _opaque: (),
}

class!(mpass_policy, PolicySettings, 9);

/// A policy with every default, which keeps NIST SP 800-63B: six digits, five
/// minutes, five tries. `*out` is the caller's, to be freed with
/// `mpass_policy_free`. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_policy_new(out: *mut *mut mpass_policy) -> mpass_status {
    construct(out, || Ok(PolicySettings::default()))
}

/// Frees a policy; NULL does nothing. No other thread may use it meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_policy_free(policy: *mut mpass_policy) {
    free(policy);
}

/// Checks a policy.
///
/// Errors: INVALID_LIFETIME, INVALID_TRIES, INVALID_LIMIT, POLICY_TOO_WEAK
/// below six digits or beyond ten minutes without
/// `mpass_policy_set_allow_weak`. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_policy_check(policy: *const mpass_policy) -> mpass_status {
    boundary(|| checked(policy).map(|_| ()))
}

/// # Safety
/// As [`used`].
pub(crate) unsafe fn checked(policy: *const mpass_policy) -> Result<Policy, mpass_status> {
    Ok(Policy::new(used(policy)?.clone())?)
}

/// The chance, 0 to 1, that guessing meets a code: with all tries of one
/// challenge, and with every guess that a number allows within a day.
///
/// Errors: as `mpass_policy_check`. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_policy_guess_probability(
    policy: *const mpass_policy,
    per_challenge: *mut f64,
    per_day: *mut f64,
) -> mpass_status {
    boundary(|| {
        let policy = checked(policy)?;
        let (per_challenge, per_day) = (out_param(per_challenge)?, out_param(per_day)?);
        per_challenge.set(policy.guess_probability_per_challenge());
        per_day.set(policy.guess_probability_per_day());
        Ok(())
    })
}

/// The length of a code, 4 to 10; below 6 only where weak policies are allowed.
///
/// Errors: INVALID_DIGITS. Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_policy_set_digits(
    policy: *mut mpass_policy,
    digits: u32,
) -> mpass_status {
    boundary(|| {
        let digits = key::digits(digits)?;
        changed(policy)?.digits = digits;
        Ok(())
    })
}

/// How long a code lives: 20,000 to 86,400,000 ms, beyond ten minutes only
/// where weak policies are allowed.
///
/// Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_policy_set_lifetime_ms(
    policy: *mut mpass_policy,
    lifetime_ms: u64,
) -> mpass_status {
    boundary(|| {
        changed(policy)?.lifetime_ms = lifetime_ms;
        Ok(())
    })
}

/// Wrong codes before a challenge is over, 1 to 100.
///
/// Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_policy_set_tries(
    policy: *mut mpass_policy,
    tries: u8,
) -> mpass_status {
    boundary(|| {
        changed(policy)?.tries = tries;
        Ok(())
    })
}

/// The least time between two sends to a number, at most a day.
///
/// Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_policy_set_resend_interval_ms(
    policy: *mut mpass_policy,
    resend_interval_ms: u64,
) -> mpass_status {
    boundary(|| {
        changed(policy)?.resend_interval_ms = resend_interval_ms;
        Ok(())
    })
}

/// Sends to one number: at most `events` (1 to 100,000) in any `window_ms`
/// (1 ms to 31 days), `burst` of them (1 to `events`) at once.
///
/// Errors: INVALID_LIMIT. Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_policy_set_sends(
    policy: *mut mpass_policy,
    events: u32,
    window_ms: u64,
    burst: u32,
) -> mpass_status {
    boundary(|| {
        let limit = Limit::new(events, window_ms, burst)?;
        changed(policy)?.sends = limit;
        Ok(())
    })
}

/// Wrong codes for one number: at most `events` (1 to 100,000) in any
/// `window_ms` (1 ms to 31 days), `burst` of them (1 to `events`) at once.
///
/// Errors: INVALID_LIMIT. Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_policy_set_guesses(
    policy: *mut mpass_policy,
    events: u32,
    window_ms: u64,
    burst: u32,
) -> mpass_status {
    boundary(|| {
        let limit = Limit::new(events, window_ms, burst)?;
        changed(policy)?.guesses = limit;
        Ok(())
    })
}

/// Sends of the whole tenant, without limit unless it is set: at most `events`
/// (1 to 100,000) in any `window_ms` (1 ms to 31 days), `burst` of them (1 to
/// `events`) at once.
///
/// Errors: INVALID_LIMIT. Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_policy_set_spend(
    policy: *mut mpass_policy,
    events: u32,
    window_ms: u64,
    burst: u32,
) -> mpass_status {
    boundary(|| {
        let limit = Limit::new(events, window_ms, burst)?;
        changed(policy)?.spend = Some(limit);
        Ok(())
    })
}

/// Wrong codes in a row, over all challenges of a number, that lock it: 1 to
/// 100.
///
/// Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_policy_set_failures_to_lock(
    policy: *mut mpass_policy,
    failures: u16,
) -> mpass_status {
    boundary(|| {
        changed(policy)?.failures_to_lock = failures;
        Ok(())
    })
}

/// How long a number stays locked, at most 31 days.
///
/// Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_policy_set_lock_ms(
    policy: *mut mpass_policy,
    lock_ms: u64,
) -> mpass_status {
    boundary(|| {
        changed(policy)?.lock_ms = lock_ms;
        Ok(())
    })
}

/// Accepts a policy below six digits or beyond ten minutes.
///
/// Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_policy_set_allow_weak(
    policy: *mut mpass_policy,
    allow_weak: bool,
) -> mpass_status {
    boundary(|| {
        changed(policy)?.allow_weak = allow_weak;
        Ok(())
    })
}

/// Adds a calling code, such as 966, that may be sent to. Without any, all
/// may.
///
/// Errors: UNKNOWN_CALLING_CODE. Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_policy_add_calling_code(
    policy: *mut mpass_policy,
    code: u32,
) -> mpass_status {
    boundary(|| {
        let code = calling_code(code)?;
        changed(policy)?.calling_codes.insert(code);
        Ok(())
    })
}
