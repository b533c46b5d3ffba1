//! Outcomes that may be told once the swap that pays for them is stored.

use alloc::boxed::Box;

use mpass_core::challenge::{Issued, Pending, Verdict};

use crate::call::Call;
use crate::lock::Lock;
use crate::numbering::verdict_number;
use crate::wire::{Failure, Outcome, Reply};

/// An outcome that is pending, and can be packed when it no longer is.
pub(crate) trait Pack: Send + Sync {
    fn pack(self, reply: &mut Reply);
}

impl Pack for Issued {
    fn pack(self, reply: &mut Reply) {
        reply.text(self.code.as_str());
        reply.u64(self.ends_at_ms);
        reply.object(self.id);
    }
}

impl Pack for Verdict {
    fn pack(self, reply: &mut Reply) {
        reply.u8(verdict_number(self));
    }
}

/// A balance.
impl Pack for u64 {
    fn pack(self, reply: &mut Reply) {
        reply.u64(self);
    }
}

impl Pack for () {
    fn pack(self, _reply: &mut Reply) {}
}

/// A [`Pending`] of any outcome.
trait Kept: Send + Sync {
    fn is_written_in(&self, current: &[u8]) -> bool;
    fn stored(self: Box<Self>, reply: &mut Reply);
}

impl<T: Pack> Kept for Pending<T> {
    fn is_written_in(&self, current: &[u8]) -> bool {
        self.is_written_in(current)
    }

    fn stored(self: Box<Self>, reply: &mut Reply) {
        Pending::stored(*self).pack(reply);
    }
}

/// Something pending, until it is stored.
pub(crate) struct PendingOutcome(Lock<Option<Box<dyn Kept>>>);

/// Something pending: its swap, and the object that has the outcome.
pub(crate) fn write_pending<T: Pack + 'static>(reply: &mut Reply, pending: Pending<T>) {
    reply.raw(&pending.key().0);
    reply.optional(pending.expected(), Reply::bytes);
    reply.bytes(pending.next());
    reply.u64(pending.expires_at_ms());
    reply.object(PendingOutcome(Lock::new(Some(Box::new(pending)))));
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

/// The outcome, once.
pub(crate) fn stored(call: &mut Call<'_>) -> Outcome<()> {
    let taken = call.object::<PendingOutcome>()?.0.write()?.take();
    taken.ok_or(Failure::Spent)?.stored(&mut call.reply);
    Ok(())
}
