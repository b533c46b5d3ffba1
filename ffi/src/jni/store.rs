//! Swaps, and the memory store.

use mpass_core::store::{Kind, MemoryStore, Store, StoreKey, Swap, Swapped};

use super::call::Call;
use super::wire::{Failure, Fields, Outcome, Reply};

pub(super) fn kind_number(kind: Kind) -> u8 {
    kind as u8
}

fn kind(input: &mut Fields<'_>) -> Outcome<Kind> {
    match input.u8()? {
        1 => Ok(Kind::State),
        2 => Ok(Kind::Tenant),
        _ => Err(Failure::Malformed),
    }
}

pub(super) fn write_swap(reply: &mut Reply, swap: &Swap) {
    reply.u8(kind_number(swap.kind));
    reply.raw(&swap.key.0);
    reply.optional(swap.expected.as_deref(), Reply::bytes);
    reply.bytes(&swap.value);
    reply.u64(swap.expires_at_ms);
}

pub(super) fn memory_new(call: &mut Call<'_>) -> Outcome<()> {
    let capacity = usize::try_from(call.input.u64()?).map_err(|_| Failure::Malformed)?;
    call.reply.give(MemoryStore::new(capacity));
    Ok(())
}

pub(super) fn memory_load(call: &mut Call<'_>) -> Outcome<()> {
    let (kind, key) = (kind(&mut call.input)?, StoreKey(call.input.array()?));
    let value = call.object::<MemoryStore>()?.load(kind, &key)?;
    call.reply.optional(value.as_deref(), Reply::bytes);
    Ok(())
}

pub(super) fn memory_swap(call: &mut Call<'_>) -> Outcome<()> {
    let swap = Swap {
        kind: kind(&mut call.input)?,
        key: StoreKey(call.input.array()?),
        expected: call.input.optional(Fields::bytes)?.map(<[u8]>::to_vec),
        value: call.input.bytes()?.to_vec(),
        expires_at_ms: call.input.u64()?,
    };
    let now_ms = call.input.u64()?;
    match call.object::<MemoryStore>()?.swap(&swap, now_ms)? {
        Swapped::Stored => call.reply.bool(true),
        Swapped::Conflict(standing) => {
            call.reply.bool(false);
            call.reply.optional(standing.as_deref(), Reply::bytes);
        }
    }
    Ok(())
}

pub(super) fn memory_length(call: &mut Call<'_>) -> Outcome<()> {
    call.reply.count(call.object::<MemoryStore>()?.len());
    Ok(())
}

pub(super) fn memory_tenants(call: &mut Call<'_>) -> Outcome<()> {
    let tenants = call.object::<MemoryStore>()?.tenants();
    call.reply.count(tenants.len());
    for (key, value) in &tenants {
        call.reply.raw(&key.0);
        call.reply.bytes(value);
    }
    Ok(())
}
