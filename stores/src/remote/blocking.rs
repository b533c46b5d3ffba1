//! A store behind a network that blocks the calling thread.

use std::sync::Arc;

use mpass_core::Error;
use mpass_core::store::{Kind, Listed, Store, StoreKey, Swap, Swapped};

use super::backend::Backend;
use super::links::Use;
use super::store::{CLOSED, Remote};
use crate::states::States;

#[expect(private_bounds, reason = "the backends are those of this crate")]
impl<B: Backend> Remote<B> {
    fn list_blocking(
        &self,
        purpose: Use,
        kind: Kind,
        after: Option<StoreKey>,
        limit: u32,
    ) -> Result<Vec<Listed>, Error> {
        let inner = Arc::clone(&self.inner);
        let list = async move {
            let link = inner.link(purpose).await?;
            inner.list(&link, kind, after, limit).await
        };
        self.io.block(list).unwrap_or(Err(CLOSED))
    }
}

impl<B: Backend> Store for Remote<B> {
    fn load(&self, kind: Kind, key: &StoreKey) -> Result<Option<Vec<u8>>, Error> {
        let (inner, key) = (Arc::clone(&self.inner), *key);
        let load = async move {
            let link = inner.link(Use::Requests).await?;
            inner.load(&link, kind, &key).await
        };
        self.io.block(load).unwrap_or(Err(CLOSED))
    }

    fn swap(&self, swap: &Swap, now_ms: u64) -> Result<Swapped, Error> {
        let (inner, swap) = (Arc::clone(&self.inner), swap.clone());
        let perform = async move {
            let link = inner.link(Use::Requests).await?;
            inner.swap(Use::Requests, &link, swap, now_ms).await
        };
        let lost = self.inner.backend.uncertain();
        self.io.block(perform).unwrap_or(Err(lost))
    }

    fn list(&self, after: Option<&StoreKey>, limit: u32) -> Result<Vec<Listed>, Error> {
        self.list_blocking(Use::Requests, Kind::Document, after.copied(), limit)
    }
}

impl<B: Backend> States for Remote<B> {
    fn states(&self, after: Option<&StoreKey>, limit: u32) -> Result<Vec<Listed>, Error> {
        self.list_blocking(Use::Inspection, Kind::State, after.copied(), limit)
    }

    fn layout(&self) -> Option<i32> {
        Some(1)
    }
}
