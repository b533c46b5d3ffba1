//! Copies that are interrupted at every operation, between stores of the test.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a panic fails the test")]

use core::cell::Cell;
use core::ops::Bound;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use mpass_core::Error;
use mpass_core::challenge::{Header, Keyring};
use mpass_core::store::{Kind, StoreKey, Swap, Swapped};

use mpass_stores::copy::{Contents, Copied, Copy, CopyError, Dropped, Record};

const NOW_MS: u64 = 1_800_000_000_000;
const HOUR_MS: u64 = 60 * 60 * 1000;

/// A store that fails from an operation on.
#[derive(Default)]
struct Shelf {
    values: Mutex<BTreeMap<(u8, StoreKey), Record>>,
    dropped: Mutex<Dropped>,
    /// How many operations are left; `None` for all.
    left: Mutex<Option<u32>>,
    /// A failing swap has stored its value all the same.
    stores_at_last: bool,
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shelf {
    fn operate(&self) -> Result<(), Error> {
        match &mut *lock(&self.left) {
            None => Ok(()),
            Some(0) => Err(Error::StoreFailed),
            Some(left) => {
                *left -= 1;
                Ok(())
            }
        }
    }

    fn put(&self, kind: Kind, key: [u8; 16], value: &[u8], expires_at_ms: Option<u64>) {
        let key = StoreKey(key);
        let record = Record {
            key,
            value: value.to_vec(),
            expires_at_ms,
        };
        lock(&self.values).insert((kind.number(), key), record);
    }

    fn header(&self) -> Option<Header> {
        let values = lock(&self.values);
        let record = values.get(&(Kind::Document.number(), Header::KEY))?;
        Some(Header::open(&record.value, &keyring()).unwrap())
    }

    fn is_open(&self) -> bool {
        self.header().is_some_and(|header| header.admit().is_ok())
    }

    /// Everything but the header.
    fn contents(&self) -> Vec<((u8, StoreKey), Record)> {
        let values = lock(&self.values);
        let values = values.iter().filter(|((_, key), _)| *key != Header::KEY);
        values.map(|(at, record)| (*at, record.clone())).collect()
    }
}

impl Contents for Shelf {
    async fn load(&self, kind: Kind, key: StoreKey) -> Result<Option<Vec<u8>>, Error> {
        self.operate()?;
        let values = lock(&self.values);
        let found = values.get(&(kind.number(), key));
        Ok(found.map(|record| record.value.clone()))
    }

    async fn swap(&self, swap: Swap, _: u64) -> Result<Swapped, Error> {
        let operated = self.operate();
        if operated.is_err() && !self.stores_at_last {
            operated?;
        }
        let at = (swap.kind.number(), swap.key);
        let standing = lock(&self.values).get(&at).map(|it| it.value.clone());
        if standing != swap.expected {
            return Ok(Swapped::Conflict(standing));
        }
        self.put(swap.kind, swap.key.0, &swap.value, swap.expires_at_ms);
        operated.map(|()| Swapped::Stored)
    }

    async fn records(
        &self,
        kind: Kind,
        after: Option<StoreKey>,
        limit: u32,
    ) -> Result<Vec<Record>, Error> {
        self.operate()?;
        let values = lock(&self.values);
        let from = after.map_or(
            Bound::Included((kind.number(), StoreKey([0; 16]))),
            |after| Bound::Excluded((kind.number(), after)),
        );
        let to = Bound::Included((kind.number(), StoreKey([0xff; 16])));
        let page = values.range((from, to)).map(|(_, record)| record.clone());
        Ok(page.take(limit as usize).collect())
    }

    async fn dropped(&self, _: u64) -> Result<Dropped, Error> {
        self.operate()?;
        Ok(*lock(&self.dropped))
    }

    async fn raise_dropped(&self, dropped: Dropped) -> Result<bool, Error> {
        self.operate()?;
        let mut own = lock(&self.dropped);
        *own = own.max(dropped);
        Ok(true)
    }

