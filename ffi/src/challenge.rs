//! Challenges: issued, attempted, accepted once.

use core::ffi::c_char;
use std::sync::Arc;

use mpass_core::challenge::{Attempt, Binding, Challenge, Issue, Keyring, Policy, Refusal};

use crate::boundary::boundary;
use crate::handle::{Slot, class, construct, free, used};
use crate::keyring::mpass_keyring;
use crate::pending::{MPASS_VERDICT_PENDING, State, mpass_pending};
use crate::settings::{mpass_settings, policy_or_default};
use crate::slice::{OutParam, bytes, give, out_param, record, text};
use crate::status::mpass_status;

/// Not refused.
pub const MPASS_REFUSAL_NONE: u32 = 0;

/// The challenge of one number under one policy. Immutable: any number of
/// threads may use one.
pub struct mpass_challenge {
    _opaque: (),
}

class!(mpass_challenge, Owned, 11);

pub(crate) struct Owned {
    keyring: Arc<Keyring>,
    policy: Policy,
    service: String,
    tenant: Vec<u8>,
    number: String,
    context: String,
}

impl Owned {
    fn borrow(&self) -> Challenge<'_> {
        let binding = Binding {
            service: &self.service,
            tenant: &self.tenant,
            number: &self.number,
            context: &self.context,
        };
        Challenge::new(&self.keyring, &self.policy, binding)
    }
}

/// The outputs of a refusal.
pub(crate) struct Refused {
    reason: OutParam<u32>,
    retry_at_ms: OutParam<u64>,
}

impl Refused {
    /// # Safety
    /// As [`out_param`].
    pub(crate) unsafe fn new(
        reason: *mut u32,
        retry_at_ms: *mut u64,
    ) -> Result<Self, mpass_status> {
        Ok(Self {
            reason: out_param(reason)?,
            retry_at_ms: out_param(retry_at_ms)?,
        })
    }

    pub(crate) fn set(self, refusal: Option<Refusal>) {
        let reason = refusal.map_or(MPASS_REFUSAL_NONE, |refusal| refusal.reason.number().into());
        self.reason.set(reason);
        self.retry_at_ms
            .set(refusal.map_or(0, |refusal| refusal.retry_at_ms));
    }
}

/// The outputs of an attempt: a pending write, or a verdict without one.
///
/// # Safety
/// `pending` and `verdict` are NULL or may be written.
pub(crate) unsafe fn attempting(
    pending: *mut *mut mpass_pending,
    verdict: *mut u32,
    body: impl FnOnce() -> Result<Attempt, mpass_status>,
) -> mpass_status {
    boundary(|| {
        let slot = Slot::new(pending)?;
        let verdict = out_param(verdict)?;
        match body()? {
            Attempt::Pending(pending) => {
                slot.fill(State::Attempt(pending));
                verdict.set(MPASS_VERDICT_PENDING);
            }
            Attempt::Told(told) => verdict.set(told.number().into()),
        }
        Ok(())
    })
}

/// The challenge of a number under settings with rules, those of
/// `MPASS_GROUP_POLICY` or a tenant's; NULL for every default, which keep NIST
/// SP 800-63B: six digits, five minutes, five tries. `service` names the
/// contract, `tenant` is its stable id, `number` the E.164 text, and `context`
/// what else must be the same when the code comes back; it may be empty.
/// Everything is copied. `*out` is the caller's, to be freed with
/// `mpass_challenge_free`.
///
/// Errors: WRONG_HANDLE for settings without rules, INVALID_UTF8, and as
/// `mpass_settings_check`. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_challenge_new(
    keyring: *const mpass_keyring,
    settings: *const mpass_settings,
    service: *const c_char,
    service_len: usize,
    tenant: *const u8,
    tenant_len: usize,
    number: *const c_char,
    number_len: usize,
    context: *const c_char,
    context_len: usize,
    out: *mut *mut mpass_challenge,
) -> mpass_status {
    construct(out, || {
        Ok(Owned {
            keyring: Arc::clone(&*used(keyring)?),
            policy: policy_or_default(settings)?,
            service: text(service, service_len)?.into(),
            tenant: bytes(tenant, tenant_len)?.into(),
            number: text(number, number_len)?.into(),
            context: text(context, context_len)?.into(),
        })
    })
}

/// Frees a challenge; NULL does nothing. Its record stays in the store. No
/// other thread may use it meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_challenge_free(challenge: *mut mpass_challenge) {
    free(challenge);
}

/// The store key of its record, among values of kind `MPASS_KIND_STATE`: 16
/// bytes.
///
/// Errors: BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_challenge_store_key(
    challenge: *const mpass_challenge,
    out: *mut u8,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let challenge = used(challenge)?;
        give(&challenge.borrow().key().0, out, cap, written)
    })
}

