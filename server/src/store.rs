//! The server's store: on disk, or in memory on request.

use mpass_core::Error;
use mpass_core::documents::Family;
use mpass_core::store::{AsyncStore, Kind, Listed, MemoryStore, Store, StoreKey, Swap, Swapped};

pub use mpass_stores::States;
use mpass_stores::postgres::PostgresStore;
use mpass_stores::redis::RedisStore;
pub use mpass_stores::sqlite::{
    EmbeddedStore, NetworkRecords, OpenError, ReadOnlyStore, StoreDirectory,
};

use crate::tenants::Changing;

/// Documents read at a time.
const PAGE: u32 = 256;

/// The configured store.
#[derive(Debug)]
pub enum AnyStore {
    /// On disk; survives a crash.
    Embedded(EmbeddedStore),
    /// In memory; lost when the process ends.
    Memory(MemoryStore),
    /// In Redis.
    Redis(RedisStore),
    /// In PostgreSQL.
    Postgres(PostgresStore),
}

impl AnyStore {
    /// Whether the values of a load can be kept for a while: not those of a store that
    /// is away, so that nothing is decided on them, nor those in memory, where a load is
    /// as quick.
    pub(crate) fn can_keep(&self) -> bool {
        match self {
            Self::Memory(_) => false,
            Self::Embedded(store) => store.write_failure().is_none(),
            Self::Redis(store) => store.is_admitted() && store.failure().is_none(),
            Self::Postgres(store) => store.is_admitted() && store.failure().is_none(),
        }
    }

    /// When an expired value was last dropped, or earlier: the clock must be later.
    /// In milliseconds of Unix time; `None` if that is not known.
    #[must_use]
    pub fn dropped_at_ms(&self) -> Option<u64> {
        match self {
            Self::Embedded(store) => store.dropped_at_ms(),
            Self::Memory(_) | Self::Redis(_) | Self::Postgres(_) => None,
        }
    }

    /// Whether it is behind a network, where other machines may share it.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        matches!(self, Self::Redis(_) | Self::Postgres(_))
    }

    /// The time of the store's own clock, in milliseconds of Unix time; `None` if it
    /// has none, or does not answer.
    pub async fn clock_ms(&self) -> Option<u64> {
        match self {
            Self::Embedded(_) | Self::Memory(_) => None,
            Self::Redis(store) => store.clock_ms().await.ok(),
            Self::Postgres(store) => store.clock_ms().await.ok(),
        }
    }

    /// Why the last write failed, in one line without a value; `None` if it did not.
    #[must_use]
    pub fn write_failure(&self) -> Option<String> {
        match self {
            Self::Embedded(store) => store.write_failure(),
            Self::Memory(_) => None,
            Self::Redis(store) => store.failure(),
            Self::Postgres(store) => store.failure(),
        }
    }

    /// As [`Self::write_failure`], after another try if it failed.
    pub async fn try_to_write(&self) -> Option<String> {
        match self {
            Self::Embedded(store) => store.try_to_write().await,
            Self::Memory(_) => None,
            Self::Redis(store) => store.failure(),
            Self::Postgres(store) => store.failure(),
        }
    }

    /// The records of the network; `None` for a store in memory, which does not
    /// outlive the network table, and for one behind a network.
    #[must_use]
    pub fn network(&self) -> Option<NetworkRecords<'_>> {
        match self {
            Self::Embedded(store) => Some(NetworkRecords::of(store)),
            Self::Memory(_) | Self::Redis(_) | Self::Postgres(_) => None,
        }
    }

    /// As [`Store::load`].
    ///
    /// # Errors
    /// [`Error::StoreFailed`] when the store cannot be read.
    pub async fn load(&self, kind: Kind, key: StoreKey) -> Result<Option<Vec<u8>>, Error> {
        AsyncStore::load(self, kind, key).await
    }

    /// As [`Store::swap`].
    ///
    /// # Errors
    /// [`Error::StoreFailed`] when nothing was stored, [`Error::StoreUnknown`]
    /// when that is unknown, [`Error::StoreFull`] when the memory store is
    /// full.
    pub async fn swap(&self, swap: Swap, now_ms: u64) -> Result<Swapped, Error> {
        AsyncStore::swap(self, swap, now_ms).await
    }

    /// As [`Store::list`].
    ///
    /// # Errors
    /// [`Error::StoreFailed`] when the store cannot be read.
    pub async fn list(&self, after: Option<StoreKey>, limit: u32) -> Result<Vec<Listed>, Error> {
        AsyncStore::list(self, after, limit).await
    }

    /// The documents of a family, in the order of their keys; they may still not be
    /// authentic. The store in a directory reads only these, every other one all documents.
    ///
    /// # Errors
    /// [`Error::StoreFailed`] when the store cannot be read.
    pub fn documents_of(&self, family: Family) -> Result<Vec<Listed>, Error> {
        if let Self::Embedded(store) = self {
            return pages(|after| store.list_format(family.format(), after, PAGE));
        }
        let mut documents = documents(self)?;
        documents.retain(|(_, value)| Family::of(value) == Some(family));
        Ok(documents)
    }
}

