//! The server-side state of OATH tokens.

use core::ffi::c_char;
use std::sync::Arc;

use mpass_core::challenge::{Keyring, Token, TokenPolicy};

use crate::boundary::boundary;
use crate::challenge::attempting;
use crate::handle::{changed, class, construct, free, used};
use crate::hotp::{codes, mpass_hotp};
use crate::keyring::mpass_keyring;
use crate::ocra::{mpass_ocra, mpass_ocra_inputs};
use crate::pending::{State, mpass_pending};
use crate::settings::{mpass_settings, settings_or_default};
use crate::slice::{
    OptionalOut, array, bytes, give, optional, optional_u64, out_param, record, text,
};
use crate::status::mpass_status;
use crate::totp::mpass_totp;

/// The server-side state of one OATH token: the counter or time step accepted
/// last, the clock drift, the failures and the current question. The host
/// supplies the key of the token with every attempt. It can be used by any number
/// of threads at once, except while a setter changes it.
pub struct mpass_token {
    _opaque: (),
}

class!(mpass_token, Owned, 13);

pub(crate) struct Owned {
    keyring: Arc<Keyring>,
    policy: TokenPolicy,
    tenant: Vec<u8>,
    id: Vec<u8>,
    restored_at_ms: Option<u64>,
    must_exist: bool,
}

impl Owned {
    pub(crate) fn borrow(&self) -> Result<Token<'_>, mpass_status> {
        let token = Token::new(&self.keyring, self.policy, &self.tenant, &self.id)?;
        let token = token.restored_at(self.restored_at_ms);
        Ok(match self.must_exist {
            true => token.enrolled(),
            false => token,
        })
    }
}

/// Creates the token of a tenant. `tenant` and `id`, which the host chooses,
/// are any bytes. `settings` are settings of `MPASS_GROUP_TOKEN`, or NULL for
/// the defaults: 10 counters ahead, one time step in either direction, 1,000
/// for a resynchronisation, a delay of 5 s per consecutive failure, and a lock
/// of 24 h after 10. All inputs are copied. The caller must free `*out` with
/// `mpass_token_free`.
///
/// Errors: WRONG_HANDLE for settings of another group. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_token_new(
    keyring: *const mpass_keyring,
    settings: *const mpass_settings,
    tenant: *const u8,
    tenant_len: usize,
    id: *const u8,
    id_len: usize,
    out: *mut *mut mpass_token,
) -> mpass_status {
    construct(out, || {
        Ok(Owned {
            keyring: Arc::clone(&*used(keyring)?),
            policy: settings_or_default(settings)?,
            tenant: bytes(tenant, tenant_len)?.into(),
            id: bytes(id, id_len)?.into(),
            restored_at_ms: None,
            must_exist: false,
        })
    })
}

/// Frees a token. Does nothing for NULL. Its record stays in the store. No
/// other thread may be using the handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_token_free(token: *mut mpass_token) {
    free(token);
}

/// Sets when the store was restored from a backup
/// (`mpass_store_header_restored_at`), in milliseconds of Unix time; NULL: never.
/// Codes that were accepted before it may be missing in the record. The verdict
/// of an HOTP token whose record is older is `MPASS_VERDICT_RESYNCHRONIZE`, until
/// it is resynchronised; a TOTP token accepts only later time steps; an OCRA
/// question asked before it is void. Failures and locks stay. Threads: one at a
/// time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_token_set_restored_at(
    token: *mut mpass_token,
    restored_at_ms: *const u64,
) -> mpass_status {
    boundary(|| {
        changed(token)?.restored_at_ms = optional_u64(restored_at_ms);
        Ok(())
    })
}

/// Sets whether the token was enrolled, as the host knows: a missing record is
/// then RECORD_MISSING, not a token that starts at 0. Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_token_set_enrolled(
    token: *mut mpass_token,
    is_enrolled: bool,
) -> mpass_status {
    boundary(|| {
        changed(token)?.must_exist = is_enrolled;
        Ok(())
    })
}

/// Gets the store key of the token's record, which is of kind
/// `MPASS_KIND_STATE`: 16 bytes.
///
/// Errors: BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_token_store_key(
    token: *const mpass_token,
    out: *mut u8,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let token = used(token)?;
        give(&token.borrow()?.key().0, out, cap, written)
    })
}

/// Creates the record of a token that starts at `counter`, for HOTP tokens that
/// were used before. A token without a record starts at 0. `entropy` is exactly
/// 32 bytes. Store `*pending`; the caller must free it with
/// `mpass_pending_free`.
///
/// Errors: WRONG_LENGTH if `entropy` is not 32 bytes. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_token_enroll(
    token: *const mpass_token,
    counter: u64,
    now_ms: u64,
    entropy: *const u8,
    entropy_len: usize,
    pending: *mut *mut mpass_pending,
) -> mpass_status {
    construct(pending, || {
        let token = used(token)?;
        let entropy = array(entropy, entropy_len)?;
        let enrolled = token.borrow()?.enroll(counter, now_ms, entropy)?;
        Ok(State::Plain(enrolled))
    })
}

