//! Key URIs.

use js_sys::Array;
use mpass_core::Error;
use mpass_core::oath::exposed;
use mpass_core::oath::uri::{self, Kind};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroizing;

use crate::convert::{Thrown, algorithm, digits, or_null, secret};
use crate::secret::Secret;

#[wasm_bindgen]
extern "C" {
    /// What a key URI is written from, as the package's own class gives it.
    pub type KeyUriParts;
    #[wasm_bindgen(method, getter, structural)]
    fn account(this: &KeyUriParts) -> String;
    #[wasm_bindgen(method, getter, structural)]
    fn issuer(this: &KeyUriParts) -> Option<String>;
    #[wasm_bindgen(method, getter, structural)]
    fn algorithm(this: &KeyUriParts) -> Option<String>;
    #[wasm_bindgen(method, getter, structural)]
    fn digits(this: &KeyUriParts) -> Option<u32>;
    #[wasm_bindgen(method, getter, structural)]
    fn counter(this: &KeyUriParts) -> Option<u64>;
    #[wasm_bindgen(method, getter, structural)]
    fn period(this: &KeyUriParts) -> Option<u64>;
}

/// A key URI as text, which was read once and is known to be one.
#[wasm_bindgen]
pub struct KeyUri(Zeroizing<String>);

impl KeyUri {
    fn core(&self) -> Result<uri::KeyUri<'_>, Error> {
        uri::KeyUri::parse(&self.0)
    }
}

#[wasm_bindgen]
impl KeyUri {
    /// Reads a key URI.
    pub fn parse(text: String) -> Result<Self, Thrown> {
        let uri = Self(Zeroizing::new(text));
        uri.core()?;
        Ok(uri)
    }

    /// Writes one: for HOTP where it has a counter, else for TOTP.
    pub fn write(parts: &KeyUriParts, secret: &Secret) -> Result<Self, Thrown> {
        let (account, issuer) = (parts.account(), parts.issuer());
        let kind = match parts.counter() {
            Some(counter) => Kind::Hotp { counter },
            None => Kind::Totp {
                period: parts.period().unwrap_or(30),
            },
        };
        let mut uri = uri::KeyUri::new(kind, &account, secret.core().clone())?;
        if let Some(issuer) = &issuer {
            uri = uri.with_issuer(issuer)?;
        }
        if let Some(name) = parts.algorithm() {
            uri = uri.with_algorithm(algorithm(&name)?);
        }
        if let Some(length) = parts.digits() {
            uri = uri.with_digits(digits(length)?);
        }
        Ok(Self(exposed(uri.expose())))
    }

    /// `[counter, period, issuer, account, algorithm, digits, parameters,
    /// cautions]`.
    pub fn facts(&self) -> Result<Array, Thrown> {
        let uri = self.core()?;
        let (counter, period) = match uri.kind() {
            Kind::Hotp { counter } => (counter.into(), JsValue::NULL),
            Kind::Totp { period } => (JsValue::NULL, period.into()),
        };
        let parameter = |(key, value): (uri::Text<'_>, uri::Text<'_>)| {
            Array::of2(&key.to_string().into(), &value.to_string().into())
        };
        let cautions = uri.cautions().map(|caution| JsValue::from(caution.name()));
        let facts = [
            counter,
            period,
            or_null(uri.issuer().map(|issuer| issuer.to_string().into())),
            uri.account().to_string().into(),
            uri.algorithm().name().into(),
            uri.digits().get().into(),
            uri.parameters().map(parameter).collect::<Array>().into(),
            cautions.collect::<Array>().into(),
        ];
        Ok(facts.into_iter().collect())
    }

    /// The secret.
    pub fn secret(&self) -> Result<Secret, Thrown> {
        Ok(self.core()?.secret().clone().into())
    }

    /// The URI, the secret in it.
    pub fn expose(&self) -> Result<JsValue, Thrown> {
        Ok(secret(&exposed(self.core()?.expose())))
    }
}
