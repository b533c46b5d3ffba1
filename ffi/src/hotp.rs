//! HOTP (RFC 4226).

use core::ffi::c_char;

use mpass_core::oath::Hotp;

use crate::boundary::boundary;
use crate::handle::{class, construct, free, used};
use crate::key::{digits, mpass_key};
use crate::panic::deliberate;
use crate::slice::{give, optional_text, out_param, room, text};
use crate::status::mpass_status;

/// Counter-based codes of one key. Immutable: it can be used by any number of
/// threads at once. Generating and verifying codes neither allocates nor locks.
pub struct mpass_hotp {
    _opaque: (),
}

class!(mpass_hotp, Hotp, 2);

/// Creates a generator and verifier of codes of `digits` digits (4 to 10) under
/// `key`, which is copied. The caller must free `*out` with `mpass_hotp_free`.
///
/// Errors: INVALID_DIGITS. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_hotp_new(
    key: *const mpass_key,
    digits: u32,
    out: *mut *mut mpass_hotp,
) -> mpass_status {
    construct(out, || {
        Ok(Hotp::new(used(key)?.clone(), self::digits(digits)?))
    })
}

/// Frees the handle and erases its key. Does nothing for NULL. No other thread
/// may be using the handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_hotp_free(hotp: *mut mpass_hotp) {
    free(hotp);
}

/// Generates the code of a counter, 0 to 2^64 - 1 (RFC 4226 section 5.3): as
/// many ASCII digits as the handle was created with, without NUL. The caller
/// must erase `out` after use.
///
/// Errors: BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_hotp_generate(
    hotp: *const mpass_hotp,
    counter: u64,
    out: *mut c_char,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let hotp = used(hotp)?;
        deliberate(counter == u64::MAX);
        give(hotp.generate(counter).as_bytes(), out.cast(), cap, written)
    })
}

/// Generates the codes of consecutive counters from `first` on, as integers
/// without leading zeros. The codes are computed in parallel SIMD lanes: from
/// about a dozen codes on, each costs a fraction of `mpass_hotp_generate`.
/// `values` is an array of `count` elements. `*written` is the number of codes,
/// which is less than `count` only if the counters end at 2^64 - 1; the
/// remaining elements are 0. Does not allocate. The caller must erase `values`
/// after use.
///
/// Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_hotp_generate_range(
    hotp: *const mpass_hotp,
    first: u64,
    values: *mut u32,
    count: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let hotp = used(hotp)?;
        let written = out_param(written)?;
        written.set(hotp.generate_range(first, room(values, count)?));
        Ok(())
    })
}

/// As `mpass_hotp_generate_range`, but as ASCII digits: `rows` is filled with
/// contiguous rows, each as long as a code, without NUL, as many as fit
/// completely into `cap` characters. The remaining characters are NUL.
/// `*written` is the number of rows. Does not allocate. The caller must erase
/// `rows` after use.
///
/// Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_hotp_generate_rows(
    hotp: *const mpass_hotp,
    first: u64,
    rows: *mut c_char,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let hotp = used(hotp)?;
        let written = out_param(written)?;
        written.set(hotp.generate_rows(first, room(rows.cast::<u8>(), cap)?));
        Ok(())
    })
}

/// Searches `counter` and the `look_ahead` counters after it (RFC 4226 section
/// 7.2), at most 100,000 in total, for a code. `*is_match` is whether it was
/// found and `*matched` the first counter that matches, or 0 if none does. A
/// text that is not a code of this length never matches. To accept each code
/// only once, store `*matched + 1` and pass it as `counter` of the next call.
///
/// The time taken depends only on the size of the window. Errors: INVALID_UTF8.
/// Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_hotp_verify(
    hotp: *const mpass_hotp,
    code: *const c_char,
    code_len: usize,
    counter: u64,
    look_ahead: u32,
    is_match: *mut bool,
    matched: *mut u64,
) -> mpass_status {
    boundary(|| {
        let hotp = used(hotp)?;
        let code = text(code, code_len)?;
        let (is_match, matched) = (out_param(is_match)?, out_param(matched)?);
        let found = hotp.verify(code, counter, look_ahead);
        is_match.set(found.is_some());
        matched.set(found.unwrap_or(0));
        Ok(())
    })
}

/// Two or three consecutive codes.
pub(crate) enum Codes<'a> {
    Two([&'a str; 2]),
    Three([&'a str; 3]),
}

impl<'a> Codes<'a> {
    pub(crate) fn as_slice(&self) -> &[&'a str] {
        match self {
            Self::Two(codes) => codes,
            Self::Three(codes) => codes,
        }
    }
}

/// The codes of a call; the third is NULL if there are two.
///
/// # Safety
/// As [`text`].
pub(crate) unsafe fn codes<'a>(
    first: (*const c_char, usize),
    second: (*const c_char, usize),
    third: (*const c_char, usize),
) -> Result<Codes<'a>, mpass_status> {
    let (one, two) = (text(first.0, first.1)?, text(second.0, second.1)?);
    Ok(match optional_text(third.0, third.1)? {
        Some(three) => Codes::Three([one, two, three]),
        None => Codes::Two([one, two]),
    })
}

/// Searches for two or three consecutive codes (RFC 4226 section 7.4), the
/// first of which must be among `window` counters (at most 100,000) from
/// `counter` on. `code3` is NULL if there are two. `*is_match` is whether they
/// were found and `*matched` the counter of the last code, or 0 if they were
/// not found.
///
/// Errors: INVALID_UTF8, WINDOW_TOO_LARGE. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_hotp_resynchronize(
    hotp: *const mpass_hotp,
    code1: *const c_char,
    code1_len: usize,
    code2: *const c_char,
    code2_len: usize,
    code3: *const c_char,
    code3_len: usize,
    counter: u64,
    window: u32,
    is_match: *mut bool,
    matched: *mut u64,
) -> mpass_status {
    boundary(|| {
        let hotp = used(hotp)?;
        let codes = codes((code1, code1_len), (code2, code2_len), (code3, code3_len))?;
        let (is_match, matched) = (out_param(is_match)?, out_param(matched)?);
        let found = hotp.resynchronize(codes.as_slice(), counter, window)?;
        is_match.set(found.is_some());
        matched.set(found.unwrap_or(0));
        Ok(())
    })
}