/// Compares a typed HOTP code with the counters after the last accepted one.
/// The inputs and outputs are those of `mpass_challenge_attempt`.
///
/// Errors: INVALID_UTF8, and those of `mpass_challenge_issue`. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_token_attempt_hotp(
    token: *const mpass_token,
    current: *const u8,
    current_len: usize,
    hotp: *const mpass_hotp,
    typed: *const c_char,
    typed_len: usize,
    now_ms: u64,
    entropy: *const u8,
    entropy_len: usize,
    pending: *mut *mut mpass_pending,
    verdict: *mut u32,
) -> mpass_status {
    attempting(pending, verdict, || {
        let (token, hotp) = (used(token)?, used(hotp)?);
        let (current, entropy) = record((current, current_len), (entropy, entropy_len))?;
        let (token, typed) = (token.borrow()?, text(typed, typed_len)?);
        Ok(token.attempt_hotp(current, &hotp, typed, now_ms, entropy)?)
    })
}

/// Compares a typed TOTP code with the time steps around the current one,
/// shifted by the drift of the token. An accepted code updates the drift. The
/// inputs and outputs are those of `mpass_challenge_attempt`.
///
/// Errors: TIME_OUT_OF_RANGE before T0, INVALID_UTF8, and those of
/// `mpass_challenge_issue`. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_token_attempt_totp(
    token: *const mpass_token,
    current: *const u8,
    current_len: usize,
    totp: *const mpass_totp,
    typed: *const c_char,
    typed_len: usize,
    now_ms: u64,
    entropy: *const u8,
    entropy_len: usize,
    pending: *mut *mut mpass_pending,
    verdict: *mut u32,
) -> mpass_status {
    attempting(pending, verdict, || {
        let (token, totp) = (used(token)?, used(totp)?);
        let (current, entropy) = record((current, current_len), (entropy, entropy_len))?;
        let (token, typed) = (token.borrow()?, text(typed, typed_len)?);
        Ok(token.attempt_totp(current, &totp, typed, now_ms, entropy)?)
    })
}

/// Resynchronises an HOTP token whose counter ran ahead, with two or three
/// consecutive codes; `code3` is NULL if there are two. It counts as an attempt
/// and is subject to the same limits. The inputs and outputs are those of
/// `mpass_challenge_attempt`.
///
/// Errors: those of `mpass_token_attempt_hotp`. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_token_resynchronize_hotp(
    token: *const mpass_token,
    current: *const u8,
    current_len: usize,
    hotp: *const mpass_hotp,
    code1: *const c_char,
    code1_len: usize,
    code2: *const c_char,
    code2_len: usize,
    code3: *const c_char,
    code3_len: usize,
    now_ms: u64,
    entropy: *const u8,
    entropy_len: usize,
    pending: *mut *mut mpass_pending,
    verdict: *mut u32,
) -> mpass_status {
    attempting(pending, verdict, || {
        let (token, hotp) = (used(token)?, used(hotp)?);
        let (current, entropy) = record((current, current_len), (entropy, entropy_len))?;
        let codes = codes((code1, code1_len), (code2, code2_len), (code3, code3_len))?;
        let (token, codes) = (token.borrow()?, codes.as_slice());
        Ok(token.resynchronize_hotp(current, &hotp, codes, now_ms, entropy)?)
    })
}

/// Resynchronises the drift of a TOTP token with two or three consecutive
/// codes; `code3` is NULL if there are two. It counts as an attempt and is
/// subject to the same limits. The inputs and outputs are those of
/// `mpass_challenge_attempt`.
///
/// Errors: those of `mpass_token_attempt_totp`. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_token_resynchronize_totp(
    token: *const mpass_token,
    current: *const u8,
    current_len: usize,
    totp: *const mpass_totp,
    code1: *const c_char,
    code1_len: usize,
    code2: *const c_char,
    code2_len: usize,
    code3: *const c_char,
    code3_len: usize,
    now_ms: u64,
    entropy: *const u8,
    entropy_len: usize,
    pending: *mut *mut mpass_pending,
    verdict: *mut u32,
) -> mpass_status {
    attempting(pending, verdict, || {
        let (token, totp) = (used(token)?, used(totp)?);
        let (current, entropy) = record((current, current_len), (entropy, entropy_len))?;
        let codes = codes((code1, code1_len), (code2, code2_len), (code3, code3_len))?;
        let (token, codes) = (token.borrow()?, codes.as_slice());
        Ok(token.resynchronize_totp(current, &totp, codes, now_ms, entropy)?)
    })
}

