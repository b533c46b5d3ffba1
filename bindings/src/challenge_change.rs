//! Operations on a challenge that a store is driven through.

use alloc::string::String;
use alloc::vec::Vec;

use mpass_core::challenge::{
    Binding, Challenge, ChallengeId, Issued, Keyring, Policy, Refusal, Subject, Verdict,
};
use mpass_core::store::{Change, Kind, Moment};
use zeroize::Zeroizing;

use crate::call::Call;
use crate::challenge::{Bound, write_refusal};
use crate::change::{Decided, begin_change};
use crate::failure::Outcome;
use crate::kept::{Keys, Stored};
use crate::object::Reply;
use crate::pending::write_stored;

/// A challenge and what it borrows.
struct Owned {
    keyring: Keyring,
    policy: Policy,
    service: String,
    tenant: Vec<u8>,
    subject: Subject,
    context: String,
    restored_at_ms: Option<u64>,
}

impl Owned {
    #[inline(never)] // The operations read it in the same way.
    fn read(call: &mut Call<'_>) -> Outcome<Self> {
        let bound = Bound::read(&mut call.input)?;
        Ok(Self {
            keyring: call.object::<Keys>()?.read()?.clone(),
            policy: bound.policy,
            service: bound.service.into(),
            tenant: bound.tenant.into(),
            subject: bound.subject,
            context: bound.context.into(),
            restored_at_ms: bound.restored_at_ms,
        })
    }

    fn borrow(&self) -> Challenge<'_> {
        let binding = Binding {
            service: &self.service,
            tenant: &self.tenant,
            subject: &self.subject,
            context: &self.context,
        };
        Challenge::new(&self.keyring, &self.policy, binding).restored_at(self.restored_at_ms)
    }
}

/// As [`change_unless`], for a change that depends on the record.
fn change<R, T>(
    call: &mut Call<'_>,
    read: impl FnOnce(&mut Call<'_>) -> Outcome<R>,
    decide: impl Fn(&Challenge<'_>, &R, Option<&[u8]>, Moment<'_>) -> Decided<T> + Send + Sync + 'static,
    write: fn(&mut Reply, T),
) -> Outcome<()>
where
    R: Send + Sync + 'static,
    T: Send + Sync + 'static,
{
    change_unless(call, read, |_, _| None, decide, write)
}

/// Reads a challenge, entropy and what `read` reads from the input, and begins
/// the change by `decide`, unless its outcome is known without the record.
fn change_unless<R, T>(
    call: &mut Call<'_>,
    read: impl FnOnce(&mut Call<'_>) -> Outcome<R>,
    known: impl FnOnce(&Challenge<'_>, &R) -> Option<T>,
    decide: impl Fn(&Challenge<'_>, &R, Option<&[u8]>, Moment<'_>) -> Decided<T> + Send + Sync + 'static,
    write: fn(&mut Reply, T),
) -> Outcome<()>
where
    R: Send + Sync + 'static,
    T: Send + Sync + 'static,
{
    let owned = Owned::read(call)?;
    let entropy: Zeroizing<[u8; 32]> = call.input.secret()?;
    let with = read(call)?;
    let key = owned.borrow().key();
    let known = known(&owned.borrow(), &with);
    let change = Change::new(Kind::State, key, move |current, moment| {
        decide(&owned.borrow(), &with, current, moment)
    });
    begin_change(&mut call.reply, change.unless(known), &entropy, write);
    Ok(())
}

/// Nothing but the challenge and entropy.
pub(crate) fn nothing(_: &mut Call<'_>) -> Outcome<()> {
    Ok(())
}

pub(crate) fn typed(call: &mut Call<'_>) -> Outcome<Zeroizing<String>> {
    call.input.owned_text().map(Zeroizing::new)
}

pub(crate) fn write_verdict(reply: &mut Reply, verdict: Verdict) {
    reply.u8(verdict.number());
}

/// The challenge (0), or the refusal (1).
fn write_issue(reply: &mut Reply, issue: Result<Issued, Refusal>) {
    match issue {
        Ok(issued) => {
            reply.u8(0);
            write_stored(reply, Stored::Issued(issued));
        }
        Err(refusal) => {
            reply.u8(1);
            write_refusal(reply, refusal);
        }
    }
}

pub(crate) fn issue(call: &mut Call<'_>) -> Outcome<()> {
    change(
        call,
        nothing,
        |challenge, (), current, moment| challenge.issuing().decide(current, moment),
        write_issue,
    )
}

pub(crate) fn attempt(call: &mut Call<'_>) -> Outcome<()> {
    change_unless(
        call,
        typed,
        |challenge, typed| challenge.attempting(typed).known(),
        |challenge, typed, current, moment| challenge.attempting(typed).decide(current, moment),
        write_verdict,
    )
}

pub(crate) fn refund(call: &mut Call<'_>) -> Outcome<()> {
    change(
        call,
        |call| Ok(*call.other::<ChallengeId>()?),
        |challenge, id, current, moment| challenge.refunding(*id).decide(current, moment),
        Reply::bool,
    )
}

pub(crate) fn unlock(call: &mut Call<'_>) -> Outcome<()> {
    change(
        call,
        nothing,
        |challenge, (), current, moment| challenge.unlocking().decide(current, moment),
        Reply::bool,
    )
}
