//! What others on the same servers, and the network, can do to a store.

#![cfg(all(feature = "redis", feature = "postgres"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a panic fails the test")]

mod bytes;
mod disk;
mod steps;
#[path = "../support/mod.rs"]
mod support;

use core::sync::atomic::{AtomicBool, Ordering};
use core::time::Duration;
use std::thread;
use std::time::Instant;

use mpass_core::Error;
use mpass_core::store::{Kind, Store, Swapped};
use mpass_stores::redis::{RedisSettings, RedisStore, SettingsError};

use bytes::takes_all_bytes;
use support::open::{KEY, block_on, create_tables, postgres, put, redis, value};
use support::postgres::Postgres;
use support::redis::Redis;
use support::wait_until;

/// Threads count up in one value, each by a swap of its own, while something disturbs
/// them: no swap that was reported as stored is lost, and none counts twice.
fn counts(store: &(impl Store + Sync), acknowledged: bool, mut disturb: impl FnMut(u32)) {
    let number = |bytes: &[u8]| {
        let text = str::from_utf8(bytes).unwrap();
        text.split(' ').next().unwrap().parse::<u64>().unwrap()
    };
    assert_eq!(put(store, None, b"0"), Ok(Swapped::Stored));
    let ends = AtomicBool::new(false);
    let (stored, uncertain) = thread::scope(|scope| {
        let count = |thread: u32| {
            let (mut stored, mut uncertain, mut tries) = (0, 0, 0);
            let mut current = b"0".to_vec();
            while !ends.load(Ordering::SeqCst) {
                let next = format!("{} {thread} {tries}", number(&current) + 1).into_bytes();
                tries += 1;
                match put(store, Some(&current), &next) {
                    Ok(Swapped::Stored) => {
                        stored += 1;
                        current = next;
                    }
                    Ok(Swapped::Conflict(Some(other))) => current = other,
                    Ok(other) => panic!("{other:?}"),
                    Err(Error::StoreUnknown) if !acknowledged => uncertain += 1,
                    // With acknowledgement it may stand, and must not be read back.
                    Err(Error::StoreFailed) => uncertain += u64::from(acknowledged),
                    Err(error) => panic!("{error:?}"),
                }
            }
            (stored, uncertain)
        };
        let threads: Vec<_> = (0..6).map(|n| scope.spawn(move || count(n))).collect();
        (0..12).for_each(|round| {
            thread::sleep(Duration::from_millis(60));
            disturb(round);
        });
        ends.store(true, Ordering::SeqCst);
        let counted = threads.into_iter().map(|thread| thread.join().unwrap());
        counted.fold((0, 0), |all: (u64, u64), one| {
            (all.0 + one.0, all.1 + one.1)
        })
    });
    wait_until("it resumes", || store.load(Kind::State, &KEY).is_ok());
    let stands = number(&value(store).unwrap());
    assert!(stored > 10, "{stored}");
    assert!(
        (stored..=stored + uncertain).contains(&stands),
        "{stored} {uncertain} {stands}"
    );
}

const LOST: &[Error] = &[Error::StoreUnknown, Error::StoreFailed];

#[test]
fn others_flush_scripts_and_kill_clients_of_redis() {
    let server = Redis::start(&[]);
    let store = redis(server.url(), 0);
    counts(&store, false, |round| {
        server.cli(&["SCRIPT", "FLUSH"]);
        if round % 2 == 0 {
            server.cli(&["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"]);
        }
    });
}

#[test]
fn others_flush_scripts_and_unblock_clients_that_wait_for_a_replica() {
    let server = Redis::start(&[]);
    let _replica = server.replica();
    let store = redis(server.url(), 1);
    // Never unknown: the value must not be read back.
    counts(&store, true, |round| {
        server.cli(&["SCRIPT", "FLUSH"]);
        let clients = server.cli(&["CLIENT", "LIST"]);
        for id in clients
            .lines()
            .filter_map(|line| line.split([' ', '=']).nth(1))
        {
            let how = ["TIMEOUT", "ERROR"][round as usize % 2];
            server.cli(&["CLIENT", "UNBLOCK", id, how]);
        }
        if round % 4 == 0 {
            server.cli(&["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"]);
        }
    });
}

