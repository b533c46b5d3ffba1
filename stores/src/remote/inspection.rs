//! Stores for one use: by the host that examines a node, and by a request that stays on
//! the connections that it began on.

use core::future::Future;
use std::sync::Arc;

use mpass_core::Error;
use mpass_core::store::{AsyncStore, Kind, Listed, StoreKey, Swap, Swapped};

use super::backend::{Backend, Failed};
use super::links::Use;
use super::store::{CLOSED, Inner, Remote};

/// A store for the host that examines a node: it answers also before the node is
/// admitted. See [`Remote::inspect`].
#[expect(private_bounds, reason = "the backends are those of this crate")]
#[derive(Debug)]
pub struct Inspection<'a, B: Backend>(&'a Remote<B>);

#[expect(private_bounds, reason = "the backends are those of this crate")]
impl<B: Backend> Remote<B> {
    /// The store for the host that examines a node that is not admitted.
    #[must_use]
    pub fn inspect(&self) -> Inspection<'_, B> {
        Inspection(self)
    }

    /// The number of the connections that the store answers from; `None` while no node
    /// is admitted.
    #[must_use]
    pub fn link(&self) -> Option<u64> {
        self.inner.links.admitted()
    }

    /// The store for a request that began on the connections of a number: it fails once
    /// there are others, which may be to a node that lacks what the request has read, or
    /// for which what was issued before is void.
    #[must_use]
    pub fn on_link(&self, number: u64) -> Bound<'_, B> {
        Bound(self, Use::Link(number))
    }
}

/// A store for a request. See [`Remote::on_link`].
#[expect(private_bounds, reason = "the backends are those of this crate")]
#[derive(Debug)]
pub struct Bound<'a, B: Backend>(&'a Remote<B>, Use);

impl<B: Backend> AsyncStore for Bound<'_, B> {
    async fn load(&self, kind: Kind, key: StoreKey) -> Result<Option<Vec<u8>>, Error> {
        self.0.load_for(self.1, kind, key).await
    }

    async fn swap(&self, swap: Swap, now_ms: u64) -> Result<Swapped, Error> {
        self.0.swap_for(self.1, swap, now_ms).await
    }

    async fn list(&self, after: Option<StoreKey>, limit: u32) -> Result<Vec<Listed>, Error> {
        self.0.list_for(self.1, after, limit).await
    }
}

#[expect(private_bounds, reason = "the backends are those of this crate")]
impl<B: Backend> Inspection<'_, B> {
    /// Performs work on the connections, also on a node that is not admitted.
    pub(super) async fn perform<T, F>(
        &self,
        work: impl FnOnce(Arc<Inner<B>>, Arc<B::Link>) -> F + Send + 'static,
    ) -> Result<T, Error>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, Failed>> + Send + 'static,
    {
        let inner = Arc::clone(&self.0.inner);
        let perform = async move {
            let link = inner.link(Use::Inspection).await?;
            let performed = work(Arc::clone(&inner), Arc::clone(&link)).await;
            inner.settle(&link, performed)
        };
        self.0.io.run(perform).await.unwrap_or(Err(CLOSED))
    }
}

impl<B: Backend> AsyncStore for Inspection<'_, B> {
    async fn load(&self, kind: Kind, key: StoreKey) -> Result<Option<Vec<u8>>, Error> {
        self.0.load_for(Use::Inspection, kind, key).await
    }

    async fn swap(&self, swap: Swap, now_ms: u64) -> Result<Swapped, Error> {
        self.0.swap_for(Use::Inspection, swap, now_ms).await
    }

    async fn list(&self, after: Option<StoreKey>, limit: u32) -> Result<Vec<Listed>, Error> {
        self.0.list_for(Use::Inspection, after, limit).await
    }
}
