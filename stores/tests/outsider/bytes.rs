//! Keys, values, prefixes and expiries of every kind.

use mpass_core::Error;
use mpass_core::store::{Kind, Store, StoreKey, Swap, Swapped};
use mpass_stores::States;
use mpass_stores::redis::{RedisSettings, RedisStore};
use mpass_stores::remote::Admission;

use crate::support::open::{create_tables, now_ms, postgres};
use crate::support::postgres::Postgres;
use crate::support::redis::Redis;

const KINDS: [(Kind, usize); 2] = [(Kind::State, 96), (Kind::Document, 16_384)];

pub(crate) fn swap(kind: Kind, key: [u8; 16], expected: Option<&[u8]>, value: &[u8]) -> Swap {
    Swap {
        kind,
        key: StoreKey(key),
        expected: expected.map(<[u8]>::to_vec),
        value: value.to_vec(),
        expires_at_ms: None,
    }
}

/// Keys and values of all bytes, and of every length that the layout has.
pub(crate) fn takes_all_bytes(store: &impl States) {
    let all: Vec<u8> = (0..=255).collect();
    for (kind, longest) in KINDS {
        let keys: Vec<[u8; 16]> = all.chunks(16).map(|key| key.try_into().unwrap()).collect();
        for key in keys
            .iter()
            .copied()
            .chain([[0; 16], [255; 16], [b'\n'; 16], [b'*'; 16]])
        {
            let mut current = None;
            for length in [0, 1, longest, 0] {
                let value: Vec<u8> = all
                    .iter()
                    .copied()
                    .cycle()
                    .skip(length)
                    .take(length)
                    .collect();
                let stored = store.swap(&swap(kind, key, current.as_deref(), &value), now_ms());
                assert_eq!(stored, Ok(Swapped::Stored), "{kind:?} {length}");
                assert_eq!(store.load(kind, &StoreKey(key)), Ok(Some(value.clone())));
                let again = store.swap(&swap(kind, key, None, b"x"), now_ms());
                assert_eq!(again, Ok(Swapped::Conflict(Some(value.clone()))));
                current = Some(value);
            }
            let longer = swap(kind, key, current.as_deref(), &vec![0; longest + 1]);
            assert_eq!(store.swap(&longer, now_ms()), Err(Error::StoreFailed));
            assert_eq!(store.load(kind, &StoreKey(key)), Ok(current));
        }
    }
    assert_eq!(store.list(None, 100).unwrap().len(), 20);
    assert_eq!(store.states(None, 100).unwrap().len(), 20);
}

/// The ends of what an expiry can be.
fn takes_all_expiries(store: &impl Store) {
    let now = now_ms();
    let year_9999 = 253_402_300_799_999;
    let ends = [
        0,
        1,
        now - 1,
        now,
        now + 1,
        year_9999,
        year_9999 + 1,
        u64::MAX,
    ];
    for (kind, _) in KINDS {
        for (n, end) in ends.into_iter().enumerate() {
            let mut insert = swap(kind, [0xe0 + u8::try_from(n).unwrap(); 16], None, b"end");
            insert.expires_at_ms = Some(end);
            assert_eq!(
                store.swap(&insert, now),
                Ok(Swapped::Stored),
                "{kind:?} {end}"
            );
            let shown = store.swap(&insert, now);
            // Redis has dropped what ended more than a day ago.
            let dropped = end <= 1 && shown == Ok(Swapped::Stored);
            let stands = Ok(Swapped::Conflict(Some(b"end".to_vec())));
            assert!(dropped || shown == stands, "{kind:?} {end}: {shown:?}");
        }
    }
}

#[test]
fn bytes_lengths_and_expiries_in_redis() {
    let server = Redis::start(&[]);
    let at = |prefix: &str| {
        RedisStore::open(RedisSettings {
            prefix: prefix.to_owned(),
            admission: Admission::Any,
            ..RedisSettings::new(server.url())
        })
        .unwrap()
    };
    // What a pattern would match as well, and must not be listed.
    for other in ["axxb\\^{c}:", "a*b?\\^{c}:", "a*[b]?", "a*[b]x\\^{c}:"] {
        let store = at(other);
        for (kind, _) in KINDS {
            let stored = store.swap(&swap(kind, [7; 16], None, b"other"), now_ms());
            assert_eq!(stored, Ok(Swapped::Stored));
        }
    }
    let store = at("a*[b]?\\^{c}:");
    takes_all_bytes(&store);
    takes_all_expiries(&store);
}

#[test]
fn bytes_lengths_and_expiries_in_postgres() {
    let server = Postgres::start(&[]);
    create_tables(&server);
    let store = postgres(server.url(), false);
    takes_all_bytes(&store);
    takes_all_expiries(&store);
}
