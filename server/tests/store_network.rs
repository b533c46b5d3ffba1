//! Servers that share a store in Redis or PostgreSQL, which the tests start.

#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

#[path = "../../stores/tests/support/mod.rs"]
mod stores;
mod support;
mod two;

use std::fs;

use mpass_server::config::Config;
use mpass_server::serve::Server;

use stores::postgres::Postgres;
use stores::redis::Redis;
use support::{Manner, StandIn};
use two::{config, mpass_store, options, two};

fn in_redis(server: &Redis) -> String {
    format!("kind = \"redis\"\nurl = \"{}\"\n", server.url())
}

fn in_postgres(server: &Postgres) -> String {
    format!("kind = \"postgres\"\nurl = \"{}\"\n", server.url())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_on_redis() {
    let mut server = Redis::start(&[]);
    let two = two(&in_redis(&server)).await;
    two.share().await;
    two.check().await;
    two.away(|| server.process.kill()).await;
    server.restart();
    two.resume().await;
    // AOF always keeps everything: nothing is void.
    assert_eq!(two.restored_at_ms(), None);
    two.share().await;
    two.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restart_that_may_lose_records_voids_them() {
    let mut server = Redis::start(&["--appendfsync", "everysec"]);
    let two = two(&in_redis(&server)).await;
    two.share().await;
    two.away(|| server.process.kill()).await;
    server.restart();
    two.resume().await;
    assert!(two.restored_at_ms().is_some());
    two.share().await;
    two.end().await;
}

/// What a node keeps from now on says nothing about what it has lost.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restart_with_another_persistence_voids_too() {
    let mut server = Redis::start(&["--appendfsync", "everysec"]);
    let two = two(&in_redis(&server)).await;
    two.away(|| server.process.kill()).await;
    server.configure("--appendfsync", "always");
    server.restart();
    two.resume().await;
    assert!(two.restored_at_ms().is_some());
    two.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_on_postgres() {
    let mut server = Postgres::start(&[]);
    let two = two(&in_postgres(&server)).await;
    two.share().await;
    two.check().await;
    two.away(|| server.process.kill()).await;
    server.restart();
    two.resume().await;
    assert_eq!(two.restored_at_ms(), None);
    two.share().await;
    two.end().await;
}

/// Another database, and the store of another keyring.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_of_others_is_refused() {
    let (redis, postgres) = (Redis::start(&[]), Postgres::start(&[]));
    postgres.psql("CREATE DATABASE other");
    let elsewhere = postgres.url().replace("/postgres", "/other");
    for (store, elsewhere) in [
        (
            in_redis(&redis),
            format!("kind = \"redis\"\nurl = \"{}1\"\n", redis.url()),
        ),
        (
            in_postgres(&postgres),
            format!("kind = \"postgres\"\nurl = \"{elsewhere}\"\n"),
        ),
    ] {
        let gateway = StandIn::start(Manner::Answer(200, "")).await;
        let [home, other_home, dir] = [(); 3].map(|()| tempfile::tempdir().unwrap());
        let right = config(&home, &gateway, &store);
        assert_eq!(mpass_store(&right, &home, &["init"]).0, Some(0));
        let other_keyring = config(&other_home, &gateway, &store);
        let (status, text) = mpass_store(&other_keyring, &other_home, &["init"]);
        assert_eq!(status, Some(2), "{text}");
        let elsewhere = config(&home, &gateway, &elsewhere);
        for (wrong, words) in [
            (&other_keyring, &["keyring"][..]),
            (&elsewhere, &["mpass store init", "migrate"]),
        ] {
            let refused = Server::bind(options(wrong, &dir)).await.err().unwrap();
            let refused = format!("{refused:#}");
            assert!(words.iter().any(|word| refused.contains(word)), "{refused}");
        }
        // Nothing was written there.
        let (status, text) = mpass_store(&right, &home, &["check"]);
        assert_eq!(status, Some(0), "{text}");
    }
}

#[test]
fn settings_of_stores() {
    let parse = |text: &str| Config::parse(text).map_err(|error| format!("{error:#}"));
    for example in ["redis", "postgres"] {
        let path = format!("{}/../examples/{example}.toml", env!("CARGO_MANIFEST_DIR"));
        let config = parse(&fs::read_to_string(path).unwrap()).unwrap();
        assert!(config.store.is_remote());
    }
    for (text, word) in [
        ("store = \"redis\"", "[store]"),
        ("[store]\nkind = \"redis\"", "url"),
        (
            "[store]\nkind = \"redis\"\nurl = \"redis://h\"\ntimeout = \"9s\"",
            "store.timeout",
        ),
        (
            "[store]\nkind = \"postgres\"\nurl = \"x\"\nprefix = \"y\"",
            "unknown key",
        ),
        ("[store]\nkind = \"disk\"", "redis"),
    ] {
        let error = parse(text).unwrap_err();
        assert!(error.contains(word), "{text}: {error}");
    }
}