#[test]
fn a_replica_leaves_and_another_one_comes() {
    let server = Redis::start(&[]);
    let replica = server.replica();
    let store = redis(server.url(), 1);
    assert_eq!(put(&store, None, b"0"), Ok(Swapped::Stored));
    drop(replica);
    assert_eq!(put(&store, Some(b"0"), b"1"), Err(Error::StoreFailed));
    let _other = server.replica();
    let begun = Instant::now();
    wait_until("the other one acknowledges", || {
        let now = value(&store).unwrap();
        put(&store, Some(&now), &[&now[..], b"."].concat()) == Ok(Swapped::Stored)
    });
    assert!(begun.elapsed() < Duration::from_secs(10));
}

#[test]
fn a_user_of_redis_without_what_is_needed() {
    let server = Redis::start(&[]);
    let all = "+@all";
    let url = server.url().replace("//", "//mpass:pass@");
    for (forbidden, loads) in [("-evalsha", true), ("-get", false), ("-info", false)] {
        server.cli(&[
            "ACL", "SETUSER", "mpass", "reset", "on", ">pass", "~mpass:*", all, forbidden,
        ]);
        let store = redis(url.clone(), 0);
        assert_eq!(
            put(&store, None, b"secret value"),
            Err(Error::StoreFailed),
            "{forbidden}"
        );
        assert_eq!(store.load(Kind::State, &KEY).is_ok(), loads, "{forbidden}");
        let why = store.failure().unwrap_or_default();
        assert!(loads || why.contains("NOPERM"), "{why}");
        assert!(!why.contains("secret"), "{why}");
    }
    // Without a password it would be another user.
    let nobody = RedisStore::open(RedisSettings::new(server.url().replace("//", "//mpass@")));
    assert!(matches!(nobody, Err(SettingsError::Password)));
    // The user of the documentation can do all of it.
    let rights = "-@all +get +hget +mget +hmget +set +hset +hdel +scan +hscan +eval +evalsha \
                  +wait +info +config|get +client +hello +select +ping";
    let user: Vec<&str> = [
        "ACL", "SETUSER", "mpass", "reset", "on", ">pass", "~mpass:*",
    ]
    .into_iter()
    .chain(rights.split_whitespace())
    .collect();
    assert!(server.cli(&user).contains("OK"));
    let store = redis(url.clone(), 0);
    takes_all_bytes(&store);
    let node = block_on(store.node()).unwrap();
    assert!(node.findings.is_empty(), "{:?}", node.findings);
}

#[test]
fn others_terminate_connections_of_postgres() {
    let server = Postgres::start(&[]);
    create_tables(&server);
    let store = postgres(server.url(), false);
    let others = "FROM pg_stat_activity WHERE pid <> pg_backend_pid() \
                  AND backend_type = 'client backend'";
    counts(&store, false, |round| {
        let what = ["pg_terminate_backend(pid)", "pg_cancel_backend(pid)"][round as usize % 2];
        server.psql(&format!("SELECT {what} {others}"));
    });
}

/// As behind a pooler, which gives a connection to another session meanwhile.
#[test]
fn the_statements_of_a_connection_to_postgres_vanish() {
    let server = Postgres::start(&[]);
    create_tables(&server);
    server.psql(
        "CREATE FUNCTION vanish() RETURNS trigger LANGUAGE plpgsql AS \
         $$ BEGIN IF new.value = '\\x76616e697368' THEN EXECUTE 'DEALLOCATE ALL'; END IF; \
         RETURN new; END $$; \
         CREATE TRIGGER vanish BEFORE UPDATE ON mpass_state FOR EACH ROW EXECUTE FUNCTION vanish()",
    );
    let store = postgres(server.url(), false);
    assert_eq!(put(&store, None, b"0"), Ok(Swapped::Stored));
    // Each connection in its turn.
    for _ in 0..8 {
        for next in [&b"vanish"[..], b"0"] {
            wait_until("it resumes", || {
                let now = store.load(Kind::State, &KEY).ok().flatten();
                now.is_some_and(|now| put(&store, Some(&now), next) == Ok(Swapped::Stored))
            });
        }
    }
}

