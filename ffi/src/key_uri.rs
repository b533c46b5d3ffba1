//! Key URIs, which authenticator apps read from QR codes.

use core::ffi::c_char;

use mpass_core::oath::uri::{Caution, KeyUri, Kind};
use mpass_core::oath::{Secret, exposed};
use zeroize::Zeroizing;

use crate::boundary::boundary;
use crate::handle::{class, construct, free, used};
use crate::key::{algorithm, algorithm_number, digits};
use crate::slice::{bytes, give, give_display, optional_text, out_param, text};
use crate::status::mpass_status;

/// A key for HOTP; its moving factor is the counter of the next code.
pub const MPASS_KEY_URI_HOTP: u32 = 1;
/// A key for TOTP; its moving factor is the length of a time step in seconds.
pub const MPASS_KEY_URI_TOTP: u32 = 2;

/// A caution that this header does not define.
pub const MPASS_CAUTION_OTHER: u32 = 0x8000_0000;

/// A key URI. Immutable: it can be used by any number of threads at once.
pub struct mpass_key_uri {
    _opaque: (),
}

/// The text of the URI. It is parsed again in every call, because the parsed
/// URI borrows from the text.
pub(crate) struct Kept(Zeroizing<String>);

class!(mpass_key_uri, Kept, 6);

impl Kept {
    fn read(&self) -> Result<KeyUri<'_>, mpass_status> {
        Ok(KeyUri::parse(&self.0)?)
    }
}

fn caution_bit(caution: Caution) -> u32 {
    match caution.number() {
        number @ 1..=31 => 1 << (number - 1),
        _ => MPASS_CAUTION_OTHER,
    }
}

/// Parses a key URI, `otpauth://totp/…` or `otpauth://hotp/…`, which is copied.
/// It is read as tolerantly as other readers do where nothing is ambiguous;
/// `mpass_key_uri_cautions` has what was chosen or repaired. A parameter that
/// changes the codes is never ignored. The caller must free `*out` with
/// `mpass_key_uri_free`.
///
/// Errors: INVALID_UTF8, INVALID_URI, URI_SCHEME, URI_MIGRATION,
/// URI_WITHIN_TEXT, URI_SEVERAL, URI_FRAGMENT, URI_TYPE, URI_WITHOUT_SECRET,
/// URI_WITHOUT_COUNTER, URI_REPEATED_PARAMETER, URI_ENCODER, URI_PIN,
/// URI_TIME_ORIGIN, URI_PARAMETER_CHANGES_CODE, URI_SEPARATOR, INVALID_BASE32,
/// SECRET_EMPTY, SECRET_TOO_LONG, INVALID_ALGORITHM, INVALID_DIGITS,
/// INVALID_PERIOD, STEP_IN_MILLISECONDS, INVALID_COUNTER. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_key_uri_parse(
    uri: *const c_char,
    uri_len: usize,
    out: *mut *mut mpass_key_uri,
) -> mpass_status {
    construct(out, || {
        let kept = Kept(Zeroizing::new(text(uri, uri_len)?.into()));
        kept.read()?;
        Ok(kept)
    })
}

/// Parses a key URI that has one reading only: no caution whose description
/// begins with "Of reading". The caller must free `*out` with
/// `mpass_key_uri_free`.
///
/// Errors: those of `mpass_key_uri_parse`, URI_NOT_STRICT. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_key_uri_parse_strict(
    uri: *const c_char,
    uri_len: usize,
    out: *mut *mut mpass_key_uri,
) -> mpass_status {
    construct(out, || {
        let kept = Kept(Zeroizing::new(text(uri, uri_len)?.into()));
        KeyUri::parse_strict(&kept.0)?;
        Ok(kept)
    })
}

/// Creates the key URI of a user's account. `kind` is a `MPASS_KEY_URI_`
/// constant and `moving_factor` the counter or the time step in seconds.
/// `issuer` may be NULL, but every app expects one. `algorithm` is a
/// `MPASS_ALGORITHM_` constant and `digits` 4 to 10. All inputs are copied. The
/// caller must free `*out` with `mpass_key_uri_free`.
///
/// Errors: INVALID_ARGUMENT, INVALID_UTF8, INVALID_LABEL, INVALID_PERIOD,
/// STEP_IN_MILLISECONDS, SECRET_EMPTY, SECRET_TOO_LONG, INVALID_ALGORITHM,
/// INVALID_DIGITS. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_key_uri_new(
    kind: u32,
    moving_factor: u64,
    issuer: *const c_char,
    issuer_len: usize,
    account: *const c_char,
    account_len: usize,
    secret: *const u8,
    secret_len: usize,
    algorithm: u32,
    digits: u32,
    out: *mut *mut mpass_key_uri,
) -> mpass_status {
    construct(out, || {
        let kind = match kind {
            MPASS_KEY_URI_HOTP => Kind::Hotp {
                counter: moving_factor,
            },
            MPASS_KEY_URI_TOTP => Kind::Totp {
                period: moving_factor,
            },
            _ => return Err(mpass_status::InvalidArgument),
        };
        let secret = Secret::from_bytes(bytes(secret, secret_len)?)?;
        let mut uri = KeyUri::new(kind, text(account, account_len)?, secret)?
            .with_algorithm(self::algorithm(algorithm)?)
            .with_digits(self::digits(digits)?);
        if let Some(issuer) = optional_text(issuer, issuer_len)? {
            uri = uri.with_issuer(issuer)?;
        }
        let kept = Kept(exposed(uri.expose()));
        kept.read()?;
        Ok(kept)
    })
}

