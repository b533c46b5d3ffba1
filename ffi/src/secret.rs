//! Secrets and their text encodings.

use core::ffi::c_char;
use core::fmt;

use mpass_core::oath::{Secret, SecretFault};

use crate::boundary::boundary;
use crate::key::algorithm;
use crate::slice::{array, bytes, give, give_display, text};
use crate::status::mpass_status;

/// Decodes a secret from base32 (RFC 4648 section 6), in either case. White space,
/// line breaks, dashes and format characters of Unicode are passed over, and padding
/// is optional. A buffer of 1,024 bytes is large enough for every secret. The caller
/// must erase `out` after use.
///
/// Errors: INVALID_UTF8, BASE32_DIGIT for 0, 1, 8 or 9 and INVALID_BASE32, whose
/// place `mpass_secret_base32_fault` gets, SECRET_EMPTY, SECRET_TOO_LONG above 1,024
/// bytes, BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_secret_from_base32(
    text: *const c_char,
    text_len: usize,
    out: *mut u8,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let secret = Secret::from_base32(self::text(text, text_len)?)?;
        give(secret.expose(), out, cap, written)
    })
}

/// As `mpass_secret_from_base32`, from hexadecimal in either case; colons are passed
/// over, too.
///
/// Errors: INVALID_UTF8, INVALID_HEX, whose place `mpass_secret_hex_fault` gets,
/// SECRET_EMPTY, SECRET_TOO_LONG above 1,024 bytes, BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_secret_from_hex(
    text: *const c_char,
    text_len: usize,
    out: *mut u8,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let secret = Secret::from_hex(self::text(text, text_len)?)?;
        give(secret.expose(), out, cap, written)
    })
}

/// Gets a description in English of the fault of a text that
/// `mpass_secret_from_base32` refuses: its place, and a digit that base32 does not
/// have, such as "character 5 of the secret is 1, which base32 does not have: I or L
/// is often typed as 1", at most 128 bytes. It contains no other part of the text.
/// Empty if the text is valid.
///
/// Errors: INVALID_UTF8, BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_secret_base32_fault(
    text: *const c_char,
    text_len: usize,
    out: *mut c_char,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let read = Secret::from_base32(self::text(text, text_len)?);
        give_display(&Described(read.err()), out, cap, written)
    })
}

/// As `mpass_secret_base32_fault`, of a text that `mpass_secret_from_hex` refuses.
///
/// Errors: INVALID_UTF8, BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_secret_hex_fault(
    text: *const c_char,
    text_len: usize,
    out: *mut c_char,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let read = Secret::from_hex(self::text(text, text_len)?);
        give_display(&Described(read.err()), out, cap, written)
    })
}

/// The description of a fault, or nothing.
struct Described(Option<SecretFault>);

impl fmt::Display for Described {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |fault| fault.fmt(f))
    }
}

impl From<SecretFault> for mpass_status {
    fn from(fault: SecretFault) -> Self {
        fault.error.into()
    }
}

/// Encodes a secret of 1 to 1,024 bytes as upper-case base32 without padding,
/// which every authenticator app accepts. The caller must erase `out` after
/// use.
///
/// Errors: SECRET_EMPTY, SECRET_TOO_LONG, BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_secret_to_base32(
    secret: *const u8,
    secret_len: usize,
    out: *mut c_char,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let secret = Secret::from_bytes(bytes(secret, secret_len)?)?;
        give_display(&secret.expose_base32(), out, cap, written)
    })
}

/// Encodes a secret of 1 to 1,024 bytes as lower-case hexadecimal. The caller
/// must erase `out` after use.
///
/// Errors: SECRET_EMPTY, SECRET_TOO_LONG, BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_secret_to_hex(
    secret: *const u8,
    secret_len: usize,
    out: *mut c_char,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let secret = Secret::from_bytes(bytes(secret, secret_len)?)?;
        give_display(&secret.expose_hex(), out, cap, written)
    })
}

/// Generates a secret of the length that the RFCs recommend for a
/// `MPASS_ALGORITHM_` constant, 20, 32 or 64 bytes, from exactly 64 bytes of
/// entropy, which must not be used again. The caller must erase `entropy` and
/// `out` after use.
///
/// Errors: INVALID_ALGORITHM, WRONG_LENGTH if `entropy` is not 64 bytes,
/// BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_secret_generate(
    algorithm: u32,
    entropy: *const u8,
    entropy_len: usize,
    out: *mut u8,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let entropy = array(entropy, entropy_len)?;
        let secret = Secret::generate(self::algorithm(algorithm)?, entropy);
        give(secret.expose(), out, cap, written)
    })
}
