//! An in-memory store, for tests, demos and hosts that do not need durability.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::num::NonZeroU64;
use core::ops::Bound;
use core::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use hashbrown::HashTable;

use super::{Kind, Listed, MAX_DOCUMENT_LEN, MAX_STATE_LEN, Store, StoreKey, Swap, Swapped};
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
/// the clock jumps ahead, values up to that time are dropped while it is ahead.
/// After it has been set back, an insert that expires no later than one of them
/// is [`Swapped::Expired`], so that what was dropped is not stored anew.
pub struct MemoryStore {
    shards: Box<[Mutex<Shard>]>,
    documents: Mutex<Documents>,
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
            documents: Mutex::default(),
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
        let dropped = lock(&self.documents).drop_expired(now_ms);
        self.release(dropped);
        dropped > 0
            || self.shards.iter().any(|shard| {
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
            None if is_before(swap.expires_at_ms, shard.dropped_until_ms) => {
                return Ok(Some(Swapped::Expired));
            }
            None if !self.reserve() => return Ok(None),
            None => shard.push(slot)?,
        }
        self.release(shard.drop_some_expired(now_ms));
        Ok(Some(Swapped::Stored))
    }

    /// As [`Store::swap`] for a document. `None` if there is no capacity.
    fn swap_document(&self, swap: &Swap) -> Result<Option<Swapped>, Error> {
        if swap.value.len() > MAX_DOCUMENT_LEN {
            return Err(Error::StoreFailed);
        }
        let mut documents = lock(&self.documents);
        let standing = documents.values.get(&swap.key);
        let standing = standing.map(|document| &*document.value);
        if standing != swap.expected.as_deref() {
            return Ok(Some(Swapped::Conflict(standing.map(<[u8]>::to_vec))));
        }
        if standing.is_none() {
            if is_before(swap.expires_at_ms, documents.dropped_until_ms) {
                return Ok(Some(Swapped::Expired));
            }
            if !self.reserve() {
                return Ok(None);
            }
        }
        let document = Document {
            value: swap.value.clone().into_boxed_slice(),
            expires_at_ms: swap.expires_at_ms,
        };
        documents.values.insert(swap.key, document);
        Ok(Some(Swapped::Stored))
    }
}

/// Whether a value that expires at `expires_at_ms` would have been dropped with
/// the values that expired until `dropped_until_ms`.
fn is_before(expires_at_ms: Option<u64>, dropped_until_ms: u64) -> bool {
    expires_at_ms.is_some_and(|at| at <= dropped_until_ms)
}

struct Document {
    value: Box<[u8]>,
    expires_at_ms: Option<u64>,
}

/// The values of [`Kind::Document`].
#[derive(Default)]
struct Documents {
    values: BTreeMap<StoreKey, Document>,
    /// The latest expiry of a value that was dropped.
    dropped_until_ms: u64,
}

impl Documents {
    fn drop_expired(&mut self, now_ms: u64) -> usize {
        let len = self.values.len();
        let dropped_until_ms = &mut self.dropped_until_ms;
        self.values
            .retain(|_, document| match document.expires_at_ms {
                Some(at) if at <= now_ms => {
                    *dropped_until_ms = at.max(*dropped_until_ms);
                    false
                }
                _ => true,
            });
        len - self.values.len()
    }
}

impl Store for MemoryStore {
    fn load(&self, kind: Kind, key: &StoreKey) -> Result<Option<Vec<u8>>, Error> {
        if kind == Kind::Document {
            let documents = lock(&self.documents);
            let document = documents.values.get(key);
            return Ok(document.map(|document| document.value.to_vec()));
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
                Kind::Document => self.swap_document(swap)?,
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

    fn list(&self, after: Option<&StoreKey>, limit: u32) -> Result<Vec<Listed>, Error> {
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let documents = lock(&self.documents);
        let listed = documents.values.range((from, Bound::Unbounded));
        let listed = listed.map(|(key, document)| (*key, document.value.to_vec()));
        Ok(listed.take(limit).collect())
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
    /// `None` if the value does not expire.
    expires_at_ms: Option<NonZeroU64>,
    key: StoreKey,
    len: u8,
    bytes: [u8; MAX_STATE_LEN],
}

impl Slot {
    const EMPTY: Self = Self {
        expires_at_ms: None,
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
            expires_at_ms: swap
                .expires_at_ms
                .map(|at| NonZeroU64::MIN.saturating_add(at.saturating_sub(1))),
            key: swap.key,
            len: u8::try_from(swap.value.len()).ok()?,
            bytes,
        })
    }

    fn expired(&self, now_ms: u64) -> bool {
        self.expires_at_ms.is_some_and(|at| at.get() <= now_ms)
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
    /// A lower bound of the earliest expiry; `None` if no value expires.
    soonest_ms: Option<NonZeroU64>,
    /// The latest expiry of a value that was dropped.
    dropped_until_ms: u64,
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
            soonest_ms: None,
            dropped_until_ms: 0,
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
            self.soonest_ms = sooner(self.soonest_ms, slot.expires_at_ms);
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

    /// Removes a slot that has expired.
    fn drop_slot(&mut self, at: u32) {
        let expired = self.slot(at).and_then(|slot| slot.expires_at_ms);
        let expired_ms = expired.map_or(0, NonZeroU64::get);
        self.dropped_until_ms = self.dropped_until_ms.max(expired_ms);
        self.remove(at);
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
                    self.drop_slot(self.cursor);
                    dropped += 1;
                }
                _ => self.cursor += 1,
            }
        }
        dropped
    }

    /// Checks every slot, unless none can have expired.
    fn drop_all_expired(&mut self, now_ms: u64) -> usize {
        if self.soonest_ms.is_none_or(|soonest| now_ms < soonest.get()) {
            return 0;
        }
        let (mut at, mut dropped, mut soonest_ms) = (0, 0, None);
        while at < self.len {
            match self.slot(at) {
                Some(slot) if slot.expired(now_ms) => {
                    self.drop_slot(at);
                    dropped += 1;
                }
                slot => {
                    soonest_ms = sooner(soonest_ms, slot.and_then(|slot| slot.expires_at_ms));
                    at += 1;
                }
            }
        }
        self.soonest_ms = soonest_ms;
        dropped
    }
}

/// The earlier of two expiries.
fn sooner(a: Option<NonZeroU64>, b: Option<NonZeroU64>) -> Option<NonZeroU64> {
    a.into_iter().chain(b).min()
}

fn slot_in(chunks: &[Box<[Slot; CHUNK]>], at: u32) -> Option<&Slot> {
    let (chunk, offset) = chunk_and_offset(at)?;
    chunks.get(chunk)?.get(offset)
}

#[cfg(test)]
#[path = "memory_tests.rs"]
mod tests;
