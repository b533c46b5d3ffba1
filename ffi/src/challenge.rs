//! Challenges: each is issued, attempted and accepted at most once.

use core::ffi::c_char;
use std::sync::Arc;

use mpass_core::challenge::{
    Attempt, Binding, Challenge, Issue, Keyring, Policy, Refusal, Subject, SubjectKind,
};

use crate::boundary::boundary;
use crate::handle::{Slot, changed, class, construct, free, used};
use crate::keyring::mpass_keyring;
use crate::pending::{MPASS_VERDICT_PENDING, State, mpass_pending};
use crate::settings::{mpass_settings, policy_or_default};
use crate::slice::{OptionalOut, OutParam, bytes, give, optional_u64, out_param, record, text};
use crate::status::mpass_status;

/// Not refused.
pub const MPASS_REFUSAL_NONE: u32 = 0;

/// The challenge of one subject under one policy. It can be used by any number of
/// threads at once, except while `mpass_challenge_set_restored_at` changes it.
pub struct mpass_challenge {
    _opaque: (),
}

class!(mpass_challenge, Owned, 11);

pub(crate) struct Owned {
    keyring: Arc<Keyring>,
    policy: Policy,
    service: String,
    tenant: Vec<u8>,
    subject: Subject,
    context: String,
    restored_at_ms: Option<u64>,
}

impl Owned {
    pub(crate) fn borrow(&self) -> Challenge<'_> {
        let binding = Binding {
            service: &self.service,
            tenant: &self.tenant,
            subject: &self.subject,
            context: &self.context,
        };
        Challenge::new(&self.keyring, &self.policy, binding).restored_at(self.restored_at_ms)
    }
}

/// The outputs of a refusal.
pub(crate) struct Refused {
    reason: OutParam<u32>,
    retry_at_ms: OptionalOut,
}

impl Refused {
    /// # Safety
    /// As [`out_param`].
    pub(crate) unsafe fn new(
        reason: *mut u32,
        has_retry: *mut bool,
        retry_at_ms: *mut u64,
    ) -> Result<Self, mpass_status> {
        Ok(Self {
            reason: out_param(reason)?,
            retry_at_ms: OptionalOut::new(has_retry, retry_at_ms)?,
        })
    }

    pub(crate) fn set(self, refusal: Option<Refusal>) {
        let reason = refusal.map_or(MPASS_REFUSAL_NONE, |refusal| refusal.reason.number().into());
        self.reason.set(reason);
        self.retry_at_ms
            .set(refusal.and_then(|refusal| refusal.retry_at_ms));
    }
}

/// The outputs of an attempt: a pending write, or a verdict that needs no
/// write.
///
/// # Safety
/// `pending` and `verdict` are NULL or writable.
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

/// Creates the challenge of a subject. `settings` contain the rules: settings of
/// `MPASS_GROUP_POLICY` or of a tenant, or NULL for the defaults, which conform
/// to NIST SP 800-63B (six digits, five minutes, five tries). `service` is the
/// name of the contract and `tenant` the tenant's stable id. `context` is any
/// other data that must be the same when the code is verified; it may be empty.
/// All inputs are copied. The caller must free `*out` with
/// `mpass_challenge_free`.
///
/// `subject_kind` is an `MPASS_SUBJECT_` constant. All spellings of a phone
/// number or e-mail address are one subject, with one record:
///
/// - NUMBER: a number in international form, read as by `mpass_number_parse`.
///   For numbers in national form, use that function and `mpass_number_e164`.
/// - EMAIL: one `@`, a local part of ASCII letters, digits, dots and
///   ``!#$%&'*+-/=?^_`{|}~``, and a host name, internationalised ones as A-labels;
///   at most 254 bytes. Upper and lower case are the same.
/// - ACCOUNT: 1 to 64 printable ASCII characters without space and `@`, at least
///   one of them a letter; compared byte by byte.
///
/// Errors: WRONG_HANDLE for settings without rules, INVALID_UTF8,
/// INVALID_ARGUMENT for an unknown kind, INVALID_SUBJECT for an e-mail address or
/// account that is not valid, and those of `mpass_number_parse` and
/// `mpass_settings_check`. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_challenge_new(
    keyring: *const mpass_keyring,
    settings: *const mpass_settings,
    service: *const c_char,
    service_len: usize,
    tenant: *const u8,
    tenant_len: usize,
    subject_kind: u32,
    subject: *const c_char,
    subject_len: usize,
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
            subject: self::subject(subject_kind, text(subject, subject_len)?)?,
            context: text(context, context_len)?.into(),
            restored_at_ms: None,
        })
    })
}

