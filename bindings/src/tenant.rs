//! Tenants of all kinds: channels (mPass), customers (`VerifyNow`) and
//! clients (CAMARA).

use mpass_core::Error;
use mpass_core::service::{ChannelSettings, ClientSettings, CustomerSettings, Tenant, TenantWrite};
use mpass_core::store::StoreKey;

use crate::call::Call;
use crate::challenge::write_context;
use crate::failure::{Failure, Outcome};
use crate::kept::{Keys, PendingTenant};
use crate::lock::Lock;
use crate::settings::Settings;
use crate::store::write_swap;
use crate::wire::Reply;

/// Operations of every kind of tenant, which the input's first byte names.
macro_rules! by_kind {
    ($($name:ident => $generic:ident;)+) => { $(
        pub(crate) fn $name(call: &mut Call<'_>) -> Outcome<()> {
            match call.input.u8()? {
                0 => $generic::<ChannelSettings>(call),
                1 => $generic::<CustomerSettings>(call),
                2 => $generic::<ClientSettings>(call),
                _ => Err(Failure::Malformed),
            }
        }
    )+ };
}

by_kind! {
    defaults => write_defaults;
    store_key => write_store_key;
    create => write_new;
    open => write_opened;
    rotate => write_rotated;
    revoke => write_revoked;
    allows => write_allowed;
}

/// A tenant that the host has opened, and what it was opened from.
pub(crate) struct Opened<'a, S> {
    pub(crate) tenant: Tenant<S>,
    store_key: StoreKey,
    value: &'a [u8],
}

pub(crate) fn opened<'a, S: Settings>(call: &mut Call<'a>) -> Outcome<Opened<'a, S>> {
    let keyring = call.object::<Keys>()?.read()?;
    let store_key = call.input.store_key()?;
    let value = call.input.bytes()?;
    Ok(Opened {
        tenant: Tenant::open(&keyring, &store_key, value)?,
        store_key,
        value,
    })
}

fn write_pending_tenant<S: Settings>(reply: &mut Reply, write: TenantWrite) {
    write_swap(reply, write.swap());
    reply.object(PendingTenant {
        write: Lock::new(Some(write)),
        expose: S::EXPOSE,
    });
}

/// The settings of a name with every default.
fn write_defaults<S: Settings>(call: &mut Call<'_>) -> Outcome<()> {
    S::named(call.input.text()?).pack(&mut call.reply);
    Ok(())
}

fn write_store_key<S: Settings>(call: &mut Call<'_>) -> Outcome<()> {
    let keyring = call.object::<Keys>()?.read()?;
    let store_key = Tenant::<S>::store_key(&keyring, call.input.text()?);
    call.reply.raw(&store_key.0);
    Ok(())
}

fn write_new<S: Settings>(call: &mut Call<'_>) -> Outcome<()> {
    let with = write_context(&mut call.input)?;
    let settings = S::unpack(&mut call.input)?;
    let keyring = call.object::<Keys>()?.read()?;
    let (current, entropy) = (with.current, &with.entropy);
    let write = Tenant::create(&keyring, current, settings, with.now_ms, entropy)?;
    write_pending_tenant::<S>(&mut call.reply, write);
    Ok(())
}

fn write_opened<S: Settings>(call: &mut Call<'_>) -> Outcome<()> {
    let tenant = opened::<S>(call)?.tenant;
    tenant.settings().pack(&mut call.reply);
    call.reply.raw(tenant.id());
    call.reply.u32(tenant.key_version());
    call.reply.u64(tenant.created_at_ms());
    call.reply.bool(tenant.is_revoked());
    Ok(())
}

fn write_rotated<S: Settings>(call: &mut Call<'_>) -> Outcome<()> {
    let Opened { tenant, value, .. } = opened::<S>(call)?;
    let (now_ms, entropy) = (call.input.u64()?, call.input.secret()?);
    let keyring = call.object::<Keys>()?.read()?;
    let write = tenant.rotate(&keyring, value, now_ms, &entropy)?;
    write_pending_tenant::<S>(&mut call.reply, write);
    Ok(())
}

fn write_revoked<S: Settings>(call: &mut Call<'_>) -> Outcome<()> {
    let Opened { tenant, value, .. } = opened::<S>(call)?;
    let (now_ms, entropy) = (call.input.u64()?, call.input.secret()?);
    let keyring = call.object::<Keys>()?.read()?;
    let swap = tenant.revoke(&keyring, value, now_ms, &entropy)?;
    write_swap(&mut call.reply, &swap);
    Ok(())
}

/// Whether a credential (1) or an address (2) is the tenant's, or it may do
/// what its settings name (3).
fn write_allowed<S: Settings>(call: &mut Call<'_>) -> Outcome<()> {
    let Opened {
        tenant, store_key, ..
    } = opened::<S>(call)?;
    let (what, text) = (call.input.u8()?, call.input.text()?);
    let is_allowed = match what {
        1 => {
            let keyring = call.object::<Keys>()?.read()?;
            tenant.has_key(&keyring, &S::key(store_key, text)?)
        }
        2 => S::allows_address(&tenant, text.parse().map_err(|_| Error::InvalidAddress)?),
        3 => S::allows(&tenant, text)?,
        _ => return Err(Failure::Malformed),
    };
    call.reply.bool(is_allowed);
    Ok(())
}

/// The credential, once.
pub(crate) fn stored(call: &mut Call<'_>) -> Outcome<()> {
    let held = call.object::<PendingTenant>()?;
    let taken = held.write.write()?.take();
    let key = taken.ok_or(Failure::Spent)?.stored();
    call.reply.text(&(held.expose)(&key));
    Ok(())
}
