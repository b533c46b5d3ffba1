//! Tenants, the callers of the contracts: channels (mPass), customers
//! (`VerifyNow`) and clients (CAMARA). One class for all kinds; the group of
//! its settings tells them apart.

use core::ffi::c_char;

use mpass_core::service::settings::Group;
use mpass_core::service::{AnyTenant, Customer, TenantKey};
use mpass_core::store::StoreKey;

use crate::boundary::boundary;
use crate::handle::{class, construct, free, used};
use crate::keyring::mpass_keyring;
use crate::pending::{State, mpass_pending};
use crate::settings::{self, group, mpass_settings};
use crate::slice::{address, array, bytes, give, give_text, out_param, record, text};
use crate::status::mpass_status;

/// A tenant as the store has it: a channel, a customer or a client.
/// Immutable: any number of threads may use one.
pub struct mpass_tenant {
    _opaque: (),
}

class!(mpass_tenant, AnyTenant, 15);

/// The group of a kind of tenant.
fn kind(number: u32) -> Result<Group, mpass_status> {
    let group = group(number)?;
    match group.is_tenant() {
        true => Ok(group),
        false => Err(mpass_status::InvalidArgument),
    }
}

/// A `customerId` for a new customer, from exactly 32 bytes of entropy: 17
/// characters. It has 60 random bits: when `mpass_tenant_create` finds it
/// taken, draw again.
///
/// Errors: WRONG_LENGTH of the entropy, BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_tenant_fresh_customer_id(
    now_ms: u64,
    entropy: *const u8,
    entropy_len: usize,
    out: *mut c_char,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let entropy = array(entropy, entropy_len)?;
        give_text(&Customer::fresh_id(now_ms, entropy), out, cap, written)
    })
}

/// The store key of the tenant of a kind (`MPASS_GROUP_CHANNEL`, `_CUSTOMER`
/// or `_CLIENT`) and name, among values of kind `MPASS_KIND_TENANT`: 16 bytes.
///
/// Errors: INVALID_ARGUMENT for another group, INVALID_UTF8, BUFFER_TOO_SMALL.
/// Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_tenant_store_key(
    keyring: *const mpass_keyring,
    group: u32,
    name: *const c_char,
    name_len: usize,
    out: *mut u8,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let keyring = used(keyring)?;
        let store_key = AnyTenant::store_key(&keyring, kind(group)?, text(name, name_len)?)?;
        give(&store_key.0, out, cap, written)
    })
}

/// The store key of the tenant that a whole credential, a channel key, claims
/// to be of: 16 bytes.
///
/// Errors: INVALID_UTF8, INVALID_CREDENTIAL, BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_tenant_credential_store_key(
    credential: *const c_char,
    credential_len: usize,
    out: *mut u8,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let key = TenantKey::parse(text(credential, credential_len)?)?;
        give(&key.store_key().0, out, cap, written)
    })
}

/// A new tenant of the kind that the settings are of. `current` is the value
/// at its store key, NULL where there is none; `entropy` exactly 32 bytes.
/// `*pending` is the caller's, to be freed with `mpass_pending_free`; once it
/// is stored it has the credential.
///
/// Errors: WRONG_HANDLE for settings that are not a tenant's, WRONG_LENGTH of
/// the entropy, NAME_TAKEN, TENANT_TOO_LARGE, those of
/// `mpass_settings_check`; RECORD_FORMAT, RECORD_FORGED or UNKNOWN_RECORD_KEY
/// where `current` is not a tenant of this kind: a store error. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_tenant_create(
    keyring: *const mpass_keyring,
    current: *const u8,
    current_len: usize,
    settings: *const mpass_settings,
    now_ms: u64,
    entropy: *const u8,
    entropy_len: usize,
    pending: *mut *mut mpass_pending,
) -> mpass_status {
    construct(pending, || {
        let (keyring, settings) = (used(keyring)?, used(settings)?);
        let (current, entropy) = record((current, current_len), (entropy, entropy_len))?;
        if !settings.values.group().is_tenant() {
            return Err(mpass_status::WrongHandle);
        }
        let write = AnyTenant::create(&keyring, current, &settings.values, now_ms, entropy)?;
        Ok(State::Tenant(write))
    })
}

/// Reads the value of a tenant of a kind, as `mpass_tenant_store_key` takes
/// it, at a store key of 16 bytes. `*out` is the caller's, to be freed with
/// `mpass_tenant_free`.
///
/// Errors: INVALID_ARGUMENT for another group, WRONG_LENGTH of the store key;
/// RECORD_FORMAT, RECORD_FORGED or UNKNOWN_RECORD_KEY where the value is not a
/// tenant of this kind. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_tenant_open(
    keyring: *const mpass_keyring,
    group: u32,
    store_key: *const u8,
    store_key_len: usize,
    current: *const u8,
    current_len: usize,
    out: *mut *mut mpass_tenant,
) -> mpass_status {
    construct(out, || {
        let (keyring, group) = (used(keyring)?, kind(group)?);
        let store_key = StoreKey(*array(store_key, store_key_len)?);
        let current = bytes(current, current_len)?;
        Ok(AnyTenant::open(&keyring, group, &store_key, current)?)
    })
}

