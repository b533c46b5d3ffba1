//! TOTP (RFC 6238).

use core::ffi::c_char;

use mpass_core::oath::Totp;

use crate::boundary::boundary;
use crate::handle::{class, construct, free, used};
use crate::hotp::codes;
use crate::key::{digits, mpass_key};
use crate::slice::{give, out_param, text};
use crate::status::mpass_status;

/// Time-based codes of one key. Immutable: any number of threads may use one;
/// generating and verifying neither allocate nor lock.
pub struct mpass_totp {
    _opaque: (),
}

class!(mpass_totp, Totp, 3);

/// Codes of `digits` digits (4 to 10) under `key`, which is copied, with
/// steps of `step` seconds (at least 1, 30 for nearly every token) counted
/// from `t0`, in seconds of Unix time (0 for nearly every token). `*out` is
/// the caller's, to be freed with `mpass_totp_free`.
///
/// Errors: INVALID_DIGITS, INVALID_STEP. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_totp_new(
    key: *const mpass_key,
    digits: u32,
    step: u64,
    t0: u64,
    out: *mut *mut mpass_totp,
) -> mpass_status {
    construct(out, || {
        let totp = Totp::new(used(key)?.clone(), self::digits(digits)?);
        Ok(totp.with_step(step)?.with_t0(t0))
    })
}

/// Frees it and erases its key; NULL does nothing. No other thread may use
/// it meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_totp_free(totp: *mut mpass_totp) {
    free(totp);
}

/// The code of a time in seconds of Unix time: as many ASCII digits as
/// `digits` said, without NUL. The caller owns and erases `out`.
///
/// Errors: TIME_OUT_OF_RANGE before T0, BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_totp_generate(
    totp: *const mpass_totp,
    unix_seconds: u64,
    out: *mut c_char,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let code = used(totp)?.generate(unix_seconds)?;
        give(code.as_bytes(), out.cast(), cap, written)
    })
}

/// The time step of a time, and for how many seconds it goes on: 1 to the
/// length of a step.
///
/// Errors: TIME_OUT_OF_RANGE before T0. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_totp_time_step(
    totp: *const mpass_totp,
    unix_seconds: u64,
    step: *mut u64,
    remaining_seconds: *mut u64,
) -> mpass_status {
    boundary(|| {
        let totp = used(totp)?;
        let (step, remaining) = (out_param(step)?, out_param(remaining_seconds)?);
        let now = totp.time_step(unix_seconds)?;
        remaining.set(totp.remaining_seconds(unix_seconds)?);
        step.set(now);
        Ok(())
    })
}

/// Looks for a code at the step of `unix_seconds`, the `past` steps before it
/// and the `future` ones after it, at most 50,000 to either side. `*is_match`
/// says whether it is there and `*matched` the last step that has it, 0 where
/// none has. A host that keeps no step accepts a code twice: see
/// `mpass_totp_verify_steps`.
///
/// Takes a time that depends on the window alone. Errors: INVALID_UTF8.
/// Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_totp_verify(
    totp: *const mpass_totp,
    code: *const c_char,
    code_len: usize,
    unix_seconds: u64,
    past: u32,
    future: u32,
    is_match: *mut bool,
    matched: *mut u64,
) -> mpass_status {
    boundary(|| {
        let totp = used(totp)?;
        let code = text(code, code_len)?;
        let (is_match, matched) = (out_param(is_match)?, out_param(matched)?);
        let found = totp.verify(code, unix_seconds, past, future);
        is_match.set(found.is_some());
        matched.set(found.unwrap_or(0));
        Ok(())
    })
}

/// The same among `count` steps (at most 100,000) from `first_step` on: for a
/// window that begins after the step that was accepted last.
///
/// Errors: INVALID_UTF8. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_totp_verify_steps(
    totp: *const mpass_totp,
    code: *const c_char,
    code_len: usize,
    first_step: u64,
    count: u32,
    is_match: *mut bool,
    matched: *mut u64,
) -> mpass_status {
    boundary(|| {
        let totp = used(totp)?;
        let code = text(code, code_len)?;
        let (is_match, matched) = (out_param(is_match)?, out_param(matched)?);
        let found = totp.verify_steps(code, first_step, count);
        is_match.set(found.is_some());
        matched.set(found.unwrap_or(0));
        Ok(())
    })
}

/// Looks for two or three codes in a row, `code3` NULL for two, the first of
/// them among `count` steps (at most 100,000) from `first_step` on.
/// `*is_match` says whether they are there and `*matched` the step of the
/// last one, 0 where they are not.
///
/// Errors: INVALID_UTF8, WINDOW_TOO_LARGE. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_totp_resynchronize(
    totp: *const mpass_totp,
    code1: *const c_char,
    code1_len: usize,
    code2: *const c_char,
    code2_len: usize,
    code3: *const c_char,
    code3_len: usize,
    first_step: u64,
    count: u32,
    is_match: *mut bool,
    matched: *mut u64,
) -> mpass_status {
    boundary(|| {
        let totp = used(totp)?;
        let codes = codes((code1, code1_len), (code2, code2_len), (code3, code3_len))?;
        let (is_match, matched) = (out_param(is_match)?, out_param(matched)?);
        let found = totp.resynchronize_steps(codes.as_slice(), first_step, count)?;
        is_match.set(found.is_some());
        matched.set(found.unwrap_or(0));
        Ok(())
    })
}
