//! A conformance test that hosts run against their own [`Store`].
//!
//! It swaps from many threads at once and reports the rule that the store
//! violates. It cannot test durability: whether stored values survive a crash
//! must be tested by the host.

mod failure;
mod list;

use alloc::vec::Vec;
use std::sync::RwLock;
use std::thread;

pub use self::failure::Failure;
use super::{Kind, MAX_DOCUMENT_LEN, MAX_STATE_LEN, Store, StoreKey, Swap, Swapped};
use crate::Error;
use crate::algorithm::Algorithm;
use crate::kernel::hash;

/// Tests every rule against `store`, with `threads` threads (clamped to 2 to
/// 1,024; 64 find most races) in `rounds` rounds.
///
/// `entropy` is 32 bytes that were never used for a probe before: keys and
/// values are derived from it. The probe leaves values of both kinds in the
/// store, so run it against a separate store.
///
/// # Errors
/// The first [`Failure`] found.
pub fn probe(
    store: &(impl Store + Sync),
    threads: usize,
    rounds: usize,
    now_ms: u64,
    entropy: [u8; 32],
) -> Result<(), Failure> {
    let probe = Probe {
        store,
        threads: threads.clamp(2, MOST_THREADS),
        now_ms,
        entropy,
    };
    for kind in [Kind::State, Kind::Document] {
        probe.one_value(kind)?;
        probe.lengths(kind)?;
    }
    probe.kinds()?;
    probe.expiry()?;
    probe.dropped()?;
    probe.lists()?;
    for round in 0..rounds {
        for kind in [Kind::State, Kind::Document] {
            probe.race(kind, round)?;
        }
    }
    Ok(())
}

/// The lifetime of the probe's states in milliseconds.
const LIFE_MS: u64 = 60_000;
/// More threads find no further errors.
const MOST_THREADS: usize = 1024;
/// Swaps per chain in each round.
const CHAIN: usize = 4;

struct Probe<'a, S> {
    store: &'a S,
    threads: usize,
    now_ms: u64,
    entropy: [u8; 32],
}