    fn drops_by_itself(&self, _: Kind) -> bool {
        false
    }
}

fn keyring() -> Keyring {
    Keyring::generate(&[5; 32])
}

/// A store in use with states and documents.
fn source() -> Shelf {
    let shelf = Shelf::default();
    let header = Header::new(&keyring()).unwrap().seal(&keyring(), [1; 8]);
    shelf.put(Kind::Document, Header::KEY.0, &header, None);
    for n in 0..=2500_u16 {
        let mut key = [7; 16];
        key[..2].copy_from_slice(&n.to_be_bytes());
        shelf.put(Kind::State, key, b"state", Some(NOW_MS + u64::from(n)));
        if n % 20 == 0 {
            shelf.put(Kind::Document, key, b"document", None);
        }
    }
    // Too old for any store, and too far for some.
    let old_ms = NOW_MS - 24 * HOUR_MS;
    shelf.put(Kind::State, [0xf0; 16], b"old", Some(old_ms));
    shelf.put(Kind::State, [0xf1; 16], b"far", Some(u64::MAX));
    lock(&shelf.dropped).document_ms = Some(NOW_MS - 30 * HOUR_MS);
    shelf
}

fn run(source: &Shelf, target: &Shelf, overwrites: bool) -> Result<Copied, CopyError> {
    let fresh = Cell::new(0_u8);
    let entropy = || {
        fresh.set(fresh.get() + 1);
        Ok([fresh.get(); 32])
    };
    let (keyring, environment) = (keyring(), (|| NOW_MS, entropy));
    let copy = Copy {
        source,
        target,
        keyring: &keyring,
        environment: &environment,
        kind: "shelf",
        overwrites,
    };
    futures_util::FutureExt::now_or_never(async {
        let mark = copy.begin().await?;
        let copied = copy.fill(&mut |_| ()).await?;
        copy.open(&mark).await?;
        Ok(copied)
    })
    .unwrap()
}

fn abandon(source: &Shelf, target: &Shelf, is_lost: bool) -> Result<(), CopyError> {
    let (keyring, environment) = (keyring(), (|| NOW_MS, || Ok([9; 32])));
    let copy = Copy {
        source,
        target,
        keyring: &keyring,
        environment: &environment,
        kind: "shelf",
        overwrites: false,
    };
    futures_util::FutureExt::now_or_never(copy.abandon(is_lost)).unwrap()
}

/// The source is closed, and the target has everything.
fn is_complete(source: &Shelf, target: &Shelf) {
    assert!(!source.is_open() && target.is_open());
    let mut expected = source.contents();
    expected.retain(|(_, record)| record.value != b"old");
    for (_, record) in &mut expected {
        record.expires_at_ms = record.expires_at_ms.filter(|end| *end < u64::MAX);
    }
    assert!(target.contents() == expected, "the contents differ");
    let dropped = Dropped {
        state_ms: Some(NOW_MS - 24 * HOUR_MS),
        document_ms: Some(NOW_MS - 30 * HOUR_MS),
    };
    assert_eq!(*lock(&target.dropped), dropped);
}

#[test]
fn a_copy_has_everything() {
    let (source, target) = (source(), Shelf::default());
    let copied = run(&source, &target, false).unwrap();
    is_complete(&source, &target);
    assert_eq!((copied.filled.states, copied.filled.documents), (2502, 126));
    assert_eq!((copied.filled.written, copied.filled.expired), (2628, 1));
    assert_eq!(copied.compared.states, 2502);
    let again = run(&source, &target, false).unwrap_err();
    assert!(matches!(again, CopyError::InUse), "{again}");
    let back = run(&target, &source, false).unwrap_err();
    assert!(matches!(back, CopyError::NotEmpty), "{back}");
    let abandoned = abandon(&source, &target, false).unwrap_err();
    assert!(matches!(abandoned, CopyError::InUse), "{abandoned}");
}

/// Interrupts a copy after a number of operations; `false` if it needs no more.
fn interrupt(after: u32, at_source: bool, stores_at_last: bool) -> bool {
    let mut source = source();
    let mut target = Shelf::default();
    let interrupted = if at_source { &mut source } else { &mut target };
    interrupted.left = Mutex::new(Some(after));
    interrupted.stores_at_last = stores_at_last;
    let ended = run(&source, &target, false);
    assert!(!source.is_open() || !target.is_open(), "{after}");
    if target.is_open() {
        is_complete(&source, &target);
    }
    for shelf in [&mut source, &mut target] {
        shelf.left = Mutex::default();
        shelf.stores_at_last = false;
    }
    if ended.is_ok() {
        return false;
    }
    if !target.is_open() {
        run(&source, &target, false).unwrap();
    }
    is_complete(&source, &target);
    true
}

#[test]
fn a_copy_that_was_interrupted_goes_on() {
    let mut counts = [0; 2];
    for at_source in [true, false] {
        for stores_at_last in [true, false] {
            let is_interrupted = |after: &u32| interrupt(*after, at_source, stores_at_last);
            // Beyond the first ones, values are written one after the other.
            let after = (0..40).chain((40..).step_by(89));
            counts[usize::from(at_source)] += after.take_while(is_interrupted).count();
        }
    }
    assert!(counts.iter().all(|count| *count > 20), "{counts:?}");
}

#[test]
fn what_was_changed_in_the_target_is_found() {
    let key = [0x20; 16];
    let changes: [(&[u8], Option<u64>); 3] = [
        (b"other", Some(NOW_MS)),
        // An end that is earlier, and one that is later.
        (b"state", Some(NOW_MS - 1)),
        (b"state", None),
    ];
    for (value, expires_at_ms) in changes {
        let source = source();
        source.put(Kind::State, key, b"state", Some(NOW_MS));
        let mut target = Shelf {
            left: Mutex::new(Some(12)),
            ..Shelf::default()
        };
        run(&source, &target, false).unwrap_err();
        target.left = Mutex::default();
        target.put(Kind::State, key, value, expires_at_ms);
        let error = run(&source, &target, false).unwrap_err();
        let CopyError::Differs(compared) = error else {
            panic!("{error}");
        };
        assert_eq!((compared.differing, compared.extra), (1, 0));
        assert!(!target.is_open() && !source.is_open());
        let copied = run(&source, &target, true).unwrap();
        assert!(copied.filled.written > 0);
        assert!(target.is_open());
    }
}

#[test]
fn what_only_the_target_has_is_found() {
    let (source, mut target) = (source(), Shelf::default());
    target.left = Mutex::new(Some(5));
    run(&source, &target, false).unwrap_err();
    target.left = Mutex::default();
    target.put(Kind::State, [0x20; 16], b"foreign", None);
    for overwrites in [false, true] {
        let error = run(&source, &target, overwrites).unwrap_err();
        assert!(
            error.to_string().contains("1 are not in the source"),
            "{error}"
        );
    }
    abandon(&source, &target, false).unwrap();
    assert!(source.is_open() && !target.is_open());
    // The target is of no copy any more, and the source begins another one.
    let error = run(&source, &target, false).unwrap_err();
    assert!(matches!(error, CopyError::NotEmpty), "{error}");
    run(&source, &Shelf::default(), false).unwrap();
}

#[test]
fn only_the_target_of_the_same_copy_is_filled() {
    let (source, first) = (source(), Shelf::default());
    *lock(&first.left) = Some(9);
    run(&source, &first, false).unwrap_err();
    *lock(&first.left) = None;
    let empty = Shelf::default();
    let error = run(&source, &empty, false).unwrap_err();
    assert!(matches!(error, CopyError::NotMarked(_)), "{error}");
    assert!(empty.contents().is_empty() && empty.header().is_none());
    // The target of another copy.
    let (other, second) = (self::source(), Shelf::default());
    let value = lock(&other.values)[&(2, Header::KEY)].value.clone();
    let mark = format!("unfinished copy {}", "ee".repeat(16));
    let header = Header::open(&value, &keyring()).unwrap();
    let header = header.moved(&mark).unwrap();
    second.put(
        Kind::Document,
        Header::KEY.0,
        &header.seal(&keyring(), [2; 8]),
        None,
    );
    let error = run(&source, &second, false).unwrap_err();
    assert!(matches!(error, CopyError::OtherMark(_)), "{error}");
    let error = abandon(&source, &empty, false).unwrap_err();
    assert!(matches!(error, CopyError::NotMarked(_)), "{error}");
    // The target is no source.
    let error = run(&first, &empty, false).unwrap_err();
    assert!(matches!(error, CopyError::Moved(_)), "{error}");
    assert!(!source.is_open());
    abandon(&source, &empty, true).unwrap();
    assert!(source.is_open());
    let error = abandon(&source, &empty, false).unwrap_err();
    assert!(matches!(error, CopyError::NotMoved), "{error}");
}
