//! Administration of the tenants in a store, each operation in one call.

use core::ffi::{c_char, c_void};
use std::sync::Arc;

use mpass_core::service::settings::{Field, Refused, Values};
use mpass_core::service::{
    AnyTenant, NewCredential, Overlap, TenantAdmin, TenantEntry, TenantPage, TenantPatch,
};
use mpass_core::store::{Operation, Stamp, StoreKey};
use zeroize::Zeroizing;

use crate::boundary::boundary;
use crate::credential::mpass_credential;
use crate::handle::{Slot, used};
use crate::host::mpass_host;
use crate::keyring::mpass_keyring;
use crate::runner::Runner;
use crate::settings::{field, mpass_settings};
use crate::slice::{array, numbers, optional_text, out_param, text};
use crate::status::mpass_status;
use crate::tenant::{kind, mpass_tenant};
use crate::tenant_page::mpass_tenant_page;

/// The administration by a keyring, and the host that performs its steps.
struct Desk {
    admin: TenantAdmin,
    runner: Runner,
    entropy: Zeroizing<[u8; 32]>,
}

impl Desk {
    /// # Safety
    /// As [`used`] and [`Runner::of`].
    unsafe fn of(
        keyring: *const mpass_keyring,
        host: *const mpass_host,
        userdata: *mut c_void,
    ) -> Result<Self, mpass_status> {
        let admin = TenantAdmin::new(Arc::clone(&*used(keyring)?));
        let runner = Runner::of_documents(host, userdata)?;
        let entropy = runner.entropy()?;
        Ok(Self {
            admin,
            runner,
            entropy,
        })
    }

    fn run<T>(
        &self,
        operation: impl Operation<Outcome = T, Error = Refused>,
    ) -> Result<T, mpass_status> {
        Ok(self.runner.operate(operation)?)
    }
}

/// The values of a tenant's settings.
///
/// # Safety
/// As [`used`].
unsafe fn values(settings: *const mpass_settings) -> Result<Values, mpass_status> {
    let settings = used(settings)?;
    match settings.values.group().is_tenant() {
        true => Ok(settings.values.clone()),
        false => Err(mpass_status::WrongHandle),
    }
}

/// The default of `overlap_ms`: 24 hours.
pub const MPASS_OVERLAP_DEFAULT_MS: u64 = 86_400_000;

/// Creates a tenant with a new credential on the store of a host; its kind is
/// the group of the settings. A customer without a name gets a fresh one. A
/// revoked tenant with the same name is replaced.
///
/// Of `host`, `now_ms`, `entropy`, `load`, `swap` and `list` are required here
/// and in all functions that administer tenants; `userdata` is passed to every
/// callback. Each of them loads the value, decides, and swaps; decides again
/// after a conflict; and reads the value back if it is unknown whether it was
/// stored. So `*out` is a credential that is stored, also if the store stored it
/// and then failed. The caller must free `*out` with `mpass_credential_free`.
///
/// Errors: WRONG_HANDLE if the settings are not those of a tenant; NAME_TAKEN if
/// a tenant with this name exists and is not revoked; TENANT_TOO_LARGE; those of
/// `mpass_settings_check`; those of `mpass_drive` for `host`; STORE_FAILED,
/// STORE_FULL or STORE_UNKNOWN if the store failed; TOO_MANY_CONFLICTS;
/// OPERATION_TOO_OLD if the store took more than 10 s; ENTROPY_FAILED;
/// RECORD_FORMAT, RECORD_FORGED or UNKNOWN_RECORD_KEY if the keyring does not
/// open a stored value. Threads: any, as far as the callbacks allow.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_tenant_create_in(
    keyring: *const mpass_keyring,
    settings: *const mpass_settings,
    host: *const mpass_host,
    userdata: *mut c_void,
    out: *mut *mut mpass_credential,
) -> mpass_status {
    boundary(|| {
        let slot = Slot::new(out)?;
        let values = values(settings)?;
        let desk = Desk::of(keyring, host, userdata)?;
        let created: NewCredential = desk.run(desk.admin.create(&values, &desk.entropy)?)?;
        slot.fill(created);
        Ok(())
    })
}

