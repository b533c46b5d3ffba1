//! The spend limit of a tenant over all numbers.

use core::ffi::c_char;
use std::sync::Arc;

use mpass_core::challenge::{Keyring, Policy, Reservation, Spend};

use crate::boundary::boundary;
use crate::challenge::Refused;
use crate::handle::{Slot, class, construct, free, used};
use crate::keyring::mpass_keyring;
use crate::pending::{State, mpass_pending};
use crate::settings::{mpass_settings, policy};
use crate::slice::{bytes, give, record, text};
use crate::status::mpass_status;

/// The limit of sends of a tenant. A send is reserved before the challenge is
/// issued. Immutable: it can be used by any number of threads at once.
pub struct mpass_spend {
    _opaque: (),
}

class!(mpass_spend, Owned, 12);

pub(crate) struct Owned {
    keyring: Arc<Keyring>,
    policy: Policy,
    service: String,
    tenant: Vec<u8>,
}

impl Owned {
    fn borrow(&self) -> Result<Spend<'_>, mpass_status> {
        Spend::new(&self.keyring, &self.policy, &self.service, &self.tenant)
            .ok_or(mpass_status::WrongState)
    }
}

/// Creates the spend limit of a tenant. `settings` are settings of
/// `MPASS_GROUP_POLICY` or of a tenant, with a spend limit. All inputs are
/// copied. The caller must free `*out` with `mpass_spend_free`.
///
/// Errors: WRONG_HANDLE for settings without rules, INVALID_UTF8, WRONG_STATE
/// if the settings have no spend limit, and those of `mpass_settings_check`.
/// Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_spend_new(
    keyring: *const mpass_keyring,
    settings: *const mpass_settings,
    service: *const c_char,
    service_len: usize,
    tenant: *const u8,
    tenant_len: usize,
    out: *mut *mut mpass_spend,
) -> mpass_status {
    construct(out, || {
        let owned = Owned {
            keyring: Arc::clone(&*used(keyring)?),
            policy: policy(settings)?,
            service: text(service, service_len)?.into(),
            tenant: bytes(tenant, tenant_len)?.into(),
        };
        owned.borrow()?;
        Ok(owned)
    })
}

/// Frees a spend limit. Does nothing for NULL. Its record stays in the store.
/// No other thread may be using the handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_spend_free(spend: *mut mpass_spend) {
    free(spend);
}

/// Gets the store key of the record, which is of kind `MPASS_KIND_STATE`: 16
/// bytes.
///
/// Errors: BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_spend_store_key(
    spend: *const mpass_spend,
    out: *mut u8,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let spend = used(spend)?;
        give(&spend.borrow()?.key().0, out, cap, written)
    })
}

/// Reserves one send, which takes effect once `*pending` is stored, or refuses
/// to. The inputs and outputs are those of `mpass_challenge_issue`. The caller
/// must free `*pending` with `mpass_pending_free`.
///
/// Errors: those of `mpass_challenge_issue`. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_spend_reserve(
    spend: *const mpass_spend,
    current: *const u8,
    current_len: usize,
    now_ms: u64,
    entropy: *const u8,
    entropy_len: usize,
    pending: *mut *mut mpass_pending,
    refusal: *mut u32,
    has_retry: *mut bool,
    retry_at_ms: *mut u64,
) -> mpass_status {
    boundary(|| {
        let slot = Slot::new(pending)?;
        let spend = used(spend)?;
        let refused = Refused::new(refusal, has_retry, retry_at_ms)?;
        let (current, entropy) = record((current, current_len), (entropy, entropy_len))?;
        match spend.borrow()?.reserve(current, now_ms, entropy)? {
            Reservation::Pending(pending) => {
                slot.fill(State::Plain(pending));
                refused.set(None);
            }
            Reservation::Refused(refusal) => refused.set(Some(refusal)),
            Reservation::Corrected(refusal, correction) => {
                slot.fill(State::Plain(correction));
                refused.set(Some(refusal));
            }
        }
        Ok(())
    })
}

/// Returns one reserved send to the limit. Call it at most once for each
/// reservation. Store `*pending`; the caller must free it with
/// `mpass_pending_free`.
///
/// Errors: those of `mpass_challenge_issue`. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_spend_give_back(
    spend: *const mpass_spend,
    current: *const u8,
    current_len: usize,
    now_ms: u64,
    entropy: *const u8,
    entropy_len: usize,
    pending: *mut *mut mpass_pending,
) -> mpass_status {
    construct(pending, || {
        let spend = used(spend)?;
        let (current, entropy) = record((current, current_len), (entropy, entropy_len))?;
        let given_back = spend.borrow()?.give_back(current, now_ms, entropy)?;
        Ok(State::Plain(given_back))
    })
}
