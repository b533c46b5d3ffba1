//! HOTP and TOTP.
//!
//! What a busy host calls takes and returns numbers of 32 bits: 64 bits come
//! as two halves, the high one first, codes as [`PackedText`], and positions
//! go as their distance from where the search began.

use core::convert::Infallible;

use js_sys::Uint32Array;
use mpass_core::oath::{self, PackedText};
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroizing;

use crate::convert::{Thrown, algorithm, digits, texts};
use crate::secret::{Secret, key};

/// 64 bits of their halves.
fn whole(high: u32, low: u32) -> u64 {
    u64::from(high) << 32 | u64::from(low)
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

    /// The code of a counter as a number.
    #[must_use]
    pub fn value(&self, high: u32, low: u32) -> u32 {
        self.0.generate_value(whole(high, low))
    }

    /// The codes of consecutive counters as numbers; how many there are.
    #[must_use]
    pub fn range(&self, high: u32, low: u32, values: &Uint32Array) -> u32 {
        let index = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
        let count = usize::try_from(values.length()).unwrap_or_default();
        let put = |at: usize, piece: &[u32]| {
            let piece_of = values.subarray(index(at), index(at + piece.len()));
            piece_of.copy_from(piece);
            Ok::<(), Infallible>(())
        };
        let Ok(count) = self.0.generate_in_pieces(whole(high, low), count, put);
        index(count)
    }

    /// How far after a counter a code of ASCII digits is.
    #[must_use]
    pub fn find(
        &self,
        code_high: u32,
        code_low: u32,
        high: u32,
        low: u32,
        look_ahead: u32,
    ) -> Option<u32> {
        let code = PackedText::new(whole(code_high, code_low));
        let counter = whole(high, low);
        let found = self.0.verify(code.as_str(), counter, look_ahead)?;
        u32::try_from(found - counter).ok()
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

    /// The code of a time as a number; none before T0.
    #[must_use]
    pub fn value(&self, high: u32, low: u32) -> Option<u32> {
        let step = self.0.time_step(whole(high, low)).ok()?;
        Some(self.0.as_hotp().generate_value(step))
    }

    /// The code of a time step as a number.
    #[wasm_bindgen(js_name = stepValue)]
    #[must_use]
    pub fn step_value(&self, high: u32, low: u32) -> u32 {
        self.0.as_hotp().generate_value(whole(high, low))
    }

    /// How far after the step of a time, or before it, a code of ASCII digits
    /// is.
    #[must_use]
    pub fn find(
        &self,
        code_high: u32,
        code_low: u32,
        high: u32,
        low: u32,
        past: u32,
        future: u32,
    ) -> Option<i32> {
        let code = PackedText::new(whole(code_high, code_low));
        let time = whole(high, low);
        let found = self.0.verify(code.as_str(), time, past, future)?;
        let now = self.0.time_step(time).ok()?;
        i32::try_from(found.wrapping_sub(now).cast_signed()).ok()
    }

    /// How far after the first of some steps a code of ASCII digits is.
    #[wasm_bindgen(js_name = findStep)]
    #[must_use]
    pub fn find_step(
        &self,
        code_high: u32,
        code_low: u32,
        high: u32,
        low: u32,
        count: u32,
    ) -> Option<u32> {
        let code = PackedText::new(whole(code_high, code_low));
        let first = whole(high, low);
        let found = self.0.verify_steps(code.as_str(), first, count)?;
        u32::try_from(found - first).ok()
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
