//! The header of a store.

use mpass_core::challenge::{Header, Keyring};
use mpass_core::store::Change;
use zeroize::Zeroizing;

use crate::call::Call;
use crate::change::{begin_change, begin_written, writing};
use crate::failure::Outcome;
use crate::kept::Keys;
use crate::object::Reply;

/// Begins an operation on the header of a store.
fn change(
    call: &mut Call<'_>,
    read: impl FnOnce(&mut Call<'_>, Keyring) -> Outcome<Change<'static, Header>>,
) -> Outcome<()> {
    let entropy: Zeroizing<[u8; 32]> = call.input.secret()?;
    let keyring = call.object::<Keys>()?.read()?.clone();
    let change = read(call, keyring)?;
    begin_change(&mut call.reply, change, &entropy, write_header);
    Ok(())
}

fn write_header(reply: &mut Reply, header: Header) {
    reply.u16(header.layout());
    reply.u16(header.write_format());
    reply.u16(header.number_table());
    reply.u16(header.active_key());
    reply.list(header.known_keys(), Reply::u16);
    reply.optional(header.restored_at_ms(), Reply::u64);
    reply.optional(header.confirmed_at_ms(), Reply::u64);
    reply.bool(header.is_closed());
    reply.optional(header.moved_to(), Reply::text);
}

pub(crate) fn open(call: &mut Call<'_>) -> Outcome<()> {
    change(call, |_, keyring| Ok(Header::opening(keyring)))
}

pub(crate) fn read(call: &mut Call<'_>) -> Outcome<()> {
    change(call, |_, keyring| Ok(Header::reading(keyring)))
}

pub(crate) fn initialize(call: &mut Call<'_>) -> Outcome<()> {
    let entropy: Zeroizing<[u8; 32]> = call.input.secret()?;
    let keyring = call.object::<Keys>()?.read()?.clone();
    let initializing = Header::initializing(keyring).map(writing(write_header));
    begin_written(&mut call.reply, initializing.begin(&entropy));
    Ok(())
}

pub(crate) fn restore(call: &mut Call<'_>) -> Outcome<()> {
    change(call, |_, keyring| Ok(Header::restoring(keyring)))
}

pub(crate) fn confirm(call: &mut Call<'_>) -> Outcome<()> {
    change(call, |_, keyring| Ok(Header::confirming(keyring)))
}

pub(crate) fn activate(call: &mut Call<'_>) -> Outcome<()> {
    change(call, |call, keyring| {
        Ok(Header::activating(keyring, call.input.u16()?))
    })
}

pub(crate) fn remove_key(call: &mut Call<'_>) -> Outcome<()> {
    change(call, |call, keyring| {
        Ok(Header::removing_key(keyring, call.input.u16()?))
    })
}

pub(crate) fn upgrade(call: &mut Call<'_>) -> Outcome<()> {
    change(call, |_, keyring| Ok(Header::upgrading(keyring)))
}
