//! Policies, which hosts keep as their settings.

use mpass_core::Error;
use mpass_core::challenge::{Limit, Policy, PolicySettings};

use crate::call::Call;
use crate::failure::Outcome;
use crate::number::calling_code;
use crate::wire::{Fields, Reply};

fn limit(input: &mut Fields<'_>) -> Outcome<Limit> {
    let (events, window_ms, burst) = (input.u32()?, input.u64()?, input.u32()?);
    Ok(Limit::new(events, window_ms, burst)?)
}

fn write_limit(reply: &mut Reply, limit: Limit) {
    reply.u32(limit.events());
    reply.u64(limit.window_ms());
    reply.u32(limit.burst());
}

/// The limit of a number of events in a window, half of them at once.
pub(crate) fn limit_half_at_once(call: &mut Call<'_>) -> Outcome<()> {
    let (events, window_ms) = (call.input.u32()?, call.input.u64()?);
    write_limit(&mut call.reply, Limit::half_at_once(events, window_ms)?);
    Ok(())
}

/// A policy, checked.
pub(crate) fn policy(input: &mut Fields<'_>) -> Outcome<Policy> {
    let mut settings = PolicySettings {
        digits: input.digits()?,
        lifetime_ms: input.u64()?,
        tries: input.narrow(Error::InvalidTries)?,
        resend_interval_ms: input.u64()?,
        sends: limit(input)?,
        guesses: limit(input)?,
        failures_to_lock: input.narrow(Error::InvalidTries)?,
        lock_ms: input.u64()?,
        spend: input.optional(limit)?,
        allow_weak: input.bool()?,
        ..PolicySettings::default()
    };
    for code in input.list(calling_code)? {
        settings.calling_codes.insert(code);
    }
    Ok(Policy::new(settings)?)
}

/// A policy as [`policy`] reads it.
pub(crate) fn write(reply: &mut Reply, policy: &Policy) {
    let settings = policy.settings();
    reply.u32(u32::from(settings.digits.get()));
    reply.u64(settings.lifetime_ms);
    reply.u32(u32::from(settings.tries));
    reply.u64(settings.resend_interval_ms);
    write_limit(reply, settings.sends);
    write_limit(reply, settings.guesses);
    reply.u32(u32::from(settings.failures_to_lock));
    reply.u64(settings.lock_ms);
    reply.optional(settings.spend, write_limit);
    reply.bool(settings.allow_weak);
    reply.list(settings.calling_codes.iter(), |reply, code| {
        reply.u32(u32::from(code.get()));
    });
}

pub(crate) fn default(call: &mut Call<'_>) -> Outcome<()> {
    write(&mut call.reply, &Policy::default());
    Ok(())
}

/// Checks a policy and says how likely a guess is.
pub(crate) fn check(call: &mut Call<'_>) -> Outcome<()> {
    let policy = policy(&mut call.input)?;
    for probability in [
        policy.guess_probability_per_challenge(),
        policy.guess_probability_per_day(),
    ] {
        call.reply.u64(probability.to_bits());
    }
    Ok(())
}
