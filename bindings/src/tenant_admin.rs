//! Administration of the tenants in a store: operations that a store is driven
//! through. Each input starts with the kind of the tenant, a group of settings,
//! where it concerns one kind.

use alloc::string::String;
use alloc::sync::Arc;

use mpass_core::service::settings::{Field, Group, Values};
use mpass_core::service::{
    AnyTenant, NewCredential, Overlap, Provisioned, Resealed, TenantAdmin, TenantEntry, TenantPage,
    TenantPatch,
};
use mpass_core::{Error, store::StoreKey};
use zeroize::Zeroizing;

use crate::call::Call;
use crate::change::begin;
use crate::failure::Outcome;
use crate::kept::Keys;
use crate::object::Reply;
use crate::settings::values;
use crate::tenant::{group, write_tenant};
use crate::wire::Fields;

fn admin(call: &Call<'_>) -> Outcome<TenantAdmin> {
    let keyring = call.object::<Keys>()?.read()?.clone();
    Ok(TenantAdmin::new(Arc::new(keyring)))
}

/// Reads the kind and the name of a tenant.
fn named(call: &mut Call<'_>) -> Outcome<(Group, String)> {
    Ok((group(call)?, call.input.owned_text()?))
}

/// Reads an overlap in milliseconds, if one is given.
fn overlap(input: &mut Fields<'_>) -> Outcome<Overlap> {
    match input.optional(Fields::u64)? {
        Some(ms) => Ok(Overlap::from_ms(ms)?),
        None => Ok(Overlap::DEFAULT),
    }
}

fn write_credential(reply: &mut Reply, new: NewCredential) {
    reply.text(&new.name);
    reply.text(&new.credential);
    reply.display(new.stamp);
    reply.optional(new.predecessor_until_ms, Reply::u64);
}

fn write_entry(reply: &mut Reply, entry: TenantEntry) {
    write_tenant(reply, &entry.tenant, entry.stamp);
}

fn write_page(reply: &mut Reply, page: TenantPage) {
    reply.list(page.tenants, write_entry);
    reply.u64(page.unreadable);
    reply.optional(page.next, |reply, StoreKey(key)| reply.raw(&key));
}

fn write_provisioned(reply: &mut Reply, provisioned: Provisioned) {
    reply.bool(provisioned.is_changed);
    reply.display(provisioned.stamp);
}

fn write_resealed(reply: &mut Reply, resealed: Resealed) {
    reply.u64(resealed.resealed);
    reply.u64(resealed.unreadable);
}

/// Reads a patch: the fields that are set, the numbers of those that return to
/// their defaults, the expected stamp, and the overlap of a public key.
fn patch(group: Group, input: &mut Fields<'_>) -> Outcome<TenantPatch> {
    let mut patch = TenantPatch::new(group);
    for (field, value) in values(group, input)?.iter() {
        patch.set(field, value.clone())?;
    }
    for number in input.list(Fields::u16)? {
        patch.clear(Field::from_number(number).ok_or(Error::UnknownSetting)?)?;
    }
    if let Some(stamp) = input.optional(Fields::text)? {
        patch = patch.expecting(stamp.parse()?);
    }
    Ok(patch.overlapping(overlap(input)?))
}

pub(crate) fn create(call: &mut Call<'_>) -> Outcome<()> {
    let (admin, group) = (admin(call)?, group(call)?);
    let entropy: Zeroizing<[u8; 32]> = call.input.secret()?;
    let values: Values = values(group, &mut call.input)?;
    let operation = admin.create(&values, &entropy)?;
    begin(&mut call.reply, operation, write_credential);
    Ok(())
}

pub(crate) fn read(call: &mut Call<'_>) -> Outcome<()> {
    let (admin, (group, name)) = (admin(call)?, named(call)?);
    begin(&mut call.reply, admin.read(group, &name)?, write_entry);
    Ok(())
}

pub(crate) fn list(call: &mut Call<'_>) -> Outcome<()> {
    let (admin, group) = (admin(call)?, group(call)?);
    let after = call.input.optional(Fields::store_key)?;
    let operation = admin.list(group, after, call.input.u32()?)?;
    begin(&mut call.reply, operation, write_page);
    Ok(())
}

pub(crate) fn update(call: &mut Call<'_>) -> Outcome<()> {
    let (admin, (group, name)) = (admin(call)?, named(call)?);
    let entropy: Zeroizing<[u8; 32]> = call.input.secret()?;
    let patch = patch(group, &mut call.input)?;
    let operation = admin.update(&name, patch, &entropy)?;
    begin(&mut call.reply, operation, write_entry);
    Ok(())
}

pub(crate) fn rotate(call: &mut Call<'_>) -> Outcome<()> {
    let (admin, (group, name)) = (admin(call)?, named(call)?);
    let entropy: Zeroizing<[u8; 32]> = call.input.secret()?;
    let operation = admin.rotate(group, &name, overlap(&mut call.input)?, &entropy)?;
    begin(&mut call.reply, operation, write_credential);
    Ok(())
}

pub(crate) fn revoke(call: &mut Call<'_>) -> Outcome<()> {
    let (admin, (group, name)) = (admin(call)?, named(call)?);
    let entropy: Zeroizing<[u8; 32]> = call.input.secret()?;
    let operation = admin.revoke(group, &name, &entropy)?;
    begin(&mut call.reply, operation, write_entry);
    Ok(())
}

pub(crate) fn unlock(call: &mut Call<'_>) -> Outcome<()> {
    let (admin, (group, name)) = (admin(call)?, named(call)?);
    let entropy: Zeroizing<[u8; 32]> = call.input.secret()?;
    let operation = admin.unlock(group, &name, call.input.text()?, &entropy)?;
    begin(&mut call.reply, operation, |_, ()| {});
    Ok(())
}

/// Adds credits to a customer; 0 reads the balance.
pub(crate) fn credits(call: &mut Call<'_>) -> Outcome<()> {
    let (admin, name) = (admin(call)?, call.input.owned_text()?);
    let entropy: Zeroizing<[u8; 32]> = call.input.secret()?;
    let operation = admin.credits(&name, call.input.u64()?, &entropy)?;
    begin(&mut call.reply, operation, Reply::u64);
    Ok(())
}

pub(crate) fn provision(call: &mut Call<'_>) -> Outcome<()> {
    let (admin, group) = (admin(call)?, group(call)?);
    let entropy: Zeroizing<[u8; 32]> = call.input.secret()?;
    let values = values(group, &mut call.input)?;
    let name: String = values.read(Field::Name)?.unwrap_or_default();
    let keyring = call.object::<Keys>()?.read()?;
    let key = AnyTenant::parse_key(&keyring, group, &name, call.input.text()?)?;
    drop(keyring);
    let operation = admin.provision(&values, key, &entropy)?;
    begin(&mut call.reply, operation, write_provisioned);
    Ok(())
}

pub(crate) fn reseal(call: &mut Call<'_>) -> Outcome<()> {
    let admin = admin(call)?;
    let entropy: Zeroizing<[u8; 32]> = call.input.secret()?;
    begin(&mut call.reply, admin.reseal(&entropy), write_resealed);
    Ok(())
}
