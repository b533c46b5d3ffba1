//! Swaps that share a statement of PostgreSQL: each ends by itself.

#![cfg(feature = "postgres")]
#![allow(clippy::panic, clippy::unwrap_used, reason = "a panic fails the test")]

mod support;

use core::time::Duration;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use futures_util::future::join_all;
use mpass_core::Error;
use mpass_core::store::{AsyncStore, Kind, StoreKey, Swap, Swapped};
use mpass_stores::postgres::{PostgresSettings, PostgresStore, migrate};
use mpass_stores::remote::Admission;

use support::postgres::Postgres;
use support::proxy::{Fault, Proxy};

const TIMEOUT: Duration = Duration::from_secs(2);

fn now_ms() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    u64::try_from(now.as_millis()).unwrap()
}

fn open(url: String, connections: u8) -> PostgresStore {
    let settings = PostgresSettings {
        timeout: TIMEOUT,
        connections,
        admission: Admission::Any,
        ..PostgresSettings::new(url)
    };
    PostgresStore::open(settings).unwrap()
}

fn key(n: u8) -> StoreKey {
    StoreKey([n; 16])
}

/// Swaps of the keys 0 to 63 at the same time.
async fn together(
    store: &PostgresStore,
    swap: impl Fn(u8) -> (Option<Vec<u8>>, Vec<u8>),
) -> Vec<Result<Swapped, Error>> {
    let swaps = (0..64).map(|n| {
        let (expected, value) = swap(n);
        let swap = Swap {
            kind: Kind::State,
            key: key(n),
            expected,
            value,
            expires_at_ms: Some(now_ms() + 60_000),
        };
        store.swap(swap, now_ms())
    });
    join_all(swaps).await
}

/// What stands; a busy machine may need several tries.
async fn standing(store: &PostgresStore, n: u8) -> Option<Vec<u8>> {
    let begun = Instant::now();
    loop {
        match store.load(Kind::State, key(n)).await {
            Ok(value) => return value,
            Err(error) => assert!(begun.elapsed() < support::PATIENCE, "{error}"),
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn commits(server: &Postgres) -> u64 {
    let text = server.psql(
        "SELECT pg_stat_force_next_flush(), xact_commit FROM pg_stat_database \
         WHERE datname = 'postgres'",
    );
    text.trim_start_matches('|').parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn swaps_of_a_group_end_each_by_itself() {
    let server = Postgres::start(&[]);
    migrate(PostgresSettings::new(server.url())).await.unwrap();
    for connections in [1, 2, 3] {
        let store = open(server.url(), connections);
        let value = |n: u8, text: &str| format!("{text} {n} of {connections}").into_bytes();
        server.psql("TRUNCATE mpass_state");
        // Every other one stands.
        for n in (0..64).step_by(2) {
            let swap = Swap {
                kind: Kind::State,
                key: key(n),
                expected: None,
                value: value(n, "first"),
                expires_at_ms: None,
            };
            assert_eq!(store.swap(swap, now_ms()).await, Ok(Swapped::Stored));
        }
        let inserted = together(&store, |n| (None, value(n, "second"))).await;
        for (n, swapped) in (0..).zip(inserted) {
            let wanted = match n % 2 {
                0 => Swapped::Conflict(Some(value(n, "first"))),
                _ => Swapped::Stored,
            };
            assert_eq!(swapped, Ok(wanted), "{n}");
        }
        // Half of them expect what does not stand, and some of those are gone.
        server.psql("DELETE FROM mpass_state WHERE key < '\\x08'");
        let replaced = together(&store, |n| (Some(value(n, "second")), value(n, "third"))).await;
        for (n, swapped) in (0..).zip(replaced) {
            let wanted = match n % 2 {
                _ if n < 8 => Swapped::Conflict(None),
                0 => Swapped::Conflict(Some(value(n, "first"))),
                _ => Swapped::Stored,
            };
            assert_eq!(swapped, Ok(wanted), "{n}");
            if wanted_value(n) {
                let stands = store.load(Kind::State, key(n)).await;
                assert_eq!(stands, Ok(Some(value(n, "third"))));
            }
        }
    }
}

fn wanted_value(n: u8) -> bool {
    n >= 8 && n % 2 == 1
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_group_is_one_commit() {
    let server = Postgres::start(&["autovacuum=off"]);
    migrate(PostgresSettings::new(server.url())).await.unwrap();
    let store = open(server.url(), 2);
    // It connects and looks at the node by itself.
    assert_eq!(store.load(Kind::State, key(0)).await, Ok(None));
    let before = commits(&server);
    for round in 0..16_u8 {
        let expected = |n| (round > 0).then(|| vec![n, round - 1]);
        let swapped = together(&store, |n| (expected(n), vec![n, round])).await;
        assert!(swapped.iter().all(|each| *each == Ok(Swapped::Stored)));
    }
    // One by one they would be 1024.
    assert!(commits(&server) - before < 512);
}

/// The outcome of each is unknown, and all of them are one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_group_whose_answer_is_lost() {
    let server = Postgres::start(&[]);
    migrate(PostgresSettings::new(server.url())).await.unwrap();
    let proxy = Proxy::start(server.port);
    let url = format!("postgresql://mpass@127.0.0.1:{}/postgres", proxy.port);
    for (to_server, to_client) in [
        (Fault::Cut, Fault::None),
        (Fault::None, Fault::Cut),
        (Fault::None, Fault::Stall),
    ] {
        let (store, direct) = (open(url.clone(), 1), open(server.url(), 1));
        server.psql("TRUNCATE mpass_state");
        assert_eq!(store.load(Kind::State, key(0)).await, Ok(None));
        proxy.set(b"marked 9 end", to_server, to_client);
        let value = |n: u8| format!("marked {n} end").into_bytes();
        let swapped = together(&store, |n| (None, value(n))).await;
        let mut unknown = 0;
        for (n, swapped) in (0..).zip(swapped) {
            let stands = standing(&direct, n).await;
            match swapped {
                Ok(Swapped::Stored) => assert_eq!(stands, Some(value(n))),
                Err(Error::StoreUnknown) => unknown += 1,
                // It was not sent.
                Err(Error::StoreFailed) => assert_eq!(stands, None),
                other => panic!("{other:?}"),
            }
        }
        assert!(unknown > 0);
        // It resumes.
        standing(&store, 0).await;
    }
}
