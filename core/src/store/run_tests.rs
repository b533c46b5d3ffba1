//! Both drivers, with blocking, `Send` and other stores.

use alloc::rc::Rc;
use core::pin::pin;
use core::task::{Context, Poll, Waker};

use super::*;
use crate::store::MemoryStore;
use crate::store::in_flight::stamp_of;
use crate::store::operation::tests::{KEY, NOON, swap, value};
use crate::store::operation::{Decision, Moment, Settle};

type Clock = fn() -> u64;
type Entropy = fn() -> Result<[u8; 32], Error>;

const ENVIRONMENT: (Clock, Entropy) = (|| NOON, || Ok([9; 32]));

/// Takes a value after the current one, with the current stamp as outcome.
fn increment() -> impl Operation<Outcome = u8, Error = Error> + Send {
    Settle::new(
        Kind::State,
        KEY,
        &[9; 32],
        |current: Option<&[u8]>, _: Moment<'_>| {
            let stamp = current.and_then(stamp_of).map_or(0, |stamp| stamp[0]);
            Ok(Decision::Write(swap(current, value(stamp + 1)), stamp))
        },
    )
}

fn ready<F: Future>(future: F) -> F::Output {
    let polled = pin!(future).poll(&mut Context::from_waker(Waker::noop()));
    let Poll::Ready(output) = polled else {
        unreachable!("it waits for nothing");
    };
    output
}

fn sent<F: Future + Send>(future: F) -> F {
    future
}

/// Stores and then fails, or conflicts once, as its fault says.
struct Faulty {
    memory: MemoryStore,
    error: Option<Error>,
}

impl Store for Faulty {
    fn load(&self, kind: Kind, key: &StoreKey) -> Result<Option<Vec<u8>>, Error> {
        self.memory.load(kind, key)
    }

    fn swap(&self, swap: &Swap, now_ms: u64) -> Result<Swapped, Error> {
        let swapped = self.memory.swap(swap, now_ms)?;
        self.error.map_or(Ok(swapped), Err)
    }

    fn list(&self, after: Option<&StoreKey>, limit: u32) -> Result<Vec<Listed>, Error> {
        self.memory.list(after, limit)
    }
}

#[test]
fn a_blocking_store() {
    for error in [None, Some(Error::StoreFailed), Some(Error::StoreUnknown)] {
        let memory = MemoryStore::new(10);
        let store = Faulty { memory, error };
        for outcome in 0..3 {
            assert_eq!(run(&store, &ENVIRONMENT, increment()), Ok(outcome));
        }
        let stored = store.load(Kind::State, &KEY).unwrap();
        assert_eq!(stored, Some(value(3)), "{error:?}");
    }
    let full = MemoryStore::new(0);
    let failed = run(&full, &ENVIRONMENT, increment());
    assert_eq!(failed, Err(Error::StoreFull));
}

struct SendStore(MemoryStore);

impl AsyncStore for SendStore {
    async fn load(&self, kind: Kind, key: StoreKey) -> Result<Option<Vec<u8>>, Error> {
        self.0.load(kind, &key)
    }

    async fn swap(&self, swap: Swap, now_ms: u64) -> Result<Swapped, Error> {
        self.0.swap(&swap, now_ms)
    }

    async fn list(&self, after: Option<StoreKey>, limit: u32) -> Result<Vec<Listed>, Error> {
        self.0.list(after.as_ref(), limit)
    }
}

#[test]
fn an_asynchronous_store_whose_futures_are_send() {
    let store = SendStore(MemoryStore::new(10));
    for outcome in 0..3 {
        let future = sent(run_async(&store, &ENVIRONMENT, increment()));
        assert_eq!(ready(future), Ok(outcome));
    }
}

/// Its futures hold an `Rc` across an await, so they are not `Send`.
struct LocalStore(Rc<MemoryStore>);

impl LocalAsyncStore for LocalStore {
    async fn load(&self, kind: Kind, key: StoreKey) -> Result<Option<Vec<u8>>, Error> {
        let memory = Rc::clone(&self.0);
        core::future::ready(()).await;
        memory.load(kind, &key)
    }

    async fn swap(&self, swap: Swap, now_ms: u64) -> Result<Swapped, Error> {
        let memory = Rc::clone(&self.0);
        core::future::ready(()).await;
        memory.swap(&swap, now_ms)
    }

    async fn list(&self, after: Option<StoreKey>, limit: u32) -> Result<Vec<Listed>, Error> {
        let memory = Rc::clone(&self.0);
        core::future::ready(()).await;
        memory.list(after.as_ref(), limit)
    }
}

#[test]
fn an_asynchronous_store_whose_futures_are_not_send() {
    let store = LocalStore(Rc::new(MemoryStore::new(10)));
    for outcome in 0..3 {
        let future = run_async(&store, &ENVIRONMENT, increment());
        assert_eq!(ready(future), Ok(outcome));
    }
}
