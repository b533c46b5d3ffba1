//! HOTP (RFC 4226).

use core::ffi::c_char;

use mpass_core::oath::Hotp;

use crate::boundary::boundary;
use crate::handle::{class, construct, free, used};
use crate::key::{digits, mpass_key};
use crate::panic::deliberate;
use crate::slice::{give, optional_text, out_param, room, text};
use crate::status::mpass_status;

/// Counter-based codes of one key. Immutable: any number of threads may use
/// one; generating and verifying neither allocate nor lock.
pub struct mpass_hotp {
    _opaque: (),
}

class!(mpass_hotp, Hotp, 2);

/// Codes of `digits` digits (4 to 10) under `key`, which is copied. `*out` is
/// the caller's, to be freed with `mpass_hotp_free`.
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

/// Frees it and erases its key; NULL does nothing. No other thread may use
/// it meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_hotp_free(hotp: *mut mpass_hotp) {
    free(hotp);
}

/// The code of a counter, 0 to 2^64 - 1 (RFC 4226 section 5.3): as many ASCII
/// digits as `digits` said, without NUL. The caller owns and erases `out`.
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

/// The codes of consecutive counters from `first` on as numbers without their
/// leading zeros, computed side by side: from about a dozen on, a code costs a
/// fraction of `mpass_hotp_generate`. `values` has room for `count`.
/// `*written` says how many there are: fewer than `count` only where the
/// counters end at 2^64 - 1, and what is beyond is 0. Does not allocate. The
/// caller owns and erases `values`.
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

/// The same as ASCII digits: rows as long as `digits` said, one after the
/// other without NUL, as many as fit whole into `cap` characters; what is
/// beyond is NUL. `*written` says how many rows there are. Does not allocate.
/// The caller owns and erases `rows`.
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

/// Looks for a code at `counter` and the `look_ahead` counters after it (RFC
/// 4226 section 7.2), at most 100,000 in all. `*is_match` says whether it is
/// there and `*matched` the first counter that has it, 0 where none has. A
/// text that is no code of this length is not there. A host that keeps no
/// counter accepts a code twice: keep `*matched + 1` as the next `counter`.
///
/// Takes a time that depends on the window alone. Errors: INVALID_UTF8.
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

/// Two or three codes in a row.
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

/// The codes that a call is given, the third NULL for two.
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

/// Looks for two or three codes in a row (RFC 4226 section 7.4), `code3` NULL
/// for two, the first of them at `window` counters (at most 100,000) from
/// `counter` on. `*is_match` says whether they are there and `*matched` the
/// counter of the last one, 0 where they are not.
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
