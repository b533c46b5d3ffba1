//! A store behind a network, from its backend.

use core::fmt;
use core::future::Future;
use core::time::Duration;
use std::io;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use mpass_core::Error;
use mpass_core::store::{
    AsyncStore, Kind, Listed, MAX_DOCUMENT_LEN, MAX_STATE_LEN, StoreKey, Swap, Swapped,
};
use tokio::time::{MissedTickBehavior, interval, timeout};

use super::backend::{Backend, Failed};
use super::io::Io;
use super::links::{Links, Use};
use super::node::{Admission, Node};

/// How often the identity of the node is compared.
const COMPARE: Duration = Duration::from_secs(1);
/// Its configuration is examined each time that it was compared this often.
const EXAMINE: u32 = 60;

/// A store behind a network: [`RedisStore`](crate::redis::RedisStore) or
/// [`PostgresStore`](crate::postgres::PostgresStore).
///
/// Opened within a multi-threaded Tokio runtime, its connections run on that, which
/// needs its drivers (`enable_all`) and must outlive the store; opened elsewhere, they
/// run on a thread of their own. Its futures can be polled by any executor.
///
/// Each operation ends within the time-out of the settings. A swap whose future is
/// dropped may or may not be stored; it is not cancelled. Connections are made again when
/// they are needed; nothing is sent twice.
///
/// As a [`Store`](mpass_core::store::Store), it blocks the calling thread.
#[expect(private_bounds, reason = "the backends are those of this crate")]
pub struct Remote<B: Backend> {
    pub(super) io: Io,
    pub(super) inner: Arc<Inner<B>>,
}

pub(super) struct Inner<B: Backend> {
    pub(super) backend: B,
    pub(super) links: Links<B>,
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
        self.inner.links.admitted().is_some()
    }

    /// Answers from this node from now on. `false` if connections were made again
    /// since it was examined: examine that one.
    pub fn admit(&self, node: &Node) -> bool {
        self.inner.links.admit(node)
    }

    /// Answers no more, until a node is admitted again: for a store whose contents were
    /// moved. The outcome of a swap that has not ended is not told.
    pub fn leave(&self) {
        self.inner.links.leave();
    }

    /// Why the last operation failed, in one line without a value; `None` if it did
    /// not.
    #[must_use]
    pub fn failure(&self) -> Option<String> {
        self.inner.failure().clone()
    }

    /// The time of the node that the store answers from, in milliseconds of Unix time.
    ///
    /// # Errors
    /// [`Error::StoreFailed`].
    pub async fn clock_ms(&self) -> Result<u64, Error> {
        let inner = Arc::clone(&self.inner);
        let ask = async move {
            let link = inner.link(Use::Requests).await?;
            let ask = inner.backend.clock_ms(&link);
            let answered = inner.within(ask).await;
            inner.settle(&link, answered)
        };
        self.io.run(ask).await.unwrap_or(Err(CLOSED))
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

    /// The connections. Their making does not end with the caller's future, so that
    /// callers who leave early do not keep others from them.
    async fn connections(&self, purpose: Use) -> Result<Arc<B::Link>, Error> {
        if let Some(open) = self.inner.links.open(purpose) {
            return open.map_err(|failed| self.inner.failed(failed));
        }
        let inner = Arc::clone(&self.inner);
        let connect = async move { inner.link(purpose).await };
        self.io.run(connect).await.unwrap_or(Err(CLOSED))
    }

    pub(super) async fn load_for(
        &self,
        purpose: Use,
        kind: Kind,
        key: StoreKey,
    ) -> Result<Option<Vec<u8>>, Error> {
        let link = self.connections(purpose).await?;
        self.io.here(self.inner.load(&link, kind, &key)).await
    }

    pub(super) async fn swap_for(
        &self,
        purpose: Use,
        swap: Swap,
        now_ms: u64,
    ) -> Result<Swapped, Error> {
        let link = self.connections(purpose).await?;
        let swapped = self.inner.swap(purpose, &link, swap, now_ms);
        self.io.here(swapped).await
    }

    pub(super) async fn list_for(
        &self,
        purpose: Use,
        after: Option<StoreKey>,
        limit: u32,
    ) -> Result<Vec<Listed>, Error> {
        let link = self.connections(purpose).await?;
        let list = self.inner.list(&link, Kind::Document, after, limit);
        self.io.here(list).await
    }
}

