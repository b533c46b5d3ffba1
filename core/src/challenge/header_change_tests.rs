//! Tests of the operations on the header.

// Clippy does not take helpers of tests for tests.
#![allow(clippy::unwrap_used)]

use std::vec::Vec;

use super::super::{Keyring, sealing_key};
use super::*;
use crate::store::MemoryStore;

const NOW_MS: u64 = 1_800_000_000_000;

fn environment(now_ms: u64) -> impl Environment {
    (move || now_ms, || Ok([3; 32]))
}

fn keyring() -> Keyring {
    let mut keyring = Keyring::generate(&[7; 32]);
    keyring.add(&[8; 32]).unwrap();
    keyring
}

fn value(store: &MemoryStore) -> Option<Vec<u8>> {
    store.load(Kind::Document, &Header::KEY).unwrap()
}

/// Stores a value as the header, in place of the current one.
fn put(store: &MemoryStore, header: Vec<u8>) {
    let swap = Swap {
        kind: Kind::Document,
        key: Header::KEY,
        expected: value(store),
        value: header,
        expires_at_ms: None,
    };
    assert_eq!(store.swap(&swap, NOW_MS), Ok(crate::store::Swapped::Stored));
}

#[test]
fn an_empty_store_is_initialized_only_where_that_is_asked_for() {
    let (keyring, store) = (keyring(), MemoryStore::new(10));
    let environment = environment(NOW_MS);
    let absent = Err(Error::StoreNotInitialized);
    assert_eq!(Header::opening(&keyring).run(&store, &environment), absent);
    assert_eq!(Header::reading(&keyring).run(&store, &environment), absent);
    let confirming = Header::confirming(&keyring);
    assert_eq!(confirming.run(&store, &environment), absent);
    assert!(store.is_empty());
    let header = Header::initializing(&keyring).run(&store, &environment);
    let written = value(&store);
    assert_eq!(header, Header::new(&keyring));
    assert_eq!(sealing_key(written.as_deref().unwrap()), Some(0));
    // Again, it is only compared.
    let again = Header::initializing(&keyring).run(&store, &environment);
    assert_eq!(again, header);
    assert_eq!(value(&store), written);
    assert_eq!(Header::opening(&keyring).run(&store, &environment), header);
}

#[test]
fn a_store_with_documents_and_no_header_is_not_initialized() {
    let (keyring, store) = (keyring(), MemoryStore::new(10));
    let swap = Swap {
        kind: Kind::Document,
        key: crate::store::StoreKey([5; 16]),
        expected: None,
        value: [1; 12].to_vec(),
        expires_at_ms: None,
    };
    assert_eq!(store.swap(&swap, NOW_MS), Ok(crate::store::Swapped::Stored));
    let environment = environment(NOW_MS);
    let initialized = Header::initializing(&keyring).run(&store, &environment);
    assert_eq!(initialized, Err(Error::StoreNotInitialized));
    assert_eq!(value(&store), None);
    // Unless its documents were compared.
    let adopted = Header::adopting(&keyring).run(&store, &environment);
    assert_eq!(adopted, Header::new(&keyring));
    assert!(value(&store).is_some());
}

#[test]
fn a_header_written_meanwhile_is_compared() {
    let (ours, other) = (keyring(), Keyring::generate(&[9; 32]));
    for (keyring, expected) in [
        (&ours, Header::new(&ours)),
        (&other, Err(Error::OtherKeyring)),
    ] {
        let sealed = Header::new(&ours).unwrap().seal(&ours, [5; 8]);
        let mut operation = Header::initializing(keyring).begin(&[3; 32]);
        let mut next = |answer| operation.next(answer, NOW_MS);
        assert!(next(StoreAnswer::Begin).is_ok());
        let listing = next(StoreAnswer::Loaded(None));
        assert!(matches!(
            listing,
            Ok(Progress::Step(StoreStep::List { limit: 1, .. }))
        ));
        let listed = alloc::vec![(Header::KEY, sealed.clone())];
        let done = next(StoreAnswer::Listed(listed)).map(|progress| match progress {
            Progress::Done(header) => header,
            Progress::Step(step) => panic!("{step:?}"),
        });
        assert_eq!(done, expected);
        // The same after a conflict.
        let mut operation = Header::initializing(keyring).begin(&[3; 32]);
        let mut next = |answer| operation.next(answer, NOW_MS);
        assert!(next(StoreAnswer::Begin).is_ok());
        assert!(next(StoreAnswer::Loaded(None)).is_ok());
        let writing = next(StoreAnswer::Listed(Vec::new()));
        assert!(matches!(writing, Ok(Progress::Step(StoreStep::Swap(_)))));
        let conflict = StoreAnswer::Conflict(Some(sealed));
        let done = next(conflict).map(|progress| match progress {
            Progress::Done(header) => header,
            Progress::Step(step) => panic!("{step:?}"),
        });
        assert_eq!(done, expected);
    }
}

