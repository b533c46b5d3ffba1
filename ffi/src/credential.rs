//! New credentials of tenants.

use core::ffi::c_char;

use mpass_core::service::NewCredential;

use crate::boundary::boundary;
use crate::handle::{class, free, used};
use crate::slice::{OptionalOut, give_text};
use crate::status::mpass_status;

/// A tenant's new credential, which is stored. It is shown once: the store has
/// only a keyed hash of it. Immutable: it can be used by any number of threads at
/// once.
pub struct mpass_credential {
    _opaque: (),
}

class!(mpass_credential, NewCredential, 24);

/// Frees a credential and erases it. Does nothing for NULL. No other thread may
/// be using the handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_credential_free(credential: *mut mpass_credential) {
    free(credential);
}

/// Gets the credential in the form that requests contain: for a channel a key of
/// 64 ASCII characters; for a client its `client_secret` and for a customer the
/// password that it sends base64-encoded as `key`, 43 characters each. The caller
/// must erase `out` after use.
///
/// Errors: BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_credential_text(
    credential: *const mpass_credential,
    out: *mut c_char,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| give_text(&used(credential)?.credential, out, cap, written))
}

/// Gets the name of the tenant, at most 64 ASCII characters: a customer's
/// `customerId`, a client's `client_id`.
///
/// Errors: BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_credential_name(
    credential: *const mpass_credential,
    out: *mut c_char,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| give_text(&used(credential)?.name, out, cap, written))
}

/// Gets the stamp of the tenant's value: see `mpass_tenant_stamp`.
///
/// Errors: BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_credential_stamp(
    credential: *const mpass_credential,
    out: *mut c_char,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| give_text(&used(credential)?.stamp.to_string(), out, cap, written))
}

/// Gets the time from which the credential that was replaced does not work any
/// more. `*is_present` is false without an overlap; `*until_ms` is then 0.
/// Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_credential_predecessor_until_ms(
    credential: *const mpass_credential,
    is_present: *mut bool,
    until_ms: *mut u64,
) -> mpass_status {
    boundary(|| {
        let credential = used(credential)?;
        OptionalOut::new(is_present, until_ms)?.set(credential.predecessor_until_ms);
        Ok(())
    })
}
