//! Prepaid credits of customers.

use mpass_core::service::{AnyTenant, Customer};

use crate::boundary::boundary;
use crate::handle::{Used, construct, used};
use crate::keyring::mpass_keyring;
use crate::pending::{State, mpass_pending};
use crate::slice::{give, optional, out_param, record};
use crate::status::mpass_status;
use crate::tenant::mpass_tenant;

fn customer<'a>(tenant: &'a Used<'_, AnyTenant>) -> Result<&'a Customer, mpass_status> {
    match &**tenant {
        AnyTenant::Customer(customer) => Ok(customer),
        _ => Err(mpass_status::WrongHandle),
    }
}

/// Gets the store key of a customer's credit record, which is of kind
/// `MPASS_KIND_STATE`: 16 bytes.
///
/// Errors: WRONG_HANDLE for another kind of tenant, BUFFER_TOO_SMALL. Threads:
/// any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_tenant_credits_store_key(
    tenant: *const mpass_tenant,
    keyring: *const mpass_keyring,
    out: *mut u8,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let (tenant, keyring) = (used(tenant)?, used(keyring)?);
        let credits = customer(&tenant)?.credits(&keyring);
        give(&credits.key().0, out, cap, written)
    })
}

/// Gets the number of credits that a customer has left. `current` is the
/// customer's credit record, NULL if there is none.
///
/// Errors: WRONG_HANDLE for another kind of tenant; RECORD_FORMAT,
/// RECORD_FORGED or UNKNOWN_RECORD_KEY if `current` is not an authentic credit
/// record of this customer. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_tenant_balance(
    tenant: *const mpass_tenant,
    keyring: *const mpass_keyring,
    current: *const u8,
    current_len: usize,
    out: *mut u64,
) -> mpass_status {
    boundary(|| {
        let (tenant, keyring) = (used(tenant)?, used(keyring)?);
        let out = out_param(out)?;
        let current = optional(current, current_len)?;
        out.set(customer(&tenant)?.credits(&keyring).balance(current)?);
        Ok(())
    })
}

/// Adds `paid` credits to a customer's balance. `current` is the customer's
/// credit record, NULL if there is none; `entropy` is exactly 32 bytes. Store
/// `*pending`; then `mpass_pending_balance` returns the new balance. The caller
/// must free `*pending` with `mpass_pending_free`.
///
/// Errors: those of `mpass_tenant_balance`, WRONG_LENGTH if `entropy` is not 32
/// bytes. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_tenant_add_credits(
    tenant: *const mpass_tenant,
    keyring: *const mpass_keyring,
    current: *const u8,
    current_len: usize,
    paid: u64,
    now_ms: u64,
    entropy: *const u8,
    entropy_len: usize,
    pending: *mut *mut mpass_pending,
) -> mpass_status {
    construct(pending, || {
        let (tenant, keyring) = (used(tenant)?, used(keyring)?);
        let (current, entropy) = record((current, current_len), (entropy, entropy_len))?;
        let credits = customer(&tenant)?.credits(&keyring);
        Ok(State::Credits(credits.add(current, paid, now_ms, entropy)?))
    })
}
