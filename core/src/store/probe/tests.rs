//! For each rule, a store that violates only that rule and is caught.

use alloc::collections::BTreeMap;
use alloc::vec;
use core::time::Duration;
use std::sync::{Mutex, PoisonError};

use super::*;
use crate::store::{Listed, MemoryStore};

/// The defect of a [`Broken`] store.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fault {
    /// Reads, waits, then writes, so that two threads find the same value.
    Race(Kind),
    /// The same, only for inserts.
    InsertRace(Kind),
    /// Returns the expected value on a conflict, not the value that won.
    StaleConflict(Kind),
    /// Reports values as stored without keeping them.
    Forgets(Kind),
    /// Loads return the old value.
    StaleLoad(Kind),
    /// Accepts any expected value.
    AnyValue(Kind),
    /// Compares only prefixes.
    Prefix(Kind),
    /// Inserts over an existing value.
    Overwrites(Kind),
    /// Replaces a value that does not exist.
    Conjures(Kind),
    /// Writes, then reports a conflict.
    WritesAnyway(Kind),
    /// Has a value under every key.
    NeverEmpty(Kind),
    /// Truncates values to this many bytes.
    Truncates(Kind),
    /// Treats an empty value as absent.
    EmptyIsNone(Kind),
    /// Does not separate the kinds.
    OneSpace,
    /// Drops values after half their lifetime.
    Impatient,
    /// Reports a conflict for each swap that should succeed.
    NeverStores(Kind),
    /// Stores anew what it has dropped.
    Revives,
    /// Answers that an insert expires too early although a value stands.
    RefusesWhatStands,
    /// Lists in the opposite order.
    Unordered,
    /// Lists the states, too.
    ListsStates,
    /// Leaves documents out of the list.
    Skips,
    /// Ends each page early, as if there were no more documents.
    EndsEarly,
    /// Begins the next page with the last document of the page before.
    Repeats,
    /// Lists one document more than requested.
    ListsMore,
    /// Lists other values than it has stored.
    ListsOldValues,
    /// Fails.
    Fails,
}

type Slot = (u8, StoreKey);
/// A value and its expiry.
type Value = (Vec<u8>, Option<u64>);

struct Broken {
    fault: Fault,
    values: Mutex<BTreeMap<Slot, Value>>,
    old: Mutex<BTreeMap<Slot, Vec<u8>>>,
}

impl Broken {
    fn slot(&self, kind: Kind, key: &StoreKey) -> Slot {
        match self.fault {
            Fault::OneSpace => (0, *key),
            _ => (kind as u8, *key),
        }
    }

    fn standing(&self, kind: Kind, key: &StoreKey) -> Option<Vec<u8>> {
        let values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        let value = values
            .get(&self.slot(kind, key))
            .map(|(value, _)| value.clone());
        if self.fault == Fault::NeverEmpty(kind) {
            return value.or_else(|| Some(vec![0]));
        }
        value
    }

    fn same(&self, swap: &Swap, standing: Option<&[u8]>) -> bool {
        let kind = swap.kind;
        match (swap.expected.as_deref(), standing) {
            (Some(_), Some(_)) if self.fault == Fault::AnyValue(kind) => true,
            (Some(wanted), Some(value)) if self.fault == Fault::Prefix(kind) => {
                value.starts_with(wanted)
            }
            (None, Some(_)) => self.fault == Fault::Overwrites(kind),
            (Some(_), None) => self.fault == Fault::Conjures(kind),
            (wanted, value) => wanted == value,
        }
    }

    fn put(&self, swap: &Swap, standing: Option<Vec<u8>>) {
        let slot = self.slot(swap.kind, &swap.key);
        let mut value = swap.value.clone();
        match self.fault {
            Fault::Forgets(kind) if kind == swap.kind => return,
            Fault::Truncates(kind) if kind == swap.kind => value.truncate(64),
            Fault::StaleLoad(kind) if kind == swap.kind => {
                let mut old = self.old.lock().unwrap();
                old.insert(slot, standing.unwrap_or_default());
            }
            _ => {}
        }
        let mut values = self.values.lock().unwrap();
        values.insert(slot, (value, swap.expires_at_ms));
    }
}

impl Store for Broken {
    fn load(&self, kind: Kind, key: &StoreKey) -> Result<Option<Vec<u8>>, Error> {
        let value = self.standing(kind, key);
        Ok(match self.fault {
            Fault::Fails => return Err(Error::StoreFailed),
            Fault::EmptyIsNone(k) if k == kind => value.filter(|v| !v.is_empty()),
            Fault::StaleLoad(k) if k == kind && value.is_some() => {
                let old = self.old.lock().unwrap();
                old.get(&self.slot(kind, key)).cloned()
            }
            _ => value,
        })
    }

