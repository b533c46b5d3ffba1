//! Swaps and the in-memory store.

#[cfg(any(feature = "std", feature = "challenge"))]
use mpass_core::store::Listed;
use mpass_core::store::{Kind, Swap};
#[cfg(feature = "std")]
use mpass_core::store::{MemoryStore, Store, Swapped};

#[cfg(feature = "std")]
use crate::call::Call;
#[cfg(feature = "std")]
use crate::failure::Failure;
use crate::failure::Outcome;
use crate::object::Reply;
use crate::wire::Fields;

pub(crate) fn write_swap(reply: &mut Reply, swap: &Swap) {
    reply.u8(swap.kind.number());
    reply.raw(&swap.key.0);
    reply.optional(swap.expected.as_deref(), Reply::bytes);
    reply.bytes(&swap.value);
    reply.optional(swap.expires_at_ms, Reply::u64);
}

/// The outcomes of a swap, in a reply of the memory store and in the answer of a
/// host's store.
#[cfg(feature = "std")]
const CONFLICT: u8 = 0;
#[cfg(feature = "std")]
const STORED: u8 = 1;
#[cfg(feature = "std")]
const EXPIRED: u8 = 2;

/// Reads the outcome of a swap.
#[cfg(feature = "std")]
pub(crate) fn swapped(input: &mut Fields<'_>) -> Outcome<Swapped> {
    match input.u8()? {
        CONFLICT => Ok(Swapped::Conflict(input.optional(Fields::owned_bytes)?)),
        STORED => Ok(Swapped::Stored),
        EXPIRED => Ok(Swapped::Expired),
        _ => Err(Failure::Malformed),
    }
}

/// Reads a document with its key.
#[cfg(any(feature = "std", feature = "challenge"))]
pub(crate) fn listed(input: &mut Fields<'_>) -> Outcome<Listed> {
    Ok((input.store_key()?, input.owned_bytes()?))
}

/// Reads a swap in the format that [`write_swap`] writes.
fn swap(input: &mut Fields<'_>) -> Outcome<Swap> {
    Ok(Swap {
        kind: input.entry(Kind::from_number)?,
        key: input.store_key()?,
        expected: input.optional(Fields::owned_bytes)?,
        value: input.owned_bytes()?,
        expires_at_ms: input.optional(Fields::u64)?,
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
        Swapped::Stored => call.reply.u8(STORED),
        Swapped::Conflict(current) => {
            call.reply.u8(CONFLICT);
            call.reply.optional(current.as_deref(), Reply::bytes);
        }
        Swapped::Expired => call.reply.u8(EXPIRED),
    }
    Ok(())
}

#[cfg(feature = "std")]
pub(crate) fn memory_length(call: &mut Call<'_>) -> Outcome<()> {
    call.reply.count(call.object::<MemoryStore>()?.len());
    Ok(())
}

#[cfg(feature = "std")]
pub(crate) fn memory_list(call: &mut Call<'_>) -> Outcome<()> {
    let after = call.input.optional(Fields::store_key)?;
    let limit = call.input.u32()?;
    call.input.end()?;
    let documents = call.object::<MemoryStore>()?.list(after.as_ref(), limit)?;
    call.reply.list(&documents, |reply, (key, value)| {
        reply.raw(&key.0);
        reply.bytes(value);
    });
    Ok(())
}
