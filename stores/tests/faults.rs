//! Faults of the network and of the servers, with real processes that the tests start.

#![cfg(all(feature = "redis", feature = "postgres"))]
#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

mod support;

use core::time::Duration;
use std::time::Instant;

use mpass_core::Error;
use mpass_core::store::{Kind, Store, StoreKey, Swap, Swapped};
use mpass_stores::postgres::PostgresStore;
use mpass_stores::redis::{RedisSettings, RedisStore};

use support::open::{KEY, TIMEOUT, block_on, create_tables, now_ms, postgres, put, redis, value};
use support::postgres::Postgres;
use support::proxy::{Fault, Proxy};
use support::redis::Redis;
use support::wait_until;

/// Swaps whose request or answer is lost, through a proxy: their outcome is unknown,
/// and the store works again at once.
fn loses(proxy: &Proxy, store: &impl Store, direct: &impl Store) {
    let faults = [
        (Fault::Cut, Fault::None, false),
        (Fault::Halve, Fault::None, false),
        (Fault::Stall, Fault::None, false),
        (Fault::None, Fault::Cut, true),
        (Fault::None, Fault::Halve, true),
        (Fault::None, Fault::Stall, true),
        (Fault::None, Fault::Delay(TIMEOUT * 2), true),
    ];
    assert_eq!(put(store, None, b"value 0"), Ok(Swapped::Stored));
    for (n, (to_server, to_client, is_stored)) in faults.into_iter().enumerate() {
        let before = value(direct).unwrap();
        let new = format!("value {}", n + 1).into_bytes();
        proxy.set(&new, to_server, to_client);
        let begun = Instant::now();
        assert_eq!(put(store, Some(&before), &new), Err(Error::StoreUnknown));
        assert!(begun.elapsed() < TIMEOUT * 4, "{to_server:?} {to_client:?}");
        let stands = value(direct).unwrap();
        assert_eq!(stands == new, is_stored, "{to_server:?} {to_client:?}");
        let resumed = Instant::now();
        wait_until("it resumes", || store.load(Kind::State, &KEY).is_ok());
        assert!(resumed.elapsed() < Duration::from_secs(10));
        assert_eq!(value(store).unwrap(), stands);
    }
    // Late, but within the time-out.
    let before = value(direct).unwrap();
    proxy.set(
        b"value 9",
        Fault::Delay(TIMEOUT / 8),
        Fault::Delay(TIMEOUT / 8),
    );
    assert_eq!(put(store, Some(&before), b"value 9"), Ok(Swapped::Stored));
}

#[test]
fn lost_requests_and_answers_of_redis() {
    let server = Redis::start(&[]);
    let proxy = Proxy::start(server.port);
    let store = redis(format!("redis://127.0.0.1:{}/", proxy.port), 0);
    loses(&proxy, &store, &redis(server.url(), 0));
}

#[test]
fn lost_requests_and_answers_of_postgres() {
    let server = Postgres::start(&[]);
    create_tables(&server);
    let proxy = Proxy::start(server.port);
    let url = format!("postgresql://mpass@127.0.0.1:{}/postgres", proxy.port);
    loses(
        &proxy,
        &postgres(url, false),
        &postgres(server.url(), false),
    );
}

/// With acknowledgement a lost answer is a failure: the value must not be read back.
#[test]
fn lost_answers_with_acknowledgement_are_failures() {
    let server = Redis::start(&[]);
    let _replica = server.replica();
    let proxy = Proxy::start(server.port);
    let store = redis(format!("redis://127.0.0.1:{}/", proxy.port), 1);
    assert_eq!(put(&store, None, b"value 0"), Ok(Swapped::Stored));
    for fault in [Fault::Cut, Fault::Halve, Fault::Stall] {
        let before = value(&redis(server.url(), 0)).unwrap();
        let new = format!("{fault:?}").into_bytes();
        proxy.set(&new, Fault::None, fault);
        assert_eq!(put(&store, Some(&before), &new), Err(Error::StoreFailed));
        // The value of the swap stands: a conflict that shows it has failed, too.
        wait_until("it resumes", || store.load(Kind::State, &KEY).is_ok());
        assert_eq!(put(&store, Some(&before), &new), Err(Error::StoreFailed));
    }
}

