//! What a kind of remote store provides.

use core::future::Future;
use core::time::Duration;

use mpass_core::Error;
use mpass_core::store::{Kind, Listed, StoreKey, Swap, Swapped};

use super::node::{Finding, Identity};

/// Why an operation failed.
#[derive(Debug)]
pub(crate) struct Failed {
    /// For the engine.
    pub(crate) error: Error,
    /// For the log, without a value.
    pub(crate) text: String,
    /// Whether the connections are not to be used again.
    pub(crate) breaks: bool,
    /// Whether the time-out has ended it.
    pub(crate) is_late: bool,
}

impl Failed {
    /// Nothing was stored.
    pub(crate) fn not_stored(text: impl Into<String>) -> Self {
        Self {
            error: Error::StoreFailed,
            text: text.into(),
            breaks: false,
            is_late: false,
        }
    }

    /// The same, and the connections are not to be used again.
    pub(crate) fn broken(text: impl Into<String>) -> Self {
        Self {
            breaks: true,
            ..Self::not_stored(text)
        }
    }
}

/// The connections to one node.
pub(crate) trait Link: Send + Sync + 'static {
    /// What identified the node when they were made.
    fn identity(&self) -> &Identity;
    /// Whether a restart of the node keeps what was stored.
    fn survives_restart(&self) -> bool;
    /// What was found when they were made.
    fn findings(&self) -> &[Finding];
    /// Whether one of them is closed.
    fn is_closed(&self) -> bool;
}

/// A kind of remote store.
pub(crate) trait Backend: Send + Sync + 'static {
    type Link: Link;

    /// Its name, for the log.
    const NAME: &'static str;

    /// The longest time of an operation.
    fn timeout(&self) -> Duration;

    /// The error of a swap that was written and not answered: unknown, or failed
    /// where an acknowledgement is configured, because the engine must not read such
    /// a value back from a node that may lose it.
    fn uncertain(&self) -> Error;

    /// Makes the connections and examines the node; an error in one line.
    fn connect(&self) -> impl Future<Output = Result<Self::Link, String>> + Send;

    /// As [`mpass_core::store::Store::load`].
    fn load(
        &self,
        link: &Self::Link,
        kind: Kind,
        key: &StoreKey,
    ) -> impl Future<Output = Result<Option<Vec<u8>>, Failed>> + Send;

    /// As [`mpass_core::store::Store::swap`], with a value whose length is right. After
    /// the time-out its outcome is [`Self::uncertain`], and the connections are dropped.
    fn swap(
        &self,
        link: &Self::Link,
        swap: Swap,
        now_ms: u64,
    ) -> impl Future<Output = Result<Swapped, Failed>> + Send;

    /// As [`mpass_core::store::Store::list`].
    fn list(
        &self,
        link: &Self::Link,
        kind: Kind,
        after: Option<StoreKey>,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<Listed>, Failed>> + Send;

    /// What identifies the node now.
    fn identify(&self, link: &Self::Link) -> impl Future<Output = Result<Identity, Failed>> + Send;

    /// The time of the node, in milliseconds of Unix time.
    fn clock_ms(&self, link: &Self::Link) -> impl Future<Output = Result<u64, Failed>> + Send;

    /// Examines the configuration of the node again; an error refuses it.
    fn examine(
        &self,
        link: &Self::Link,
    ) -> impl Future<Output = Result<Vec<Finding>, Failed>> + Send;

    /// Removes some of what expired more than 24 hours ago.
    fn tidy(&self, link: &Self::Link) -> impl Future<Output = Result<(), Failed>> + Send;

    /// Forgets which values were dropped; see
    /// [`Remote::forget_dropped`](super::Remote::forget_dropped).
    fn forget_dropped(&self, link: &Self::Link) -> impl Future<Output = Result<(), Failed>> + Send;
}
