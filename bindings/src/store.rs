//! Swaps and the in-memory store.

use mpass_core::store::{Kind, Swap};
#[cfg(feature = "std")]
use mpass_core::store::{MemoryStore, Store, Swapped};

#[cfg(feature = "std")]
use crate::call::Call;
use crate::failure::Outcome;
use crate::wire::{Fields, Reply};

pub(crate) fn write_swap(reply: &mut Reply, swap: &Swap) {
    reply.u8(swap.kind.number());
    reply.raw(&swap.key.0);
    reply.optional(swap.expected.as_deref(), Reply::bytes);
    reply.bytes(&swap.value);
    reply.u64(swap.expires_at_ms);
}

/// Reads a swap in the format that [`write_swap`] writes.
fn swap(input: &mut Fields<'_>) -> Outcome<Swap> {
    Ok(Swap {
        kind: input.entry(Kind::from_number)?,
        key: input.store_key()?,
        expected: input.optional(Fields::owned_bytes)?,
        value: input.owned_bytes()?,
        expires_at_ms: input.u64()?,
    })
}

#[cfg(feature = "std")]
pub(crate) fn memory_new(call: &mut Call<'_>) -> Outcome<()> {
    let capacity = usize::try_from(call.input.u64()?).unwrap_or(usize::MAX);
    call.reply.object(MemoryStore::new(capacity));
    Ok(())
}

#[cfg(feature = "std")]
pub(crate) fn memory_load(call: &mut Call<'_>) -> Outcome<()> {
    let kind = call.input.entry(Kind::from_number)?;
    let key = call.input.store_key()?;
    let value = call.object::<MemoryStore>()?.load(kind, &key)?;
    call.reply.optional(value.as_deref(), Reply::bytes);
    Ok(())
}

#[cfg(feature = "std")]
pub(crate) fn memory_swap(call: &mut Call<'_>) -> Outcome<()> {
    let swap = swap(&mut call.input)?;
    let now_ms = call.input.u64()?;
    call.input.end()?;
    match call.object::<MemoryStore>()?.swap(&swap, now_ms)? {
        Swapped::Stored => call.reply.bool(true),
        Swapped::Conflict(current) => {
            call.reply.bool(false);
            call.reply.optional(current.as_deref(), Reply::bytes);
        }
    }
    Ok(())
}

#[cfg(feature = "std")]
pub(crate) fn memory_length(call: &mut Call<'_>) -> Outcome<()> {
    call.reply.count(call.object::<MemoryStore>()?.len());
    Ok(())
}

#[cfg(feature = "std")]
pub(crate) fn memory_tenants(call: &mut Call<'_>) -> Outcome<()> {
    let tenants = call.object::<MemoryStore>()?.tenants();
    call.reply.list(&tenants, |reply, (key, value)| {
        reply.raw(&key.0);
        reply.bytes(value);
    });
    Ok(())
}
