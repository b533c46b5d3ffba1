//! Challenges.

use mpass_core::challenge::{Attempt, Binding, Challenge, ChallengeId, Issue, Policy, Refusal};
use zeroize::Zeroizing;

use crate::call::Call;
use crate::keyring::Keys;
use crate::numbering::{refusal_number, verdict_number};
use crate::pending::write_pending;
use crate::policy::policy;
use crate::wire::{Fields, Outcome, Reply};

/// When a record is touched, and with what.
pub(crate) struct WriteContext<'a> {
    pub(crate) current: Option<&'a [u8]>,
    pub(crate) now_ms: u64,
    pub(crate) entropy: Zeroizing<[u8; 32]>,
}

pub(crate) fn write_context<'a>(input: &mut Fields<'a>) -> Outcome<WriteContext<'a>> {
    Ok(WriteContext {
        current: input.optional(Fields::bytes)?,
        now_ms: input.u64()?,
        entropy: input.secret()?,
    })
}

/// What a challenge is made of, besides the keyring.
fn subject<'a>(input: &mut Fields<'a>) -> Outcome<(Policy, Binding<'a>)> {
    let binding = Binding {
        service: input.text()?,
        tenant: input.bytes()?,
        number: input.text()?,
        context: input.text()?,
    };
    Ok((policy(input)?, binding))
}

pub(crate) fn key(call: &mut Call<'_>) -> Outcome<()> {
    let (policy, binding) = subject(&mut call.input)?;
    let keyring = call.object::<Keys>()?.read()?;
    let key = Challenge::new(&keyring, &policy, binding).key();
    call.reply.raw(&key.0);
    Ok(())
}

pub(crate) fn issue(call: &mut Call<'_>) -> Outcome<()> {
    let (policy, binding) = subject(&mut call.input)?;
    let write_context = write_context(&mut call.input)?;
    let keyring = call.object::<Keys>()?.read()?;
    let challenge = Challenge::new(&keyring, &policy, binding);
    match challenge.issue(
        write_context.current,
        write_context.now_ms,
        &write_context.entropy,
    )? {
        Issue::Pending(pending) => {
            call.reply.u8(0);
            write_pending(&mut call.reply, pending);
        }
        Issue::Refused(refused) => {
            call.reply.u8(1);
            write_refusal(&mut call.reply, refused);
        }
        Issue::Corrected(refused, correction) => {
            call.reply.u8(2);
            write_refusal(&mut call.reply, refused);
            write_pending(&mut call.reply, correction);
        }
    }
    Ok(())
}

fn write_refusal(reply: &mut Reply, refusal: Refusal) {
    reply.u8(refusal_number(refusal.reason));
    reply.u64(refusal.retry_at_ms);
}

pub(crate) fn attempt(call: &mut Call<'_>) -> Outcome<()> {
    let (policy, binding) = subject(&mut call.input)?;
    let write_context = write_context(&mut call.input)?;
    let typed = call.input.text()?;
    let keyring = call.object::<Keys>()?.read()?;
    let challenge = Challenge::new(&keyring, &policy, binding);
    let attempt = challenge.attempt(
        write_context.current,
        typed,
        write_context.now_ms,
        &write_context.entropy,
    )?;
    write_attempt(&mut call.reply, attempt);
    Ok(())
}

pub(crate) fn write_attempt(reply: &mut Reply, attempt: Attempt) {
    match attempt {
        Attempt::Pending(pending) => {
            reply.u8(0);
            write_pending(reply, pending);
        }
        Attempt::Told(verdict) => {
            reply.u8(1);
            reply.u8(verdict_number(verdict));
        }
    }
}

pub(crate) fn refund(call: &mut Call<'_>) -> Outcome<()> {
    let (policy, binding) = subject(&mut call.input)?;
    let write_context = write_context(&mut call.input)?;
    let id = *call.other::<ChallengeId>()?;
    let keyring = call.object::<Keys>()?.read()?;
    let challenge = Challenge::new(&keyring, &policy, binding);
    let pending = challenge.refund(
        write_context.current,
        id,
        write_context.now_ms,
        &write_context.entropy,
    )?;
    call.reply.optional(pending, write_pending);
    Ok(())
}

pub(crate) fn unlock(call: &mut Call<'_>) -> Outcome<()> {
    let (policy, binding) = subject(&mut call.input)?;
    let write_context = write_context(&mut call.input)?;
    let keyring = call.object::<Keys>()?.read()?;
    let challenge = Challenge::new(&keyring, &policy, binding);
    let pending = challenge.unlock(
        write_context.current,
        write_context.now_ms,
        &write_context.entropy,
    )?;
    write_pending(&mut call.reply, pending);
    Ok(())
}
