//! What every part converts: errors, entropy, digits and stored values.

use js_sys::{Array, Uint8Array};
use mpass_core::Error;
use mpass_core::number::CallingCode;
use mpass_core::oath::{Algorithm, Digits};
use mpass_core::store::{Kind, StoreKey, Swap};
use wasm_bindgen::JsValue;
use zeroize::Zeroizing;

/// What JavaScript catches: the number of an error of the core, or a text
/// where the host gives no entropy.
pub struct Thrown(JsValue);

impl From<Error> for Thrown {
    fn from(error: Error) -> Self {
        Self(error.number().into())
    }
}

impl From<Thrown> for JsValue {
    fn from(thrown: Thrown) -> Self {
        thrown.0
    }
}

/// Fresh bytes from the host, which are wiped: codes and keys come from them.
pub(crate) fn entropy<const N: usize>() -> Result<Zeroizing<[u8; N]>, Thrown> {
    let mut bytes = Zeroizing::new([0; N]);
    match getrandom::fill(bytes.as_mut_slice()) {
        Ok(()) => Ok(bytes),
        Err(_) => Err(Thrown("crypto.getRandomValues gives no entropy".into())),
    }
}

pub(crate) fn digits(digits: u32) -> Result<Digits, Error> {
    Digits::new(u8::try_from(digits).map_err(|_| Error::InvalidDigits)?)
}

pub(crate) fn algorithm(name: &str) -> Result<Algorithm, Error> {
    name.parse()
}

pub(crate) fn calling_code(code: u32) -> Result<CallingCode, Error> {
    CallingCode::new(u16::try_from(code).map_err(|_| Error::UnknownCallingCode)?)
}

/// A secret text or a code as JavaScript's, straight from where it stands: the
/// memory of a `String` that is returned is freed without being wiped.
pub(crate) fn secret(text: &str) -> JsValue {
    JsValue::from_str(text)
}

/// Borrowed texts.
pub(crate) fn texts(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}

pub(crate) fn bytes(bytes: &[u8]) -> JsValue {
    Uint8Array::from(bytes).into()
}

pub(crate) fn or_null(value: Option<JsValue>) -> JsValue {
    value.unwrap_or(JsValue::NULL)
}

/// `[kind, key, expected, value, expiresAtMs]`.
pub(crate) fn swap(swap: &Swap) -> Array {
    Array::of5(
        &swap.kind.number().into(),
        &bytes(&swap.key.0),
        &or_null(swap.expected.as_deref().map(bytes)),
        &bytes(&swap.value),
        &swap.expires_at_ms.into(),
    )
}

/// A kind of value by its number; anything but 1 is a tenant's.
pub(crate) fn kind(number: u8) -> Kind {
    if number == Kind::State.number() {
        Kind::State
    } else {
        Kind::Tenant
    }
}

/// A place from 16 bytes.
pub(crate) fn store_key(bytes: &[u8]) -> Result<StoreKey, Error> {
    let key = <[u8; 16]>::try_from(bytes).map_err(|_| Error::RecordFormat)?;
    Ok(StoreKey(key))
}