    fn swap(&self, swap: &Swap, now_ms: u64) -> Result<Swapped, Error> {
        let kind = swap.kind;
        if self.fault == Fault::Revives {
            let mut values = self.values.lock().unwrap();
            values.retain(|_, (_, expires)| expires.is_none_or(|at| at > now_ms));
        }
        if self.fault == Fault::Impatient {
            let mut values = self.values.lock().unwrap();
            values.retain(|_, (_, expires)| {
                expires.is_none_or(|at| at > now_ms.saturating_add(LIFE_MS / 2))
            });
        }
        // A correct store compares and writes under one lock.
        static ONE: Mutex<()> = Mutex::new(());
        let racing = self.fault == Fault::Race(kind)
            || self.fault == Fault::InsertRace(kind) && swap.expected.is_none();
        let guard = (!racing).then(|| ONE.lock().unwrap_or_else(PoisonError::into_inner));
        let standing = self.standing(kind, &swap.key);
        if racing {
            thread::sleep(Duration::from_millis(5));
        }
        let refuses = self.fault == Fault::NeverStores(kind) && swap.expected.is_some();
        if refuses || !self.same(swap, standing.as_deref()) {
            if self.fault == Fault::WritesAnyway(kind) {
                self.put(swap, None);
            }
            if self.fault == Fault::RefusesWhatStands && swap.expected.is_none() {
                return Ok(Swapped::Expired);
            }
            return Ok(Swapped::Conflict(match self.fault {
                Fault::StaleConflict(k) if k == kind => swap.expected.clone(),
                _ => standing,
            }));
        }
        self.put(swap, standing);
        drop(guard);
        Ok(Swapped::Stored)
    }

    fn list(&self, after: Option<&StoreKey>, limit: u32) -> Result<Vec<Listed>, Error> {
        let values = self.values.lock().unwrap();
        let is_after = |key: &StoreKey| match self.fault {
            Fault::Repeats => after.is_none_or(|after| key >= after),
            _ => after.is_none_or(|after| key > after),
        };
        let is_listed = |kind: u8, key: &StoreKey| match self.fault {
            Fault::Skips if key.0[0] < 0x80 => false,
            Fault::ListsStates => is_after(key),
            _ => kind == Kind::Document.number() && is_after(key),
        };
        let listed = values
            .iter()
            .filter(|((kind, key), _)| is_listed(*kind, key));
        let mut listed: Vec<Listed> = listed
            .map(|((_, key), (value, _))| (*key, value.clone()))
            .collect();
        listed.sort();
        listed.truncate(match self.fault {
            Fault::ListsMore => limit as usize + 1,
            Fault::EndsEarly => (limit as usize).min(5),
            _ => limit as usize,
        });
        match self.fault {
            Fault::Unordered => listed.reverse(),
            Fault::ListsOldValues => listed.iter_mut().for_each(|(_, value)| value.clear()),
            _ => {}
        }
        Ok(listed)
    }
}

fn run(fault: Fault) -> Failure {
    let store = Broken {
        fault,
        values: Mutex::default(),
        old: Mutex::default(),
    };
    probe(&store, 16, 3, 1_000_000, [5; 32]).unwrap_err()
}

#[test]
fn each_rule_catches_the_store_that_breaks_it() {
    assert_eq!(run(Fault::Fails), Failure::Store(Error::StoreFailed));
    assert_eq!(run(Fault::OneSpace), Failure::NotEmpty(Kind::Document));
    assert_eq!(run(Fault::Impatient), Failure::DroppedEarly);
    assert_eq!(run(Fault::Revives), Failure::Revived);
    let state = Failure::Loser(Kind::State);
    assert_eq!(run(Fault::RefusesWhatStands), state);
    assert_eq!(run(Fault::Unordered), Failure::ListOrder);
    assert_eq!(run(Fault::Repeats), Failure::ListOrder);
    assert_eq!(run(Fault::ListsStates), Failure::ListState);
    assert_eq!(run(Fault::ListsMore), Failure::ListLimit);
    for fault in [Fault::Skips, Fault::EndsEarly, Fault::ListsOldValues] {
        assert_eq!(run(fault), Failure::ListMissing, "{fault:?}");
    }
    for kind in [Kind::State, Kind::Document] {
        let won = 0;
        for (fault, failure) in [
            (Fault::StaleConflict(kind), Failure::Loser(kind)),
            (Fault::Forgets(kind), Failure::Forgotten(kind)),
            (Fault::StaleLoad(kind), Failure::Forgotten(kind)),
            (Fault::AnyValue(kind), Failure::WrongValue(kind)),
            (Fault::Prefix(kind), Failure::WrongValue(kind)),
            (Fault::Overwrites(kind), Failure::NotAbsent(kind)),
            (Fault::Conjures(kind), Failure::NotPresent(kind)),
            (Fault::WritesAnyway(kind), Failure::Changed(kind)),
            (Fault::NeverEmpty(kind), Failure::NotEmpty(kind)),
            (Fault::Truncates(kind), Failure::Length(kind)),
            (Fault::EmptyIsNone(kind), Failure::Length(kind)),
            (Fault::NeverStores(kind), Failure::Replace { kind, won }),
        ] {
            assert_eq!(run(fault), failure, "{fault:?}");
        }
    }
}