/// Counts up until the server is killed, and again after its restart: what was
/// reported as stored is there.
fn survives_kills(store: &impl Store, mut kill: impl FnMut(), mut restart: impl FnMut()) {
    assert_eq!(put(store, None, b"0"), Ok(Swapped::Stored));
    let mut stored = 0_u64;
    for _ in 0..3 {
        for _ in 0..20 {
            let (now, next) = (stored.to_string(), (stored + 1).to_string());
            assert_eq!(
                put(store, Some(now.as_bytes()), next.as_bytes()),
                Ok(Swapped::Stored)
            );
            stored += 1;
        }
        kill();
        // A process of the server may live a little longer.
        let last = loop {
            let (now, next) = (stored.to_string(), (stored + 1).to_string());
            match put(store, Some(now.as_bytes()), next.as_bytes()) {
                Ok(Swapped::Stored) => stored += 1,
                other => break other,
            }
        };
        assert!(last.is_err(), "{last:?}");
        restart();
        wait_until("it resumes", || store.load(Kind::State, &KEY).is_ok());
        let found: u64 = str::from_utf8(&value(store).unwrap())
            .unwrap()
            .parse()
            .unwrap();
        let may_stand = last == Err(Error::StoreUnknown) && found == stored + 1;
        assert!(found == stored || may_stand, "{found} {stored} {last:?}");
        stored = found;
    }
}

#[test]
fn redis_killed_with_aof_always() {
    let server = Redis::start(&[]);
    let store = redis(server.url(), 0);
    let server = core::cell::RefCell::new(server);
    survives_kills(
        &store,
        || server.borrow_mut().process.kill(),
        || server.borrow_mut().restart(),
    );
}

#[test]
fn postgres_killed() {
    let server = Postgres::start(&[]);
    create_tables(&server);
    let store = postgres(server.url(), false);
    let server = core::cell::RefCell::new(server);
    survives_kills(
        &store,
        || server.borrow_mut().process.kill(),
        || server.borrow_mut().restart(),
    );
}

#[test]
fn redis_stopped_and_continued() {
    let server = Redis::start(&[]);
    let store = redis(server.url(), 0);
    assert_eq!(put(&store, None, b"0"), Ok(Swapped::Stored));
    server.process.signal("STOP");
    let begun = Instant::now();
    assert_eq!(put(&store, Some(b"0"), b"1"), Err(Error::StoreUnknown));
    store.load(Kind::State, &KEY).unwrap_err();
    assert!(begun.elapsed() < TIMEOUT * 6);
    server.process.signal("CONT");
    wait_until("it resumes", || store.load(Kind::State, &KEY).is_ok());
    // It was in the socket of the server, and is run.
    assert_eq!(value(&store).unwrap(), b"1");
}

#[test]
fn a_replica_that_is_cut_off() {
    let server = Redis::start(&[]);
    let replica = server.replica();
    let store = redis(server.url(), 1);
    assert_eq!(put(&store, None, b"0"), Ok(Swapped::Stored));
    replica.process.signal("STOP");
    assert_eq!(put(&store, Some(b"0"), b"1"), Err(Error::StoreFailed));
    // It stands on the primary alone: nobody is told that it is stored.
    assert_eq!(put(&store, Some(b"0"), b"1"), Err(Error::StoreFailed));
    replica.process.signal("CONT");
    wait_until("the replica acknowledges", || {
        let now = value(&store).unwrap();
        let next = [&now[..], b"."].concat();
        put(&store, Some(&now), &next) == Ok(Swapped::Stored)
    });
}

#[test]
fn what_would_lose_records_is_refused() {
    let evicting = Redis::start(&["--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru"]);
    let replicated = Redis::start(&[]);
    let replica = replicated.replica();
    for (server, word) in [(&evicting, "maxmemory-policy"), (&replica, "replica")] {
        let store = redis(server.url(), 0);
        let why = block_on(store.node()).unwrap_err();
        assert!(why.contains(word), "{why}");
        assert_eq!(store.load(Kind::State, &KEY), Err(Error::StoreFailed));
    }
    for (setting, acknowledge, word) in [
        ("synchronous_commit=off", false, "synchronous_commit"),
        ("fsync=off", false, "fsync"),
        ("statement_timeout=5000", false, "statement_timeout"),
        (
            "synchronous_standby_names=",
            true,
            "synchronous_standby_names",
        ),
    ] {
        let server = Postgres::start(&[setting]);
        let why = block_on(postgres(server.url(), acknowledge).node()).unwrap_err();
        assert!(why.contains(word), "{why}");
    }
}