/// Frees a tenant; NULL does nothing. Its value stays in the store. No other
/// thread may use it meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_tenant_free(tenant: *mut mpass_tenant) {
    free(tenant);
}

/// The same tenant with a new credential; the old one stops working once
/// `*pending` is stored, which then has the new one. `current` is the value
/// that the tenant was opened from, `entropy` exactly 32 bytes. `*pending` is
/// the caller's, to be freed with `mpass_pending_free`.
///
/// Errors: WRONG_LENGTH of the entropy, TENANT_TOO_LARGE. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_tenant_rotate(
    tenant: *const mpass_tenant,
    keyring: *const mpass_keyring,
    current: *const u8,
    current_len: usize,
    now_ms: u64,
    entropy: *const u8,
    entropy_len: usize,
    pending: *mut *mut mpass_pending,
) -> mpass_status {
    construct(pending, || {
        let (tenant, keyring) = (used(tenant)?, used(keyring)?);
        let current = bytes(current, current_len)?;
        let entropy = array(entropy, entropy_len)?;
        let write = tenant.rotate(&keyring, current, now_ms, entropy)?;
        Ok(State::Tenant(write))
    })
}

/// Revokes the tenant once `*pending` is stored; its value stays, so that its
/// name is known to be revoked. `current` is the value that the tenant was
/// opened from, `entropy` exactly 32 bytes. `*pending` is the caller's, to be
/// freed with `mpass_pending_free`.
///
/// Errors: WRONG_LENGTH of the entropy, TENANT_TOO_LARGE. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_tenant_revoke(
    tenant: *const mpass_tenant,
    keyring: *const mpass_keyring,
    current: *const u8,
    current_len: usize,
    now_ms: u64,
    entropy: *const u8,
    entropy_len: usize,
    pending: *mut *mut mpass_pending,
) -> mpass_status {
    construct(pending, || {
        let (tenant, keyring) = (used(tenant)?, used(keyring)?);
        let current = bytes(current, current_len)?;
        let entropy = array(entropy, entropy_len)?;
        let swap = tenant.revoke(&keyring, current, now_ms, entropy)?;
        Ok(State::Revocation(swap))
    })
}

/// The stable id that its numbers' records are kept under: 16 bytes.
///
/// Errors: BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_tenant_id(
    tenant: *const mpass_tenant,
    out: *mut u8,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| give(used(tenant)?.id(), out, cap, written))
}

/// Whether it was revoked, how many credentials it has had and when it was
/// created. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_tenant_state(
    tenant: *const mpass_tenant,
    is_revoked: *mut bool,
    key_version: *mut u32,
    created_at_ms: *mut u64,
) -> mpass_status {
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

/// A copy of all of its settings, its name and the rules of its challenges
/// among them. `*out` is the caller's, to be freed with
/// `mpass_settings_free`. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_tenant_settings(
    tenant: *const mpass_tenant,
    out: *mut *mut mpass_settings,
) -> mpass_status {
    construct(out, || Ok(settings::Owned::new(used(tenant)?.settings())))
}

/// Whether a text is its credential as requests carry it: a channel's whole
/// key, the secret of a customer or client. Compared in constant time.
///
/// Errors: INVALID_UTF8, INVALID_CREDENTIAL for a text that is not a
/// credential. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_tenant_has_credential(
    tenant: *const mpass_tenant,
    keyring: *const mpass_keyring,
    credential: *const c_char,
    credential_len: usize,
    out: *mut bool,
) -> mpass_status {
    boundary(|| {
        let (tenant, keyring) = (used(tenant)?, used(keyring)?);
        let out = out_param(out)?;
        let credential = text(credential, credential_len)?;
        out.set(tenant.has_credential(&keyring, credential)?);
        Ok(())
    })
}

/// Whether it may call from an address, in text form.
///
/// Errors: INVALID_UTF8, INVALID_ADDRESS. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_tenant_allows_address(
    tenant: *const mpass_tenant,
    address: *const c_char,
    address_len: usize,
    out: *mut bool,
) -> mpass_status {
    boundary(|| {
        let tenant = used(tenant)?;
        let out = out_param(out)?;
        out.set(tenant.allows_address(self::address(address, address_len)?));
        Ok(())
    })
}

/// Whether a channel may send for an application, or a client may ask for a
/// scope such as `number-verification:verify`.
///
/// Errors: WRONG_HANDLE for a customer, INVALID_UTF8, INVALID_APP,
/// UNKNOWN_SCOPE. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_tenant_allows(
    tenant: *const mpass_tenant,
    name: *const c_char,
    name_len: usize,
    out: *mut bool,
) -> mpass_status {
    boundary(|| {
        let tenant = used(tenant)?;
        let out = out_param(out)?;
        let is_allowed = tenant.allows(text(name, name_len)?)?;
        out.set(is_allowed.ok_or(mpass_status::WrongHandle)?);
        Ok(())
    })
}
