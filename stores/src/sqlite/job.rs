//! What the writer does.

use mpass_core::Error;
use mpass_core::store::{Kind, Swap, Swapped};
use tokio::sync::oneshot;

/// A queued job.
pub(super) struct Job {
    pub(super) work: Work,
    pub(super) answer: oneshot::Sender<Result<Swapped, Error>>,
}

pub(super) enum Work {
    /// A swap, with the time at which it was requested.
    Swap(Swap, u64),
    /// The same among the records of the network.
    SwapNetwork(Swap, u64),
    /// Forget which values were dropped; answered with [`Swapped::Stored`].
    ForgetDropped,
    /// Take over the highest expiry of a dropped value of a kind; answered with
    /// [`Swapped::Stored`].
    DropUntil(Kind, i64),
    /// Write something and free it again; answered with [`Swapped::Stored`].
    Touch,
}