/// All values of [`Kind::Document`], in the order of their keys.
///
/// # Errors
/// [`Error::StoreFailed`] when the store cannot be read.
pub fn documents(store: &impl Store) -> Result<Vec<Listed>, Error> {
    pages(|after| store.list(after, PAGE))
}

/// Every page of a list, each of [`PAGE`] documents.
fn pages(
    mut page_after: impl FnMut(Option<&StoreKey>) -> Result<Vec<Listed>, Error>,
) -> Result<Vec<Listed>, Error> {
    let mut documents: Vec<Listed> = Vec::new();
    loop {
        let after = documents.last().map(|(key, _)| *key);
        let page = page_after(after.as_ref())?;
        let is_last = u32::try_from(page.len()).is_ok_and(|len| len < PAGE);
        documents.extend(page);
        if is_last {
            return Ok(documents);
        }
    }
}

impl AsyncStore for AnyStore {
    async fn load(&self, kind: Kind, key: StoreKey) -> Result<Option<Vec<u8>>, Error> {
        #[cfg(test)]
        asked::count(0);
        match self {
            Self::Redis(store) => Box::pin(AsyncStore::load(store, kind, key)).await,
            Self::Postgres(store) => Box::pin(AsyncStore::load(store, kind, key)).await,
            _ => Store::load(self, kind, &key),
        }
    }

    async fn swap(&self, swap: Swap, now_ms: u64) -> Result<Swapped, Error> {
        #[cfg(test)]
        asked::count(1);
        let _changing = (swap.kind == Kind::Document).then_some(Changing);
        match self {
            Self::Embedded(store) => store.swap(swap, now_ms).await,
            Self::Memory(store) => store.swap(&swap, now_ms),
            Self::Redis(store) => Box::pin(AsyncStore::swap(store, swap, now_ms)).await,
            Self::Postgres(store) => Box::pin(AsyncStore::swap(store, swap, now_ms)).await,
        }
    }

    async fn list(&self, after: Option<StoreKey>, limit: u32) -> Result<Vec<Listed>, Error> {
        #[cfg(test)]
        asked::count(2);
        match self {
            Self::Redis(store) => Box::pin(AsyncStore::list(store, after, limit)).await,
            Self::Postgres(store) => Box::pin(AsyncStore::list(store, after, limit)).await,
            _ => Store::list(self, after.as_ref(), limit),
        }
    }
}

/// A store for a request that began on some connections. See
/// [`Remote::on_link`](mpass_stores::remote::Remote::on_link).
#[derive(Clone, Copy)]
pub(crate) struct OnLink<'a> {
    store: &'a AnyStore,
    link: u64,
}

impl AnyStore {
    /// The connections that a store behind a network answers from; 0 without any.
    pub(crate) fn link(&self) -> u64 {
        let link = match self {
            Self::Redis(store) => store.link(),
            Self::Postgres(store) => store.link(),
            Self::Embedded(_) | Self::Memory(_) => None,
        };
        link.unwrap_or(0)
    }

