//! Tenants of all kinds: channels (mPass), customers (`VerifyNow`) and clients
//! (CAMARA). Each input starts with the kind, a group of settings.

use mpass_core::Error;
use mpass_core::service::settings::Group;
use mpass_core::service::{AnyTenant, TenantWrite};

use crate::call::Call;
use crate::challenge::write_context;
use crate::failure::{Failure, Outcome};
use crate::kept::{Keys, PendingTenant};
use crate::lock::Lock;
use crate::object::Reply;
use crate::settings::{values, write_values};
use crate::store::write_swap;

fn group(call: &mut Call<'_>) -> Outcome<Group> {
    call.input.entry(Group::from_number)
}

/// Reads a tenant and the value it was opened from.
fn opened<'a>(call: &mut Call<'a>) -> Outcome<(AnyTenant, &'a [u8])> {
    let group = group(call)?;
    let (store_key, value) = (call.input.store_key()?, call.input.bytes()?);
    let keyring = call.object::<Keys>()?.read()?;
    let tenant = AnyTenant::open(&keyring, group, &store_key, value)?;
    Ok((tenant, value))
}

fn write_pending_tenant(reply: &mut Reply, write: TenantWrite) {
    write_swap(reply, write.swap());
    reply.object(PendingTenant(Lock::new(Some(write))));
}

pub(crate) fn store_key(call: &mut Call<'_>) -> Outcome<()> {
    let group = group(call)?;
    let keyring = call.object::<Keys>()?.read()?;
    let store_key = AnyTenant::store_key(&keyring, group, call.input.text()?)?;
    call.reply.raw(&store_key.0);
    Ok(())
}

pub(crate) fn create(call: &mut Call<'_>) -> Outcome<()> {
    let group = group(call)?;
    let with = write_context(&mut call.input)?;
    let values = values(group, &mut call.input)?;
    let keyring = call.object::<Keys>()?.read()?;
    let write = AnyTenant::create(&keyring, with.current, &values, with.now_ms, &with.entropy)?;
    write_pending_tenant(&mut call.reply, write);
    Ok(())
}

pub(crate) fn open(call: &mut Call<'_>) -> Outcome<()> {
    let (tenant, _) = opened(call)?;
    write_values(&mut call.reply, &tenant.settings());
    call.reply.raw(tenant.id());
    call.reply.u32(tenant.key_version());
    call.reply.u64(tenant.created_at_ms());
    call.reply.bool(tenant.is_revoked());
    Ok(())
}

pub(crate) fn rotate(call: &mut Call<'_>) -> Outcome<()> {
    let (tenant, value) = opened(call)?;
    let (now_ms, entropy) = (call.input.u64()?, call.input.secret()?);
    let keyring = call.object::<Keys>()?.read()?;
    let write = tenant.rotate(&keyring, value, now_ms, &entropy)?;
    write_pending_tenant(&mut call.reply, write);
    Ok(())
}

pub(crate) fn revoke(call: &mut Call<'_>) -> Outcome<()> {
    let (tenant, value) = opened(call)?;
    let (now_ms, entropy) = (call.input.u64()?, call.input.secret()?);
    let keyring = call.object::<Keys>()?.read()?;
    let swap = tenant.revoke(&keyring, value, now_ms, &entropy)?;
    write_swap(&mut call.reply, &swap);
    Ok(())
}

/// Whether a text is the tenant's credential at a time, or its predecessor
/// within the overlap (1), an address from which the
/// tenant may call (2), or an application or scope that its settings allow (3).
pub(crate) fn allows(call: &mut Call<'_>) -> Outcome<()> {
    let (tenant, _) = opened(call)?;
    let (what, text) = (call.input.u8()?, call.input.text()?);
    let is_allowed = match what {
        1 => {
            let now_ms = call.input.u64()?;
            tenant.has_credential(&*call.object::<Keys>()?.read()?, text, now_ms)?
        }
        2 => tenant.allows_address(text.parse().map_err(|_| Error::InvalidAddress)?),
        3 => tenant.allows(text)?.ok_or(Failure::Malformed)?,
        _ => return Err(Failure::Malformed),
    };
    call.reply.bool(is_allowed);
    Ok(())
}

/// Returns the credential, once.
pub(crate) fn stored(call: &mut Call<'_>) -> Outcome<()> {
    call.input.end()?;
    let taken = call.object::<PendingTenant>()?.0.write()?.take();
    let credential = taken.ok_or(Failure::Spent)?.stored_text();
    call.reply.text(&credential);
    Ok(())
}
