//! Tests of the memory store.

use alloc::vec;

use super::*;

fn key(n: u64) -> StoreKey {
    // Distributed like derived keys, in the byte that selects the shard and in
    // the hashed bytes.
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&n.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes());
    bytes[8..].copy_from_slice(&n.wrapping_mul(0xc2b2_ae3d_27d4_eb4f).to_le_bytes());
    StoreKey(bytes)
}

fn put(
    kind: Kind,
    n: u64,
    expected: Option<&[u8]>,
    value: &[u8],
    expires_at_ms: Option<u64>,
) -> Swap {
    Swap {
        kind,
        key: key(n),
        expected: expected.map(<[u8]>::to_vec),
        value: value.to_vec(),
        expires_at_ms,
    }
}

fn insert(
    store: &MemoryStore,
    n: u64,
    expires_at_ms: impl Into<Option<u64>>,
    now_ms: u64,
) -> Result<Swapped, Error> {
    let value = n.to_le_bytes();
    store.swap(
        &put(Kind::State, n, None, &value, expires_at_ms.into()),
        now_ms,
    )
}

#[test]
fn a_slot_has_128_bytes() {
    assert_eq!(size_of::<Slot>(), 128);
}

#[test]
fn a_record_takes_at_most_160_bytes_all_told() {
    let store = MemoryStore::new(usize::MAX);
    // Just after the index of every shard has doubled, when it is emptiest.
    for n in 0..130_000 {
        assert_eq!(insert(&store, n, None, 0), Ok(Swapped::Stored));
    }
    let bytes: usize = store
        .shards
        .iter()
        .map(|shard| {
            let shard = lock(shard);
            size_of::<Mutex<Shard>>()
                + shard.chunks.len() * CHUNK * size_of::<Slot>()
                + shard.chunks.capacity() * size_of::<Box<[Slot; CHUNK]>>()
                + shard.index.allocation_size()
        })
        .sum();
    assert!(bytes / store.len() <= 160, "{}", bytes / store.len());
}

#[test]
fn values_come_back_and_conflicts_show_what_stands() {
    let store = MemoryStore::new(10);
    for kind in [Kind::State, Kind::Document] {
        let swap = |expected, value| store.swap(&put(kind, 1, expected, value, None), 0);
        assert_eq!(store.load(kind, &key(1)), Ok(None));
        assert_eq!(swap(Some(b"x"), b"y"), Ok(Swapped::Conflict(None)));
        assert_eq!(swap(None, b""), Ok(Swapped::Stored));
        assert_eq!(swap(None, b"y"), Ok(Swapped::Conflict(Some(vec![]))));
        assert_eq!(swap(Some(b""), &[7; 96]), Ok(Swapped::Stored));
        assert_eq!(store.load(kind, &key(1)), Ok(Some(vec![7; 96])));
    }
    assert_eq!(store.list(None, 9), Ok(vec![(key(1), vec![7; 96])]));
    assert_eq!(store.len(), 2);
}

#[test]
fn longer_values_than_their_kind_allows_are_refused() {
    let store = MemoryStore::new(10);
    let swap = |kind, value: &[u8]| store.swap(&put(kind, 1, None, value, None), 0);
    assert_eq!(swap(Kind::State, &[0; 97]), Err(Error::StoreFailed));
    assert_eq!(swap(Kind::Document, &[0; 16_385]), Err(Error::StoreFailed));
    assert!(store.is_empty());
    assert_eq!(swap(Kind::State, &[0; 96]), Ok(Swapped::Stored));
    assert_eq!(swap(Kind::Document, &[0; 16_384]), Ok(Swapped::Stored));
}

#[test]
fn a_full_store_refuses_and_evicts_nothing_that_lives() {
    let store = MemoryStore::new(1000);
    for n in 0..1000 {
        assert_eq!(insert(&store, n, 5000, 0), Ok(Swapped::Stored));
    }
    assert_eq!(insert(&store, 1000, 5000, 4999), Err(Error::StoreFull));
    let document = put(Kind::Document, 1, None, b"t", None);
    assert_eq!(store.swap(&document, 4999), Err(Error::StoreFull));
    for n in 0..1000u64 {
        let value = store.load(Kind::State, &key(n));
        assert_eq!(value, Ok(Some(n.to_le_bytes().to_vec())));
    }
    // Replacing needs no capacity.
    let swap = put(
        Kind::State,
        3,
        Some(&3u64.to_le_bytes()),
        b"new",
        Some(5000),
    );
    assert_eq!(store.swap(&swap, 4999), Ok(Swapped::Stored));
    assert_eq!(store.len(), 1000);
}

#[test]
fn a_full_store_takes_the_place_of_any_one_that_has_expired() {
    for dead in [0, 499, 999] {
        let store = MemoryStore::new(1000);
        for n in 0..1000 {
            let expires = (n == dead).then_some(100);
            insert(&store, n, expires, 0).unwrap();
        }
        assert_eq!(insert(&store, 1000, None, 99), Err(Error::StoreFull));
        assert_eq!(insert(&store, 1000, None, 100), Ok(Swapped::Stored));
        assert_eq!(store.load(Kind::State, &key(dead)), Ok(None));
        assert_eq!(insert(&store, 1001, None, 100), Err(Error::StoreFull));
    }
}

