//! Fail-overs of Redis by Sentinels and in a cluster, with real processes that the tests
//! start, while threads count up: what was reported as stored is there.

#![cfg(all(feature = "redis", feature = "postgres"))]
#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

mod support;

use core::sync::atomic::Ordering;
use core::time::Duration;
use std::time::Instant;

use mpass_core::Error;
use mpass_core::store::{Kind, Store, StoreKey, Swap, Swapped};
use mpass_stores::States as _;
use mpass_stores::redis::{RedisSettings, RedisStore};
use mpass_stores::remote::{Admission, Node};

use support::cluster::Cluster;
use support::counting::Counts;
use support::redis::Redis;
use support::sentinel::{PASSWORD, Watched};
use support::wait_until;

const TIMEOUT: Duration = Duration::from_secs(1);
/// What a primary needs whose swaps are not acknowledged.
const LAG: [&str; 4] = [
    "--min-replicas-to-write",
    "1",
    "--min-replicas-max-lag",
    "2",
];

fn open(url: String, acknowledge: u32) -> RedisStore {
    RedisStore::open(RedisSettings {
        timeout: TIMEOUT,
        prefix: prefix(acknowledge),
        acknowledge,
        sentinel_password: Some(PASSWORD.to_owned()),
        admission: Admission::Any,
        ..RedisSettings::new(url)
    })
    .unwrap()
}

fn prefix(acknowledge: u32) -> String {
    format!("mpass{acknowledge}:")
}

/// The key of a state in Redis.
fn key(acknowledge: u32, key: u8) -> Vec<u8> {
    let prefix = prefix(acknowledge);
    [prefix.as_bytes(), b"s:", &[key; 16]].concat()
}

fn node(store: &RedisStore) -> Result<Node, String> {
    tokio::runtime::Runtime::new()
        .unwrap()
        .block_on(store.node())
}

fn put(store: &impl Store, key: u8, value: &[u8]) -> Result<Swapped, Error> {
    let key = StoreKey([key; 16]);
    let swap = Swap {
        kind: Kind::State,
        key,
        expected: store.load(Kind::State, &key)?,
        value: value.to_vec(),
        expires_at_ms: None,
    };
    store.swap(&swap, 1_800_000_000_000)
}

/// Ends the threads also if the test fails, which would wait for them.
struct Ending<'a>(&'a Counts);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.0.end();
    }
}

/// Counts with two threads while `work` is done.
fn under_load(store: &RedisStore, work: impl FnOnce(&Counts)) {
    let counts = Counts::default();
    std::thread::scope(|scope| {
        for thread in [0x61, 0x62] {
            let counts = &counts;
            scope.spawn(move || counts.count(store, thread));
        }
        let _ending = Ending(&counts);
        counts.go_on(200);
        work(&counts);
    });
    assert_eq!(counts.lost.load(Ordering::Relaxed), 0);
    println!("{counts:?}");
}

/// Kills primaries, each as soon as the last one has come back as a replica.
#[test]
fn sentinels_and_replicas_that_acknowledge() {
    let mut watched = Watched::start(2, &[]);
    let store = open(watched.url(), 2);
    let mut last = node(&store).unwrap();
    assert!(
        last.survives_restart && last.findings.is_empty(),
        "{last:?}"
    );
    let stop = |watched: &mut Watched, at: usize| watched.servers[at].process.kill();
    under_load(&store, |counts| {
        for _ in 0..2 {
            let former = watched.primary();
            stop(&mut watched, former);
            watched.another_primary(former);
            // All replicas must acknowledge, and one is missing.
            watched.servers[former].restart();
            let resumed = counts.go_on(50);
            println!("resumed after {resumed:?}");
            watched.in_step(2);
        }
    });
    let now = node(&store).unwrap();
    assert!(now.link > last.link);
    assert_ne!(now.identity, last.identity);
    last = now;
    // Without a fail-over, the connections stay.
    assert_eq!(put(&store, 9, b"x"), Ok(Swapped::Stored));
    assert_eq!(node(&store).unwrap(), last);
}

