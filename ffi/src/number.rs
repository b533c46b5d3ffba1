//! Phone numbers in E.164 and their hashes.

use core::ffi::c_char;

use mpass_core::number::{CallingCode, HexDigest, PhoneNumber, TABLE_VERSION, hash_batch};

use crate::boundary::boundary;
use crate::handle::{class, construct, free, used};
use crate::slice::{array, give, give_display, give_text, handles, out_param, room, text};
use crate::status::mpass_status;

/// A phone number in canonical form. Immutable: it can be used by any number of
/// threads at once.
pub struct mpass_number {
    _opaque: (),
}

class!(mpass_number, PhoneNumber, 7);

/// A calling code; 0 means none.
pub(crate) fn country(code: u32) -> Result<Option<CallingCode>, mpass_status> {
    if code == 0 {
        return Ok(None);
    }
    calling_code(code).map(Some)
}

pub(crate) fn calling_code(code: u32) -> Result<CallingCode, mpass_status> {
    let code = u16::try_from(code).map_err(|_| mpass_status::UnknownCallingCode)?;
    Ok(CallingCode::new(code)?)
}

/// Parses a number as people write it: in digits of every script, with spaces,
/// dashes, dots, slashes, parentheses and direction marks, in at most 64 code
/// points. `country` is the calling code, such as 966, of numbers without one,
/// or 0 if there is none. The caller must free `*out` with `mpass_number_free`.
///
/// Errors: INVALID_UTF8, NUMBER_EMPTY, NUMBER_CHARACTER, NUMBER_TOO_SHORT,
/// NUMBER_TOO_LONG, UNKNOWN_CALLING_CODE, NATIONAL_PREFIX, COUNTRY_MISSING.
/// Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_number_parse(
    text: *const c_char,
    text_len: usize,
    country: u32,
    out: *mut *mut mpass_number,
) -> mpass_status {
    construct(out, || {
        let country = self::country(country)?;
        Ok(PhoneNumber::parse(self::text(text, text_len)?, country)?)
    })
}

/// Returns the version of the table of numbering plans that canonical numbers
/// are a function of. Programs that share a store should have the same.
/// Threads: any.
#[unsafe(no_mangle)]
pub extern "C" fn mpass_number_table_version() -> u32 {
    TABLE_VERSION.into()
}

/// Creates a number from a calling code and a separate national number, whose
/// digits are never interpreted as an international number. The caller must
/// free `*out` with `mpass_number_free`.
///
/// Errors: those of `mpass_number_parse`. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_number_from_national(
    country: u32,
    national: *const c_char,
    national_len: usize,
    out: *mut *mut mpass_number,
) -> mpass_status {
    construct(out, || {
        let country = calling_code(country)?;
        let national = text(national, national_len)?;
        Ok(PhoneNumber::from_national(country, national)?)
    })
}

/// The number of a handle; `None` for NULL.
///
/// # Safety
/// As [`used`].
pub(crate) unsafe fn optional_number(
    number: *const mpass_number,
) -> Result<Option<PhoneNumber>, mpass_status> {
    match used(number) {
        Ok(number) => Ok(Some(*number)),
        Err(mpass_status::NullArgument) => Ok(None),
        Err(status) => Err(status),
    }
}

/// Frees a number. Does nothing for NULL. No other thread may be using the
/// handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_number_free(number: *mut mpass_number) {
    free(number);
}

/// Gets the number in E.164 format with the plus sign, such as `+966500000000`:
/// at most 16 characters.
///
/// Errors: BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_number_e164(
    number: *const mpass_number,
    out: *mut c_char,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| give_text(used(number)?.as_str(), out, cap, written))
}

/// Gets the digits after the calling code, at most 14.
///
/// Errors: BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_number_national(
    number: *const mpass_number,
    out: *mut c_char,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| give_text(used(number)?.national(), out, cap, written))
}

/// Gets the calling code, 1 to 999. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_number_calling_code(
    number: *const mpass_number,
    out: *mut u32,
) -> mpass_status {
    boundary(|| {
        let number = used(number)?;
        out_param(out)?.set(number.calling_code().get().into());
        Ok(())
    })
}

/// Gets the number with most of its digits hidden, for logs and screens, such
/// as `+9665*****67`: at most 16 characters.
///
/// Errors: BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_number_mask(
    number: *const mpass_number,
    out: *mut c_char,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let number = used(number)?;
        give_display(&*number, out, cap, written)
    })
}

/// Computes SHA-256 of the E.164 text with the plus sign, as 64 lower-case
/// hexadecimal digits: the public hash of CAMARA Number Verification and GSMA
/// IDY.54. Anyone can compute it for all numbers of a country, so use it to
/// compare numbers, not to store them.
///
/// Errors: BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_number_sha256_hex(
    number: *const mpass_number,
    out: *mut c_char,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| give_text(used(number)?.sha256_hex().as_str(), out, cap, written))
}

/// Computes `mpass_number_sha256_hex` of `count` numbers in parallel SIMD
/// lanes. `digests` is a buffer of 64 characters for each number, without NUL.
/// Does not allocate.
///
/// Errors: NULL_ARGUMENT if one of `numbers` is NULL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_number_sha256_hex_batch(
    numbers: *const *const mpass_number,
    count: usize,
    digests: *mut c_char,
) -> mpass_status {
    boundary(|| {
        let numbers = handles(numbers, count)?;
        let room = room(digests.cast::<[u8; 64]>(), count)?;
        // Enough numbers to fill the SIMD lanes several times.
        for (numbers, rows) in numbers.chunks(32).zip(room.chunks_mut(32)) {
            let mut kept = [*used(numbers[0])?; 32];
            for (kept, number) in kept.iter_mut().zip(numbers) {
                *kept = *used(*number)?;
            }
            let mut hashed = [HexDigest::BLANK; 32];
            hash_batch(&kept[..numbers.len()], &mut hashed);
            for (row, digest) in rows.iter_mut().zip(&hashed) {
                row.copy_from_slice(digest.as_str().as_bytes());
            }
        }
        Ok(())
    })
}

/// As `mpass_number_sha256_hex`, without the plus sign, which CAMARA Number
/// Verification also allowed before version 1.
///
/// Errors: BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_number_sha256_hex_without_plus(
    number: *const mpass_number,
    out: *mut c_char,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let digest = used(number)?.sha256_hex_without_plus();
        give_text(digest.as_str(), out, cap, written)
    })
}

/// Computes HMAC-SHA-256 of the number under a key of the host, which is
/// exactly 32 bytes. The hash, 32 bytes, is suitable for storing and looking up
/// numbers.
///
/// Errors: WRONG_LENGTH if the key is not 32 bytes, BUFFER_TOO_SMALL. Threads:
/// any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_number_keyed_hash(
    number: *const mpass_number,
    key: *const u8,
    key_len: usize,
    out: *mut u8,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let number = used(number)?;
        give(&number.keyed_hash(array(key, key_len)?), out, cap, written)
    })
}

/// Compares two numbers in constant time. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_number_equals(
    number: *const mpass_number,
    other: *const mpass_number,
    out: *mut bool,
) -> mpass_status {
    boundary(|| {
        let (number, other) = (used(number)?, used(other)?);
        out_param(out)?.set(*number == *other);
        Ok(())
    })
}