    /// The store for a request that began on these connections.
    pub(crate) fn on_link(&self, link: u64) -> OnLink<'_> {
        OnLink { store: self, link }
    }
}

impl AsyncStore for OnLink<'_> {
    async fn load(&self, kind: Kind, key: StoreKey) -> Result<Option<Vec<u8>>, Error> {
        match self.store {
            AnyStore::Redis(store) => Box::pin(store.on_link(self.link).load(kind, key)).await,
            AnyStore::Postgres(store) => Box::pin(store.on_link(self.link).load(kind, key)).await,
            store => AsyncStore::load(store, kind, key).await,
        }
    }

    async fn swap(&self, swap: Swap, now_ms: u64) -> Result<Swapped, Error> {
        match self.store {
            AnyStore::Redis(store) => Box::pin(store.on_link(self.link).swap(swap, now_ms)).await,
            AnyStore::Postgres(store) => {
                Box::pin(store.on_link(self.link).swap(swap, now_ms)).await
            }
            store => AsyncStore::swap(store, swap, now_ms).await,
        }
    }

    async fn list(&self, after: Option<StoreKey>, limit: u32) -> Result<Vec<Listed>, Error> {
        match self.store {
            AnyStore::Redis(store) => Box::pin(store.on_link(self.link).list(after, limit)).await,
            AnyStore::Postgres(store) => {
                Box::pin(store.on_link(self.link).list(after, limit)).await
            }
            store => AsyncStore::list(store, after, limit).await,
        }
    }
}

impl Store for AnyStore {
    fn load(&self, kind: Kind, key: &StoreKey) -> Result<Option<Vec<u8>>, Error> {
        match self {
            Self::Embedded(store) => Store::load(store, kind, key),
            Self::Memory(store) => store.load(kind, key),
            Self::Redis(store) => Store::load(store, kind, key),
            Self::Postgres(store) => Store::load(store, kind, key),
        }
    }

    fn swap(&self, swap: &Swap, now_ms: u64) -> Result<Swapped, Error> {
        let _changing = (swap.kind == Kind::Document).then_some(Changing);
        match self {
            Self::Embedded(store) => Store::swap(store, swap, now_ms),
            Self::Memory(store) => store.swap(swap, now_ms),
            Self::Redis(store) => Store::swap(store, swap, now_ms),
            Self::Postgres(store) => Store::swap(store, swap, now_ms),
        }
    }

    fn list(&self, after: Option<&StoreKey>, limit: u32) -> Result<Vec<Listed>, Error> {
        match self {
            Self::Embedded(store) => Store::list(store, after, limit),
            Self::Memory(store) => store.list(after, limit),
            Self::Redis(store) => Store::list(store, after, limit),
            Self::Postgres(store) => Store::list(store, after, limit),
        }
    }
}

impl States for AnyStore {
    /// None for a store in memory, whose states cannot be listed.
    fn states(&self, after: Option<&StoreKey>, limit: u32) -> Result<Vec<Listed>, Error> {
        match self {
            Self::Embedded(store) => store.states(after, limit),
            Self::Memory(_) => Ok(Vec::new()),
            Self::Redis(store) => store.states(after, limit),
            Self::Postgres(store) => store.states(after, limit),
        }
    }

    fn layout(&self) -> Option<i32> {
        match self {
            Self::Embedded(store) => store.layout(),
            Self::Memory(_) => None,
            Self::Redis(store) => store.layout(),
            Self::Postgres(store) => store.layout(),
        }
    }
}

/// What a test has asked of stores in its thread: loads, swaps and lists.
#[cfg(test)]
pub(crate) mod asked {
    use core::cell::Cell;

    thread_local! {
        static ASKED: Cell<[u32; 3]> = const { Cell::new([0; 3]) };
    }

    pub(super) fn count(what: usize) {
        ASKED.with(|asked| {
            let mut counts = asked.get();
            counts[what] += 1;
            asked.set(counts);
        });
    }

    /// Since the last call.
    pub(crate) fn take() -> [u32; 3] {
        ASKED.with(Cell::take)
    }
}
