//! The SIGNING_KEYS, SIGN and CHECK_SIGNATURE steps of an exchange.

use mpass_core::service::{Answer, RsaPublicKey, Step};

use crate::boundary::boundary;
use crate::exchange::{Running, advance, mpass_exchange};
use crate::handle::{changed, class, construct, free, used};
use crate::slice::{bytes, give, out_param};
use crate::status::mpass_status;

/// The public RSA keys of the pairs with which a host signs, the one that signs
/// first. The handle that is passed to a callback belongs to the library;
/// freeing it has no effect.
pub struct mpass_signing_keys {
    _opaque: (),
}

class!(mpass_signing_keys, Vec<RsaPublicKey>, 28);

/// Creates an empty list. The caller must free `*out` with
/// `mpass_signing_keys_free`. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_signing_keys_new(out: *mut *mut mpass_signing_keys) -> mpass_status {
    construct(out, || Ok(Vec::new()))
}

/// Frees a list. Does nothing for NULL. No other thread may be using the handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_signing_keys_free(keys: *mut mpass_signing_keys) {
    free(keys);
}

/// Adds a public key by its modulus and exponent, big-endian, which are copied.
/// Leading zeros are dropped.
///
/// Errors: RSA_KEY_SIZE unless the modulus has 2048 to 4096 bits, RSA_EXPONENT
/// unless the exponent is 65537, and INVALID_PUBLIC_KEY for an even modulus.
/// Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_signing_keys_add(
    keys: *mut mpass_signing_keys,
    modulus: *const u8,
    modulus_len: usize,
    exponent: *const u8,
    exponent_len: usize,
) -> mpass_status {
    boundary(|| {
        let modulus = bytes(modulus, modulus_len)?;
        let key = RsaPublicKey::new(modulus, bytes(exponent, exponent_len)?)?;
        changed(keys)?.push(key);
        Ok(())
    })
}

impl Running {
    /// The key and message of a SIGN or CHECK_SIGNATURE step.
    fn signed(&self) -> Result<(&RsaPublicKey, &[u8]), mpass_status> {
        match &self.step {
            Some(Step::Sign(sign)) => Ok((&sign.key, &sign.message)),
            Some(Step::CheckSignature(check)) => Ok((&check.key, &check.message)),
            _ => Err(mpass_status::WrongState),
        }
    }
}

/// Gets the modulus of the public key of a SIGN or CHECK_SIGNATURE step:
/// big-endian, 256 to 512 bytes. The exponent is 65537.
///
/// Errors: WRONG_STATE in any other step, BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_exchange_signature_modulus(
    exchange: *const mpass_exchange,
    out: *mut u8,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let exchange = used(exchange)?;
        let (key, _) = exchange.signed()?;
        give(key.modulus(), out, cap, written)
    })
}

/// Gets the message of a SIGN or CHECK_SIGNATURE step, at most 4096 bytes. The
/// signature is RSASSA-PKCS1-v1_5 with SHA-256 of it (RS256).
///
/// Errors: WRONG_STATE in any other step, BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_exchange_signature_message(
    exchange: *const mpass_exchange,
    out: *mut u8,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let exchange = used(exchange)?;
        let (_, message) = exchange.signed()?;
        give(message, out, cap, written)
    })
}

/// Gets the signature of a CHECK_SIGNATURE step, which may have any length up to
/// 4096 bytes.
///
/// Errors: WRONG_STATE in any other step, BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_exchange_signature_value(
    exchange: *const mpass_exchange,
    out: *mut u8,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| match &used(exchange)?.step {
        Some(Step::CheckSignature(check)) => give(&check.signature, out, cap, written),
        _ => Err(mpass_status::WrongState),
    })
}

/// Answers a SIGNING_KEYS step. Otherwise like `mpass_exchange_next`.
///
/// Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_exchange_next_signing_keys(
    exchange: *mut mpass_exchange,
    keys: *const mpass_signing_keys,
    now_ms: u64,
    step: *mut u32,
) -> mpass_status {
    boundary(|| {
        let exchange = changed(exchange)?;
        let keys = used(keys)?.clone();
        let step = out_param(step)?;
        advance(exchange, Answer::SigningKeys(keys), now_ms, step)
    })
}
