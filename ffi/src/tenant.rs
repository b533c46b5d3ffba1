//! Tenants, the callers of the contracts: channels (mPass), customers
//! (`VerifyNow`) and clients (CAMARA). One class for all kinds, which the group
//! of its settings distinguishes.

use core::ffi::c_char;

use mpass_core::service::settings::Group;
use mpass_core::service::{AnyTenant, AppHash, TenantEntry, TenantKey};
use mpass_core::store::{Stamp, StoreKey};

use crate::boundary::boundary;
use crate::handle::{class, construct, free, used};
use crate::keyring::mpass_keyring;
use crate::settings::{self, group, mpass_settings};
use crate::slice::{OptionalOut, address, array, bytes, give, give_text, out_param, text};
use crate::status::mpass_status;

/// A tenant from the store: a channel, a customer or a client. Immutable: it
/// can be used by any number of threads at once.
pub struct mpass_tenant {
    _opaque: (),
}

class!(mpass_tenant, TenantEntry, 15);

/// The kind of tenant with a number.
pub(crate) fn kind(number: u32) -> Result<Group, mpass_status> {
    let group = group(number)?;
    match group.is_tenant() {
        true => Ok(group),
        false => Err(mpass_status::InvalidArgument),
    }
}

/// Gets the store key of the tenant with a name, which is of kind
/// `MPASS_KIND_DOCUMENT`: 16 bytes. `group` is `MPASS_GROUP_CHANNEL`, `_CUSTOMER`
/// or `_CLIENT`.
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

/// Gets the store key of the channel that a channel key claims to belong to: 16
/// bytes. The key is not verified; see `mpass_tenant_has_credential`.
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

/// Opens a tenant from `current`, the value under its store key of 16 bytes.
/// `group` is `MPASS_GROUP_CHANNEL`, `_CUSTOMER` or `_CLIENT`. The caller must
/// free `*out` with `mpass_tenant_free`.
///
/// Errors: INVALID_ARGUMENT for another group, WRONG_LENGTH if the store key is
/// not 16 bytes; RECORD_FORMAT, RECORD_FORGED or UNKNOWN_RECORD_KEY if the
/// value is not an authentic tenant of this kind. Threads: any.
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
        Ok(TenantEntry {
            tenant: AnyTenant::open(&keyring, group, &store_key, current)?,
            stamp: Stamp::of(current)?,
        })
    })
}

/// Frees a tenant. Does nothing for NULL. Its value stays in the store. No
/// other thread may be using the handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_tenant_free(tenant: *mut mpass_tenant) {
    free(tenant);
}

/// Gets the tenant's stable id, 16 bytes, from which the store keys of its
/// records are derived.
///
/// Errors: BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_tenant_id(
    tenant: *const mpass_tenant,
    out: *mut u8,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| give(used(tenant)?.tenant.id(), out, cap, written))
}

/// Gets whether the tenant is revoked, how many credentials it has had, and
/// when it was created. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_tenant_state(
    tenant: *const mpass_tenant,
    is_revoked: *mut bool,
    key_version: *mut u32,
    created_at_ms: *mut u64,
) -> mpass_status {
    boundary(|| {
        let tenant = &used(tenant)?.tenant;
        let (is_revoked, key_version) = (out_param(is_revoked)?, out_param(key_version)?);
        let created_at_ms = out_param(created_at_ms)?;
        is_revoked.set(tenant.is_revoked());
        key_version.set(tenant.key_version());
        created_at_ms.set(tenant.created_at_ms());
        Ok(())
    })
}

/// Gets the stamp of the tenant's value, 16 hexadecimal digits: every write has
/// another one. `mpass_tenant_update_in` takes it as the expected state.
///
/// Errors: BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_tenant_stamp(
    tenant: *const mpass_tenant,
    out: *mut c_char,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| give_text(&used(tenant)?.stamp.to_string(), out, cap, written))
}

/// Gets the time from which the credential that was replaced last does not work
/// any more, which may be in the past. `*is_present` is false if there is none;
/// `*until_ms` is then 0. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_tenant_predecessor_until_ms(
    tenant: *const mpass_tenant,
    is_present: *mut bool,
    until_ms: *mut u64,
) -> mpass_status {
    boundary(|| {
        let tenant = used(tenant)?;
        OptionalOut::new(is_present, until_ms)?.set(tenant.tenant.predecessor_until_ms());
        Ok(())
    })
}

/// Gets a copy of all settings of the tenant, including its name and the rules
/// of its challenges. The caller must free `*out` with `mpass_settings_free`.
/// Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_tenant_settings(
    tenant: *const mpass_tenant,
    out: *mut *mut mpass_settings,
) -> mpass_status {
    construct(out, || {
        Ok(settings::Owned::new(used(tenant)?.tenant.settings()))
    })
}

/// Compares a text with the tenant's credential, and with its predecessor within
/// the overlap, in constant time. The text is a credential as requests contain
/// it: the whole key of a channel, or the secret of a customer or client.
/// `now_ms` is the current time in milliseconds of Unix time. Whether the tenant
/// is revoked is another question, for `mpass_tenant_state`.
///
/// Errors: INVALID_UTF8, INVALID_CREDENTIAL if the text is not a credential.
/// Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_tenant_has_credential(
    tenant: *const mpass_tenant,
    keyring: *const mpass_keyring,
    credential: *const c_char,
    credential_len: usize,
    now_ms: u64,
    out: *mut bool,
) -> mpass_status {
    boundary(|| {
        let (tenant, keyring) = (used(tenant)?, used(keyring)?);
        let out = out_param(out)?;
        let credential = text(credential, credential_len)?;
        out.set(tenant.tenant.has_credential(&keyring, credential, now_ms)?);
        Ok(())
    })
}

/// Gets whether the tenant may call from an address, which is in text form.
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
        out.set(
            tenant
                .tenant
                .allows_address(self::address(address, address_len)?),
        );
        Ok(())
    })
}

/// Gets whether a channel may send for an application, or whether a client may
/// request a scope such as `number-verification:verify`.
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
        let is_allowed = tenant.tenant.allows(text(name, name_len)?)?;
        out.set(is_allowed.ok_or(mpass_status::WrongHandle)?);
        Ok(())
    })
}

/// Computes the hash by which SMS Retriever finds an Android app, for
/// `MPASS_FIELD_ANDROID_APP_HASHES`: 11 characters. `package` is the app's package
/// name (application id), `certificate` the certificate that its installed version
/// is signed with, in DER; with Play App Signing that is the certificate of Google
/// Play.
///
/// Errors: INVALID_APP_HASH for a text that is not a package name and for a
/// certificate that is not DER, INVALID_UTF8, BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_android_app_hash(
    package: *const c_char,
    package_len: usize,
    certificate: *const u8,
    certificate_len: usize,
    out: *mut c_char,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let certificate = bytes(certificate, certificate_len)?;
        let hash = AppHash::of(text(package, package_len)?, certificate)?;
        give_text(hash.as_str(), out, cap, written)
    })
}
