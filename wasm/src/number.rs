//! Phone numbers and their hashes.

use mpass_core::Error;
use mpass_core::number::{self, HexDigest};
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroizing;

use crate::convert::{Thrown, calling_code};

/// A number in E.164.
#[wasm_bindgen]
pub struct PhoneNumber(pub(crate) number::PhoneNumber);

#[wasm_bindgen]
impl PhoneNumber {
    /// Reads a number as somebody wrote it.
    pub fn parse(text: String, country: Option<u32>) -> Result<Self, Thrown> {
        let text = Zeroizing::new(text);
        let country = country.map(calling_code).transpose()?;
        Ok(Self(number::PhoneNumber::parse(&text, country)?))
    }

    /// From a national number.
    #[wasm_bindgen(js_name = fromNational)]
    pub fn from_national(country: u32, national: String) -> Result<Self, Thrown> {
        let national = Zeroizing::new(national);
        let country = calling_code(country)?;
        Ok(Self(number::PhoneNumber::from_national(
            country, &national,
        )?))
    }

    /// The same number once more, for calls that use theirs up.
    #[must_use]
    pub fn copy(&self) -> Self {
        Self(self.0)
    }

    /// With the `+`.
    #[must_use]
    pub fn e164(&self) -> String {
        self.0.as_str().into()
    }

    /// After the calling code.
    #[must_use]
    pub fn national(&self) -> String {
        self.0.national().into()
    }

    /// The calling code.
    #[wasm_bindgen(js_name = callingCode)]
    #[must_use]
    pub fn calling_code(&self) -> u16 {
        self.0.calling_code().get()
    }

    /// For logs.
    #[must_use]
    pub fn masked(&self) -> String {
        self.0.to_string()
    }

    /// SHA-256 of the number with its `+`, in hexadecimal.
    #[wasm_bindgen(js_name = sha256Hex)]
    #[must_use]
    pub fn sha256_hex(&self) -> String {
        self.0.sha256_hex().as_str().into()
    }

    /// SHA-256 of the digits alone, in hexadecimal.
    #[wasm_bindgen(js_name = sha256HexWithoutPlus)]
    #[must_use]
    pub fn sha256_hex_without_plus(&self) -> String {
        self.0.sha256_hex_without_plus().as_str().into()
    }

    /// A hash under a key of 32 bytes.
    #[wasm_bindgen(js_name = keyedHash)]
    pub fn keyed_hash(&self, key: Vec<u8>) -> Result<Vec<u8>, Thrown> {
        let key = Zeroizing::new(key);
        let key = <&[u8; 32]>::try_from(key.as_slice()).map_err(|_| Error::InvalidHex)?;
        Ok(self.0.keyed_hash(key).to_vec())
    }

    /// Whether both are the same number, in a time that does not tell where
    /// they differ.
    #[must_use]
    pub fn equals(&self, other: &Self) -> bool {
        self.0 == other.0
    }

    /// Whether a hash in hexadecimal, in either case, is this number's.
    #[wasm_bindgen(js_name = hasSha256Hex)]
    pub fn has_sha256_hex(&self, text: &str) -> Result<bool, Thrown> {
        Ok(HexDigest::parse(text)? == self.0.sha256_hex())
    }
}
