//! One suite for every store: what each must do, with real servers that the tests
//! start.

#![cfg(all(feature = "redis", feature = "postgres"))]
#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

mod support;

use std::time::{SystemTime, UNIX_EPOCH};

use mpass_core::Error;
use mpass_core::store::{Kind, Listed, MemoryStore, Store, StoreKey, Swap, Swapped, probe};
use mpass_stores::States;
use mpass_stores::postgres::{PostgresSettings, PostgresStore, migrate};
use mpass_stores::redis::{RedisSettings, RedisStore};
use mpass_stores::remote::Admission;
use mpass_stores::sqlite::EmbeddedStore;

use support::cluster::Cluster;
use support::postgres::Postgres;
use support::redis::Redis;

fn now_ms() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    u64::try_from(now.as_millis()).unwrap()
}

fn redis(url: String) -> RedisStore {
    let mut settings = RedisSettings::new(url);
    settings.admission = Admission::Any;
    RedisStore::open(settings).unwrap()
}

fn postgres(url: String) -> PostgresStore {
    let mut settings = PostgresSettings::new(url);
    settings.admission = Admission::Any;
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(migrate(settings.clone())).unwrap();
    // Again; nothing changes.
    runtime.block_on(migrate(settings.clone())).unwrap();
    PostgresStore::open(settings).unwrap()
}

/// What every store must do.
fn conforms(store: &(impl Store + Sync)) {
    probe::probe(store, 32, 8, now_ms(), [1; 32]).unwrap();
    itself(store);
    without_expiry(store);
    pages(store);
}

fn swap(kind: Kind, key: [u8; 16], expected: Option<&[u8]>, value: &[u8]) -> Swap {
    Swap {
        kind,
        key: StoreKey(key),
        expected: expected.map(<[u8]>::to_vec),
        value: value.to_vec(),
        expires_at_ms: None,
    }
}

/// A value that is swapped for itself is stored, once for each that expects it.
fn itself(store: &impl Store) {
    for kind in [Kind::State, Kind::Document] {
        let of = |expected, value| {
            store
                .swap(&swap(kind, [0xa1; 16], expected, value), now_ms())
                .unwrap()
        };
        assert_eq!(of(None, b"same"), Swapped::Stored);
        for _ in 0..3 {
            assert_eq!(of(Some(b"same"), b"same"), Swapped::Stored);
        }
        assert_eq!(of(Some(b"same"), b"other"), Swapped::Stored);
        let shown = Swapped::Conflict(Some(b"other".to_vec()));
        assert_eq!(of(Some(b"same"), b"same"), shown);
    }
}

/// An expiry can be taken from a value and given to it; far ones are as none.
fn without_expiry(store: &impl Store) {
    for kind in [Kind::State, Kind::Document] {
        let mut last: Option<&[u8]> = None;
        let values: [(&[u8], _); 4] = [
            (b"for ever", None),
            (b"an hour", Some(now_ms() + 3_600_000)),
            (b"far", Some(u64::MAX)),
            (b"none", None),
        ];
        for (value, expires_at_ms) in values {
            let swap = Swap {
                expires_at_ms,
                ..swap(kind, [0xa2; 16], last, value)
            };
            assert_eq!(store.swap(&swap, now_ms()).unwrap(), Swapped::Stored);
            let stands = store.load(kind, &StoreKey([0xa2; 16])).unwrap();
            assert_eq!(stands.as_deref(), Some(value));
            last = Some(value);
        }
    }
}

/// Pages are in the order of keys as unsigned bytes, whatever their sizes.
fn pages(store: &impl Store) {
    for n in 0..=255 {
        let mut key = [0xff; 16];
        key[0] = n;
        store
            .swap(&swap(Kind::Document, key, None, &[n]), now_ms())
            .unwrap();
    }
    let all = store.list(None, 100_000).unwrap();
    assert!(all.is_sorted() && all.len() >= 256);
    for size in [1_u32, 7, 100] {
        let mut listed = Vec::new();
        loop {
            let after = listed.last().map(|(key, _)| *key);
            let page = store.list(after.as_ref(), size).unwrap();
            let is_last = page.len() < size as usize;
            listed.extend(page);
            if is_last {
                break;
            }
        }
        assert_eq!(listed, all);
    }
}

