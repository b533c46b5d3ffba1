//! Keyrings.

use mpass_core::challenge;
use mpass_core::oath::exposed;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroizing;

use crate::convert::{Thrown, entropy, secret};

/// The keys of a deployment.
#[wasm_bindgen]
pub struct Keyring(pub(crate) challenge::Keyring);

#[wasm_bindgen]
impl Keyring {
    /// New keys.
    pub fn generate() -> Result<Self, Thrown> {
        let entropy = entropy()?;
        Ok(Self(challenge::Keyring::generate(&entropy)))
    }

    /// Reads keyring text.
    pub fn parse(text: String) -> Result<Self, Thrown> {
        let text = Zeroizing::new(text);
        Ok(Self(text.parse()?))
    }

    /// The keyring as text.
    #[must_use]
    pub fn expose(&self) -> JsValue {
        secret(&exposed(self.0.expose()))
    }

    /// Adds a record key; its id.
    pub fn add(&mut self) -> Result<u16, Thrown> {
        let entropy = entropy()?;
        Ok(self.0.add(&entropy)?)
    }

    /// Writes with this record key from now on.
    pub fn activate(&mut self, id: u16) -> Result<(), Thrown> {
        Ok(self.0.activate(id)?)
    }

    /// Forgets a record key.
    pub fn remove(&mut self, id: u16) -> Result<(), Thrown> {
        Ok(self.0.remove(id)?)
    }

    /// The record key that is written with.
    #[must_use]
    pub fn newest(&self) -> u16 {
        self.0.newest()
    }

    /// The ids of all record keys.
    #[must_use]
    pub fn ids(&self) -> Vec<u16> {
        self.0.ids().collect()
    }
}
