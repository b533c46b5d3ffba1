//! Secrets, HOTP and TOTP.

use mpass_core::oath::{self, exposed};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroizing;

use crate::convert::{Thrown, algorithm, bytes, digits, entropy, key, secret, texts};

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

/// Codes by counter.
#[wasm_bindgen]
pub struct Hotp(pub(crate) oath::Hotp);

#[wasm_bindgen]
impl Hotp {
    /// Prepares a secret.
    #[wasm_bindgen(constructor)]
    pub fn new(
        secret: &Secret,
        hash: &str,
        length: u32,
        allow_short: bool,
    ) -> Result<Self, Thrown> {
        let key = key(secret, algorithm(hash)?, allow_short)?;
        Ok(Self(oath::Hotp::new(key, digits(length)?)))
    }

    /// The code of a counter.
    #[must_use]
    pub fn generate(&self, counter: u64) -> JsValue {
        secret(self.0.generate(counter).as_str())
    }

    /// The counter of a code.
    #[must_use]
    pub fn verify(&self, code: String, counter: u64, look_ahead: u32) -> Option<u64> {
        let code = Zeroizing::new(code);
        self.0.verify(&code, counter, look_ahead)
    }

    /// The counter of the last of two or three codes in a row.
    pub fn resynchronize(
        &self,
        codes: Vec<String>,
        counter: u64,
        window: u32,
    ) -> Result<Option<u64>, Thrown> {
        let codes = Zeroizing::new(codes);
        Ok(self.0.resynchronize(&texts(&codes), counter, window)?)
    }
}

/// Codes by time.
#[wasm_bindgen]
pub struct Totp(pub(crate) oath::Totp);

#[wasm_bindgen]
impl Totp {
    /// Prepares a secret.
    #[wasm_bindgen(constructor)]
    pub fn new(
        secret: &Secret,
        hash: &str,
        length: u32,
        step: u64,
        t0: u64,
        allow_short: bool,
    ) -> Result<Self, Thrown> {
        let key = key(secret, algorithm(hash)?, allow_short)?;
        let totp = oath::Totp::new(key, digits(length)?);
        Ok(Self(totp.with_step(step)?.with_t0(t0)))
    }

    /// The time step of a time.
    #[wasm_bindgen(js_name = timeStep)]
    pub fn time_step(&self, unix_seconds: u64) -> Result<u64, Thrown> {
        Ok(self.0.time_step(unix_seconds)?)
    }

    /// The seconds that the code of a time has left.
    #[wasm_bindgen(js_name = remainingSeconds)]
    pub fn remaining_seconds(&self, unix_seconds: u64) -> Result<u64, Thrown> {
        Ok(self.0.remaining_seconds(unix_seconds)?)
    }

    /// The code of a time.
    pub fn generate(&self, unix_seconds: u64) -> Result<JsValue, Thrown> {
        Ok(secret(self.0.generate(unix_seconds)?.as_str()))
    }

    /// The code of a time step.
    #[wasm_bindgen(js_name = generateStep)]
    #[must_use]
    pub fn generate_step(&self, step: u64) -> JsValue {
        secret(self.0.generate_step(step).as_str())
    }

    /// The time step of a code around a time.
    #[must_use]
    pub fn verify(&self, code: String, unix_seconds: u64, past: u32, future: u32) -> Option<u64> {
        let code = Zeroizing::new(code);
        self.0.verify(&code, unix_seconds, past, future)
    }

    /// The time step of a code among steps.
    #[wasm_bindgen(js_name = verifySteps)]
    #[must_use]
    pub fn verify_steps(&self, code: String, first_step: u64, count: u32) -> Option<u64> {
        let code = Zeroizing::new(code);
        self.0.verify_steps(&code, first_step, count)
    }

    /// The time step of the last of two or three codes in a row.
    pub fn resynchronize(
        &self,
        codes: Vec<String>,
        unix_seconds: u64,
        past: u32,
        future: u32,
    ) -> Result<Option<u64>, Thrown> {
        let codes = Zeroizing::new(codes);
        Ok(self
            .0
            .resynchronize(&texts(&codes), unix_seconds, past, future)?)
    }

    /// The same among steps.
    #[wasm_bindgen(js_name = resynchronizeSteps)]
    pub fn resynchronize_steps(
        &self,
        codes: Vec<String>,
        first_step: u64,
        count: u32,
    ) -> Result<Option<u64>, Thrown> {
        let codes = Zeroizing::new(codes);
        Ok(self
            .0
            .resynchronize_steps(&texts(&codes), first_step, count)?)
    }
}
