//! A store behind a network, from its backend.

use core::fmt;
use core::future::Future;
use core::time::Duration;
use std::io;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use mpass_core::Error;
use mpass_core::store::{
    AsyncStore, Kind, Listed, MAX_DOCUMENT_LEN, MAX_STATE_LEN, Store, StoreKey, Swap, Swapped,
};
use tokio::time::{MissedTickBehavior, interval, timeout};

use super::backend::{Backend, Failed};
use super::io::Io;
use super::links::{Links, Use};
use super::node::{Admission, Node};
use crate::states::States;

/// How often the identity of the node is compared.
const COMPARE: Duration = Duration::from_secs(1);
/// Its configuration is examined each time that it was compared this often.
const EXAMINE: u32 = 60;

/// A store behind a network: [`RedisStore`](crate::redis::RedisStore) or
/// [`PostgresStore`](crate::postgres::PostgresStore).
///
/// Operations run on a thread of their own to their end, also if the caller's future
/// is dropped. Each ends within the time-out of the settings. Connections are made
/// again when they are needed; nothing is sent twice.
///
/// As a [`Store`], it blocks the calling thread.
#[expect(private_bounds, reason = "the backends are those of this crate")]
pub struct Remote<B: Backend> {
    io: Io,
    inner: Arc<Inner<B>>,
}

struct Inner<B: Backend> {
    backend: B,
    links: Links<B>,
    /// Why the last operation failed; `None` if it did not.
    failure: Mutex<Option<String>>,
}

impl<B: Backend> fmt::Debug for Remote<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple(B::NAME).finish_non_exhaustive()
    }
}

#[expect(private_bounds, reason = "the backends are those of this crate")]
impl<B: Backend> Remote<B> {
    pub(crate) fn start(backend: B, admission: Admission) -> io::Result<Self> {
        let io = Io::start(B::NAME)?;
        let inner = Arc::new(Inner {
            backend,
            links: Links::new(admission),
            failure: Mutex::default(),
        });
        io.spawn(watch(Arc::downgrade(&inner)));
        Ok(Self { io, inner })
    }

    /// The node that the store is connected to; connects if it is not.
    ///
    /// # Errors
    /// Why there is no connection, or why the node is refused, in one line.
    pub async fn node(&self) -> Result<Node, String> {
        let inner = Arc::clone(&self.inner);
        let node = async move {
            let open = inner.links.get(&inner.backend, Use::Inspection).await;
            open.map_err(|failed| failed.text)?;
            let closed = || "the connection was closed".to_owned();
            inner.links.node().ok_or_else(closed)
        };
        let ended = || Err("the store was closed".to_owned());
        self.io.run(node).await.unwrap_or_else(ended)
    }

    /// Whether the store answers from the node that it is connected to.
    #[must_use]
    pub fn is_admitted(&self) -> bool {
        self.inner.links.is_admitted()
    }

    /// Answers from this node from now on. `false` if connections were made again
    /// since it was examined: examine that one.
    pub fn admit(&self, node: &Node) -> bool {
        self.inner.links.admit(node)
    }

