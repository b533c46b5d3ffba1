//! A store in memory: for tests, demos and hosts that may forget.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use hashbrown::HashTable;

use super::{Kind, MAX_STATE_LEN, MAX_TENANT_LEN, NEVER, Store, StoreKey, Swap, Swapped};
use crate::Error;

/// Locks that swaps of different keys spread over.
const SHARDS: usize = 64;
/// Slots that are allocated at once: 32 KiB, so that a shard never copies its
/// values to grow and never holds more than one such piece unused.
const CHUNK: usize = 256;
/// Slots that a swap looks at for expired values. Every swap adds at most one
/// value, so what is dead and not yet dropped stays below a third of what
/// lives.
const LOOKS: usize = 4;

/// A [`Store`] in memory that drops what has expired and refuses when it is
/// full; it never evicts what lives.
///
/// Nothing survives the process: the attempts that were spent are forgotten
/// with it. A state takes about 140 bytes, all told.
///
/// A value is dropped by a swap whose `now_ms` has reached its time, and by
/// that time alone: a clock that once jumped ahead drops what it reaches
/// while it is ahead, and nothing once it is back.
pub struct MemoryStore {
    shards: Box<[Mutex<Shard>]>,
    tenants: Mutex<BTreeMap<StoreKey, Box<[u8]>>>,
    /// Values of both kinds; a place is taken here before it is filled.
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
    /// An empty store for at most `capacity` values of both kinds together.
    /// Memory is taken as values come, not at once.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self {
            shards: (0..SHARDS).map(|_| Mutex::new(Shard::new())).collect(),
            tenants: Mutex::new(BTreeMap::new()),
            len: AtomicUsize::new(0),
            capacity,
        }
    }

    /// The number of values, those included that have expired and are not
    /// dropped yet.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len.load(Ordering::Relaxed)
    }

    /// Whether there is no value.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Every value of [`Kind::Tenant`], in the order of their keys.
    #[must_use]
    pub fn tenants(&self) -> Vec<(StoreKey, Vec<u8>)> {
        let tenants = lock(&self.tenants);
        tenants.iter().map(|(k, v)| (*k, v.to_vec())).collect()
    }

    fn shard(&self, key: &StoreKey) -> Option<&Mutex<Shard>> {
        // The index hashes by the first 8 bytes; this is not one of them.
        self.shards.get(usize::from(key.0[15]) % SHARDS)
    }

    /// Takes a place for a new value, if one is left.
    fn reserve(&self) -> bool {
        let taken = |n: usize| (n < self.capacity).then(|| n + 1);
        self.len
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, taken)
            .is_ok()
    }

    fn release(&self, count: usize) {
        self.len.fetch_sub(count, Ordering::Relaxed);
    }

    /// Drops what has expired, shard by shard, until there is a place.
    fn make_room(&self, now_ms: u64) -> bool {
        self.shards.iter().any(|shard| {
            let dropped = lock(shard).drop_all_expired(now_ms);
            self.release(dropped);
            dropped > 0
        })
    }

    /// As [`Store::swap`] for a state; `None` when there is no place.
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

    /// As [`Store::swap`] for a tenant; `None` when there is no place.
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

    /// As the trait says; a value longer than its kind allows is
    /// [`Error::StoreFailed`].
    fn swap(&self, swap: &Swap, now_ms: u64) -> Result<Swapped, Error> {
        loop {
            let swapped = match swap.kind {
                Kind::State => self.swap_state(swap, now_ms)?,
                Kind::Tenant => self.swap_tenant(swap)?,
            };
            // Round again only after a place became free; another swap may
            // have taken it, and then there is one living value more.
            match swapped {
                Some(swapped) => return Ok(swapped),
                None if self.make_room(now_ms) => {}
                None => return Err(Error::StoreFull),
            }
        }
    }
}

/// Nothing here panics half-way through a change, so a thread that died with
/// the lock left the values whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A state with its place and time, 128 bytes.
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

    /// Nothing when the value is too long.
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

/// One lock's values: a dense row of slots and an index into it. A removed
/// slot is filled by the last one, so a walk meets no holes.
struct Shard {
    chunks: Vec<Box<[Slot; CHUNK]>>,
    len: u32,
    index: HashTable<u32>,
    /// Where [`Self::drop_some_expired`] goes on.
    cursor: u32,
    /// No value expires before this; the earliest one may expire later.
    soonest_ms: u64,
}

/// Keys are outputs of a keyed hash: their own bytes spread as well as any
/// hash of them, and whoever does not hold the key cannot choose them.
fn hash(key: &StoreKey) -> u64 {
    let [a, b, c, d, e, f, g, h, ..] = key.0;
    u64::from_le_bytes([a, b, c, d, e, f, g, h])
}

/// Chunk and place in it.
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

    /// Adds a slot whose key has none yet.
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
        // One empty chunk is kept, so that a shard that stands at a border
        // does not allocate at every other swap.
        let full = usize::try_from(last).map_or(0, |len| len.div_ceil(CHUNK));
        self.chunks.truncate(full + 1);
    }

    /// Looks at the next few slots and drops those that have expired.
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

    /// Looks at every slot, unless it is known that none has expired.
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
