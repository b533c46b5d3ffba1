//! Operations on a token in one call, on the store of a host.

use core::ffi::{c_char, c_void};

use mpass_core::challenge::{Token, Verdict};
use mpass_core::store::Change;

use crate::boundary::boundary;
use crate::handle::used;
use crate::host::mpass_host;
use crate::hotp::{codes, mpass_hotp};
use crate::ocra::{mpass_ocra, mpass_ocra_inputs};
use crate::runner::Runner;
use crate::slice::{out_param, text};
use crate::status::mpass_status;
use crate::token::mpass_token;
use crate::totp::mpass_totp;

/// Runs an attempt of a token.
///
/// # Safety
/// `host` is as for [`Runner::of`]; `verdict` is NULL or writable.
unsafe fn attempting<'a>(
    host: *const mpass_host,
    userdata: *mut c_void,
    verdict: *mut u32,
    change: Change<'a, Verdict>,
) -> Result<(), mpass_status> {
    let out = out_param(verdict)?;
    let verdict = Runner::of(host, userdata)?.run(change)?;
    out.set(verdict.number().into());
    Ok(())
}

/// Creates the record of a token that starts at `counter` on the store of a
/// host, for HOTP tokens that were used before. `*enrolled` is false if the
/// token already has a record, which is kept.
///
/// Errors: those of `mpass_challenge_issue_in`. Threads: any, as far as the
/// callbacks allow.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_token_enroll_in(
    token: *const mpass_token,
    host: *const mpass_host,
    userdata: *mut c_void,
    counter: u64,
    enrolled: *mut bool,
) -> mpass_status {
    boundary(|| {
        let token = used(token)?;
        let out = out_param(enrolled)?;
        let runner = Runner::of(host, userdata)?;
        out.set(runner.run(token.borrow()?.enrolling(counter))?);
        Ok(())
    })
}

/// Compares a typed HOTP code with the counters after the last accepted one, on
/// the store of a host. `*verdict` is a `MPASS_VERDICT_` constant; the attempt
/// that it is for is counted in the store.
///
/// Errors: INVALID_UTF8, and those of `mpass_challenge_issue_in`. Threads: any,
/// as far as the callbacks allow.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_token_attempt_hotp_in(
    token: *const mpass_token,
    host: *const mpass_host,
    userdata: *mut c_void,
    hotp: *const mpass_hotp,
    typed: *const c_char,
    typed_len: usize,
    verdict: *mut u32,
) -> mpass_status {
    boundary(|| {
        let (token, hotp) = (used(token)?, used(hotp)?);
        let (token, typed) = (token.borrow()?, text(typed, typed_len)?);
        attempting(host, userdata, verdict, token.attempting_hotp(&hotp, typed))
    })
}

/// Compares a typed TOTP code with the time steps around the current one,
/// shifted by the drift of the token, on the store of a host. `*verdict` is a
/// `MPASS_VERDICT_` constant; the attempt that it is for is counted in the
/// store.
///
/// Errors: TIME_OUT_OF_RANGE before T0, and those of
/// `mpass_token_attempt_hotp_in`. Threads: any, as far as the callbacks allow.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_token_attempt_totp_in(
    token: *const mpass_token,
    host: *const mpass_host,
    userdata: *mut c_void,
    totp: *const mpass_totp,
    typed: *const c_char,
    typed_len: usize,
    verdict: *mut u32,
) -> mpass_status {
    boundary(|| {
        let (token, totp) = (used(token)?, used(totp)?);
        let (token, typed) = (token.borrow()?, text(typed, typed_len)?);
        attempting(host, userdata, verdict, token.attempting_totp(&totp, typed))
    })
}

