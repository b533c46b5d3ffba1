//! An in-memory store, for tests, demos and hosts that do not need durability.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use hashbrown::HashTable;

use super::{Kind, MAX_STATE_LEN, MAX_TENANT_LEN, NEVER, Store, StoreKey, Swap, Swapped};
use crate::Error;

/// The number of locks over which keys are distributed.
const SHARDS: usize = 64;
/// Slots per allocation, 32 KiB. Allocating in chunks means that a shard never
/// copies its values to grow and holds at most one unused chunk.
const CHUNK: usize = 256;
/// Slots that each swap checks for expiry. Every swap adds at most one value,
/// so expired values that are not yet dropped stay below a third of the live
/// ones.
const LOOKS: usize = 4;

/// An in-memory [`Store`] that drops expired values, and returns an error when
/// it is full. It never evicts live values.
///
/// Its contents are lost when the process ends, including the counts of
/// attempts. A state takes about 140 bytes in total.
///
/// A value is dropped only by a swap whose `now_ms` has reached its expiry. If
/// the clock jumps ahead, values up to that time are dropped while it is ahead,
/// but not after it has been set back.
pub struct MemoryStore {
    shards: Box<[Mutex<Shard>]>,
    tenants: Mutex<BTreeMap<StoreKey, Box<[u8]>>>,
    /// The number of values of both kinds. Incremented before a value is
    /// inserted.
    len: AtomicUsize,
    capacity: usize,
}

impl core::fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("MemoryStore")
            .field("len", &self.len())
            .field("capacity", &self.capacity)
            .finish_non_exhaustive()
    }
}

impl MemoryStore {
    /// Creates an empty store for at most `capacity` values of both kinds
    /// together. Memory is allocated as values are added.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self {
            shards: (0..SHARDS).map(|_| Mutex::new(Shard::new())).collect(),
            tenants: Mutex::new(BTreeMap::new()),
            len: AtomicUsize::new(0),
            capacity,
        }
    }

    /// The number of values, including expired ones that are not yet dropped.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len.load(Ordering::Relaxed)
    }

    /// Whether the store is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All values of [`Kind::Tenant`], in the order of their keys.
    #[must_use]
    pub fn tenants(&self) -> Vec<(StoreKey, Vec<u8>)> {
        let tenants = lock(&self.tenants);
        tenants.iter().map(|(k, v)| (*k, v.to_vec())).collect()
    }

    fn shard(&self, key: &StoreKey) -> Option<&Mutex<Shard>> {
        // The index hashes the first 8 bytes, so the shard is selected by
        // another byte.
        self.shards.get(usize::from(key.0[15]) % SHARDS)
    }

    /// Reserves capacity for a new value. Returns whether there was any.
    fn reserve(&self) -> bool {
        let taken = |n: usize| (n < self.capacity).then(|| n + 1);
        self.len
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, taken)
            .is_ok()
    }

    fn release(&self, count: usize) {
        self.len.fetch_sub(count, Ordering::Relaxed);
    }

    /// Drops expired values, shard by shard, until at least one was dropped.
    /// Returns whether that succeeded.
    fn make_room(&self, now_ms: u64) -> bool {
        self.shards.iter().any(|shard| {
            let dropped = lock(shard).drop_all_expired(now_ms);
            self.release(dropped);
            dropped > 0
        })
    }

    /// As [`Store::swap`] for a state. `None` if there is no capacity.
    fn swap_state(&self, swap: &Swap, now_ms: u64) -> Result<Option<Swapped>, Error> {
        let mut shard = lock(self.shard(&swap.key).ok_or(Error::StoreFailed)?);
        let current = shard.find(&swap.key);
        let standing = current.and_then(|at| shard.slot(at)).map(Slot::value);
        if standing != swap.expected.as_deref() {
            return Ok(Some(Swapped::Conflict(standing.map(<[u8]>::to_vec))));
        }
        let slot = Slot::new(swap).ok_or(Error::StoreFailed)?;
        match current {
            Some(at) => shard.replace(at, slot),
            None if !self.reserve() => return Ok(None),
            None => shard.push(slot)?,
        }
        self.release(shard.drop_some_expired(now_ms));
        Ok(Some(Swapped::Stored))
    }

    /// As [`Store::swap`] for a tenant. `None` if there is no capacity.
    fn swap_tenant(&self, swap: &Swap) -> Result<Option<Swapped>, Error> {
        if swap.value.len() > MAX_TENANT_LEN {
            return Err(Error::StoreFailed);
        }
        let mut tenants = lock(&self.tenants);
        let standing = tenants.get(&swap.key).map(Box::as_ref);
        if standing != swap.expected.as_deref() {
            return Ok(Some(Swapped::Conflict(standing.map(<[u8]>::to_vec))));
        }
        if standing.is_none() && !self.reserve() {
            return Ok(None);
        }
        tenants.insert(swap.key, swap.value.clone().into_boxed_slice());
        Ok(Some(Swapped::Stored))
    }
}

