//! Shared secrets and the keys made from them.

use mpass_core::Error;
use mpass_core::oath::{self, Algorithm, Key, exposed};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroizing;

use crate::convert::{Thrown, algorithm, bytes, entropy, secret};

/// A shared secret, wiped when it is freed.
#[wasm_bindgen]
pub struct Secret(oath::Secret);

impl Secret {
    pub(crate) fn core(&self) -> &oath::Secret {
        &self.0
    }
}

impl From<oath::Secret> for Secret {
    fn from(secret: oath::Secret) -> Self {
        Self(secret)
    }
}

#[wasm_bindgen]
impl Secret {
    /// From 1 to 1,024 bytes.
    #[wasm_bindgen(js_name = fromBytes)]
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, Thrown> {
        let bytes = Zeroizing::new(bytes);
        Ok(Self(oath::Secret::from_bytes(&bytes)?))
    }

    /// From base32.
    #[wasm_bindgen(js_name = fromBase32)]
    pub fn from_base32(text: String) -> Result<Self, Thrown> {
        let text = Zeroizing::new(text);
        Ok(Self(oath::Secret::from_base32(&text)?))
    }

    /// From hexadecimal.
    #[wasm_bindgen(js_name = fromHex)]
    pub fn from_hex(text: String) -> Result<Self, Thrown> {
        let text = Zeroizing::new(text);
        Ok(Self(oath::Secret::from_hex(&text)?))
    }

    /// A new one of the length that fits the hash.
    pub fn generate(hash: &str) -> Result<Self, Thrown> {
        let hash = algorithm(hash)?;
        let entropy = entropy::<64>()?;
        Ok(Self(oath::Secret::generate(hash, &entropy)))
    }

    /// The bytes.
    #[must_use]
    pub fn expose(&self) -> JsValue {
        bytes(self.0.expose())
    }

    /// The bytes in base32.
    #[wasm_bindgen(js_name = exposeBase32)]
    #[must_use]
    pub fn expose_base32(&self) -> JsValue {
        secret(&exposed(self.0.expose_base32()))
    }

    /// The bytes in hexadecimal.
    #[wasm_bindgen(js_name = exposeHex)]
    #[must_use]
    pub fn expose_hex(&self) -> JsValue {
        secret(&exposed(self.0.expose_hex()))
    }
}

/// A key of a secret, which may be short on request.
pub(crate) fn key(secret: &Secret, algorithm: Algorithm, allow_short: bool) -> Result<Key, Error> {
    let bytes = secret.0.expose();
    if allow_short {
        Key::new_allowing_short(algorithm, bytes)
    } else {
        Key::new(algorithm, bytes)
    }
}