#[test]
fn a_standby_that_does_not_answer() {
    let server = Postgres::start(&[]);
    create_tables(&server);
    let standby = server.standby("one", &[]);
    server.psql("ALTER SYSTEM SET synchronous_standby_names = 'one'");
    server.psql("SELECT pg_reload_conf()");
    wait_until("the standby is synchronous", || {
        server.psql("SELECT sync_state FROM pg_stat_replication") == "sync"
    });
    let (strict, plain) = (postgres(server.url(), true), postgres(server.url(), false));
    assert_eq!(put(&strict, None, b"0"), Ok(Swapped::Stored));
    standby.process.signal("STOP");
    // Everything of the standby, whose receiver is a process of its own.
    let receiver = server.psql("SELECT pid FROM pg_stat_replication");
    assert!(!receiver.is_empty());
    let stopped = std::process::Command::new("pkill")
        .args(["-STOP", "-P", &standby.process.0.id().to_string()])
        .status();
    assert!(stopped.unwrap().success());
    assert_eq!(put(&strict, Some(b"0"), b"1"), Err(Error::StoreFailed));
    // An administrator ends the wait of another one: it is not known to be stored.
    let waiting = "SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity \
                   WHERE wait_event = 'SyncRep'";
    let swapped = std::thread::scope(|scope| {
        let swap = scope.spawn(|| {
            let swap = Swap {
                kind: Kind::Document,
                key: KEY,
                expected: None,
                value: b"cancelled".to_vec(),
                expires_at_ms: None,
            };
            plain.swap(&swap, now_ms())
        });
        wait_until("the wait is cancelled", || {
            server.psql(waiting) != "0" || swap.is_finished()
        });
        swap.join().unwrap()
    });
    assert_eq!(swapped, Err(Error::StoreUnknown));
    let continued = std::process::Command::new("pkill")
        .args(["-CONT", "-P", &standby.process.0.id().to_string()])
        .status();
    assert!(continued.unwrap().success());
    standby.process.signal("CONT");
    wait_until("the standby acknowledges", || {
        let now = strict.load(Kind::State, &KEY);
        let Ok(Some(now)) = now else {
            return false;
        };
        let next = [&now[..], b"."].concat();
        put(&strict, Some(&now), &next) == Ok(Swapped::Stored)
    });
}

/// What was removed stays refused.
#[test]
fn expired_rows_are_removed_and_not_stored_again() {
    let server = Postgres::start(&[]);
    create_tables(&server);
    let day = 24 * 60 * 60 * 1000;
    let insert = |store: &PostgresStore, kind, key: u8, age_ms: u64| {
        let swap = Swap {
            kind,
            key: StoreKey([key; 16]),
            expected: None,
            value: b"used".to_vec(),
            expires_at_ms: Some(now_ms() - age_ms),
        };
        store.swap(&swap, now_ms())
    };
    let kinds = [Kind::State, Kind::Document];
    let earlier = postgres(server.url(), false);
    for kind in kinds {
        assert_eq!(insert(&earlier, kind, 1, day + 60_000), Ok(Swapped::Stored));
        assert_eq!(insert(&earlier, kind, 2, day / 2), Ok(Swapped::Stored));
    }
    drop(earlier);
    // It searches the tables at its start.
    let store = postgres(server.url(), false);
    for kind in kinds {
        wait_until("it is removed", || {
            store.load(kind, &StoreKey([1; 16])) == Ok(None)
        });
        let again = insert(&store, kind, 1, 2 * day);
        assert_eq!(again, Ok(Swapped::Expired));
        let stands = store.load(kind, &StoreKey([2; 16])).unwrap();
        assert!(stands.is_some());
        let other = insert(&store, kind, 2, day / 2);
        assert!(matches!(other, Ok(Swapped::Conflict(Some(_)))));
    }
    block_on(store.forget_dropped()).unwrap();
    let again = insert(&store, Kind::State, 1, 2 * day);
    assert_eq!(again, Ok(Swapped::Stored));
}

/// Until the host has compared the node, and again after each reconnection.
#[test]
fn a_node_is_admitted_by_the_host() {
    let mut server = Redis::start(&[]);
    let store = RedisStore::open(RedisSettings {
        timeout: TIMEOUT,
        ..RedisSettings::new(server.url())
    });
    let store = store.unwrap();
    let first = block_on(store.node()).unwrap();
    assert!(first.survives_restart && first.findings.is_empty());
    assert_eq!(store.load(Kind::State, &KEY), Err(Error::StoreFailed));
    assert!(store.admit(&first));
    assert_eq!(put(&store, None, b"0"), Ok(Swapped::Stored));
    server.process.kill();
    server.restart();
    let mut second = None;
    wait_until("it connects again", || {
        second = block_on(store.node())
            .ok()
            .filter(|node| node.link > first.link);
        second.is_some()
    });
    let second = second.unwrap();
    assert_ne!(second.identity, first.identity);
    assert!(!store.admit(&first), "another connection");
    assert_eq!(store.load(Kind::State, &KEY), Err(Error::StoreFailed));
    assert_eq!(store.link(), None);
    assert!(store.admit(&second));
    assert_eq!(value(&store).unwrap(), b"0");
    // A request that began on the first connection does not go on.
    assert_eq!(store.link(), Some(second.link));
    let bound = |link| {
        block_on(mpass_core::store::AsyncStore::load(
            &store.on_link(link),
            Kind::State,
            KEY,
        ))
    };
    assert_eq!(bound(second.link), Ok(Some(b"0".to_vec())));
    for other in [0, first.link, second.link + 1] {
        assert_eq!(bound(other), Err(Error::StoreFailed));
    }
}