/// What the server's configuration becomes does not reach open connections; new ones
/// are refused.
#[test]
fn synchronous_commit_is_turned_off_under_open_connections() {
    // What is committed asynchronously stays in memory.
    let mut server = Postgres::start(&["wal_writer_delay=10s"]);
    create_tables(&server);
    let store = postgres(server.url(), false);
    assert_eq!(put(&store, None, b"0"), Ok(Swapped::Stored));
    server.psql("ALTER SYSTEM SET synchronous_commit = off");
    server.psql("ALTER ROLE mpass SET synchronous_commit = off");
    assert_eq!(server.psql("SELECT pg_reload_conf()"), "t");
    wait_until("it is off", || {
        server.psql("SHOW synchronous_commit") == "off"
    });
    for n in 0..50_u32 {
        let (now, next) = (n.to_string(), (n + 1).to_string());
        let stored = put(&store, Some(now.as_bytes()), next.as_bytes());
        assert_eq!(stored, Ok(Swapped::Stored));
    }
    server.process.kill();
    server.restart();
    let refused = block_on(postgres(server.url(), false).node()).unwrap_err();
    assert!(refused.contains("synchronous_commit"), "{refused}");
    server.psql("ALTER SYSTEM RESET synchronous_commit");
    server.psql("ALTER ROLE mpass RESET synchronous_commit");
    server.psql("SELECT pg_reload_conf()");
    wait_until("it resumes", || store.load(Kind::State, &KEY).is_ok());
    assert_eq!(value(&store).unwrap(), b"50");
}

/// Within about a second, also on open connections.
#[test]
fn the_standby_is_taken_out_of_the_configuration() {
    let server = Postgres::start(&[]);
    create_tables(&server);
    let _standby = server.standby("one", &[]);
    server.psql("ALTER SYSTEM SET synchronous_standby_names = 'one'");
    server.psql("SELECT pg_reload_conf()");
    wait_until("the standby is synchronous", || {
        server.psql("SELECT sync_state FROM pg_stat_replication") == "sync"
    });
    let store = postgres(server.url(), true);
    assert_eq!(put(&store, None, b"0"), Ok(Swapped::Stored));
    // Its own value is no proof of it.
    assert_eq!(put(&store, None, b"0"), Err(Error::StoreFailed));
    server.psql("ALTER SYSTEM RESET synchronous_standby_names");
    server.psql("SELECT pg_reload_conf()");
    wait_until("it is refused", || store.load(Kind::State, &KEY).is_err());
    assert_eq!(put(&store, Some(b"0"), b"1"), Err(Error::StoreFailed));
    assert!(
        store
            .failure()
            .unwrap()
            .contains("synchronous_standby_names")
    );
}

/// Errors of every kind, which a trigger raises; those that undo a statement for
/// another one are tried again.
#[test]
fn the_errors_of_postgres_are_told_apart() {
    let server = Postgres::start(&[]);
    create_tables(&server);
    server.psql(
        "CREATE SEQUENCE tries; \
         CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS \
         $$ BEGIN PERFORM nextval('tries'); \
         RAISE EXCEPTION 'secret' USING ERRCODE = convert_from(new.value, 'UTF8'); END $$; \
         CREATE TRIGGER refuse BEFORE UPDATE ON mpass_state FOR EACH ROW EXECUTE FUNCTION refuse()",
    );
    let store = postgres(server.url(), false);
    assert_eq!(put(&store, None, b"0"), Ok(Swapped::Stored));
    for (code, error, tries) in [
        ("57P01", Error::StoreUnknown, "1"),
        ("57014", Error::StoreUnknown, "1"),
        ("08006", Error::StoreUnknown, "1"),
        ("53100", Error::StoreFull, "1"),
        ("25006", Error::StoreFailed, "1"),
        ("23514", Error::StoreFailed, "1"),
        ("40001", Error::StoreFailed, "5"),
        ("40P01", Error::StoreFailed, "5"),
    ] {
        server.psql("ALTER SEQUENCE tries RESTART");
        wait_until("it resumes", || store.load(Kind::State, &KEY).is_ok());
        assert_eq!(
            put(&store, Some(b"0"), code.as_bytes()),
            Err(error),
            "{code}"
        );
        assert_eq!(server.psql("SELECT last_value FROM tries"), tries, "{code}");
        let why = store.failure().unwrap();
        assert!(!why.contains("secret"), "{why}");
    }
    assert_eq!(value(&store).unwrap(), b"0");
}