impl Store for MemoryStore {
    fn load(&self, kind: Kind, key: &StoreKey) -> Result<Option<Vec<u8>>, Error> {
        if kind == Kind::Tenant {
            return Ok(lock(&self.tenants).get(key).map(|value| value.to_vec()));
        }
        let shard = lock(self.shard(key).ok_or(Error::StoreFailed)?);
        let slot = shard.find(key).and_then(|at| shard.slot(at));
        Ok(slot.map(|slot| slot.value().to_vec()))
    }

    /// See [`Store::swap`]. A value longer than its kind allows is
    /// [`Error::StoreFailed`].
    fn swap(&self, swap: &Swap, now_ms: u64) -> Result<Swapped, Error> {
        loop {
            let swapped = match swap.kind {
                Kind::State => self.swap_state(swap, now_ms)?,
                Kind::Tenant => self.swap_tenant(swap)?,
            };
            // Retries only after capacity was freed. If another swap takes it
            // first, that swap has added a live value, so the loop ends.
            match swapped {
                Some(swapped) => return Ok(swapped),
                None if self.make_room(now_ms) => {}
                None => return Err(Error::StoreFull),
            }
        }
    }
}

/// Ignores poisoning: no code here panics in the middle of a change, so the
/// values are consistent even if a thread panicked with the lock held.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A state with its key and expiry, 128 bytes.
#[derive(Clone, Copy)]
struct Slot {
    expires_at_ms: u64,
    key: StoreKey,
    len: u8,
    bytes: [u8; MAX_STATE_LEN],
}

impl Slot {
    const EMPTY: Self = Self {
        expires_at_ms: 0,
        key: StoreKey([0; 16]),
        len: 0,
        bytes: [0; MAX_STATE_LEN],
    };

    /// `None` if the value is too long.
    fn new(swap: &Swap) -> Option<Self> {
        let mut bytes = [0; MAX_STATE_LEN];
        bytes
            .get_mut(..swap.value.len())?
            .copy_from_slice(&swap.value);
        Some(Self {
            expires_at_ms: swap.expires_at_ms,
            key: swap.key,
            len: u8::try_from(swap.value.len()).ok()?,
            bytes,
        })
    }

    fn expired(&self, now_ms: u64) -> bool {
        self.expires_at_ms <= now_ms && self.expires_at_ms != NEVER
    }

    fn value(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.len)).unwrap_or_default()
    }
}

/// The values under one lock: contiguous slots and an index of them. A removed
/// slot is filled with the last one, so there are no gaps.
struct Shard {
    chunks: Vec<Box<[Slot; CHUNK]>>,
    len: u32,
    index: HashTable<u32>,
    /// The slot at which [`Self::drop_some_expired`] continues.
    cursor: u32,
    /// A lower bound of the earliest expiry.
    soonest_ms: u64,
}

/// Keys are outputs of a keyed hash, so their bytes are uniformly distributed
/// and cannot be chosen by attackers. No further hashing is needed.
fn hash(key: &StoreKey) -> u64 {
    let [a, b, c, d, e, f, g, h, ..] = key.0;
    u64::from_le_bytes([a, b, c, d, e, f, g, h])
}

