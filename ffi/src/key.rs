//! Keys, prepared for HMAC.

use mpass_core::oath::{Algorithm, Digits, Key};

use crate::boundary::boundary;
use crate::handle::{class, construct, free, used};
use crate::panic::deliberate;
use crate::slice::{bytes, out_param};
use crate::status::mpass_status;

/// HMAC-SHA-1, the algorithm of RFC 4226 and of nearly every token.
pub const MPASS_ALGORITHM_SHA1: u32 = 1;
/// HMAC-SHA-256 (RFC 6238 section 1.2).
pub const MPASS_ALGORITHM_SHA256: u32 = 2;
/// HMAC-SHA-512 (RFC 6238 section 1.2).
pub const MPASS_ALGORITHM_SHA512: u32 = 3;

/// A secret prepared for HMAC. Immutable: it can be used by any number of
/// threads at once.
pub struct mpass_key {
    _opaque: (),
}

class!(mpass_key, Key, 1);

pub(crate) fn algorithm(number: u32) -> Result<Algorithm, mpass_status> {
    match number {
        MPASS_ALGORITHM_SHA1 => Ok(Algorithm::Sha1),
        MPASS_ALGORITHM_SHA256 => Ok(Algorithm::Sha256),
        MPASS_ALGORITHM_SHA512 => Ok(Algorithm::Sha512),
        _ => Err(mpass_status::InvalidAlgorithm),
    }
}

pub(crate) fn algorithm_number(algorithm: Algorithm) -> u32 {
    match algorithm {
        Algorithm::Sha1 => MPASS_ALGORITHM_SHA1,
        Algorithm::Sha256 => MPASS_ALGORITHM_SHA256,
        Algorithm::Sha512 => MPASS_ALGORITHM_SHA512,
    }
}

pub(crate) fn digits(number: u32) -> Result<Digits, mpass_status> {
    let number = u8::try_from(number).map_err(|_| mpass_status::InvalidDigits)?;
    Ok(Digits::new(number)?)
}

/// Prepares a secret of 16 to 1,024 bytes for HMAC with a `MPASS_ALGORITHM_`
/// constant. The secret is copied. The caller must free `*out` with
/// `mpass_key_free`.
///
/// Errors: INVALID_ALGORITHM, SECRET_EMPTY, SECRET_TOO_SHORT below the 128 bits
/// of RFC 4226 section 4, SECRET_TOO_LONG. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_key_new(
    algorithm: u32,
    secret: *const u8,
    secret_len: usize,
    out: *mut *mut mpass_key,
) -> mpass_status {
    construct(out, || {
        let secret = bytes(secret, secret_len)?;
        deliberate(secret == b"a deliberate panic");
        Ok(Key::new(self::algorithm(algorithm)?, secret)?)
    })
}

/// As `mpass_key_new`, for secrets of 1 to 1,024 bytes: for existing tokens
/// whose secrets have fewer than 128 bits. The caller must free `*out` with
/// `mpass_key_free`.
///
/// Errors: INVALID_ALGORITHM, SECRET_EMPTY, SECRET_TOO_LONG. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_key_new_allowing_short(
    algorithm: u32,
    secret: *const u8,
    secret_len: usize,
    out: *mut *mut mpass_key,
) -> mpass_status {
    construct(out, || {
        let algorithm = self::algorithm(algorithm)?;
        Ok(Key::new_allowing_short(
            algorithm,
            bytes(secret, secret_len)?,
        )?)
    })
}

/// Frees a key and erases its secret. Does nothing for NULL. Handles created
/// from the key have their own copy. No other thread may be using the handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_key_free(key: *mut mpass_key) {
    free(key);
}

/// Gets the `MPASS_ALGORITHM_` constant of a key. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_key_algorithm(key: *const mpass_key, out: *mut u32) -> mpass_status {
    boundary(|| {
        let key = used(key)?;
        out_param(out)?.set(algorithm_number(key.algorithm()));
        Ok(())
    })
}