impl<S: Store + Sync> Probe<'_, S> {
    /// 16 bytes that are unique to this label and these numbers.
    fn bytes(&self, label: &str, numbers: [usize; 3]) -> [u8; 16] {
        let [a, b, c] = numbers.map(usize::to_le_bytes);
        let parts = [&self.entropy, label.as_bytes(), &a, &b, &c];
        hash(Algorithm::Sha256, &parts).truncated()
    }

    fn key(&self, label: &str, round: usize) -> StoreKey {
        StoreKey(self.bytes(label, [round, 0, 0]))
    }

    fn swap(
        &self,
        kind: Kind,
        key: StoreKey,
        expected: Option<&[u8]>,
        value: &[u8],
    ) -> Result<Swapped, Failure> {
        let expires_at_ms = match kind {
            Kind::State => self.now_ms.checked_add(LIFE_MS),
            Kind::Document => None,
        };
        let swap = Swap {
            kind,
            key,
            expected: expected.map(<[u8]>::to_vec),
            value: value.to_vec(),
            expires_at_ms,
        };
        Ok(self.store.swap(&swap, self.now_ms)?)
    }

    /// Inserts the key as a state of its own.
    fn insert(&self, key: StoreKey, ends_at_ms: u64, now_ms: u64) -> Result<Swapped, Failure> {
        let swap = Swap {
            kind: Kind::State,
            key,
            expected: None,
            value: key.0.to_vec(),
            expires_at_ms: Some(ends_at_ms),
        };
        Ok(self.store.swap(&swap, now_ms)?)
    }

    fn load(&self, kind: Kind, key: &StoreKey) -> Result<Option<Vec<u8>>, Failure> {
        Ok(self.store.load(kind, key)?)
    }

    /// Checks the value of a key.
    fn stands(
        &self,
        kind: Kind,
        key: &StoreKey,
        value: Option<&[u8]>,
        or: Failure,
    ) -> Result<(), Failure> {
        if self.load(kind, key)?.as_deref() == value {
            return Ok(());
        }
        Err(or)
    }

    /// Checks that a swap was answered with a conflict that returns the current
    /// value.
    fn refused(
        &self,
        swapped: &Swapped,
        kind: Kind,
        stands: Option<&[u8]>,
        or: Failure,
    ) -> Result<(), Failure> {
        match swapped {
            Swapped::Stored => Err(or),
            Swapped::Conflict(shown) if shown.as_deref() == stands => Ok(()),
            Swapped::Conflict(_) | Swapped::Expired => Err(Failure::Loser(kind)),
        }
    }

    /// One thread and one key: only a swap that expects the current value
    /// succeeds.
    fn one_value(&self, kind: Kind) -> Result<(), Failure> {
        let key = self.key("one value", 0);
        let [first, second] = [1, 2].map(|n| self.bytes("one value", [0, n, 0]));
        self.stands(kind, &key, None, Failure::NotEmpty(kind))?;

        let swapped = self.swap(kind, key, Some(&first), &second)?;
        self.refused(&swapped, kind, None, Failure::NotPresent(kind))?;
        self.stands(kind, &key, None, Failure::Changed(kind))?;

        let swapped = self.swap(kind, key, None, &first)?;
        if swapped != Swapped::Stored {
            return Err(Failure::Insert { kind, won: 0 });
        }
        self.stands(kind, &key, Some(&first), Failure::Forgotten(kind))?;

        let swapped = self.swap(kind, key, None, &second)?;
        self.refused(&swapped, kind, Some(&first), Failure::NotAbsent(kind))?;
        // A prefix of the current value is not the current value.
        for wrong in [&second[..], &first[..15], &[]] {
            let swapped = self.swap(kind, key, Some(wrong), &second)?;
            self.refused(&swapped, kind, Some(&first), Failure::WrongValue(kind))?;
        }
        self.stands(kind, &key, Some(&first), Failure::Changed(kind))?;

        let swapped = self.swap(kind, key, Some(&first), &second)?;
        if swapped != Swapped::Stored {
            return Err(Failure::Replace { kind, won: 0 });
        }
        self.stands(kind, &key, Some(&second), Failure::Forgotten(kind))
    }

    /// The shortest and the longest values, containing every byte value.
    fn lengths(&self, kind: Kind) -> Result<(), Failure> {
        let longest = match kind {
            Kind::State => MAX_STATE_LEN,
            Kind::Document => MAX_DOCUMENT_LEN,
        };
        for (n, len) in [0, 1, longest].into_iter().enumerate() {
            let key = self.key("lengths", n);
            // Descending, so that short values are not valid text.
            let value: Vec<u8> = (0..=u8::MAX).rev().cycle().take(len).collect();
            let stored = self.swap(kind, key, None, &value)? == Swapped::Stored;
            if !stored || self.load(kind, &key)? != Some(value) {
                return Err(Failure::Length(kind));
            }
        }
        Ok(())
    }

    /// The same key in both kinds.
    fn kinds(&self) -> Result<(), Failure> {
        let key = self.key("kinds", 0);
        let values = [1, 2].map(|n| self.bytes("kinds", [0, n, 0]));
        for (kind, value) in [Kind::State, Kind::Document].into_iter().zip(&values) {
            if self.swap(kind, key, None, value)? != Swapped::Stored {
                return Err(Failure::KindsMixed);
            }
        }
        for (kind, value) in [Kind::State, Kind::Document].into_iter().zip(&values) {
            self.stands(kind, &key, Some(value), Failure::KindsMixed)?;
        }
        Ok(())
    }

    /// Values stay until their last millisecond, regardless of other swaps.
    fn expiry(&self) -> Result<(), Failure> {
        let keys: Vec<StoreKey> = (0..64).map(|n| self.key("expiry", n)).collect();
        for &key in &keys {
            if self.swap(Kind::State, key, None, &key.0)? != Swapped::Stored {
                let kind = Kind::State;
                return Err(Failure::Insert { kind, won: 0 });
            }
        }
        let last_ms = self.now_ms.saturating_add(LIFE_MS - 1);
        for n in 0..64 {
            let swap = Swap {
                kind: Kind::State,
                key: self.key("later", n),
                expected: None,
                value: self.bytes("later", [n, 1, 0]).to_vec(),
                expires_at_ms: last_ms.checked_add(LIFE_MS),
            };
            self.store.swap(&swap, last_ms)?;
        }
        for key in &keys {
            self.stands(Kind::State, key, Some(&key.0), Failure::DroppedEarly)?;
        }
        Ok(())
    }

    /// What was dropped is not stored anew after the clock was set back.
    fn dropped(&self) -> Result<(), Failure> {
        let Some(ends_at_ms) = self.now_ms.checked_add(1) else {
            return Ok(());
        };
        let keys: Vec<StoreKey> = (0..64).map(|n| self.key("dropped", n)).collect();
        for &key in &keys {
            self.insert(key, ends_at_ms, self.now_ms)?;
        }
        // The store may now drop them.
        for n in 0..64 {
            let later_ms = ends_at_ms.saturating_add(LIFE_MS);
            self.insert(self.key("after dropped", n), later_ms, ends_at_ms)?;
        }
        for &key in &keys {
            let swapped = self.insert(key, ends_at_ms, self.now_ms)?;
            let stands = self.load(Kind::State, &key)?;
            match swapped {
                Swapped::Stored => return Err(Failure::Revived),
                Swapped::Conflict(shown) if shown.is_none() || shown != stands => {
                    return Err(Failure::Loser(Kind::State));
                }
                Swapped::Expired if stands.is_some() => {
                    return Err(Failure::Loser(Kind::State));
                }
                Swapped::Conflict(_) | Swapped::Expired => {}
            }
        }
        Ok(())
    }

    /// All threads on one key: an insert, then a chain of swaps.
    fn race(&self, kind: Kind, round: usize) -> Result<(), Failure> {
        let key = self.key("race", round);
        let mut standing: Option<[u8; 16]> = None;
        for link in 0..=CHAIN {
            let expected = standing.as_ref().map(<[u8; 16]>::as_slice);
            let value_of = |n| self.bytes("race", [round, link, n + 1]);
            let swaps = self.all_at_once(|n| self.swap(kind, key, expected, &value_of(n)));
            let swapped = swaps.into_iter().collect::<Result<Vec<_>, _>>()?;
            let winners = swapped.iter().enumerate();
            let winners = winners.filter(|(_, s)| **s == Swapped::Stored);
            let winners: Vec<usize> = winners.map(|(n, _)| n).collect();
            let &[winner] = winners.as_slice() else {
                let won = winners.len();
                return Err(match expected {
                    None => Failure::Insert { kind, won },
                    Some(_) => Failure::Replace { kind, won },
                });
            };
            let won = value_of(winner);
            for lost in swapped.iter().filter(|s| **s != Swapped::Stored) {
                self.refused(lost, kind, Some(&won), Failure::Loser(kind))?;
            }
            // Checked from every thread, as a host may keep a connection or
            // cache per thread.
            for stands in self.all_at_once(|_| {
                let or = Failure::Forgotten(kind);
                self.stands(kind, &key, Some(&won), or)
            }) {
                stands?;
            }
            standing = Some(won);
        }
        Ok(())
    }

    /// Runs `each` in all threads, started together, and returns the results.
    fn all_at_once<T: Send>(
        &self,
        each: impl Fn(usize) -> Result<T, Failure> + Sync,
    ) -> Vec<Result<T, Failure>> {
        // Opened once all threads have started or one has failed to start, so
        // no thread waits forever.
        let (gate, each) = (&RwLock::new(()), &each);
        thread::scope(|scope| {
            let closed = gate.write();
            let running: Vec<_> = (0..self.threads)
                .map(|n| {
                    thread::Builder::new().spawn_scoped(scope, move || {
                        drop(gate.read());
                        each(n)
                    })
                })
                .collect();
            drop(closed);
            let panicked = |_| Err(Failure::Store(Error::StoreFailed));
            running
                .into_iter()
                .map(|started| match started {
                    Ok(thread) => thread.join().unwrap_or_else(panicked),
                    Err(_) => Err(Failure::Threads),
                })
                .collect()
        })
    }
}

#[cfg(test)]
mod tests;