/// Records that the token is asked a question (RFC 6287), to be answered within
/// `lifetime_ms`. Replaces any earlier question. Send the question only once
/// `*pending` is stored. The caller must free `*pending` with
/// `mpass_pending_free`.
///
/// Errors: INVALID_UTF8, and those of `mpass_challenge_issue`. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_token_ask(
    token: *const mpass_token,
    current: *const u8,
    current_len: usize,
    question: *const c_char,
    question_len: usize,
    lifetime_ms: u64,
    now_ms: u64,
    entropy: *const u8,
    entropy_len: usize,
    pending: *mut *mut mpass_pending,
) -> mpass_status {
    construct(pending, || {
        let token = used(token)?;
        let (current, entropy) = record((current, current_len), (entropy, entropy_len))?;
        let (token, question) = (token.borrow()?, text(question, question_len)?);
        let asked = token.ask(current, question, lifetime_ms, now_ms, entropy)?;
        Ok(State::Plain(asked))
    })
}

/// Compares a response with the question that was asked, which is accepted only
/// once. `inputs` contain the question and everything else that the suite
/// requires, except the counter and the time, which come from the record and
/// from `now_ms`. The outputs are those of `mpass_challenge_attempt`.
///
/// Errors: INVALID_UTF8, and those of `mpass_challenge_issue` and
/// `mpass_ocra_verify`. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_token_attempt_ocra(
    token: *const mpass_token,
    current: *const u8,
    current_len: usize,
    ocra: *const mpass_ocra,
    inputs: *const mpass_ocra_inputs,
    response: *const c_char,
    response_len: usize,
    now_ms: u64,
    entropy: *const u8,
    entropy_len: usize,
    pending: *mut *mut mpass_pending,
    verdict: *mut u32,
) -> mpass_status {
    attempting(pending, verdict, || {
        let (token, ocra, inputs) = (used(token)?, used(ocra)?, used(inputs)?);
        let (current, entropy) = record((current, current_len), (entropy, entropy_len))?;
        let response = text(response, response_len)?;
        let (token, inputs) = (token.borrow()?, inputs.borrow());
        Ok(token.attempt_ocra(current, &ocra, inputs, response, now_ms, entropy)?)
    })
}

/// Unlocks a token and resets its failures, for administrators. Store
/// `*pending`; the caller must free it with `mpass_pending_free`.
///
/// Errors: those of `mpass_challenge_issue`. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_token_unlock(
    token: *const mpass_token,
    current: *const u8,
    current_len: usize,
    now_ms: u64,
    entropy: *const u8,
    entropy_len: usize,
    pending: *mut *mut mpass_pending,
) -> mpass_status {
    construct(pending, || {
        let token = used(token)?;
        let (current, entropy) = record((current, current_len), (entropy, entropy_len))?;
        let unlocked = token.borrow()?.unlock(current, now_ms, entropy)?;
        Ok(State::Plain(unlocked))
    })
}

/// Gets the state in a token's record, `current`.
///
/// - `*has_last`: whether a code was ever accepted.
/// - `*last`: the counter or time step accepted last; 0 if there is none.
/// - `*drift`: how many time steps the token's clock is ahead of the server's.
/// - `*failures`: the number of consecutive failures.
/// - `*has_retry`: whether the next attempt has to wait for a time.
/// - `*retry_at_ms`: that time; 0 if there is none.
/// - `*is_locked`: whether the token is locked until `mpass_token_unlock`.
///
/// Errors: those of `mpass_challenge_issue`. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_token_status(
    token: *const mpass_token,
    current: *const u8,
    current_len: usize,
    now_ms: u64,
    has_last: *mut bool,
    last: *mut u64,
    drift: *mut i64,
    failures: *mut u32,
    has_retry: *mut bool,
    retry_at_ms: *mut u64,
    is_locked: *mut bool,
) -> mpass_status {
    boundary(|| {
        let token = used(token)?;
        let current = optional(current, current_len)?;
        let (has_last, last, drift) = (out_param(has_last)?, out_param(last)?, out_param(drift)?);
        let (failures, is_locked) = (out_param(failures)?, out_param(is_locked)?);
        let retry_at_ms = OptionalOut::new(has_retry, retry_at_ms)?;
        let status = token.borrow()?.status(current, now_ms)?;
        has_last.set(status.last.is_some());
        last.set(status.last.unwrap_or(0));
        drift.set(status.drift);
        failures.set(status.failures.into());
        retry_at_ms.set(status.retry_at_ms);
        is_locked.set(status.is_locked);
        Ok(())
    })
}
