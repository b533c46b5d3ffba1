//! The server's side of OATH tokens.

use core::ffi::c_char;
use std::sync::Arc;

use mpass_core::challenge::{Keyring, Token, TokenPolicy};

use crate::boundary::boundary;
use crate::challenge::attempting;
use crate::handle::{class, construct, free, used};
use crate::hotp::{codes, mpass_hotp};
use crate::keyring::mpass_keyring;
use crate::ocra::{mpass_ocra, mpass_ocra_inputs};
use crate::pending::{State, mpass_pending};
use crate::settings::{mpass_settings, settings_or_default};
use crate::slice::{array, bytes, give, optional, out_param, record, text};
use crate::status::mpass_status;
use crate::totp::mpass_totp;

/// One token's last counter or step, drift, failures and question. The host
/// gives the token's key with every attempt. Immutable: any number of threads
/// may use one.
pub struct mpass_token {
    _opaque: (),
}

class!(mpass_token, Owned, 13);

pub(crate) struct Owned {
    keyring: Arc<Keyring>,
    policy: TokenPolicy,
    tenant: Vec<u8>,
    id: Vec<u8>,
}

impl Owned {
    fn borrow(&self) -> Result<Token<'_>, mpass_status> {
        let token = Token::new(&self.keyring, self.policy, &self.tenant, &self.id)?;
        Ok(token)
    }
}

/// The token of a tenant with an id of the host's, both any bytes, under
/// settings of `MPASS_GROUP_TOKEN`, NULL for every default: 10 counters ahead,
/// one step to either side, 1,000 for resynchronisation, 5 s of delay for each
/// failure in a row, locked for 24 h after 10. Everything is copied. `*out` is
/// the caller's, to be freed with `mpass_token_free`.
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
        })
    })
}

/// Frees a token; NULL does nothing. Its record stays in the store. No other
/// thread may use it meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_token_free(token: *mut mpass_token) {
    free(token);
}

/// The store key of its record, among values of kind `MPASS_KIND_STATE`: 16
/// bytes.
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

/// The record of a token that begins at `counter`, for HOTP tokens that were
/// used elsewhere before; one without a record begins at 0. `entropy` is
/// exactly 32 bytes. `*pending` is to be stored and freed with
/// `mpass_pending_free`.
///
/// Errors: WRONG_LENGTH of the entropy. Threads: any.
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

/// Compares a typed HOTP code with the counters after the one that was accepted
/// last. The outputs are as in `mpass_challenge_attempt`.
///
/// Errors: INVALID_UTF8, and as `mpass_challenge_issue`.
/// Threads: any.
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

/// Compares a typed TOTP code with the steps around now, shifted by the
/// token's drift, which an accepted code corrects. The outputs are as in `mpass_challenge_attempt`.
///
/// Errors: TIME_OUT_OF_RANGE before T0, INVALID_UTF8, and as `mpass_challenge_issue`.
/// Threads: any.
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

/// Finds an HOTP token again that was pressed too often, by two or three of its
/// codes in a row, `code3` NULL for two. Counted and refused like any
/// attempt; the outputs are as in `mpass_challenge_attempt`.
///
/// Errors: INVALID_UTF8, and as `mpass_token_attempt_hotp`. Threads: any.
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

/// Finds the drift of a TOTP token again, by two or three of its
/// codes in a row, `code3` NULL for two. Counted and refused like any
/// attempt; the outputs are as in `mpass_challenge_attempt`.
///
/// Errors: INVALID_UTF8, and as `mpass_token_attempt_totp`. Threads: any.
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

/// Notes that the token is asked a question (RFC 6287), to be answered within
/// `lifetime_ms`; one that was asked before is void. Send the question only
/// once `*pending`, which is the caller's, is stored.
///
/// Errors: INVALID_UTF8, and as `mpass_challenge_issue`. Threads: any.
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

/// Compares a response with the question that was asked, which is accepted
/// once. `inputs` hold the question and what else the suite names but the
/// counter and the time, which are the record's and the clock's. The outputs
/// are as in `mpass_challenge_attempt`.
///
/// Errors: INVALID_UTF8, as `mpass_challenge_issue` and as
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

/// Unlocks a token and forgets its failures: an administrator's act.
/// `*pending` is to be stored and freed with `mpass_pending_free`.
///
/// Errors: as `mpass_challenge_issue`. Threads: any.
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

/// The state in a token's record: whether anything was accepted, the counter or
/// step that was accepted last (0 where none was), the steps that its clock
/// is ahead of ours, its failures in a row, and when the next attempt is
/// looked at (0: at once; UINT64_MAX: when it is unlocked).
///
/// Errors: as `mpass_challenge_issue`. Threads: any.
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
    retry_at_ms: *mut u64,
) -> mpass_status {
    boundary(|| {
        let token = used(token)?;
        let current = optional(current, current_len)?;
        let (has_last, last, drift) = (out_param(has_last)?, out_param(last)?, out_param(drift)?);
        let (failures, retry_at_ms) = (out_param(failures)?, out_param(retry_at_ms)?);
        let status = token.borrow()?.status(current, now_ms)?;
        has_last.set(status.last.is_some());
        last.set(status.last.unwrap_or(0));
        drift.set(status.drift);
        failures.set(status.failures.into());
        retry_at_ms.set(status.retry_at_ms);
        Ok(())
    })
}