    /// The store for the host that examines a node that is not admitted.
    #[must_use]
    pub fn inspect(&self) -> View<'_, B> {
        View(self, Use::Inspection)
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
    pub fn on_link(&self, number: u64) -> View<'_, B> {
        View(self, Use::Link(number))
    }

    /// Why the last operation failed, in one line without a value; `None` if it did
    /// not.
    #[must_use]
    pub fn failure(&self) -> Option<String> {
        self.inner.failure().clone()
    }

    /// Forgets which values were dropped, so that no insert is
    /// [`Swapped::Expired`]. For a store whose earlier values are void.
    ///
    /// # Errors
    /// [`Error::StoreFailed`].
    pub async fn forget_dropped(&self) -> Result<(), Error> {
        let inner = Arc::clone(&self.inner);
        let forget = async move {
            let link = inner.link(Use::Inspection).await?;
            let forget = inner.backend.forget_dropped(&link);
            let forgotten = inner.within(forget).await;
            inner.settle(&link, forgotten)
        };
        self.io.run(forget).await.unwrap_or(Err(CLOSED))
    }

    fn load_task(
        &self,
        purpose: Use,
        kind: Kind,
        key: StoreKey,
    ) -> impl Future<Output = Result<Option<Vec<u8>>, Error>> + Send + 'static {
        let inner = Arc::clone(&self.inner);
        async move {
            let link = inner.link(purpose).await?;
            let load = inner.backend.load(&link, kind, &key);
            let loaded = inner.within(load).await;
            inner.settle(&link, loaded)
        }
    }

    fn swap_task(
        &self,
        purpose: Use,
        swap: Swap,
        now_ms: u64,
    ) -> impl Future<Output = Result<Swapped, Error>> + Send + 'static {
        let inner = Arc::clone(&self.inner);
        async move {
            let longest = match swap.kind {
                Kind::State => MAX_STATE_LEN,
                Kind::Document => MAX_DOCUMENT_LEN,
            };
            if swap.value.len() > longest {
                return Err(Error::StoreFailed);
            }
            let link = inner.link(purpose).await?;
            let swapped = inner.backend.swap(&link, swap, now_ms).await;
            inner.settle(&link, swapped)
        }
    }

    fn list_task(
        &self,
        purpose: Use,
        kind: Kind,
        after: Option<StoreKey>,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<Listed>, Error>> + Send + 'static {
        let inner = Arc::clone(&self.inner);
        async move {
            let link = inner.link(purpose).await?;
            // Many commands, each with its own time-out.
            let listed = inner.backend.list(&link, kind, after, limit).await;
            inner.settle(&link, listed)
        }
    }
}

impl<B: Backend> Inner<B> {
    fn failure(&self) -> std::sync::MutexGuard<'_, Option<String>> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn link(&self, purpose: Use) -> Result<Arc<B::Link>, Error> {
        let link = self.links.get(&self.backend, purpose).await;
        link.map_err(|failed| self.failed(failed))
    }

    /// Records a failure; the first of consecutive ones is logged.
    fn failed(&self, failed: Failed) -> Error {
        let mut last = self.failure();
        if last.as_ref() != Some(&failed.text) {
            tracing::error!(reason = failed.text, "the {} store failed", B::NAME);
        }
        *last = Some(failed.text);
        failed.error
    }

    fn settle<T>(&self, link: &Arc<B::Link>, result: Result<T, Failed>) -> Result<T, Error> {
        match result {
            Ok(value) => {
                let mut last = self.failure();
                if last.take().is_some() {
                    tracing::info!("the {} store works again", B::NAME);
                }
                Ok(value)
            }
            Err(failed) => {
                if failed.breaks {
                    self.links.drop_link(link);
                }
                Err(self.failed(failed))
            }
        }
    }

    async fn within<T>(&self, work: impl Future<Output = Result<T, Failed>>) -> Result<T, Failed> {
        let late = |_| Failed::broken("no answer within the time-out");
        timeout(self.backend.timeout(), work).await.map_err(late)?
    }

    /// Compares the node and, at times, examines its configuration.
    async fn look(&self, examines: bool) {
        let Ok(link) = self.links.get(&self.backend, Use::Inspection).await else {
            return;
        };
        let identity = self.within(self.backend.identify(&link)).await;
        let compared = identity.and_then(|identity| match identity == *link_identity::<B>(&link) {
            true => Ok(()),
            false => Err(Failed::broken("the identity of the node has changed")),
        });
        if self.settle_quietly(&link, compared).is_none() || !self.links.is_admitted() {
            return;
        }
        if examines {
            let examined = self.within(self.backend.examine(&link)).await;
            if let Some(findings) = self.settle_quietly(&link, examined) {
                self.links.set_findings(findings);
            }
        }
        let tidied = self.within(self.backend.tidy(&link)).await;
        self.settle_quietly(&link, tidied);
    }

    /// As [`Self::settle`], for what the store does by itself: its success does not
    /// mean that swaps succeed.
    fn settle_quietly<T>(&self, link: &Arc<B::Link>, result: Result<T, Failed>) -> Option<T> {
        result
            .map_err(|failed| {
                if failed.breaks {
                    self.links.drop_link(link);
                }
                self.failed(failed)
            })
            .ok()
    }
}

