//! The stores of a copy, opened although they are closed.

use std::path::Path;

use anyhow::{Context as _, bail, ensure};
use mpass_core::Error;
use mpass_core::challenge::Keyring;
use mpass_core::store::{AsyncStore as _, Kind, StoreKey, Swap, Swapped};
use mpass_stores::copy::{Contents, Dropped, Record};

use crate::admin::{is_in_use, store};
use crate::store::{AnyStore, StoreDirectory};
use crate::store_config::StoreKind;
use crate::store_node::{self, NodeFile};

/// Network records read at a time.
const PAGE: u32 = 1024;

/// A store of a copy.
pub(crate) struct Side {
    pub(crate) store: AnyStore,
    /// What identifies its node, if it is behind a network.
    identity: Option<String>,
    /// What was found about it, for the terminal.
    pub(crate) notes: Vec<String>,
}

impl Side {
    /// The store that is copied.
    ///
    /// # Errors
    /// When it cannot be opened, is in use by a server on its directory, or belongs to
    /// another keyring.
    pub(crate) async fn source(
        kind: &StoreKind,
        dir: &Path,
        keyring: &Keyring,
    ) -> anyhow::Result<Self> {
        match kind {
            StoreKind::Memory => bail!("a store in memory cannot be copied"),
            StoreKind::Embedded => {
                ensure!(
                    StoreDirectory::contains_store(dir)?,
                    "there is no store in {}",
                    dir.display()
                );
                Self::embedded(dir, keyring)
            }
            StoreKind::Redis(_) | StoreKind::Postgres(_) => {
                let side = Self::behind_network(kind).await?;
                let header = store_node::header(&side.store, keyring).await?;
                if header.moved_to().is_none() {
                    // Another node may lack records.
                    let covers = kind.covers_promotion();
                    let file = NodeFile::of(dir, kind);
                    store_node::compare(&side.store, keyring, covers, &file, |_| ()).await?;
                }
                Ok(side)
            }
        }
    }

    /// The store that is copied to. Tables are created.
    ///
    /// # Errors
    /// As [`Self::source`].
    pub(crate) async fn target(
        kind: &StoreKind,
        dir: &Path,
        keyring: &Keyring,
    ) -> anyhow::Result<Self> {
        match kind {
            StoreKind::Memory => bail!("a store in memory cannot be copied to"),
            StoreKind::Embedded => Self::embedded(dir, keyring),
            StoreKind::Redis(_) | StoreKind::Postgres(_) => {
                match Self::behind_network(kind).await {
                    // The user needs no right to create tables if they exist.
                    Err(_) => {
                        store_node::create_tables(kind).await?;
                        Self::behind_network(kind).await
                    }
                    side => side,
                }
            }
        }
    }

    fn embedded(dir: &Path, keyring: &Keyring) -> anyhow::Result<Self> {
        let place = || dir.display().to_string();
        let locked = StoreDirectory::lock(dir).map_err(anyhow::Error::new);
        let directory = locked.map_err(|error| match is_in_use(&error) {
            true => error.context("stop the server of the embedded store first"),
            false => error,
        })?;
        if let Some(present) = directory.read_only()? {
            store::compare(&present, keyring).with_context(place)?;
        }
        let embedded = directory.open()?;
        Ok(Self {
            notes: embedded.migration().into_iter().collect(),
            store: AnyStore::Embedded(embedded),
            identity: None,
        })
    }

    async fn behind_network(kind: &StoreKind) -> anyhow::Result<Self> {
        let store = store_node::open(kind)?;
        let node = store_node::node(&store).await?;
        Ok(Self {
            store,
            identity: Some(node.identity.to_string()),
            notes: node.findings.iter().map(ToString::to_string).collect(),
        })
    }

    /// Whether servers may be running on it.
    pub(crate) fn has_servers(&self) -> bool {
        self.identity.is_some()
    }