/// A fail-over is seen while the former primary still answers.
#[test]
fn a_former_primary_that_answers_is_left() {
    let watched = Watched::start(2, &LAG);
    let store = open(watched.url(), 0);
    assert_eq!(put(&store, 1, b"before"), Ok(Swapped::Stored));
    let before = node(&store).unwrap();
    watched.servers[0].process.signal("STOP");
    let promoted = watched.another_primary(0);
    // It takes itself for the primary until the Sentinels tell it.
    watched.servers[0].process.signal("CONT");
    assert!(watched.servers[0].cli(&["ROLE"]).starts_with("master"));
    let begun = Instant::now();
    wait_until("it resumes", || {
        put(&store, 1, b"after") == Ok(Swapped::Stored)
    });
    println!("resumed after {:?}", begun.elapsed());
    let get = "return redis.call('GET', KEYS[1])";
    let stands = |at: usize| watched.servers[at].eval(&key(0, 1), get);
    assert_eq!(stands(promoted).trim(), "after");
    let after = node(&store).unwrap();
    let id = before.identity.to_string();
    assert!(after.identity.is_covered(&id, true, true));
    assert!(!after.identity.is_covered(&id, false, true));
}

#[test]
fn what_would_lose_swaps_is_refused() {
    let watched = Watched::start(1, &[]);
    let why = node(&open(watched.url(), 0)).unwrap_err();
    assert!(why.contains("min-replicas-to-write"), "{why}");
    let named = watched.url().replace("mpass-1", "another");
    let why = node(&open(named, 1)).unwrap_err();
    assert!(why.contains("do not know its name"), "{why}");
    let settings = RedisSettings {
        timeout: TIMEOUT,
        acknowledge: 1,
        sentinel_password: Some("wrong".to_owned()),
        ..RedisSettings::new(watched.url())
    };
    let why = node(&RedisStore::open(settings).unwrap()).unwrap_err();
    assert!(why.contains("Sentinels") && !why.contains("wrong"), "{why}");
    // A replica that acknowledges what it may lose.
    watched.servers[1].cli(&["CONFIG", "SET", "appendfsync", "everysec"]);
    let found = node(&open(watched.url(), 1)).unwrap().findings;
    assert_eq!(found.len(), 1);
    assert!(
        found[0].to_string().starts_with("replica 127.0.0.1"),
        "{found:?}"
    );
}

/// Kills a master in turn; its replica takes its place.
#[test]
fn a_cluster_and_replicas_that_acknowledge() {
    let mut cluster = Cluster::start(&[]);
    let store = open(cluster.url(), 1);
    let before = node(&store).unwrap();
    assert_eq!(before.identity.parts().len(), 3);
    assert!(
        before.survives_restart && before.findings.is_empty(),
        "{before:?}"
    );
    under_load(&store, |counts| {
        for _ in 0..2 {
            let former = cluster.masters()[0];
            cluster.servers[former].process.kill();
            wait_until("a replica is promoted", || {
                let masters = cluster.masters();
                masters.len() == 3 && !masters.contains(&former)
            });
            cluster.servers[former].restart();
            println!("resumed after {:?}", counts.go_on(50));
            cluster.in_step();
        }
    });
    let after = node(&store).unwrap();
    let same = |part| after.identity.parts().contains(part);
    let kept = before
        .identity
        .parts()
        .iter()
        .filter(|part| same(part))
        .count();
    assert!(kept < 3 && after.identity.parts().len() == 3);
}

/// Slots go from a master to another one under load: no swap fails.
#[test]
fn slots_of_a_cluster_are_moved() {
    let cluster = Cluster::start(&LAG);
    for acknowledge in [0, 1] {
        let store = open(cluster.url(), acknowledge);
        let before = node(&store).unwrap();
        under_load(&store, |counts| {
            let [from, to, ..] = cluster.masters()[..] else {
                panic!("there are no masters");
            };
            cluster.reshard(from, to, 1500);
            cluster.reshard(to, from, 1500);
            counts.go_on(200);
            assert_eq!(counts.failed.load(Ordering::Relaxed), 0);
        });
        assert_eq!(node(&store).unwrap(), before, "nothing was connected again");
    }
}