/// Resynchronises an HOTP token whose counter ran ahead, with two or three
/// consecutive codes, on the store of a host; `code3` is NULL if there are two.
/// It counts as an attempt and is subject to the same limits.
///
/// Errors: those of `mpass_token_attempt_hotp_in`. Threads: any, as far as the
/// callbacks allow.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_token_resynchronize_hotp_in(
    token: *const mpass_token,
    host: *const mpass_host,
    userdata: *mut c_void,
    hotp: *const mpass_hotp,
    code1: *const c_char,
    code1_len: usize,
    code2: *const c_char,
    code2_len: usize,
    code3: *const c_char,
    code3_len: usize,
    verdict: *mut u32,
) -> mpass_status {
    boundary(|| {
        let (token, hotp) = (used(token)?, used(hotp)?);
        let codes = codes((code1, code1_len), (code2, code2_len), (code3, code3_len))?;
        let token = token.borrow()?;
        let change = token.resynchronizing_hotp(&hotp, codes.as_slice());
        attempting(host, userdata, verdict, change)
    })
}

/// Resynchronises the drift of a TOTP token with two or three consecutive
/// codes, on the store of a host; `code3` is NULL if there are two. It counts as
/// an attempt and is subject to the same limits.
///
/// Errors: those of `mpass_token_attempt_totp_in`. Threads: any, as far as the
/// callbacks allow.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_token_resynchronize_totp_in(
    token: *const mpass_token,
    host: *const mpass_host,
    userdata: *mut c_void,
    totp: *const mpass_totp,
    code1: *const c_char,
    code1_len: usize,
    code2: *const c_char,
    code2_len: usize,
    code3: *const c_char,
    code3_len: usize,
    verdict: *mut u32,
) -> mpass_status {
    boundary(|| {
        let (token, totp) = (used(token)?, used(totp)?);
        let codes = codes((code1, code1_len), (code2, code2_len), (code3, code3_len))?;
        let token = token.borrow()?;
        let change = token.resynchronizing_totp(&totp, codes.as_slice());
        attempting(host, userdata, verdict, change)
    })
}

/// Records on the store of a host that the token is asked a question (RFC 6287),
/// to be answered within `lifetime_ms` of when the store returned the record.
/// Replaces any earlier question. Send the question after this call.
///
/// Errors: INVALID_UTF8, and those of `mpass_challenge_issue_in`. Threads: any,
/// as far as the callbacks allow.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_token_ask_in(
    token: *const mpass_token,
    host: *const mpass_host,
    userdata: *mut c_void,
    question: *const c_char,
    question_len: usize,
    lifetime_ms: u64,
) -> mpass_status {
    boundary(|| {
        let token = used(token)?;
        let (token, question) = (token.borrow()?, text(question, question_len)?);
        Runner::of(host, userdata)?.run(token.asking(question, lifetime_ms))
    })
}

/// Compares a response with the question that was asked, which is accepted only
/// once, on the store of a host. `inputs` contain the question and everything
/// else that the suite requires, except the counter and the time, which come
/// from the record and from the clock.
///
/// Errors: those of `mpass_token_attempt_hotp_in` and `mpass_ocra_verify`.
/// Threads: any, as far as the callbacks allow.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_token_attempt_ocra_in(
    token: *const mpass_token,
    host: *const mpass_host,
    userdata: *mut c_void,
    ocra: *const mpass_ocra,
    inputs: *const mpass_ocra_inputs,
    response: *const c_char,
    response_len: usize,
    verdict: *mut u32,
) -> mpass_status {
    boundary(|| {
        let (token, ocra, inputs) = (used(token)?, used(ocra)?, used(inputs)?);
        let response = text(response, response_len)?;
        let token: Token<'_> = token.borrow()?;
        let change = token.attempting_ocra(&ocra, inputs.borrow(), response);
        attempting(host, userdata, verdict, change)
    })
}

/// Unlocks a token on the store of a host and resets its failures, for
/// administrators. `*found` is false if there is no record, so that nothing is
/// locked.
///
/// Errors: those of `mpass_challenge_issue_in`. Threads: any, as far as the
/// callbacks allow.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_token_unlock_in(
    token: *const mpass_token,
    host: *const mpass_host,
    userdata: *mut c_void,
    found: *mut bool,
) -> mpass_status {
    boundary(|| {
        let token = used(token)?;
        let out = out_param(found)?;
        let runner = Runner::of(host, userdata)?;
        out.set(runner.run(token.borrow()?.unlocking())?);
        Ok(())
    })
}