#[test]
fn what_expires_is_dropped_by_and_by_and_never_early() {
    let store = MemoryStore::new(usize::MAX);
    // Each value lives for 10,000 swaps, with one swap per millisecond.
    for n in 0..100_000u64 {
        insert(&store, n, n + 10_000, n).unwrap();
        if n % 1000 == 0 {
            for old in n.saturating_sub(9_999)..=n {
                let value = store.load(Kind::State, &key(old)).unwrap();
                assert!(value.is_some(), "{old} was dropped at {n}");
            }
        }
        assert!(store.len() < 14_000, "{} at {n}", store.len());
    }
}

#[test]
fn documents_may_expire() {
    let store = MemoryStore::new(2);
    let document = |n, at| {
        store
            .swap(&put(Kind::Document, n, None, b"d", at), 0)
            .unwrap()
    };
    document(1, None);
    document(2, Some(1));
    assert_eq!(insert(&store, 3, None, 0), Err(Error::StoreFull));
    assert_eq!(insert(&store, 3, None, 1), Ok(Swapped::Stored));
    assert_eq!(insert(&store, 4, None, u64::MAX), Err(Error::StoreFull));
    assert_eq!(store.list(None, 9).unwrap(), [(key(1), b"d".to_vec())]);
}

#[test]
fn documents_are_listed_in_pages() {
    let store = MemoryStore::new(100);
    let mut keys: Vec<StoreKey> = (0..10).map(key).collect();
    for n in 0..10 {
        insert(&store, n, None, 0).unwrap();
        store
            .swap(&put(Kind::Document, n, None, b"d", None), 0)
            .unwrap();
    }
    keys.sort();
    for limit in [1, 3, 10, 11] {
        let (mut listed, mut after) = (Vec::new(), None);
        loop {
            let page = store.list(after.as_ref(), limit).unwrap();
            assert!(page.len() <= limit as usize);
            listed.extend(page.iter().map(|(key, _)| *key));
            after = listed.last().copied();
            if page.len() < limit as usize {
                break;
            }
        }
        assert_eq!(listed, keys);
    }
}

#[test]
fn what_a_clock_ahead_dropped_is_not_stored_anew() {
    for kind in [Kind::State, Kind::Document] {
        let store = MemoryStore::new(1);
        let swap = |n, at, now_ms| {
            let expected = store.load(kind, &key(n)).unwrap();
            let swap = put(kind, n, expected.as_deref(), b"used", at);
            store.swap(&swap, now_ms).unwrap()
        };
        assert_eq!(swap(1, Some(1000), 0), Swapped::Stored);
        // The clock jumps ahead, and another value takes the space.
        assert_eq!(swap(65, None, 5000), Swapped::Stored);
        assert_eq!(store.load(kind, &key(1)), Ok(None));
        // Back at the right time, the first one may not be stored again.
        assert_eq!(swap(1, Some(1000), 10), Swapped::Expired);
        assert_eq!(store.load(kind, &key(1)), Ok(None));
        // A value that stands is replaced whatever it expires.
        assert_eq!(swap(65, Some(1), 10), Swapped::Stored);
    }
}

#[test]
fn what_never_expires_stays_to_the_end_of_time() {
    let store = MemoryStore::new(1);
    insert(&store, 1, None, 0).unwrap();
    assert_eq!(insert(&store, 2, None, u64::MAX), Err(Error::StoreFull));
    let swap = put(Kind::State, 1, Some(&1u64.to_le_bytes()), b"x", None);
    assert_eq!(store.swap(&swap, u64::MAX), Ok(Swapped::Stored));
    assert!(store.load(Kind::State, &key(1)).unwrap().is_some());
}

#[test]
fn memory_is_given_back() {
    let store = MemoryStore::new(usize::MAX);
    for n in 0..100_000 {
        insert(&store, n, 10, 0).unwrap();
    }
    store.make_room(9);
    assert_eq!(store.len(), 100_000);
    while store.make_room(10) {}
    assert!(store.is_empty());
    assert!(store.shards.iter().all(|s| lock(s).chunks.len() <= 1));
    assert!(store.shards.iter().all(|s| lock(s).index.is_empty()));
}

#[test]
fn a_thread_that_died_with_a_lock_spoils_nothing() {
    let store = MemoryStore::new(10);
    insert(&store, 1, None, 0).unwrap();
    let died = std::thread::scope(|scope| {
        let dying = scope.spawn(|| {
            let _guard = lock(store.shard(&key(1)).unwrap());
            panic!("with the lock");
        });
        dying.join().is_err()
    });
    assert!(died);
    assert!(store.load(Kind::State, &key(1)).unwrap().is_some());
}

/// Compares with a plain map, with few keys, so that slots are moved and
/// reused.
#[test]
fn it_behaves_like_a_map() {
    let store = MemoryStore::new(300);
    let mut map: BTreeMap<u64, Vec<u8>> = BTreeMap::new();
    let mut seed = 1u64;
    for step in 0..50_000u64 {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let n = (seed >> 33) % 400;
        let value = step.to_le_bytes();
        let swap = put(Kind::State, n, map.get(&n).map(Vec::as_slice), &value, None);
        let full = map.len() == 300 && !map.contains_key(&n);
        match store.swap(&swap, step) {
            Err(Error::StoreFull) => assert!(full),
            swapped => {
                assert_eq!(swapped, Ok(Swapped::Stored));
                map.insert(n, value.to_vec());
            }
        }
        let got = store.load(Kind::State, &key(n)).unwrap();
        assert_eq!(got, map.get(&n).cloned());
    }
    assert_eq!(store.len(), 300);
}
