//! TOTP (RFC 6238).

use core::ffi::c_char;

use mpass_core::oath::Totp;

use crate::boundary::boundary;
use crate::handle::{class, construct, free, used};
use crate::hotp::codes;
use crate::key::{digits, mpass_key};
use crate::slice::{give, out_param, text};
use crate::status::mpass_status;

/// Time-based codes of one key. Immutable: it can be used by any number of
/// threads at once. Generating and verifying codes neither allocates nor locks.
pub struct mpass_totp {
    _opaque: (),
}

class!(mpass_totp, Totp, 3);

/// Creates a generator and verifier of codes of `digits` digits (4 to 10) under
/// `key`, which is copied. `step` is the length of a time step in seconds, at
/// least 1 and usually 30. `t0` is the time from which steps are counted, in
/// seconds of Unix time, usually 0. The caller must free `*out` with
/// `mpass_totp_free`.
///
/// Errors: INVALID_DIGITS, INVALID_STEP, STEP_IN_MILLISECONDS. Threads: any.
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

/// Frees the handle and erases its key. Does nothing for NULL. No other thread
/// may be using the handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_totp_free(totp: *mut mpass_totp) {
    free(totp);
}

/// Generates the code of a time in seconds of Unix time: as many ASCII digits
/// as the handle was created with, without NUL. The caller must erase `out`
/// after use.
///
/// Errors: TIME_OUT_OF_RANGE before T0, TIME_IN_MILLISECONDS after the year 9999,
/// BUFFER_TOO_SMALL. Threads: any.
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

/// Gets the time step of a time, and for how many seconds it remains current: 1
/// to the length of a step.
///
/// Errors: TIME_OUT_OF_RANGE before T0, TIME_IN_MILLISECONDS after the year 9999.
/// Threads: any.
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

/// Searches the step of `unix_seconds`, the `past` steps before it and the
/// `future` steps after it, at most 50,000 each, for a code. `*is_match` is
/// whether it was found and `*matched` the last step that matches, or 0 if none
/// does. To accept each code only once, store `*matched` and use
/// `mpass_totp_verify_steps` with a window that starts after it.
///
/// The time taken depends only on the size of the window. Errors: INVALID_UTF8,
/// TIME_IN_MILLISECONDS after the year 9999. Threads: any.
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
        let found = totp.verify(code, unix_seconds, past, future)?;
        is_match.set(found.is_some());
        matched.set(found.unwrap_or(0));
        Ok(())
    })
}

/// As `mpass_totp_verify`, among `count` steps (at most 100,000) from
/// `first_step` on: for a window that starts after the last accepted step.
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

/// Searches for two or three consecutive codes, the first of which must be
/// among `count` steps (at most 100,000) from `first_step` on. `code3` is NULL
/// if there are two. `*is_match` is whether they were found and `*matched` the
/// step of the last code, or 0 if they were not found.
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
