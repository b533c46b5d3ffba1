//! The state of tokens.

use js_sys::Array;
use mpass_core::challenge::{self, TokenPolicy};
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroizing;

use crate::challenge::{Pending, attempt};
use crate::convert::{Thrown, entropy, or_null, texts};
use crate::keyring::Keyring;
use crate::oath::{Hotp, Totp};
use crate::ocra::{Inputs, Ocra, OcraInputs};
use crate::policy::{TokenPolicyParts, token_policy};

/// A tenant's token, known by an id.
#[wasm_bindgen]
pub struct Token {
    keyring: challenge::Keyring,
    policy: TokenPolicy,
    tenant: Vec<u8>,
    id: Vec<u8>,
}

impl Token {
    fn core(&self) -> Result<challenge::Token<'_>, Thrown> {
        Ok(challenge::Token::new(
            &self.keyring,
            self.policy,
            &self.tenant,
            &self.id,
        )?)
    }
}

#[wasm_bindgen]
impl Token {
    /// Checks the policy.
    #[wasm_bindgen(constructor)]
    pub fn new(
        keyring: &Keyring,
        policy: &TokenPolicyParts,
        tenant: Vec<u8>,
        id: Vec<u8>,
    ) -> Result<Self, Thrown> {
        let token = Self {
            keyring: keyring.0.clone(),
            policy: token_policy(policy)?,
            tenant,
            id,
        };
        token.core()?;
        Ok(token)
    }

    /// Where its record stands.
    pub fn key(&self) -> Result<Vec<u8>, Thrown> {
        Ok(self.core()?.key().0.to_vec())
    }

    /// The record of a token that begins at a counter.
    pub fn enroll(&self, counter: u64, now_ms: u64) -> Result<Pending, Thrown> {
        Ok(self.core()?.enroll(counter, now_ms, &*entropy()?)?.into())
    }

    /// `[pending, verdict]` of an HOTP code.
    #[wasm_bindgen(js_name = attemptHotp)]
    pub fn attempt_hotp(
        &self,
        current: Option<Vec<u8>>,
        hotp: &Hotp,
        typed: String,
        now_ms: u64,
    ) -> Result<Array, Thrown> {
        let (typed, current) = (Zeroizing::new(typed), current.as_deref());
        let token = self.core()?;
        let attempted = token.attempt_hotp(current, &hotp.0, &typed, now_ms, &*entropy()?)?;
        Ok(attempt(attempted))
    }

    /// `[pending, verdict]` of a TOTP code.
    #[wasm_bindgen(js_name = attemptTotp)]
    pub fn attempt_totp(
        &self,
        current: Option<Vec<u8>>,
        totp: &Totp,
        typed: String,
        now_ms: u64,
    ) -> Result<Array, Thrown> {
        let (typed, current) = (Zeroizing::new(typed), current.as_deref());
        let token = self.core()?;
        let attempted = token.attempt_totp(current, &totp.0, &typed, now_ms, &*entropy()?)?;
        Ok(attempt(attempted))
    }

    /// `[pending, verdict]` of two or three HOTP codes in a row.
    #[wasm_bindgen(js_name = resynchronizeHotp)]
    pub fn resynchronize_hotp(
        &self,
        current: Option<Vec<u8>>,
        hotp: &Hotp,
        codes: Vec<String>,
        now_ms: u64,
    ) -> Result<Array, Thrown> {
        let (codes, current) = (Zeroizing::new(codes), current.as_deref());
        let token = self.core()?;
        let codes = texts(&codes);
        let attempted = token.resynchronize_hotp(current, &hotp.0, &codes, now_ms, &*entropy()?)?;
        Ok(attempt(attempted))
    }

    /// `[pending, verdict]` of two or three TOTP codes in a row.
    #[wasm_bindgen(js_name = resynchronizeTotp)]
    pub fn resynchronize_totp(
        &self,
        current: Option<Vec<u8>>,
        totp: &Totp,
        codes: Vec<String>,
        now_ms: u64,
    ) -> Result<Array, Thrown> {
        let (codes, current) = (Zeroizing::new(codes), current.as_deref());
        let token = self.core()?;
        let codes = texts(&codes);
        let attempted = token.resynchronize_totp(current, &totp.0, &codes, now_ms, &*entropy()?)?;
        Ok(attempt(attempted))
    }

    /// Notes that a question is asked.
    pub fn ask(
        &self,
        current: Option<Vec<u8>>,
        question: &str,
        lifetime_ms: u64,
        now_ms: u64,
    ) -> Result<Pending, Thrown> {
        let current = current.as_deref();
        let token = self.core()?;
        let pending = token.ask(current, question, lifetime_ms, now_ms, &*entropy()?)?;
        Ok(pending.into())
    }

    /// `[pending, verdict]` of a response.
    #[wasm_bindgen(js_name = attemptOcra)]
    pub fn attempt_ocra(
        &self,
        current: Option<Vec<u8>>,
        ocra: &Ocra,
        inputs: &OcraInputs,
        response: String,
        now_ms: u64,
    ) -> Result<Array, Thrown> {
        let (response, current) = (Zeroizing::new(response), current.as_deref());
        let inputs = Inputs::from(inputs);
        let token = self.core()?;
        let attempted = token.attempt_ocra(
            current,
            &ocra.0,
            inputs.core(),
            &response,
            now_ms,
            &*entropy()?,
        )?;
        Ok(attempt(attempted))
    }

    /// Forgets failures and the lock.
    pub fn unlock(&self, current: Option<Vec<u8>>, now_ms: u64) -> Result<Pending, Thrown> {
        let token = self.core()?;
        let pending = token.unlock(current.as_deref(), now_ms, &*entropy()?)?;
        Ok(pending.into())
    }

    /// `[last, drift, failures, retryAtMs]`.
    pub fn status(&self, current: Option<Vec<u8>>, now_ms: u64) -> Result<Array, Thrown> {
        let status = self.core()?.status(current.as_deref(), now_ms)?;
        Ok(Array::of4(
            &or_null(status.last.map(Into::into)),
            &status.drift.into(),
            &status.failures.into(),
            &status.retry_at_ms.into(),
        ))
    }
}
