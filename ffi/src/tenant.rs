//! What the classes of tenants share: channels, customers and clients.

use core::ffi::c_char;
use core::net::IpAddr;

use mpass_core::service::{Tenant, TenantSettings};
use mpass_core::store::StoreKey;

use crate::boundary::boundary;
use crate::handle::{Class, changed, construct, used};
use crate::keyring::mpass_keyring;
use crate::pending::{State, mpass_pending};
use crate::slice::{array, bytes, give, out_param, record, text};
use crate::status::mpass_status;

pub(crate) fn address(text: &str) -> Result<IpAddr, mpass_status> {
    text.parse().map_err(|_| mpass_status::InvalidAddress)
}

/// A setter that takes a text.
///
/// # Safety
/// As [`changed`] and [`text`].
pub(crate) unsafe fn set_text<C: Class>(
    settings: *mut C,
    data: *const c_char,
    len: usize,
    set: impl FnOnce(&mut C::Value, &str) -> Result<(), mpass_status>,
) -> mpass_status {
    boundary(|| {
        let text = text(data, len)?;
        set(&mut *changed(settings)?, text)
    })
}

/// # Safety
/// As [`used`], [`text`] and [`give`].
pub(crate) unsafe fn place_of<S: TenantSettings>(
    keyring: *const mpass_keyring,
    name: (*const c_char, usize),
    out: *mut u8,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let keyring = used(keyring)?;
        let store_key = Tenant::<S>::store_key(&keyring, text(name.0, name.1)?);
        give(&store_key.0, out, cap, written)
    })
}

/// # Safety
/// As [`construct`], [`used`] and [`record`].
pub(crate) unsafe fn create<C>(
    keyring: *const mpass_keyring,
    current: (*const u8, usize),
    settings: *const C,
    now_ms: u64,
    entropy: (*const u8, usize),
    pending: *mut *mut mpass_pending,
) -> mpass_status
where
    C: Class,
    C::Value: TenantSettings,
{
    construct(pending, || {
        let (keyring, settings) = (used(keyring)?, used(settings)?);
        let (current, entropy) = record(current, entropy)?;
        let write = Tenant::create(&keyring, current, settings.clone(), now_ms, entropy)?;
        Ok(State::Tenant(write))
    })
}

/// # Safety
/// As [`construct`], [`used`] and [`bytes`].
pub(crate) unsafe fn open<C, S>(
    keyring: *const mpass_keyring,
    store_key: (*const u8, usize),
    current: (*const u8, usize),
    out: *mut *mut C,
) -> mpass_status
where
    C: Class<Value = Tenant<S>>,
    S: TenantSettings,
{
    construct(out, || {
        let keyring = used(keyring)?;
        let store_key = StoreKey(*array(store_key.0, store_key.1)?);
        let current = bytes(current.0, current.1)?;
        Ok(Tenant::open(&keyring, &store_key, current)?)
    })
}

/// # Safety
/// As [`construct`], [`used`] and [`bytes`].
pub(crate) unsafe fn rotate<C, S>(
    tenant: *const C,
    keyring: *const mpass_keyring,
    current: (*const u8, usize),
    now_ms: u64,
    entropy: (*const u8, usize),
    pending: *mut *mut mpass_pending,
) -> mpass_status
where
    C: Class<Value = Tenant<S>>,
    S: TenantSettings,
{
    construct(pending, || {
        let (tenant, keyring) = (used(tenant)?, used(keyring)?);
        let current = bytes(current.0, current.1)?;
        let entropy = array(entropy.0, entropy.1)?;
        let write = tenant.rotate(&keyring, current, now_ms, entropy)?;
        Ok(State::Tenant(write))
    })
}

/// # Safety
/// As [`construct`], [`used`] and [`bytes`].
pub(crate) unsafe fn revoke<C, S>(
    tenant: *const C,
    keyring: *const mpass_keyring,
    current: (*const u8, usize),
    now_ms: u64,
    entropy: (*const u8, usize),
    pending: *mut *mut mpass_pending,
) -> mpass_status
where
    C: Class<Value = Tenant<S>>,
    S: TenantSettings,
{
    construct(pending, || {
        let (tenant, keyring) = (used(tenant)?, used(keyring)?);
        let current = bytes(current.0, current.1)?;
        let entropy = array(entropy.0, entropy.1)?;
        let swap = tenant.revoke(&keyring, current, now_ms, entropy)?;
        Ok(State::Revocation(swap))
    })
}

/// # Safety
/// As [`used`] and [`give`].
pub(crate) unsafe fn id<C, S>(
    tenant: *const C,
    out: *mut u8,
    cap: usize,
    written: *mut usize,
) -> mpass_status
where
    C: Class<Value = Tenant<S>>,
    S: TenantSettings,
{
    boundary(|| give(used(tenant)?.id(), out, cap, written))
}

/// # Safety
/// As [`used`] and [`place`].
pub(crate) unsafe fn state<C, S>(
    tenant: *const C,
    is_revoked: *mut bool,
    key_version: *mut u32,
    created_at_ms: *mut u64,
) -> mpass_status
where
    C: Class<Value = Tenant<S>>,
    S: TenantSettings,
{
    boundary(|| {
        let tenant = used(tenant)?;
        let (is_revoked, key_version) = (out_param(is_revoked)?, out_param(key_version)?);
        let created_at_ms = out_param(created_at_ms)?;
        is_revoked.set(tenant.is_revoked());
        key_version.set(tenant.key_version());
        created_at_ms.set(tenant.created_at_ms());
        Ok(())
    })
}

/// # Safety
/// As [`construct`] and [`used`].
pub(crate) unsafe fn settings_of<C, S, D>(tenant: *const C, out: *mut *mut D) -> mpass_status
where
    C: Class<Value = Tenant<S>>,
    S: TenantSettings,
    D: Class<Value = S>,
{
    construct(out, || Ok(used(tenant)?.settings().clone()))
}

/// Whether a tenant may call from an address, as `asked` says.
///
/// # Safety
/// As [`used`], [`text`] and [`place`].
pub(crate) unsafe fn allows_address<C: Class>(
    tenant: *const C,
    data: *const c_char,
    len: usize,
    out: *mut bool,
    asked: fn(&C::Value, IpAddr) -> bool,
) -> mpass_status {
    boundary(|| {
        let tenant = used(tenant)?;
        let out = out_param(out)?;
        out.set(asked(&tenant, address(text(data, len)?)?));
        Ok(())
    })
}
