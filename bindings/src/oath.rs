//! HOTP and TOTP.

use alloc::vec;

use mpass_core::Error;
use mpass_core::oath::{Hotp, Key, LARGEST_WINDOW, Secret, Totp};
use zeroize::Zeroizing;

use crate::call::Call;
use crate::failure::Outcome;
use crate::object::Reply;
use crate::wire::Fields;

/// Prepares the key of a secret. Short secrets are accepted only if the caller
/// allows them.
pub(crate) fn key(
    secret: &Secret,
    algorithm: mpass_core::oath::Algorithm,
    allow_short: bool,
) -> Outcome<Key> {
    Ok(match allow_short {
        true => Key::new_allowing_short(algorithm, secret.expose()),
        false => Key::new(algorithm, secret.expose()),
    }?)
}

/// The key and the number of digits, which HOTP and TOTP have in common.
fn codes(call: &mut Call<'_>) -> Outcome<(Key, mpass_core::oath::Digits)> {
    let algorithm = call.input.algorithm()?;
    let digits = call.input.digits()?;
    let allow_short = call.input.bool()?;
    Ok((key(call.object()?, algorithm, allow_short)?, digits))
}

pub(crate) fn hotp_new(call: &mut Call<'_>) -> Outcome<()> {
    let (key, digits) = codes(call)?;
    call.reply.object(Hotp::new(key, digits));
    Ok(())
}

pub(crate) fn hotp_generate(call: &mut Call<'_>) -> Outcome<()> {
    let code = call.object::<Hotp>()?.generate(call.input.u64()?);
    call.reply.text(code.as_str());
    Ok(())
}

/// Replies with as many codes, as numbers, as there are counters up to
/// `u64::MAX`.
pub(crate) fn hotp_generate_range(call: &mut Call<'_>) -> Outcome<()> {
    let (first, count) = (call.input.u64()?, call.input.u32()?);
    let hotp = call.object::<Hotp>()?;
    if count > LARGEST_WINDOW {
        return Err(Error::WindowTooLarge.into());
    }
    let mut values = Zeroizing::new(vec![0; count as usize]);
    let count = hotp.generate_range(first, &mut values);
    call.reply
        .list(&values[..count], |reply, value| reply.u32(*value));
    Ok(())
}

pub(crate) fn hotp_verify(call: &mut Call<'_>) -> Outcome<()> {
    let (code, counter, look_ahead) = (call.input.text()?, call.input.u64()?, call.input.u32()?);
    let found = call.object::<Hotp>()?.verify(code, counter, look_ahead);
    call.reply.optional(found, Reply::u64);
    Ok(())
}

pub(crate) fn hotp_resynchronize(call: &mut Call<'_>) -> Outcome<()> {
    let codes = call.input.list(Fields::text)?;
    let (counter, window) = (call.input.u64()?, call.input.u32()?);
    let hotp = call.object::<Hotp>()?;
    let found = hotp.resynchronize(&codes, counter, window)?;
    call.reply.optional(found, Reply::u64);
    Ok(())
}

pub(crate) fn totp_new(call: &mut Call<'_>) -> Outcome<()> {
    let (key, digits) = codes(call)?;
    let (step, t0) = (call.input.u64()?, call.input.u64()?);
    call.reply
        .object(Totp::new(key, digits).with_step(step)?.with_t0(t0));
    Ok(())
}

pub(crate) fn totp_time_step(call: &mut Call<'_>) -> Outcome<()> {
    let step = call.object::<Totp>()?.time_step(call.input.u64()?)?;
    call.reply.u64(step);
    Ok(())
}

pub(crate) fn totp_remaining(call: &mut Call<'_>) -> Outcome<()> {
    let seconds = call
        .object::<Totp>()?
        .remaining_seconds(call.input.u64()?)?;
    call.reply.u64(seconds);
    Ok(())
}

pub(crate) fn totp_generate(call: &mut Call<'_>) -> Outcome<()> {
    let code = call.object::<Totp>()?.generate(call.input.u64()?)?;
    call.reply.text(code.as_str());
    Ok(())
}

pub(crate) fn totp_generate_step(call: &mut Call<'_>) -> Outcome<()> {
    let code = call.object::<Totp>()?.generate_step(call.input.u64()?);
    call.reply.text(code.as_str());
    Ok(())
}

pub(crate) fn totp_verify(call: &mut Call<'_>) -> Outcome<()> {
    let (code, seconds) = (call.input.text()?, call.input.u64()?);
    let (past, future) = (call.input.u32()?, call.input.u32()?);
    let found = call.object::<Totp>()?.verify(code, seconds, past, future)?;
    call.reply.optional(found, Reply::u64);
    Ok(())
}

pub(crate) fn totp_resynchronize(call: &mut Call<'_>) -> Outcome<()> {
    let codes = call.input.list(Fields::text)?;
    let seconds = call.input.u64()?;
    let (past, future) = (call.input.u32()?, call.input.u32()?);
    let totp = call.object::<Totp>()?;
    let found = totp.resynchronize(&codes, seconds, past, future)?;
    call.reply.optional(found, Reply::u64);
    Ok(())
}

/// Verifies a code in a window of steps.
pub(crate) fn totp_verify_steps(call: &mut Call<'_>) -> Outcome<()> {
    let (code, first, count) = (call.input.text()?, call.input.u64()?, call.input.u32()?);
    let found = call.object::<Totp>()?.verify_steps(code, first, count);
    call.reply.optional(found, Reply::u64);
    Ok(())
}

/// Resynchronises in a window of steps.
pub(crate) fn totp_resynchronize_steps(call: &mut Call<'_>) -> Outcome<()> {
    let codes = call.input.list(Fields::text)?;
    let (first, count) = (call.input.u64()?, call.input.u32()?);
    let totp = call.object::<Totp>()?;
    let found = totp.resynchronize_steps(&codes, first, count)?;
    call.reply.optional(found, Reply::u64);
    Ok(())
}
