//! The id of a request, which joins the lines of the log about it.

use core::fmt;
use core::sync::atomic::{AtomicU64, Ordering};
use std::sync::LazyLock;

/// The id of a request: unique in a process, and most likely among processes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RequestId(u64);

/// The next id. It begins at random, so that the ids of a restarted server are
/// others.
static NEXT: LazyLock<AtomicU64> = LazyLock::new(|| {
    let mut bytes = [0; 8];
    // Without randomness the ids are still unique in this process.
    let _ = getrandom::fill(&mut bytes);
    AtomicU64::new(u64::from_ne_bytes(bytes))
});

tokio::task_local! {
    static CURRENT: RequestId;
}

impl RequestId {
    /// A new id.
    pub(crate) fn new() -> Self {
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }

    /// Runs the work of the request, in which [`Self::current`] is this id.
    pub(crate) fn scope<F: Future>(self, work: F) -> impl Future<Output = F::Output> {
        // An async function would hold the work twice.
        CURRENT.scope(self, work)
    }

    /// The id of the request that the current task works for.
    pub(crate) fn current() -> Option<Self> {
        CURRENT.try_with(|id| *id).ok()
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}