/// Reads a tenant, revoked or not, from the store of a host. `group` is
/// `MPASS_GROUP_CHANNEL`, `_CUSTOMER` or `_CLIENT`. The caller must free `*out`
/// with `mpass_tenant_free`.
///
/// Errors: INVALID_ARGUMENT for another group, INVALID_UTF8, TENANT_MISSING, and
/// those of `mpass_tenant_create_in` for the host, the store and the keyring.
/// Threads: any, as far as the callbacks allow.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_tenant_read_in(
    keyring: *const mpass_keyring,
    group: u32,
    name: *const c_char,
    name_len: usize,
    host: *const mpass_host,
    userdata: *mut c_void,
    out: *mut *mut mpass_tenant,
) -> mpass_status {
    boundary(|| {
        let slot = Slot::new(out)?;
        let (group, name) = (kind(group)?, text(name, name_len)?);
        let desk = Desk::of(keyring, host, userdata)?;
        let entry: TenantEntry = desk.run(desk.admin.read(group, name)?)?;
        slot.fill(entry);
        Ok(())
    })
}

/// Lists the tenants of a kind among the next `limit` documents of the store of
/// a host, 1 to 1,024; other limits count as the nearest of these. `after` is the key of 16 bytes that
/// `mpass_tenant_page_next` returned for the page before, NULL for the first
/// page. The tenants of all kinds share the documents of a store, so a page may
/// have none although others follow. The caller must free `*out` with
/// `mpass_tenant_page_free`.
///
/// Errors: INVALID_ARGUMENT for another group, WRONG_LENGTH, and those of
/// `mpass_tenant_create_in` for the host and the store. Threads: any, as far as
/// the callbacks allow.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_tenant_list_in(
    keyring: *const mpass_keyring,
    group: u32,
    after: *const u8,
    after_len: usize,
    limit: u32,
    host: *const mpass_host,
    userdata: *mut c_void,
    out: *mut *mut mpass_tenant_page,
) -> mpass_status {
    boundary(|| {
        let slot = Slot::new(out)?;
        let group = kind(group)?;
        let after = match after.is_null() {
            true => None,
            false => Some(StoreKey(*array(after, after_len)?)),
        };
        let desk = Desk::of(keyring, host, userdata)?;
        let page: TenantPage = desk.run(desk.admin.list(group, after, limit)?)?;
        slot.fill(page);
        Ok(())
    })
}

/// Changes the settings of a tenant on the store of a host; its id, credential,
/// locks and counts stay.
///
/// - `settings`: the fields to set; its group is the kind of the tenant. Fields
///   that were not set keep their values.
/// - `cleared`: the `MPASS_FIELD_` constants of the fields that return to their
///   defaults; NULL if there are none.
/// - `stamp`: the stamp of the state that is changed, from `mpass_tenant_stamp`;
///   NULL to change whichever state is stored.
/// - `overlap_ms`: how long a public key that is replaced stays valid, 0 to 31
///   days; `MPASS_OVERLAP_DEFAULT_MS` is 24 hours.
/// - `out`: the changed tenant, which the caller must free with
///   `mpass_tenant_free`.
///
/// Errors: CHANGED if the tenant has another stamp; NAME_FIXED for another name,
/// or a name that is cleared; UNKNOWN_SETTING for a field of another kind;
/// INVALID_HEX if the stamp is none; INVALID_OVERLAP; TENANT_MISSING;
/// TENANT_REVOKED; and those of `mpass_tenant_create_in`. Threads: any, as far as
/// the callbacks allow.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_tenant_update_in(
    keyring: *const mpass_keyring,
    name: *const c_char,
    name_len: usize,
    settings: *const mpass_settings,
    cleared: *const u32,
    cleared_count: usize,
    stamp: *const c_char,
    stamp_len: usize,
    overlap_ms: u64,
    host: *const mpass_host,
    userdata: *mut c_void,
    out: *mut *mut mpass_tenant,
) -> mpass_status {
    boundary(|| {
        let slot = Slot::new(out)?;
        let name = text(name, name_len)?;
        let stamp = optional_text(stamp, stamp_len)?;
        let cleared = numbers(cleared, cleared_count)?;
        let patch = patch(&values(settings)?, cleared, stamp, overlap_ms)?;
        let desk = Desk::of(keyring, host, userdata)?;
        let entry: TenantEntry = desk.run(desk.admin.update(name, patch, &desk.entropy)?)?;
        slot.fill(entry);
        Ok(())
    })
}

