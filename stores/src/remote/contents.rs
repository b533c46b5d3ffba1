//! The whole contents of a store behind a network, for a copy.

use core::future::Future;

use mpass_core::Error;
use mpass_core::store::{AsyncStore, Kind, StoreKey, Swap, Swapped};

use super::backend::{Backend, Failed};
use super::inspection::Inspection;
use crate::copy::{Contents, Dropped, Record};

/// What a copy needs from a backend.
pub(crate) trait Bulk: Backend {
    /// As [`Contents::records`]. Has its own time-outs.
    fn records(
        &self,
        link: &Self::Link,
        kind: Kind,
        after: Option<StoreKey>,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<Record>, Failed>> + Send;

    /// As [`Contents::insert`]. Has its own time-outs.
    fn insert(
        &self,
        link: &Self::Link,
        kind: Kind,
        records: Vec<Record>,
        now_ms: u64,
    ) -> impl Future<Output = Result<u64, Failed>> + Send;

    /// As [`Contents::dropped`].
    fn dropped(
        &self,
        link: &Self::Link,
        now_ms: u64,
    ) -> impl Future<Output = Result<Dropped, Failed>> + Send;

    /// As [`Contents::raise_dropped`].
    fn raise_dropped(
        &self,
        link: &Self::Link,
        dropped: Dropped,
    ) -> impl Future<Output = Result<bool, Failed>> + Send;

    /// As [`Contents::drops_by_itself`].
    fn drops_by_itself(kind: Kind) -> bool;
}

impl<B: Bulk> Contents for Inspection<'_, B> {
    async fn load(&self, kind: Kind, key: StoreKey) -> Result<Option<Vec<u8>>, Error> {
        AsyncStore::load(self, kind, key).await
    }

    async fn swap(&self, swap: Swap, now_ms: u64) -> Result<Swapped, Error> {
        AsyncStore::swap(self, swap, now_ms).await
    }

    async fn records(
        &self,
        kind: Kind,
        after: Option<StoreKey>,
        limit: u32,
    ) -> Result<Vec<Record>, Error> {
        self.perform(move |inner, link| async move {
            inner.backend.records(&link, kind, after, limit).await
        })
        .await
    }

    async fn insert(&self, kind: Kind, records: Vec<Record>, now_ms: u64) -> Result<u64, Error> {
        self.perform(move |inner, link| async move {
            inner.backend.insert(&link, kind, records, now_ms).await
        })
        .await
    }

    async fn dropped(&self, now_ms: u64) -> Result<Dropped, Error> {
        self.perform(move |inner, link| async move {
            let dropped = inner.backend.dropped(&link, now_ms);
            inner.within(dropped).await
        })
        .await
    }

    async fn raise_dropped(&self, dropped: Dropped) -> Result<bool, Error> {
        self.perform(move |inner, link| async move {
            let raise = inner.backend.raise_dropped(&link, dropped);
            inner.within(raise).await
        })
        .await
    }

    fn drops_by_itself(&self, kind: Kind) -> bool {
        B::drops_by_itself(kind)
    }
}
