//! Stores on the servers of the tests, and swaps of one value.

use core::time::Duration;
use std::time::{SystemTime, UNIX_EPOCH};

use mpass_core::Error;
use mpass_core::store::{Kind, Store, StoreKey, Swap, Swapped};
use mpass_stores::postgres::{PostgresSettings, PostgresStore, migrate};
use mpass_stores::redis::{RedisSettings, RedisStore};
use mpass_stores::remote::Admission;

use super::postgres::Postgres;

pub const KEY: StoreKey = StoreKey([0xb1; 16]);
pub const TIMEOUT: Duration = Duration::from_secs(1);

pub fn now_ms() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    u64::try_from(now.as_millis()).unwrap()
}

pub fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Runtime::new().unwrap().block_on(work)
}

pub fn redis(url: String, acknowledge: u32) -> RedisStore {
    RedisStore::open(RedisSettings {
        timeout: TIMEOUT,
        acknowledge,
        admission: Admission::Any,
        ..RedisSettings::new(url)
    })
    .unwrap()
}

pub fn postgres(url: String, acknowledge: bool) -> PostgresStore {
    let settings = PostgresSettings {
        timeout: TIMEOUT,
        acknowledge,
        admission: Admission::Any,
        ..PostgresSettings::new(url)
    };
    PostgresStore::open(settings).unwrap()
}

pub fn create_tables(server: &Postgres) {
    block_on(migrate(PostgresSettings::new(server.url()))).unwrap();
}

pub fn put(store: &impl Store, expected: Option<&[u8]>, value: &[u8]) -> Result<Swapped, Error> {
    let swap = Swap {
        kind: Kind::State,
        key: KEY,
        expected: expected.map(<[u8]>::to_vec),
        value: value.to_vec(),
        expires_at_ms: None,
    };
    store.swap(&swap, now_ms())
}

pub fn value(store: &impl Store) -> Option<Vec<u8>> {
    store.load(Kind::State, &KEY).unwrap()
}
