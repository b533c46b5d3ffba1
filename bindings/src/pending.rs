//! Outcomes that are withheld until their swap is stored.

use alloc::boxed::Box;

use mpass_core::challenge::Pending;

use crate::call::Call;
use crate::failure::{Failure, Outcome};
use crate::kept::{AnyPending, PendingOutcome, Stored};
use crate::lock::Lock;
use crate::object::Reply;

/// Writes the swap of a pending write, and the object that contains the
/// outcome.
pub(crate) fn write_pending<T>(reply: &mut Reply, pending: Pending<T>)
where
    T: Into<Stored> + Send + Sync + 'static,
{
    write_any(reply, Box::new(pending));
}

fn write_any(reply: &mut Reply, pending: Box<dyn AnyPending>) {
    let written = pending.written();
    reply.raw(&written.key.0);
    reply.optional(written.expected, Reply::bytes);
    reply.bytes(written.next);
    reply.optional(written.expires_at_ms, Reply::u64);
    reply.object(PendingOutcome(Lock::new(Some(pending))));
}

pub(crate) fn is_written_in(call: &mut Call<'_>) -> Outcome<()> {
    let current = call.input.bytes()?;
    let pending = call.object::<PendingOutcome>()?.0.read()?;
    let is_written = pending
        .as_ref()
        .ok_or(Failure::Spent)?
        .is_written_in(current);
    call.reply.bool(is_written);
    Ok(())
}

/// Returns the outcome, once.
pub(crate) fn stored(call: &mut Call<'_>) -> Outcome<()> {
    call.input.end()?;
    let taken = call.object::<PendingOutcome>()?.0.write()?.take();
    write_stored(&mut call.reply, taken.ok_or(Failure::Spent)?.stored());
    Ok(())
}

/// Writes the outcome of a stored write.
pub(crate) fn write_stored(reply: &mut Reply, stored: Stored) {
    match stored {
        Stored::Issued(issued) => {
            reply.text(issued.code.as_str());
            reply.u64(issued.ends_at_ms);
            reply.object(issued.id);
        }
        Stored::Verdict(verdict) => reply.u8(verdict.number()),
        Stored::Balance(balance) => reply.u64(balance),
        Stored::Done => {}
    }
}
