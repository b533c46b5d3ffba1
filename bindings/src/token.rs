//! The server's side of OATH tokens.

use mpass_core::Error;
use mpass_core::challenge::{Keyring, Token, TokenPolicy};
use mpass_core::oath::{Hotp, Totp};

use crate::call::Call;
use crate::challenge::{write_attempt, write_context};
use crate::keyring::Keys;
use crate::ocra::inputs;
use crate::pending::write_pending;
use crate::wire::{Fields, Outcome};

pub(crate) fn policy_default(call: &mut Call<'_>) -> Outcome<()> {
    let policy = TokenPolicy::default();
    for steps in [
        policy.look_ahead,
        policy.past,
        policy.future,
        policy.resync_window,
    ] {
        call.reply.u32(steps);
    }
    call.reply.u64(policy.delay_ms);
    call.reply.u32(u32::from(policy.failures_to_lock));
    call.reply.u64(policy.lock_ms);
    Ok(())
}

fn policy(input: &mut Fields<'_>) -> Outcome<TokenPolicy> {
    Ok(TokenPolicy {
        look_ahead: input.u32()?,
        past: input.u32()?,
        future: input.u32()?,
        resync_window: input.u32()?,
        delay_ms: input.u64()?,
        failures_to_lock: input.narrow(Error::InvalidTries)?,
        lock_ms: input.u64()?,
    })
}

fn token<'k>(keyring: &'k Keyring, input: &mut Fields<'_>) -> Outcome<Token<'k>> {
    let (tenant, id) = (input.bytes()?, input.bytes()?);
    Ok(Token::new(keyring, policy(input)?, tenant, id)?)
}

pub(crate) fn key(call: &mut Call<'_>) -> Outcome<()> {
    let keyring = call.object::<Keys>()?.read()?;
    let key = token(&keyring, &mut call.input)?.key();
    call.reply.raw(&key.0);
    Ok(())
}

pub(crate) fn enroll(call: &mut Call<'_>) -> Outcome<()> {
    let keyring = call.object::<Keys>()?.read()?;
    let token = token(&keyring, &mut call.input)?;
    let write_context = write_context(&mut call.input)?;
    let counter = call.input.u64()?;
    let pending = token.enroll(counter, write_context.now_ms, &write_context.entropy)?;
    write_pending(&mut call.reply, pending);
    Ok(())
}

pub(crate) fn attempt_hotp(call: &mut Call<'_>) -> Outcome<()> {
    let keyring = call.object::<Keys>()?.read()?;
    let token = token(&keyring, &mut call.input)?;
    let write_context = write_context(&mut call.input)?;
    let hotp = call.other::<Hotp>()?;
    let typed = call.input.text()?;
    let attempt = token.attempt_hotp(
        write_context.current,
        hotp,
        typed,
        write_context.now_ms,
        &write_context.entropy,
    )?;
    write_attempt(&mut call.reply, attempt);
    Ok(())
}

pub(crate) fn attempt_totp(call: &mut Call<'_>) -> Outcome<()> {
    let keyring = call.object::<Keys>()?.read()?;
    let token = token(&keyring, &mut call.input)?;
    let write_context = write_context(&mut call.input)?;
    let totp = call.other::<Totp>()?;
    let typed = call.input.text()?;
    let attempt = token.attempt_totp(
        write_context.current,
        totp,
        typed,
        write_context.now_ms,
        &write_context.entropy,
    )?;
    write_attempt(&mut call.reply, attempt);
    Ok(())
}

pub(crate) fn resynchronize_hotp(call: &mut Call<'_>) -> Outcome<()> {
    let keyring = call.object::<Keys>()?.read()?;
    let token = token(&keyring, &mut call.input)?;
    let write_context = write_context(&mut call.input)?;
    let hotp = call.other::<Hotp>()?;
    let codes = call.input.list(Fields::text)?;
    let (current, entropy) = (write_context.current, &write_context.entropy);
    let attempt = token.resynchronize_hotp(current, hotp, &codes, write_context.now_ms, entropy)?;
    write_attempt(&mut call.reply, attempt);
    Ok(())
}

pub(crate) fn resynchronize_totp(call: &mut Call<'_>) -> Outcome<()> {
    let keyring = call.object::<Keys>()?.read()?;
    let token = token(&keyring, &mut call.input)?;
    let write_context = write_context(&mut call.input)?;
    let totp = call.other::<Totp>()?;
    let codes = call.input.list(Fields::text)?;
    let (current, entropy) = (write_context.current, &write_context.entropy);
    let attempt = token.resynchronize_totp(current, totp, &codes, write_context.now_ms, entropy)?;
    write_attempt(&mut call.reply, attempt);
    Ok(())
}

pub(crate) fn ask(call: &mut Call<'_>) -> Outcome<()> {
    let keyring = call.object::<Keys>()?.read()?;
    let token = token(&keyring, &mut call.input)?;
    let write_context = write_context(&mut call.input)?;
    let (question, lifetime_ms) = (call.input.text()?, call.input.u64()?);
    let (current, entropy) = (write_context.current, &write_context.entropy);
    let pending = token.ask(
        current,
        question,
        lifetime_ms,
        write_context.now_ms,
        entropy,
    )?;
    write_pending(&mut call.reply, pending);
    Ok(())
}

pub(crate) fn attempt_ocra(call: &mut Call<'_>) -> Outcome<()> {
    let keyring = call.object::<Keys>()?.read()?;
    let token = token(&keyring, &mut call.input)?;
    let write_context = write_context(&mut call.input)?;
    let ocra = call.other()?;
    let response = call.input.text()?;
    let inputs = inputs(&mut call.input)?;
    let (current, entropy) = (write_context.current, &write_context.entropy);
    let attempt = token.attempt_ocra(
        current,
        ocra,
        inputs,
        response,
        write_context.now_ms,
        entropy,
    )?;
    write_attempt(&mut call.reply, attempt);
    Ok(())
}

pub(crate) fn unlock(call: &mut Call<'_>) -> Outcome<()> {
    let keyring = call.object::<Keys>()?.read()?;
    let token = token(&keyring, &mut call.input)?;
    let write_context = write_context(&mut call.input)?;
    let pending = token.unlock(
        write_context.current,
        write_context.now_ms,
        &write_context.entropy,
    )?;
    write_pending(&mut call.reply, pending);
    Ok(())
}

pub(crate) fn status(call: &mut Call<'_>) -> Outcome<()> {
    let keyring = call.object::<Keys>()?.read()?;
    let token = token(&keyring, &mut call.input)?;
    let write_context = write_context(&mut call.input)?;
    let status = token.status(write_context.current, write_context.now_ms)?;
    call.reply
        .optional(status.last, |reply, last| reply.u64(last));
    call.reply.u64(status.drift.cast_unsigned());
    call.reply.u16(status.failures);
    call.reply.u64(status.retry_at_ms);
    Ok(())
}
