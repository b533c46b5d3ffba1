//! A store with faults, and its clock.

use alloc::vec::Vec;
use core::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::collections::VecDeque;
use std::sync::Mutex;

use super::NOON;
use crate::Error;
use crate::challenge::{Challenge, Issued, Verdict};
use crate::store::{AsyncStore, Kind, Listed, MemoryStore, Store, StoreKey, Swap, Swapped};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    None,
    /// The answer comes this much later.
    Slow(u64),
    Fail,
    Conflict,
    StoredUnknown,
    LostUnknown,
    /// The value is stored, and the store reports a failure.
    StoredFail,
}

/// A store with planned faults and the clock that they move.
pub(super) struct Slow {
    pub(super) store: MemoryStore,
    faults: Mutex<VecDeque<Fault>>,
    pub(super) now_ms: AtomicU64,
    draws: AtomicU64,
    /// When the last value was returned.
    pub(super) read_at_ms: AtomicU64,
}

impl Slow {
    pub(super) fn new() -> Self {
        Self {
            store: MemoryStore::new(1000),
            faults: Mutex::default(),
            now_ms: AtomicU64::new(NOON),
            draws: AtomicU64::new(0),
            read_at_ms: AtomicU64::new(0),
        }
    }

    pub(super) fn plan(&self, faults: &[Fault]) {
        *self.faults.lock().unwrap() = faults.iter().copied().collect();
    }

    pub(super) fn pass(&self, ms: u64) {
        self.now_ms.fetch_add(ms, SeqCst);
    }

    pub(super) fn environment(&self) -> (impl Fn() -> u64, impl Fn() -> Result<[u8; 32], Error>) {
        let entropy = || {
            let mut entropy = [0xe5; 32];
            entropy[..8].copy_from_slice(&self.draws.fetch_add(1, SeqCst).to_be_bytes());
            Ok(entropy)
        };
        (|| self.now_ms.load(SeqCst), entropy)
    }

    fn fault(&self) -> Fault {
        let fault = self.faults.lock().unwrap().pop_front();
        fault.unwrap_or(Fault::None)
    }

    fn read(&self) {
        self.read_at_ms.store(self.now_ms.load(SeqCst), SeqCst);
    }

    pub(super) fn issue(&self, challenge: &Challenge<'_>) -> Issued {
        let issued = challenge.issuing().run(self, &self.environment());
        issued.unwrap().unwrap()
    }

    pub(super) fn attempt(&self, challenge: &Challenge<'_>, typed: &str) -> Result<Verdict, Error> {
        challenge.attempting(typed).run(self, &self.environment())
    }
}

impl Store for Slow {
    fn load(&self, kind: Kind, key: &StoreKey) -> Result<Option<Vec<u8>>, Error> {
        let value = self.store.load(kind, key);
        match self.fault() {
            Fault::Slow(ms) => self.pass(ms),
            Fault::Fail => return Err(Error::StoreFailed),
            _ => {}
        }
        self.read();
        value
    }

    fn swap(&self, swap: &Swap, now_ms: u64) -> Result<Swapped, Error> {
        let fault = self.fault();
        match fault {
            Fault::Slow(ms) => self.pass(ms),
            Fault::Fail => return Err(Error::StoreFailed),
            Fault::LostUnknown => return Err(Error::StoreUnknown),
            Fault::Conflict => {
                self.read();
                return Ok(Swapped::Conflict(self.store.load(swap.kind, &swap.key)?));
            }
            _ => {}
        }
        let swapped = self.store.swap(swap, now_ms)?;
        match (fault, &swapped) {
            (Fault::StoredUnknown, _) => return Err(Error::StoreUnknown),
            (Fault::StoredFail, _) => return Err(Error::StoreFailed),
            (_, Swapped::Conflict(_)) => self.read(),
            _ => {}
        }
        Ok(swapped)
    }

    fn list(&self, after: Option<&StoreKey>, limit: u32) -> Result<Vec<Listed>, Error> {
        self.store.list(after, limit)
    }
}

impl AsyncStore for Slow {
    async fn load(&self, kind: Kind, key: StoreKey) -> Result<Option<Vec<u8>>, Error> {
        Store::load(self, kind, &key)
    }

    async fn swap(&self, swap: Swap, now_ms: u64) -> Result<Swapped, Error> {
        Store::swap(self, &swap, now_ms)
    }

    async fn list(&self, after: Option<StoreKey>, limit: u32) -> Result<Vec<Listed>, Error> {
        Store::list(self, after.as_ref(), limit)
    }
}