/// Frees a key URI and erases its secret. Does nothing for NULL. No other
/// thread may be using the handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_key_uri_free(uri: *mut mpass_key_uri) {
    free(uri);
}

/// Gets the URI in canonical form, including the secret; parameters with
/// default values are left out. The caller must erase `out` after use.
///
/// Errors: BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_key_uri_text(
    uri: *const mpass_key_uri,
    out: *mut c_char,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let uri = used(uri)?;
        give_display(&uri.read()?.expose(), out, cap, written)
    })
}

/// Gets the `MPASS_KEY_URI_` constant and the moving factor: the counter of the
/// next code, or the length of a time step in seconds. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_key_uri_kind(
    uri: *const mpass_key_uri,
    kind: *mut u32,
    moving_factor: *mut u64,
) -> mpass_status {
    boundary(|| {
        let uri = used(uri)?;
        let (kind, factor) = (out_param(kind)?, out_param(moving_factor)?);
        let (number, value) = match uri.read()?.kind() {
            Kind::Hotp { counter } => (MPASS_KEY_URI_HOTP, counter),
            Kind::Totp { period } => (MPASS_KEY_URI_TOTP, period),
        };
        kind.set(number);
        factor.set(value);
        Ok(())
    })
}

/// Gets the `MPASS_ALGORITHM_` constant and the number of digits of the codes,
/// 4 to 10. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_key_uri_codes(
    uri: *const mpass_key_uri,
    algorithm: *mut u32,
    digits: *mut u32,
) -> mpass_status {
    boundary(|| {
        let uri = used(uri)?;
        let (algorithm, digits) = (out_param(algorithm)?, out_param(digits)?);
        let uri = uri.read()?;
        algorithm.set(algorithm_number(uri.algorithm()));
        digits.set(uri.digits().get().into());
        Ok(())
    })
}

/// Gets the secret, 1 to 1,024 bytes. The caller must erase `out` after use.
///
/// Errors: BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_key_uri_secret(
    uri: *const mpass_key_uri,
    out: *mut u8,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let uri = used(uri)?;
        give(uri.read()?.secret().expose(), out, cap, written)
    })
}

/// Gets the name of the account, decoded. It is empty in a URI with the caution
/// `MPASS_CAUTION_EMPTY_ACCOUNT`.
///
/// Errors: BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_key_uri_account(
    uri: *const mpass_key_uri,
    out: *mut c_char,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let uri = used(uri)?;
        give_display(&uri.read()?.account(), out, cap, written)
    })
}

/// Gets the name of the issuer, decoded.
///
/// Errors: WRONG_STATE if the URI has no issuer, BUFFER_TOO_SMALL. Threads:
/// any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_key_uri_issuer(
    uri: *const mpass_key_uri,
    out: *mut c_char,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let uri = used(uri)?;
        let issuer = uri.read()?.issuer().ok_or(mpass_status::WrongState)?;
        give_display(&issuer, out, cap, written)
    })
}

/// Gets the name of the issuer in the label, decoded, where the parameter names
/// another one (`MPASS_CAUTION_ISSUER_DIFFERS`).
///
/// Errors: WRONG_STATE if the label names no other issuer, BUFFER_TOO_SMALL.
/// Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_key_uri_label_issuer(
    uri: *const mpass_key_uri,
    out: *mut c_char,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let uri = used(uri)?;
        let issuer = uri.read()?.label_issuer();
        give_display(&issuer.ok_or(mpass_status::WrongState)?, out, cap, written)
    })
}

/// Gets the number of parameters that this library does not interpret, at most
/// 32. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_key_uri_parameter_count(
    uri: *const mpass_key_uri,
    out: *mut usize,
) -> mpass_status {
    boundary(|| {
        let uri = used(uri)?;
        let out = out_param(out)?;
        out.set(uri.read()?.parameters().count());
        Ok(())
    })
}

/// Gets the name of an uninterpreted parameter, decoded. `index` starts at 0.
///
/// Errors: WRONG_STATE if `index` is out of range, BUFFER_TOO_SMALL. Threads:
/// any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_key_uri_parameter_name(
    uri: *const mpass_key_uri,
    index: usize,
    out: *mut c_char,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let uri = used(uri)?;
        let found = uri.read()?.parameters().nth(index);
        give_display(&found.ok_or(mpass_status::WrongState)?.0, out, cap, written)
    })
}

/// Gets the value of an uninterpreted parameter, decoded. `index` starts at 0.
///
/// Errors: WRONG_STATE if `index` is out of range, BUFFER_TOO_SMALL. Threads:
/// any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_key_uri_parameter_value(
    uri: *const mpass_key_uri,
    index: usize,
    out: *mut c_char,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let uri = used(uri)?;
        let found = uri.read()?.parameters().nth(index);
        give_display(&found.ok_or(mpass_status::WrongState)?.1, out, cap, written)
    })
}

/// Gets what some apps mishandle and what was chosen or repaired in reading, as
/// a bitwise OR of `MPASS_CAUTION_` constants; 0 if the URI has one reading on
/// which all apps agree. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_key_uri_cautions(
    uri: *const mpass_key_uri,
    out: *mut u32,
) -> mpass_status {
    boundary(|| {
        let uri = used(uri)?;
        let out = out_param(out)?;
        let cautions = uri.read()?.cautions().map(caution_bit);
        out.set(cautions.fold(0, |all, bit| all | bit));
        Ok(())
    })
}