/// The chunk of a slot and the index within the chunk.
fn chunk_and_offset(at: u32) -> Option<(usize, usize)> {
    let at = usize::try_from(at).ok()?;
    Some((at / CHUNK, at % CHUNK))
}

impl Shard {
    fn new() -> Self {
        Self {
            chunks: Vec::new(),
            len: 0,
            index: HashTable::new(),
            cursor: 0,
            soonest_ms: NEVER,
        }
    }

    fn slot(&self, at: u32) -> Option<&Slot> {
        slot_in(&self.chunks, at)
    }

    fn find(&self, key: &StoreKey) -> Option<u32> {
        let same = |at: &u32| self.slot(*at).is_some_and(|slot| slot.key == *key);
        self.index.find(hash(key), same).copied()
    }

    fn replace(&mut self, at: u32, slot: Slot) {
        let Some((chunk, offset)) = chunk_and_offset(at) else {
            return;
        };
        if let Some(old) = self.chunks.get_mut(chunk).and_then(|c| c.get_mut(offset)) {
            self.soonest_ms = self.soonest_ms.min(slot.expires_at_ms);
            *old = slot;
        }
    }

    /// Adds a slot with a new key.
    fn push(&mut self, slot: Slot) -> Result<(), Error> {
        let at = self.len;
        let (chunk, _) = chunk_and_offset(at).ok_or(Error::StoreFull)?;
        let len = at.checked_add(1).ok_or(Error::StoreFull)?;
        if chunk == self.chunks.len() {
            self.chunks.push(Box::new([Slot::EMPTY; CHUNK]));
        }
        self.len = len;
        self.replace(at, slot);
        let chunks = &self.chunks;
        let rehash = |at: &u32| slot_in(chunks, *at).map_or(0, |slot| hash(&slot.key));
        self.index.insert_unique(hash(&slot.key), at, rehash);
        Ok(())
    }

    fn remove(&mut self, at: u32) {
        let Some(last) = self.len.checked_sub(1) else {
            return;
        };
        let (Some(gone), Some(moved)) = (self.slot(at).copied(), self.slot(last).copied()) else {
            return;
        };
        if let Ok(entry) = self.index.find_entry(hash(&gone.key), |n| *n == at) {
            entry.remove();
        }
        if at != last {
            if let Some(n) = self.index.find_mut(hash(&moved.key), |n| *n == last) {
                *n = at;
            }
            self.replace(at, moved);
        }
        self.len = last;
        // One empty chunk is kept, so that a shard at a chunk boundary does not
        // allocate with every other swap.
        let full = usize::try_from(last).map_or(0, |len| len.div_ceil(CHUNK));
        self.chunks.truncate(full + 1);
    }

    /// Checks the next few slots and drops those that have expired.
    fn drop_some_expired(&mut self, now_ms: u64) -> usize {
        let mut dropped = 0;
        for _ in 0..LOOKS {
            if self.cursor >= self.len {
                self.cursor = 0;
            }
            match self.slot(self.cursor) {
                _ if self.len == 0 => break,
                Some(slot) if slot.expired(now_ms) => {
                    self.remove(self.cursor);
                    dropped += 1;
                }
                _ => self.cursor += 1,
            }
        }
        dropped
    }

    /// Checks every slot, unless none can have expired.
    fn drop_all_expired(&mut self, now_ms: u64) -> usize {
        if now_ms < self.soonest_ms {
            return 0;
        }
        let (mut at, mut dropped, mut soonest_ms) = (0, 0, NEVER);
        while at < self.len {
            match self.slot(at) {
                Some(slot) if slot.expired(now_ms) => {
                    self.remove(at);
                    dropped += 1;
                }
                slot => {
                    soonest_ms = soonest_ms.min(slot.map_or(NEVER, |slot| slot.expires_at_ms));
                    at += 1;
                }
            }
        }
        self.soonest_ms = soonest_ms;
        dropped
    }
}

fn slot_in(chunks: &[Box<[Slot; CHUNK]>], at: u32) -> Option<&Slot> {
    let (chunk, offset) = chunk_and_offset(at)?;
    chunks.get(chunk)?.get(offset)
}

#[cfg(test)]
#[path = "memory_tests.rs"]
mod tests;
