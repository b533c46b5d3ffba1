//! Tenants of all kinds: channels (mPass), customers (`VerifyNow`) and clients
//! (CAMARA). Each input starts with the kind, a group of settings.

use mpass_core::Error;
use mpass_core::service::settings::Group;
use mpass_core::service::{AnyTenant, AppHash};
use mpass_core::store::Stamp;

use crate::call::Call;
use crate::failure::{Failure, Outcome};
use crate::kept::Keys;
use crate::object::Reply;
use crate::settings::write_values;

pub(crate) fn group(call: &mut Call<'_>) -> Outcome<Group> {
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

pub(crate) fn store_key(call: &mut Call<'_>) -> Outcome<()> {
    let group = group(call)?;
    let keyring = call.object::<Keys>()?.read()?;
    let store_key = AnyTenant::store_key(&keyring, group, call.input.text()?)?;
    call.reply.raw(&store_key.0);
    Ok(())
}

pub(crate) fn open(call: &mut Call<'_>) -> Outcome<()> {
    let (tenant, value) = opened(call)?;
    write_tenant(&mut call.reply, &tenant, Stamp::of(value)?);
    Ok(())
}

/// Writes a tenant with the stamp of its value.
pub(crate) fn write_tenant(reply: &mut Reply, tenant: &AnyTenant, stamp: Stamp) {
    write_values(reply, &tenant.settings());
    reply.raw(tenant.id());
    reply.u32(tenant.key_version());
    reply.u64(tenant.created_at_ms());
    reply.bool(tenant.is_revoked());
    reply.optional(tenant.predecessor_until_ms(), Reply::u64);
    reply.display(stamp);
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

/// The hash of an Android app, from its package name and certificate.
pub(crate) fn android_app_hash(call: &mut Call<'_>) -> Outcome<()> {
    let (package, certificate) = (call.input.text()?, call.input.bytes()?);
    let hash = AppHash::of(package, certificate)?;
    call.reply.text(hash.as_str());
    Ok(())
}