/// A key that a master does not have while it passes the slot on is asked of the next
/// one; afterwards the slot is there.
#[test]
fn a_slot_of_a_cluster_is_passed_on() {
    let cluster = Cluster::start(&LAG);
    for acknowledge in [0, 1] {
        let store = open(cluster.url(), acknowledge);
        assert_eq!(put(&store, 0x41, b"before"), Ok(Swapped::Stored));
        let masters = cluster.masters();
        let slot = cluster.servers[0].slot(&key(acknowledge, 0x42));
        let from = cluster.master_of(&key(acknowledge, 0x42));
        let to = masters.into_iter().find(|at| *at != from).unwrap();
        let [from, to] = [from, to].map(|at| &cluster.servers[at]);
        let [from_id, to_id] = [from, to].map(|one| one.cli(&["CLUSTER", "MYID"]));
        let set = |server: &Redis, state: &str, id: &str| {
            let done = server.cli(&["CLUSTER", "SETSLOT", &slot, state, id.trim()]);
            assert!(done.contains("OK"), "{done}");
        };
        let has = |server: &Redis| server.cli(&["CLUSTER", "COUNTKEYSINSLOT", &slot]);
        set(to, "IMPORTING", &from_id);
        set(from, "MIGRATING", &to_id);
        assert_eq!(put(&store, 0x42, b"asked"), Ok(Swapped::Stored));
        assert_eq!((has(from).trim(), has(to).trim()), ("0", "1"));
        assert_eq!(put(&store, 0x42, b"again"), Ok(Swapped::Stored));
        for server in [to, from] {
            set(server, "NODE", &to_id);
        }
        assert_eq!(put(&store, 0x42, b"moved"), Ok(Swapped::Stored));
        let value = store.load(Kind::State, &StoreKey([0x42; 16]));
        assert_eq!(value.unwrap().as_deref(), Some(&b"moved"[..]));
    }
}

/// The user of docs/STORES.md, on a server.
fn limit(server: &Redis) {
    let page = include_str!("../../docs/STORES.md");
    let (_, command) = page.split_once("ACL SETUSER").unwrap();
    let (command, _) = command.split_once("```").unwrap();
    let words = command
        .split_whitespace()
        .map(|word| word.trim_matches('\''));
    let words: Vec<_> = ["ACL", "SETUSER"].into_iter().chain(words).collect();
    assert!(server.cli(&words).contains("OK"), "{words:?}");
}

/// A user limited to the prefix and to what is needed suffices.
#[test]
fn limited_users() {
    let cluster = Cluster::start(&[]);
    let watched = Watched::start(1, &[]);
    watched.limit_sentinels();
    cluster
        .servers
        .iter()
        .chain(&watched.servers)
        .for_each(limit);
    for url in [cluster.url(), watched.url()] {
        let store = RedisStore::open(RedisSettings {
            timeout: TIMEOUT,
            acknowledge: 1,
            password: Some("PASSWORD".to_owned()),
            sentinel_user: Some("mpass".to_owned()),
            sentinel_password: Some(PASSWORD.to_owned()),
            admission: Admission::Any,
            ..RedisSettings::new(url.replace("://", "://mpass@"))
        });
        let store = store.unwrap();
        let found = node(&store).unwrap();
        assert!(
            found.survives_restart && found.findings.is_empty(),
            "{found:?}"
        );
        for key in 1..20 {
            assert_eq!(
                put(&store, key, b"x"),
                Ok(Swapped::Stored),
                "{:?}",
                store.failure()
            );
        }
        assert_eq!(store.states(None, 100).unwrap().len(), 19);
        assert_eq!(store.list(None, 100).unwrap().len(), 0);
    }
}
