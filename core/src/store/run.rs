//! Drivers: they run an [`Operation`] on a store.

use alloc::vec::Vec;
use core::future::Future;

use super::operation::{Environment, Operation, Progress};
use super::step::{StoreAnswer, StoreStep};
use super::swap::{Kind, Listed, Store, StoreKey, Swap, Swapped};
use crate::Error;

/// An asynchronous store whose futures are `Send`. Each method has the same
/// contract as in [`Store`].
///
/// A store whose futures are not `Send`, such as one of a single-threaded
/// runtime, implements [`LocalAsyncStore`], which is implemented for every
/// `AsyncStore`.
pub trait AsyncStore {
    /// As [`Store::load`].
    ///
    /// # Errors
    /// As [`Store::load`].
    fn load(
        &self,
        kind: Kind,
        key: StoreKey,
    ) -> impl Future<Output = Result<Option<Vec<u8>>, Error>> + Send;

    /// As [`Store::swap`].
    ///
    /// # Errors
    /// As [`Store::swap`].
    fn swap(&self, swap: Swap, now_ms: u64) -> impl Future<Output = Result<Swapped, Error>> + Send;

    /// As [`Store::list`].
    ///
    /// # Errors
    /// As [`Store::list`].
    fn list(
        &self,
        after: Option<StoreKey>,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<Listed>, Error>> + Send;
}

/// An asynchronous store. Each method has the same contract as in [`Store`].
#[expect(async_fn_in_trait, reason = "the futures may or may not be Send")]
pub trait LocalAsyncStore {
    /// As [`Store::load`].
    ///
    /// # Errors
    /// As [`Store::load`].
    async fn load(&self, kind: Kind, key: StoreKey) -> Result<Option<Vec<u8>>, Error>;

    /// As [`Store::swap`].
    ///
    /// # Errors
    /// As [`Store::swap`].
    async fn swap(&self, swap: Swap, now_ms: u64) -> Result<Swapped, Error>;

    /// As [`Store::list`].
    ///
    /// # Errors
    /// As [`Store::list`].
    async fn list(&self, after: Option<StoreKey>, limit: u32) -> Result<Vec<Listed>, Error>;
}

impl<S: AsyncStore> LocalAsyncStore for S {
    fn load(
        &self,
        kind: Kind,
        key: StoreKey,
    ) -> impl Future<Output = Result<Option<Vec<u8>>, Error>> {
        AsyncStore::load(self, kind, key)
    }

    fn swap(&self, swap: Swap, now_ms: u64) -> impl Future<Output = Result<Swapped, Error>> {
        AsyncStore::swap(self, swap, now_ms)
    }

    fn list(
        &self,
        after: Option<StoreKey>,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<Listed>, Error>> {
        AsyncStore::list(self, after, limit)
    }
}

/// Begins an operation with fresh entropy, which is wiped.
pub(crate) fn begin_fresh<O>(
    environment: &impl Environment,
    begin: impl FnOnce(&[u8; 32]) -> O,
) -> Result<O, Error> {
    let entropy = zeroize::Zeroizing::new(environment.entropy()?);
    Ok(begin(&entropy))
}

/// Runs an operation on a blocking store.
///
/// # Errors
/// As [`Operation::next`].
pub fn run<O: Operation>(
    store: &(impl Store + ?Sized),
    environment: &impl Environment,
    mut operation: O,
) -> Result<O::Outcome, O::Error> {
    let mut answer = StoreAnswer::Begin;
    loop {
        answer = match operation.next(answer, environment.now_ms())? {
            Progress::Done(outcome) => return Ok(outcome),
            Progress::Step(StoreStep::Load { kind, key }) => loaded(store.load(kind, &key)),
            Progress::Step(StoreStep::Swap(swap)) => {
                swapped(store.swap(&swap, environment.now_ms()))
            }
            Progress::Step(StoreStep::List { after, limit }) => {
                listed(store.list(after.as_ref(), limit))
            }
        };
    }
}

/// Runs an operation on an asynchronous store. The future is `Send` if those of
/// the store are.
///
/// Dropping the future cancels the operation; a swap that was already stored,
/// such as a counted attempt, stays stored.
///
/// # Errors
/// As [`Operation::next`].
pub async fn run_async<O: Operation>(
    store: &impl LocalAsyncStore,
    environment: &impl Environment,
    mut operation: O,
) -> Result<O::Outcome, O::Error> {
    let mut answer = StoreAnswer::Begin;
    loop {
        answer = match operation.next(answer, environment.now_ms())? {
            Progress::Done(outcome) => return Ok(outcome),
            Progress::Step(StoreStep::Load { kind, key }) => loaded(store.load(kind, key).await),
            Progress::Step(StoreStep::Swap(swap)) => {
                swapped(store.swap(swap, environment.now_ms()).await)
            }
            Progress::Step(StoreStep::List { after, limit }) => {
                listed(store.list(after, limit).await)
            }
        };
    }
}

fn loaded(result: Result<Option<Vec<u8>>, Error>) -> StoreAnswer {
    result.map_or(StoreAnswer::Failed, StoreAnswer::Loaded)
}

fn listed(result: Result<Vec<Listed>, Error>) -> StoreAnswer {
    result.map_or(StoreAnswer::Failed, StoreAnswer::Listed)
}

fn swapped(result: Result<Swapped, Error>) -> StoreAnswer {
    match result {
        Ok(Swapped::Stored) => StoreAnswer::Stored,
        Ok(Swapped::Conflict(current)) => StoreAnswer::Conflict(current),
        Ok(Swapped::Expired) => StoreAnswer::Expired,
        Err(Error::StoreUnknown) => StoreAnswer::Unknown,
        Err(Error::StoreFull) => StoreAnswer::Full,
        Err(_) => StoreAnswer::Failed,
    }
}

#[cfg(all(test, feature = "std"))]
#[path = "run_tests.rs"]
mod tests;
