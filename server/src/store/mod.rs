//! The server's store: on disk, or in memory on request.

mod embedded;
mod sqlite;
mod writer;

use mpass_core::Error;
use mpass_core::store::{Kind, MemoryStore, Store, StoreKey, Swap, Swapped};

pub use embedded::{EmbeddedStore, OpenError};

/// The configured store.
#[derive(Debug)]
pub enum AnyStore {
    /// On disk; survives a crash.
    Embedded(EmbeddedStore),
    /// In memory; lost when the process ends.
    Memory(MemoryStore),
}

impl AnyStore {
    /// As [`EmbeddedStore::load`].
    ///
    /// # Errors
    /// [`Error::StoreFailed`] when the store cannot be read.
    pub async fn load(&self, kind: Kind, key: &StoreKey) -> Result<Option<Vec<u8>>, Error> {
        match self {
            Self::Embedded(store) => store.load(kind, key).await,
            Self::Memory(store) => store.load(kind, key),
        }
    }

    /// As [`EmbeddedStore::swap`].
    ///
    /// # Errors
    /// [`Error::StoreFailed`] when nothing was stored, [`Error::StoreUnknown`]
    /// when that is unknown, [`Error::StoreFull`] when the memory store is
    /// full.
    pub async fn swap(&self, swap: Swap, now_ms: u64) -> Result<Swapped, Error> {
        match self {
            Self::Embedded(store) => store.swap(swap, now_ms).await,
            Self::Memory(store) => store.swap(&swap, now_ms),
        }
    }

    /// Every value of [`Kind::Tenant`], in the order of their keys.
    ///
    /// # Errors
    /// [`Error::StoreFailed`] when the store cannot be read.
    pub fn tenants(&self) -> Result<Vec<(StoreKey, Vec<u8>)>, Error> {
        match self {
            Self::Embedded(store) => store.tenants(),
            Self::Memory(store) => Ok(store.tenants()),
        }
    }
}

impl Store for AnyStore {
    fn load(&self, kind: Kind, key: &StoreKey) -> Result<Option<Vec<u8>>, Error> {
        match self {
            Self::Embedded(store) => Store::load(store, kind, key),
            Self::Memory(store) => store.load(kind, key),
        }
    }

    fn swap(&self, swap: &Swap, now_ms: u64) -> Result<Swapped, Error> {
        match self {
            Self::Embedded(store) => Store::swap(store, swap, now_ms),
            Self::Memory(store) => store.swap(swap, now_ms),
        }
    }
}