    /// Refuses a node that is not the one that the copy began with, which may lack
    /// records.
    ///
    /// # Errors
    /// For another node, or when there is none.
    pub(crate) async fn check_node(&self) -> anyhow::Result<()> {
        if let Some(identity) = &self.identity {
            let now = store_node::node(&self.store).await?.identity.to_string();
            ensure!(
                now == *identity,
                "the node of a store has changed while the copy ran: run it again"
            );
        }
        Ok(())
    }

    /// The number of records of the network, which are not copied.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(crate) async fn network_records(&self) -> Result<usize, Error> {
        let Some(records) = self.store.network() else {
            return Ok(0);
        };
        let (mut count, mut after) = (0, None);
        loop {
            let page = records.list(after, PAGE).await?;
            count += page.len();
            after = page.last().map(|(key, _)| *key);
            if after.is_none() {
                return Ok(count);
            }
        }
    }

    /// The kind of the store, for the mark of the copy.
    pub(crate) fn kind(&self) -> &'static str {
        match self.store {
            AnyStore::Embedded(_) => "embedded",
            AnyStore::Memory(_) => "memory",
            AnyStore::Redis(_) => "redis",
            AnyStore::Postgres(_) => "postgres",
        }
    }
}

impl Contents for AnyStore {
    async fn load(&self, kind: Kind, key: StoreKey) -> Result<Option<Vec<u8>>, Error> {
        match self {
            Self::Embedded(store) => Contents::load(store, kind, key).await,
            Self::Memory(_) => Err(Error::StoreFailed),
            Self::Redis(store) => Contents::load(&store.inspect(), kind, key).await,
            Self::Postgres(store) => Contents::load(&store.inspect(), kind, key).await,
        }
    }

    async fn swap(&self, swap: Swap, now_ms: u64) -> Result<Swapped, Error> {
        match self {
            Self::Embedded(store) => store.swap(swap, now_ms).await,
            Self::Memory(_) => Err(Error::StoreFailed),
            Self::Redis(store) => Contents::swap(&store.inspect(), swap, now_ms).await,
            Self::Postgres(store) => Contents::swap(&store.inspect(), swap, now_ms).await,
        }
    }

    async fn records(
        &self,
        kind: Kind,
        after: Option<StoreKey>,
        limit: u32,
    ) -> Result<Vec<Record>, Error> {
        match self {
            Self::Embedded(store) => store.records(kind, after, limit).await,
            Self::Memory(_) => Err(Error::StoreFailed),
            Self::Redis(store) => store.inspect().records(kind, after, limit).await,
            Self::Postgres(store) => store.inspect().records(kind, after, limit).await,
        }
    }

    async fn insert(&self, kind: Kind, records: Vec<Record>, now_ms: u64) -> Result<u64, Error> {
        match self {
            Self::Embedded(store) => store.insert(kind, records, now_ms).await,
            Self::Memory(_) => Err(Error::StoreFailed),
            Self::Redis(store) => store.inspect().insert(kind, records, now_ms).await,
            Self::Postgres(store) => store.inspect().insert(kind, records, now_ms).await,
        }
    }

    async fn dropped(&self, now_ms: u64) -> Result<Dropped, Error> {
        match self {
            Self::Embedded(store) => store.dropped(now_ms).await,
            Self::Memory(_) => Err(Error::StoreFailed),
            Self::Redis(store) => store.inspect().dropped(now_ms).await,
            Self::Postgres(store) => store.inspect().dropped(now_ms).await,
        }
    }

    async fn raise_dropped(&self, dropped: Dropped) -> Result<bool, Error> {
        match self {
            Self::Embedded(store) => store.raise_dropped(dropped).await,
            Self::Memory(_) => Err(Error::StoreFailed),
            Self::Redis(store) => store.inspect().raise_dropped(dropped).await,
            Self::Postgres(store) => store.inspect().raise_dropped(dropped).await,
        }
    }

    fn drops_by_itself(&self, kind: Kind) -> bool {
        match self {
            Self::Embedded(store) => store.drops_by_itself(kind),
            Self::Memory(_) => false,
            Self::Redis(store) => store.inspect().drops_by_itself(kind),
            Self::Postgres(store) => store.inspect().drops_by_itself(kind),
        }
    }
}