/// Issues a new challenge, which replaces the current one, or refuses. `current` is
/// the record that was loaded, NULL where there is none; `entropy` exactly 32
/// bytes.
///
/// `*pending` is the caller's, to be freed with `mpass_pending_free`; once it
/// is stored it has the code. Where `*refusal` is a `MPASS_REFUSAL_` other
/// than NONE nothing is issued before `*retry_at_ms`; a pending write that
/// comes with it is to be stored, whether that succeeds or not, or the wait
/// might never end.
///
/// Errors: WRONG_LENGTH of the entropy; RECORD_FORMAT, RECORD_FORGED or
/// UNKNOWN_RECORD_KEY where `current` is not this record: a store error.
/// Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_challenge_issue(
    challenge: *const mpass_challenge,
    current: *const u8,
    current_len: usize,
    now_ms: u64,
    entropy: *const u8,
    entropy_len: usize,
    pending: *mut *mut mpass_pending,
    refusal: *mut u32,
    retry_at_ms: *mut u64,
) -> mpass_status {
    boundary(|| {
        let slot = Slot::new(pending)?;
        let challenge = used(challenge)?;
        let refused = Refused::new(refusal, retry_at_ms)?;
        let (current, entropy) = record((current, current_len), (entropy, entropy_len))?;
        match challenge.borrow().issue(current, now_ms, entropy)? {
            Issue::Pending(pending) => {
                slot.fill(State::Issue(pending));
                refused.set(None);
            }
            Issue::Refused(refusal) => refused.set(Some(refusal)),
            Issue::Corrected(refusal, correction) => {
                slot.fill(State::Plain(correction));
                refused.set(Some(refusal));
            }
        }
        Ok(())
    })
}

/// Compares a code that a user typed, unless the record refuses attempts. A
/// text that is not a code of the challenge's length is a wrong code and costs
/// a try. `current` is the record that was loaded, NULL where there is none;
/// `entropy` exactly 32 bytes.
///
/// Where `*verdict` is `MPASS_VERDICT_PENDING`, `*pending` is the caller's, to
/// be freed with `mpass_pending_free`, and has the verdict once it is stored.
/// Any other verdict is final, costs nothing and comes without a write.
///
/// Errors: INVALID_UTF8, and as `mpass_challenge_issue`. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_challenge_attempt(
    challenge: *const mpass_challenge,
    current: *const u8,
    current_len: usize,
    typed: *const c_char,
    typed_len: usize,
    now_ms: u64,
    entropy: *const u8,
    entropy_len: usize,
    pending: *mut *mut mpass_pending,
    verdict: *mut u32,
) -> mpass_status {
    attempting(pending, verdict, || {
        let challenge = used(challenge)?;
        let (current, entropy) = record((current, current_len), (entropy, entropy_len))?;
        let typed = text(typed, typed_len)?;
        Ok(challenge
            .borrow()
            .attempt(current, typed, now_ms, entropy)?)
    })
}

/// After a gateway's definite refusal: gives the send of a challenge back and
/// voids it. `issued` is the stored issue, `current` the record that was
/// loaded since, `entropy` exactly 32 bytes. `*pending` is to be stored and
/// freed with `mpass_pending_free`, or NULL where the record no longer holds
/// this challenge, so that there is nothing to give back.
///
/// Errors: WRONG_STATE where `issued` is not a stored issue, and as
/// `mpass_challenge_issue`. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_challenge_refund(
    challenge: *const mpass_challenge,
    current: *const u8,
    current_len: usize,
    issued: *const mpass_pending,
    now_ms: u64,
    entropy: *const u8,
    entropy_len: usize,
    pending: *mut *mut mpass_pending,
) -> mpass_status {
    boundary(|| {
        let slot = Slot::new(pending)?;
        let challenge = used(challenge)?;
        let (current, entropy) = record((current, current_len), (entropy, entropy_len))?;
        let id = used(issued)?.issued()?.id;
        let refund = challenge.borrow().refund(current, id, now_ms, entropy)?;
        if let Some(pending) = refund {
            slot.fill(State::Plain(pending));
        }
        Ok(())
    })
}

/// Unlocks a number and forgets its failures: an administrator's act.
/// `*pending` is to be stored and freed with `mpass_pending_free`.
///
/// Errors: as `mpass_challenge_issue`. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_challenge_unlock(
    challenge: *const mpass_challenge,
    current: *const u8,
    current_len: usize,
    now_ms: u64,
    entropy: *const u8,
    entropy_len: usize,
    pending: *mut *mut mpass_pending,
) -> mpass_status {
    construct(pending, || {
        let challenge = used(challenge)?;
        let (current, entropy) = record((current, current_len), (entropy, entropy_len))?;
        let unlocked = challenge.borrow().unlock(current, now_ms, entropy)?;
        Ok(State::Plain(unlocked))
    })
}