fn patch(
    set: &Values,
    cleared: &[u32],
    stamp: Option<&str>,
    overlap_ms: u64,
) -> Result<TenantPatch, Refused> {
    let mut patch = TenantPatch::new(set.group());
    for (field, value) in set.iter() {
        patch.set(field, value.clone())?;
    }
    for number in cleared {
        patch.clear(field(*number)?)?;
    }
    if let Some(stamp) = stamp {
        patch = patch.expecting(stamp.parse::<Stamp>()?);
    }
    Ok(patch.overlapping(Overlap::from_ms(overlap_ms)?))
}

/// Gives a tenant a new credential on the store of a host. The old one stays
/// valid for `overlap_ms`, 0 to 31 days: 0 for one that has leaked,
/// `MPASS_OVERLAP_DEFAULT_MS` for 24 hours. Its own predecessor ends at once. The
/// caller must free `*out` with `mpass_credential_free`.
///
/// Errors: INVALID_OVERLAP; TENANT_REVOKED; TENANT_TOO_LARGE; and those of
/// `mpass_tenant_read_in`. Threads: any, as far as the callbacks allow.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_tenant_rotate_in(
    keyring: *const mpass_keyring,
    group: u32,
    name: *const c_char,
    name_len: usize,
    overlap_ms: u64,
    host: *const mpass_host,
    userdata: *mut c_void,
    out: *mut *mut mpass_credential,
) -> mpass_status {
    boundary(|| {
        let slot = Slot::new(out)?;
        let (group, name) = (kind(group)?, text(name, name_len)?);
        let overlap = Overlap::from_ms(overlap_ms)?;
        let desk = Desk::of(keyring, host, userdata)?;
        let operation = desk.admin.rotate(group, name, overlap, &desk.entropy)?;
        let rotated: NewCredential = desk.run(operation)?;
        slot.fill(rotated);
        Ok(())
    })
}

/// Revokes a tenant on the store of a host: neither its credential, nor a
/// predecessor, nor a token works any more. Its value stays in the store, and its
/// name is free. `*out` is the revoked tenant, which the caller must free with
/// `mpass_tenant_free`.
///
/// Errors: TENANT_REVOKED; TENANT_TOO_LARGE; and those of `mpass_tenant_read_in`.
/// Threads: any, as far as the callbacks allow.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_tenant_revoke_in(
    keyring: *const mpass_keyring,
    group: u32,
    name: *const c_char,
    name_len: usize,
    host: *const mpass_host,
    userdata: *mut c_void,
    out: *mut *mut mpass_tenant,
) -> mpass_status {
    boundary(|| {
        let slot = Slot::new(out)?;
        let (group, name) = (kind(group)?, text(name, name_len)?);
        let desk = Desk::of(keyring, host, userdata)?;
        let entry: TenantEntry = desk.run(desk.admin.revoke(group, name, &desk.entropy)?)?;
        slot.fill(entry);
        Ok(())
    })
}