#[test]
fn a_store_that_looks_and_then_writes_is_caught() {
    for kind in [Kind::State, Kind::Document] {
        let inserted = |f| matches!(f, Failure::Insert { kind: k, won } if k == kind && won > 1);
        assert!(inserted(run(Fault::Race(kind))));
        assert!(inserted(run(Fault::InsertRace(kind))));
    }
}

/// Races only when replacing, which the chain finds but the insert does not.
#[test]
fn a_store_that_races_at_replacing_is_caught() {
    struct Racing(MemoryStore);
    impl Store for Racing {
        fn load(&self, kind: Kind, key: &StoreKey) -> Result<Option<Vec<u8>>, Error> {
            self.0.load(kind, key)
        }
        fn swap(&self, swap: &Swap, now_ms: u64) -> Result<Swapped, Error> {
            let standing = self.0.load(swap.kind, &swap.key)?;
            if swap.expected.is_none() || standing != swap.expected {
                return self.0.swap(swap, now_ms);
            }
            thread::sleep(Duration::from_millis(5));
            let mut swap = swap.clone();
            loop {
                swap.expected = self.0.load(swap.kind, &swap.key)?;
                if self.0.swap(&swap, now_ms)? == Swapped::Stored {
                    return Ok(Swapped::Stored);
                }
            }
        }
        fn list(&self, after: Option<&StoreKey>, limit: u32) -> Result<Vec<Listed>, Error> {
            self.0.list(after, limit)
        }
    }
    let failure = probe(&Racing(MemoryStore::new(10_000)), 16, 3, 0, [6; 32]).unwrap_err();
    assert!(
        matches!(failure, Failure::Replace { won: 2.., .. }),
        "{failure:?}"
    );
}

/// Mixes up the kinds only if both exist.
#[test]
fn a_store_that_mixes_kinds_up_is_caught() {
    struct Mixed(MemoryStore);
    impl Store for Mixed {
        fn load(&self, kind: Kind, key: &StoreKey) -> Result<Option<Vec<u8>>, Error> {
            let state = self.0.load(Kind::State, key)?;
            let tenant = self.0.load(Kind::Document, key)?;
            match kind {
                Kind::State if tenant.as_ref().is_some_and(|t| t.len() == 16) => Ok(tenant),
                Kind::State => Ok(state),
                Kind::Document => Ok(tenant),
            }
        }
        fn swap(&self, swap: &Swap, now_ms: u64) -> Result<Swapped, Error> {
            self.0.swap(swap, now_ms)
        }
        fn list(&self, after: Option<&StoreKey>, limit: u32) -> Result<Vec<Listed>, Error> {
            self.0.list(after, limit)
        }
    }
    let failure = probe(&Mixed(MemoryStore::new(10_000)), 4, 1, 0, [7; 32]).unwrap_err();
    assert_eq!(failure, Failure::KindsMixed);
}

#[test]
fn the_memory_store_passes() {
    let store = MemoryStore::new(100_000);
    probe(&store, 64, 20, 1_700_000_000_000, [1; 32]).unwrap();
    // Once more with other entropy, on the same store.
    probe(&store, 2, 1, 1_700_000_000_000, [2; 32]).unwrap();
    probe(&store, 2, 1, u64::MAX, [3; 32]).unwrap();
}

/// With a number of threads that no system starts, the probe must still end.
#[test]
fn too_many_threads_are_fewer() {
    probe(&MemoryStore::new(200_000), usize::MAX, 1, 0, [4; 32]).unwrap();
}