/// All states in the order of their keys.
fn lists_states(store: &impl States) {
    let mut states = Vec::new();
    loop {
        let after = states.last().map(|(key, _)| *key);
        let page = store.states(after.as_ref(), 100).unwrap();
        if page.is_empty() {
            break;
        }
        states.extend(page);
    }
    assert!(states.is_sorted() && states.len() > 10);
    for (key, value) in &states {
        assert_eq!(store.load(Kind::State, key).unwrap().as_ref(), Some(value));
    }
}

#[test]
fn the_memory_store() {
    conforms(&MemoryStore::new(100_000));
}

#[test]
fn the_embedded_store() {
    let dir = tempfile::tempdir().unwrap();
    let store = EmbeddedStore::open(dir.path()).unwrap();
    conforms(&store);
    lists_states(&store);
}

#[test]
fn redis_alone() {
    let server = Redis::start(&[]);
    let store = redis(server.url());
    conforms(&store);
    lists_states(&store);
    // The script is forgotten, and sent again.
    server.cli(&["SCRIPT", "FLUSH"]);
    let swapped = store.swap(&swap(Kind::State, [0xa3; 16], None, b"x"), now_ms());
    assert_eq!(swapped.unwrap(), Swapped::Stored);
}

/// A store that fails where the value of a swap stands already: it may be one that was
/// not acknowledged. Hosts never insert the same value twice, but the probe does.
struct Acknowledged(RedisStore);

impl Store for Acknowledged {
    fn load(&self, kind: Kind, key: &StoreKey) -> Result<Option<Vec<u8>>, Error> {
        Store::load(&self.0, kind, key)
    }

    fn swap(&self, swap: &Swap, now_ms: u64) -> Result<Swapped, Error> {
        let swapped = Store::swap(&self.0, swap, now_ms);
        match (&swapped, self.load(swap.kind, &swap.key)?) {
            (Err(Error::StoreFailed), Some(stands)) if stands == swap.value => {
                Ok(Swapped::Conflict(Some(stands)))
            }
            _ => swapped,
        }
    }

    fn list(&self, after: Option<&StoreKey>, limit: u32) -> Result<Vec<Listed>, Error> {
        Store::list(&self.0, after, limit)
    }
}

#[test]
fn redis_with_acknowledgement() {
    let server = Redis::start(&[]);
    let _replica = server.replica();
    let mut settings = RedisSettings::new(server.url());
    settings.admission = Admission::Any;
    settings.acknowledge = 1;
    settings.timeout = core::time::Duration::from_secs(5);
    let store = Acknowledged(RedisStore::open(settings).unwrap());
    conforms(&store);
    lists_states(&store.0);
    server.cli(&["SCRIPT", "FLUSH"]);
    let swapped = store.swap(&swap(Kind::State, [0xa3; 16], None, b"x"), now_ms());
    assert_eq!(swapped.unwrap(), Swapped::Stored);
}

#[test]
fn redis_cluster() {
    let cluster = Cluster::start(&["--min-replicas-to-write", "1"]);
    let store = redis(cluster.url());
    conforms(&store);
    lists_states(&store);
    let mut settings = RedisSettings::new(cluster.url());
    settings.admission = Admission::Any;
    settings.acknowledge = 1;
    settings.prefix = "other:".to_owned();
    settings.timeout = core::time::Duration::from_secs(5);
    let store = Acknowledged(RedisStore::open(settings).unwrap());
    conforms(&store);
    lists_states(&store.0);
    let masters = cluster.masters();
    for at in &masters {
        let keys = cluster.servers[*at].cli(&["DBSIZE"]);
        let keys: u32 = keys.trim().parse().unwrap();
        assert!(keys > 0, "each master has a share");
        cluster.servers[*at].cli(&["SCRIPT", "FLUSH"]);
    }
    for key in 0xa3..0xab {
        let swapped = store.swap(&swap(Kind::State, [key; 16], None, b"x"), now_ms());
        assert_eq!(swapped.unwrap(), Swapped::Stored);
    }
}

#[test]
fn postgres_alone() {
    let server = Postgres::start(&[]);
    let store = postgres(server.url());
    conforms(&store);
    lists_states(&store);
}

/// Serialization failures are tried again.
#[test]
fn postgres_with_stricter_isolation() {
    let server = Postgres::start(&["default_transaction_isolation=serializable"]);
    let store = postgres(server.url());
    itself(&store);
    pages(&store);
}
