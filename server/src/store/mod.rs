//! Where the server keeps its records.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use mpass_core::Error;
use mpass_core::store::{Kind, StoreKey, Swap, Swapped};

type Values = HashMap<(u8, StoreKey), Vec<u8>>;

/// The store that a server was started with.
#[derive(Debug)]
pub enum AnyStore {
    /// In memory; everything is forgotten with the process.
    Memory(Mutex<Values>),
}

impl AnyStore {
    /// The value at a key.
    ///
    /// # Errors
    /// None.
    pub async fn load(&self, kind: Kind, key: &StoreKey) -> Result<Option<Vec<u8>>, Error> {
        let Self::Memory(values) = self;
        let values = values.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(values.get(&(kind as u8, *key)).cloned())
    }

    /// Replaces a value if it is still the expected one.
    ///
    /// # Errors
    /// None.
    pub async fn swap(&self, swap: Swap, _now_ms: u64) -> Result<Swapped, Error> {
        let Self::Memory(values) = self;
        let mut values = values.lock().unwrap_or_else(PoisonError::into_inner);
        let current = values.get(&(swap.kind as u8, swap.key)).cloned();
        if current != swap.expected {
            return Ok(Swapped::Conflict(current));
        }
        values.insert((swap.kind as u8, swap.key), swap.value);
        Ok(Swapped::Stored)
    }
}