fn subject(kind: u32, text: &str) -> Result<Subject, mpass_status> {
    let kind = u8::try_from(kind).ok().and_then(SubjectKind::from_number);
    let kind = kind.ok_or(mpass_status::InvalidArgument)?;
    Ok(Subject::parse(kind, text)?)
}

/// Frees a challenge. Does nothing for NULL. Its record stays in the store. No
/// other thread may be using the handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_challenge_free(challenge: *mut mpass_challenge) {
    free(challenge);
}

/// Sets when the store was restored from a backup
/// (`mpass_store_header_restored_at`), in milliseconds of Unix time; NULL: never.
/// A challenge that was last written before it is void, because attempts may
/// have been lost: the verdict is `MPASS_VERDICT_NO_CHALLENGE`. Counts and limits
/// stay. Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_challenge_set_restored_at(
    challenge: *mut mpass_challenge,
    restored_at_ms: *const u64,
) -> mpass_status {
    boundary(|| {
        changed(challenge)?.restored_at_ms = optional_u64(restored_at_ms);
        Ok(())
    })
}

/// Gets the store key of the challenge's record, which is of kind
/// `MPASS_KIND_STATE`: 16 bytes.
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

/// Issues a new challenge, which replaces the current one, or refuses to.
/// `current` is the record that was loaded, NULL if there is none; `entropy` is
/// exactly 32 bytes.
///
/// If `*refusal` is MPASS_REFUSAL_NONE, store `*pending`; then
/// `mpass_pending_code` returns the code. If it is another `MPASS_REFUSAL_`
/// constant, no challenge can be issued before `*retry_at_ms`; `*has_retry` is
/// false, and `*retry_at_ms` 0, if waiting does not help. If a refusal
/// comes with a pending write, try to store it, and ignore whether that
/// succeeds; without it the wait might never end. `*pending` is NULL if there
/// is nothing to store. The caller must free `*pending` with
/// `mpass_pending_free`.
///
/// Errors: WRONG_LENGTH if `entropy` is not 32 bytes; RECORD_FORMAT,
/// RECORD_FORGED or UNKNOWN_RECORD_KEY if `current` is not an authentic record
/// of this challenge: treat it as a store error. Threads: any.
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
    has_retry: *mut bool,
    retry_at_ms: *mut u64,
) -> mpass_status {
    boundary(|| {
        let slot = Slot::new(pending)?;
        let challenge = used(challenge)?;
        let refused = Refused::new(refusal, has_retry, retry_at_ms)?;
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

/// Compares a code that a user typed, unless the record does not allow an
/// attempt now. Digits of every script are read; white space, dashes and
/// direction marks are passed over. 4 to 10 digits of another length than the
/// challenge's are a wrong code and use a try. Any other text has the verdict
/// `MPASS_VERDICT_MALFORMED`, whatever the record is. `current` is the record
/// that was loaded, NULL if there is none; `entropy` is exactly 32 bytes.
///
/// If `*verdict` is `MPASS_VERDICT_PENDING`, store `*pending`; then
/// `mpass_pending_verdict` returns the verdict. The caller must free `*pending`
/// with `mpass_pending_free`. Any other verdict is final and uses no try, and
/// `*pending` is NULL.
///
/// Errors: INVALID_UTF8, and those of `mpass_challenge_issue`. Threads: any.
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

/// Voids a challenge and returns its send to the limits, after the gateway has
/// definitely refused the message. `issued` is the stored issue, `current` the
/// record that was loaded since then, and `entropy` exactly 32 bytes. Store
/// `*pending`; it is NULL if the record no longer contains this challenge, so
/// that there is nothing to refund. The caller must free `*pending` with
/// `mpass_pending_free`.
///
/// Errors: WRONG_STATE if `issued` is not a stored issue, and those of
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

/// Unlocks a subject and resets its failures, for administrators, at most three
/// times within 24 hours. `current` is the record that was loaded, NULL if there is
/// none; `entropy` is exactly 32 bytes. Store `*pending`; the caller must free it with
/// `mpass_pending_free`.
///
/// Errors: TOO_MANY_UNLOCKS; those of `mpass_challenge_issue`. Threads: any.
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