impl<B: Backend> Inner<B> {
    fn failure(&self) -> std::sync::MutexGuard<'_, Option<String>> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) async fn link(&self, purpose: Use) -> Result<Arc<B::Link>, Error> {
        let link = self.links.get(&self.backend, purpose).await;
        link.map_err(|failed| self.failed(failed))
    }

    pub(super) async fn load(
        &self,
        link: &Arc<B::Link>,
        kind: Kind,
        key: &StoreKey,
    ) -> Result<Option<Vec<u8>>, Error> {
        let loaded = self.within(self.backend.load(link, kind, key)).await;
        self.settle(link, loaded)
    }

    pub(super) async fn swap(
        &self,
        purpose: Use,
        link: &Arc<B::Link>,
        swap: Swap,
        now_ms: u64,
    ) -> Result<Swapped, Error> {
        let longest = match swap.kind {
            Kind::State => MAX_STATE_LEN,
            Kind::Document => MAX_DOCUMENT_LEN,
        };
        if swap.value.len() > longest {
            return Err(Error::StoreFailed);
        }
        let swapped = self.within(self.backend.swap(link, swap, now_ms)).await;
        let mut swapped = swapped.map_err(|failed| match failed.is_late {
            true => self.uncertain(failed.text),
            false => failed,
        });
        // A node that was left meanwhile may lose it.
        if purpose != Use::Inspection && swapped.is_ok() && !self.links.is_in_use(link) {
            swapped = Err(self.uncertain("the node was left during a swap".to_owned()));
        }
        self.settle(link, swapped)
    }

    pub(super) async fn list(
        &self,
        link: &Arc<B::Link>,
        kind: Kind,
        after: Option<StoreKey>,
        limit: u32,
    ) -> Result<Vec<Listed>, Error> {
        // Many commands, each with its own time-out.
        let listed = self.backend.list(link, kind, after, limit).await;
        self.settle(link, listed)
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

    pub(super) fn settle<T>(
        &self,
        link: &Arc<B::Link>,
        result: Result<T, Failed>,
    ) -> Result<T, Error> {
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

    pub(super) async fn within<T>(
        &self,
        work: impl Future<Output = Result<T, Failed>>,
    ) -> Result<T, Failed> {
        let late = |_| Failed {
            is_late: true,
            ..Failed::broken("no answer within the time-out")
        };
        timeout(self.backend.timeout(), work).await.map_err(late)?
    }

    /// A swap that was written, and whose outcome is not known.
    fn uncertain(&self, text: String) -> Failed {
        Failed {
            error: self.backend.uncertain(),
            ..Failed::broken(text)
        }
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
        if self.settle_quietly(&link, compared).is_none() || self.links.admitted().is_none() {
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

pub(super) const CLOSED: Error = Error::StoreFailed;

impl<B: Backend> AsyncStore for Remote<B> {
    async fn load(&self, kind: Kind, key: StoreKey) -> Result<Option<Vec<u8>>, Error> {
        self.load_for(Use::Requests, kind, key).await
    }

    async fn swap(&self, swap: Swap, now_ms: u64) -> Result<Swapped, Error> {
        self.swap_for(Use::Requests, swap, now_ms).await
    }

    async fn list(&self, after: Option<StoreKey>, limit: u32) -> Result<Vec<Listed>, Error> {
        self.list_for(Use::Requests, after, limit).await
    }
}