#[test]
fn a_restored_store_opens_when_it_is_confirmed() {
    let (keyring, store) = (keyring(), MemoryStore::new(10));
    let at = |now_ms| environment(now_ms);
    Header::initializing(&keyring)
        .run(&store, &at(NOW_MS))
        .unwrap();
    let restored = Header::restoring(&keyring).run(&store, &at(NOW_MS + 5));
    assert_eq!(restored.unwrap().restored_at_ms(), Some(NOW_MS + 5));
    let closed = Err(Error::StoreClosed);
    let opened = |now_ms| Header::opening(&keyring).run(&store, &at(now_ms));
    assert_eq!(opened(NOW_MS + 6), closed);
    let initialized = Header::initializing(&keyring).run(&store, &at(NOW_MS + 6));
    assert_eq!(initialized, closed);
    let read = Header::reading(&keyring).run(&store, &at(NOW_MS + 6));
    assert!(read.unwrap().is_closed());
    let confirmed = Header::confirming(&keyring).run(&store, &at(NOW_MS + 7));
    assert_eq!(confirmed.unwrap().confirmed_at_ms(), Some(NOW_MS + 7));
    let header = opened(NOW_MS + 8).unwrap();
    assert_eq!(header.restored_at_ms(), Some(NOW_MS + 5));
    // A store that is open is not confirmed again.
    let before = value(&store);
    let again = Header::confirming(&keyring).run(&store, &at(NOW_MS + 9));
    assert_eq!(again.unwrap().confirmed_at_ms(), Some(NOW_MS + 7));
    assert_eq!(value(&store), before);
}

#[test]
fn keys_and_formats_change_in_one_call() {
    let (keyring, store) = (keyring(), MemoryStore::new(10));
    let environment = environment(NOW_MS);
    Header::initializing(&keyring)
        .run(&store, &environment)
        .unwrap();
    let run = |change: Change<'_, Header>| change.run(&store, &environment);
    let unknown = Err(Error::UnknownRecordKey);
    assert_eq!(run(Header::activating(&keyring, 3)), unknown);
    assert_eq!(
        run(Header::removing_key(&keyring, 1)),
        Err(Error::ActiveRecordKey)
    );
    let activated = run(Header::activating(&keyring, 2)).unwrap();
    assert_eq!(activated.active_key(), 2);
    let removed = run(Header::removing_key(&keyring, 1)).unwrap();
    assert_eq!(removed.known_keys().collect::<Vec<_>>(), [2]);
    // What this version writes is the newest already.
    let before = value(&store);
    assert_eq!(run(Header::upgrading(&keyring)), Ok(removed));
    assert_eq!(value(&store), before);
}

#[test]
fn a_moved_store_is_not_changed() {
    let (keyring, store) = (keyring(), MemoryStore::new(10));
    let environment = environment(NOW_MS);
    Header::initializing(&keyring)
        .run(&store, &environment)
        .unwrap();
    let run = |change: Change<'_, Header>| change.run(&store, &environment);
    assert_eq!(run(Header::moving(&keyring, "")), Err(Error::InvalidName));
    let moved = run(Header::moving(&keyring, "other")).unwrap();
    assert_eq!(moved.moved_to(), Some("other"));
    assert_eq!(run(Header::reading(&keyring)), Ok(moved));
    for refused in [
        run(Header::opening(&keyring)),
        run(Header::restoring(&keyring)),
        run(Header::confirming(&keyring)),
        Header::initializing(&keyring).run(&store, &environment),
    ] {
        assert_eq!(refused, Err(Error::StoreMoved));
    }
}

#[test]
fn a_changed_header_is_neither_read_nor_replaced() {
    let (keyring, store) = (keyring(), MemoryStore::new(10));
    let environment = environment(NOW_MS);
    let mut sealed = Header::new(&keyring).unwrap().seal(&keyring, [5; 8]);
    *sealed.last_mut().unwrap() ^= 1;
    put(&store, sealed.clone());
    let run = |change: Change<'_, Header>| change.run(&store, &environment);
    for refused in [
        run(Header::opening(&keyring)),
        run(Header::reading(&keyring)),
        run(Header::adopting(&keyring)),
        run(Header::restoring(&keyring)),
        Header::initializing(&keyring).run(&store, &environment),
    ] {
        assert_eq!(refused, Err(Error::RecordForged));
    }
    assert_eq!(value(&store), Some(sealed));
}

#[test]
fn a_store_that_was_restored_later_is_not_confirmed() {
    let (keyring, store) = (keyring(), MemoryStore::new(10));
    let at = |now_ms| environment(now_ms);
    Header::initializing(&keyring)
        .run(&store, &at(NOW_MS))
        .unwrap();
    let newest = Some(NOW_MS + 9);
    let restored = Header::restoring_after(&keyring, newest).run(&store, &at(NOW_MS));
    assert_eq!(restored.unwrap().restored_at_ms(), Some(NOW_MS + 10));
    let confirm = |now_ms| Header::confirming(&keyring).run(&store, &at(now_ms));
    assert_eq!(confirm(NOW_MS + 9), Err(Error::RestoredLater));
    assert!(!confirm(NOW_MS + 10).unwrap().is_closed());
}
