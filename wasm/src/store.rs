//! The memory store.

use js_sys::Array;
use mpass_core::store::{self, Store, Swap, Swapped};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::convert::{Thrown, bytes, kind, or_null, store_key};

/// A store that ends with the instance.
#[wasm_bindgen]
pub struct MemoryStore(store::MemoryStore);

#[wasm_bindgen]
impl MemoryStore {
    /// For at most `capacity` values.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(capacity: u32) -> Self {
        Self(store::MemoryStore::new(
            usize::try_from(capacity).unwrap_or(usize::MAX),
        ))
    }

    /// How many values there are.
    #[must_use]
    pub fn size(&self) -> usize {
        self.0.len()
    }

    /// The value at a key.
    pub fn load(&self, number: u8, key: &[u8]) -> Result<Option<Vec<u8>>, Thrown> {
        Ok(self.0.load(kind(number), &store_key(key)?)?)
    }

    /// `[isStored, current]` of one compare-and-swap.
    pub fn swap(
        &self,
        number: u8,
        key: &[u8],
        expected: Option<Vec<u8>>,
        value: Vec<u8>,
        expires_at_ms: u64,
        now_ms: u64,
    ) -> Result<Array, Thrown> {
        let swap = Swap {
            kind: kind(number),
            key: store_key(key)?,
            expected,
            value,
            expires_at_ms,
        };
        Ok(match self.0.swap(&swap, now_ms)? {
            Swapped::Stored => Array::of2(&true.into(), &JsValue::NULL),
            Swapped::Conflict(current) => {
                let current = or_null(current.as_deref().map(bytes));
                Array::of2(&false.into(), &current)
            }
        })
    }
}