fn link_identity<B: Backend>(link: &B::Link) -> &super::node::Identity {
    super::backend::Link::identity(link)
}

/// Looks at the node until the store is dropped.
async fn watch<B: Backend>(store: Weak<Inner<B>>) {
    let mut ticks = interval(COMPARE);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut count = 0_u32;
    loop {
        ticks.tick().await;
        count = count.wrapping_add(1);
        let Some(store) = store.upgrade() else {
            return;
        };
        store.look(count.is_multiple_of(EXAMINE)).await;
    }
}

const CLOSED: Error = Error::StoreFailed;

impl<B: Backend> AsyncStore for Remote<B> {
    async fn load(&self, kind: Kind, key: StoreKey) -> Result<Option<Vec<u8>>, Error> {
        let task = self.load_task(Use::Requests, kind, key);
        self.io.run(task).await.unwrap_or(Err(CLOSED))
    }

    async fn swap(&self, swap: Swap, now_ms: u64) -> Result<Swapped, Error> {
        let task = self.swap_task(Use::Requests, swap, now_ms);
        let lost = self.inner.backend.uncertain();
        self.io.run(task).await.unwrap_or(Err(lost))
    }

    async fn list(&self, after: Option<StoreKey>, limit: u32) -> Result<Vec<Listed>, Error> {
        let task = self.list_task(Use::Requests, Kind::Document, after, limit);
        self.io.run(task).await.unwrap_or(Err(CLOSED))
    }
}

impl<B: Backend> Store for Remote<B> {
    fn load(&self, kind: Kind, key: &StoreKey) -> Result<Option<Vec<u8>>, Error> {
        let task = self.load_task(Use::Requests, kind, *key);
        self.io.block(task).unwrap_or(Err(CLOSED))
    }

    fn swap(&self, swap: &Swap, now_ms: u64) -> Result<Swapped, Error> {
        let task = self.swap_task(Use::Requests, swap.clone(), now_ms);
        let lost = self.inner.backend.uncertain();
        self.io.block(task).unwrap_or(Err(lost))
    }

    fn list(&self, after: Option<&StoreKey>, limit: u32) -> Result<Vec<Listed>, Error> {
        let task = self.list_task(Use::Requests, Kind::Document, after.copied(), limit);
        self.io.block(task).unwrap_or(Err(CLOSED))
    }
}

impl<B: Backend> States for Remote<B> {
    fn states(&self, after: Option<&StoreKey>, limit: u32) -> Result<Vec<Listed>, Error> {
        let task = self.list_task(Use::Inspection, Kind::State, after.copied(), limit);
        self.io.block(task).unwrap_or(Err(CLOSED))
    }

    fn layout(&self) -> Option<i32> {
        Some(1)
    }
}

/// A store for one use of it. See [`Remote::inspect`] and [`Remote::on_link`].
#[expect(private_bounds, reason = "the backends are those of this crate")]
#[derive(Debug)]
pub struct View<'a, B: Backend>(&'a Remote<B>, Use);

impl<B: Backend> AsyncStore for View<'_, B> {
    async fn load(&self, kind: Kind, key: StoreKey) -> Result<Option<Vec<u8>>, Error> {
        let task = self.0.load_task(self.1, kind, key);
        self.0.io.run(task).await.unwrap_or(Err(CLOSED))
    }

    async fn swap(&self, swap: Swap, now_ms: u64) -> Result<Swapped, Error> {
        let task = self.0.swap_task(self.1, swap, now_ms);
        let lost = self.0.inner.backend.uncertain();
        self.0.io.run(task).await.unwrap_or(Err(lost))
    }

    async fn list(&self, after: Option<StoreKey>, limit: u32) -> Result<Vec<Listed>, Error> {
        let task = self.0.list_task(self.1, Kind::Document, after, limit);
        self.0.io.run(task).await.unwrap_or(Err(CLOSED))
    }
}