/// Unlocks a number of a tenant on the store of a host and resets its failures, at
/// most three times within 24 hours. `number` is in international form, or in the national form of the tenant's
/// country.
///
/// Errors: NUMBER_MISSING for a number without a record; TOO_MANY_UNLOCKS;
/// TENANT_REVOKED; those of `mpass_number_parse` and `mpass_tenant_read_in`. Threads: any, as far as the
/// callbacks allow.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_tenant_unlock_in(
    keyring: *const mpass_keyring,
    group: u32,
    name: *const c_char,
    name_len: usize,
    number: *const c_char,
    number_len: usize,
    host: *const mpass_host,
    userdata: *mut c_void,
) -> mpass_status {
    boundary(|| {
        let (group, name) = (kind(group)?, text(name, name_len)?);
        let number = text(number, number_len)?;
        let desk = Desk::of(keyring, host, userdata)?;
        desk.run(desk.admin.unlock(group, name, number, &desk.entropy)?)
    })
}

/// Adds `paid` credits to a customer on the store of a host; 0 reads the balance.
/// `*balance` is the new one. After STORE_UNKNOWN, read the balance before adding
/// the credits again.
///
/// Errors: TENANT_REVOKED; RECORD_MISSING if the store has lost the record; and
/// those of `mpass_tenant_read_in`. Threads: any, as far as the callbacks allow.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_tenant_credits_in(
    keyring: *const mpass_keyring,
    name: *const c_char,
    name_len: usize,
    paid: u64,
    host: *const mpass_host,
    userdata: *mut c_void,
    balance: *mut u64,
) -> mpass_status {
    boundary(|| {
        let name = text(name, name_len)?;
        let out = out_param(balance)?;
        let desk = Desk::of(keyring, host, userdata)?;
        out.set(desk.run(desk.admin.credits(name, paid, &desk.entropy)?)?);
        Ok(())
    })
}

/// Creates or changes a tenant on the store of a host so that it has exactly
/// these settings and this credential: for tenants of a configuration file.
/// `*is_changed` is false if it had them already.
///
/// Errors: INVALID_CREDENTIAL if `credential` is none, or that of another tenant;
/// INVALID_UTF8; and those of `mpass_tenant_create_in` except NAME_TAKEN.
/// Threads: any, as far as the callbacks allow.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_tenant_provision_in(
    keyring: *const mpass_keyring,
    settings: *const mpass_settings,
    credential: *const c_char,
    credential_len: usize,
    host: *const mpass_host,
    userdata: *mut c_void,
    is_changed: *mut bool,
) -> mpass_status {
    boundary(|| {
        let values = values(settings)?;
        let credential = text(credential, credential_len)?;
        let out = out_param(is_changed)?;
        let desk = Desk::of(keyring, host, userdata)?;
        values.check()?;
        let name: String = values.read(Field::Name)?.unwrap_or_default();
        let key = AnyTenant::parse_key(&*used(keyring)?, values.group(), &name, credential)?;
        let operation = desk.admin.provision(&values, key, &desk.entropy)?;
        out.set(desk.run(operation)?.is_changed);
        Ok(())
    })
}

/// Seals every document in the store of a host with the newest record key, so
/// that older keys can be removed from the keyring. `*resealed` are the documents
/// that were written, `*unreadable` those that the keyring does not open, which
/// stay as they are. It may be interrupted and repeated.
///
/// Errors: those of `mpass_tenant_create_in` for the host and the store. Threads:
/// any, as far as the callbacks allow.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_tenant_reseal_in(
    keyring: *const mpass_keyring,
    host: *const mpass_host,
    userdata: *mut c_void,
    resealed: *mut u64,
    unreadable: *mut u64,
) -> mpass_status {
    boundary(|| {
        let (resealed, unreadable) = (out_param(resealed)?, out_param(unreadable)?);
        let desk = Desk::of(keyring, host, userdata)?;
        let outcome = desk.run(desk.admin.reseal(&desk.entropy))?;
        resealed.set(outcome.resealed);
        unreadable.set(outcome.unreadable);
        Ok(())
    })
}
