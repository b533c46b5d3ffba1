//! Keyrings, challenges and what is pending of them.

use std::sync::{Mutex, RwLock};

use mpass_core::challenge::{
    Attempt, Binding, Challenge, ChallengeId, Issue, Issued, Keyring, Pending, Policy, Refusal,
    Verdict,
};
use mpass_core::store::StoreKey;
use zeroize::Zeroizing;

use super::call::Call;
use super::policy::policy;
use super::wire::{Failure, Fields, Outcome, Reply};

/// A keyring, which changes when a key is added.
pub(super) type Keys = RwLock<Keyring>;

pub(super) fn keyring_generate(call: &mut Call<'_>) -> Outcome<()> {
    let keyring = Keyring::generate(&*call.input.secret()?);
    call.reply.give(Keys::new(keyring));
    Ok(())
}

pub(super) fn keyring_parse(call: &mut Call<'_>) -> Outcome<()> {
    let keyring: Keyring = call.input.text()?.parse()?;
    call.reply.give(Keys::new(keyring));
    Ok(())
}

pub(super) fn keyring_expose(call: &mut Call<'_>) -> Outcome<()> {
    let keyring = call.object::<Keys>()?.read()?;
    call.reply.display(keyring.expose());
    Ok(())
}

pub(super) fn keyring_add(call: &mut Call<'_>) -> Outcome<()> {
    let entropy = call.input.secret()?;
    let id = call.object::<Keys>()?.write()?.add(&entropy)?;
    call.reply.u16(id);
    Ok(())
}

pub(super) fn keyring_activate(call: &mut Call<'_>) -> Outcome<()> {
    let id = call.input.u16()?;
    Ok(call.object::<Keys>()?.write()?.activate(id)?)
}

pub(super) fn keyring_remove(call: &mut Call<'_>) -> Outcome<()> {
    let id = call.input.u16()?;
    Ok(call.object::<Keys>()?.write()?.remove(id)?)
}

pub(super) fn keyring_ids(call: &mut Call<'_>) -> Outcome<()> {
    let keyring = call.object::<Keys>()?.read()?;
    call.reply.u16(keyring.newest());
    call.reply.count(keyring.ids().count());
    for id in keyring.ids() {
        call.reply.u16(id);
    }
    Ok(())
}

/// When a record is touched, and with what.
pub(super) struct WriteContext<'a> {
    pub(super) current: Option<&'a [u8]>,
    pub(super) now_ms: u64,
    pub(super) entropy: Zeroizing<[u8; 32]>,
}

pub(super) fn write_context<'a>(input: &mut Fields<'a>) -> Outcome<WriteContext<'a>> {
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

pub(super) fn key(call: &mut Call<'_>) -> Outcome<()> {
    let (policy, binding) = subject(&mut call.input)?;
    let keyring = call.object::<Keys>()?.read()?;
    let key = Challenge::new(&keyring, &policy, binding).key();
    call.reply.raw(&key.0);
    Ok(())
}

pub(super) fn issue(call: &mut Call<'_>) -> Outcome<()> {
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
            give(&mut call.reply, pending);
        }
        Issue::Refused(refused) => {
            call.reply.u8(1);
            refusal(&mut call.reply, refused);
        }
        Issue::Corrected(refused, correction) => {
            call.reply.u8(2);
            refusal(&mut call.reply, refused);
            give(&mut call.reply, correction);
        }
    }
    Ok(())
}

fn refusal(reply: &mut Reply, refusal: Refusal) {
    reply.u8(refusal.reason as u8);
    reply.u64(refusal.retry_at_ms);
}

pub(super) fn attempt(call: &mut Call<'_>) -> Outcome<()> {
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
    attempted(&mut call.reply, attempt);
    Ok(())
}

pub(super) fn attempted(reply: &mut Reply, attempt: Attempt) {
    match attempt {
        Attempt::Pending(pending) => {
            reply.u8(0);
            give(reply, pending);
        }
        Attempt::Told(verdict) => {
            reply.u8(1);
            reply.u8(verdict as u8);
        }
    }
}

pub(super) fn refund(call: &mut Call<'_>) -> Outcome<()> {
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
    call.reply.optional(pending, give);
    Ok(())
}

pub(super) fn unlock(call: &mut Call<'_>) -> Outcome<()> {
    let (policy, binding) = subject(&mut call.input)?;
    let write_context = write_context(&mut call.input)?;
    let keyring = call.object::<Keys>()?.read()?;
    let challenge = Challenge::new(&keyring, &policy, binding);
    let pending = challenge.unlock(
        write_context.current,
        write_context.now_ms,
        &write_context.entropy,
    )?;
    give(&mut call.reply, pending);
    Ok(())
}

/// Something pending, until it is stored.
pub(super) struct Held(Mutex<Option<Stored>>);

/// What there is to tell, by what is pending.
pub(super) enum Stored {
    Issued(Pending<Issued>),
    Verdict(Pending<Verdict>),
    Balance(Pending<u64>),
    Done(Pending<()>),
}

impl From<Pending<Issued>> for Stored {
    fn from(pending: Pending<Issued>) -> Self {
        Self::Issued(pending)
    }
}

impl From<Pending<Verdict>> for Stored {
    fn from(pending: Pending<Verdict>) -> Self {
        Self::Verdict(pending)
    }
}

impl From<Pending<u64>> for Stored {
    fn from(pending: Pending<u64>) -> Self {
        Self::Balance(pending)
    }
}

impl From<Pending<()>> for Stored {
    fn from(pending: Pending<()>) -> Self {
        Self::Done(pending)
    }
}

/// Gives something pending: its swap, and the handle that has the outcome.
pub(super) fn give<T>(reply: &mut Reply, pending: Pending<T>)
where
    Stored: From<Pending<T>>,
{
    let StoreKey(key) = pending.key();
    reply.raw(&key);
    reply.optional(pending.expected(), Reply::bytes);
    reply.bytes(pending.next());
    reply.u64(pending.expires_at_ms());
    reply.give(Held(Mutex::new(Some(pending.into()))));
}

pub(super) fn pending_is_written_in(call: &mut Call<'_>) -> Outcome<()> {
    let current = call.input.bytes()?;
    let held = call.object::<Held>()?.0.lock()?;
    call.reply.bool(match held.as_ref().ok_or(Failure::Spent)? {
        Stored::Issued(pending) => pending.is_written_in(current),
        Stored::Verdict(pending) => pending.is_written_in(current),
        Stored::Balance(pending) => pending.is_written_in(current),
        Stored::Done(pending) => pending.is_written_in(current),
    });
    Ok(())
}

/// Tells the outcome, once.
pub(super) fn pending_stored(call: &mut Call<'_>) -> Outcome<()> {
    let taken = call.object::<Held>()?.0.lock()?.take();
    match taken.ok_or(Failure::Spent)? {
        Stored::Issued(pending) => {
            let issued = pending.stored();
            call.reply.text(issued.code.as_str());
            call.reply.u64(issued.ends_at_ms);
            call.reply.give(issued.id);
        }
        Stored::Verdict(pending) => call.reply.u8(pending.stored() as u8),
        Stored::Balance(pending) => call.reply.u64(pending.stored()),
        Stored::Done(pending) => pending.stored(),
    }
    Ok(())
}
