//! Servers that share a store in Redis or PostgreSQL, which the tests start.

#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

#[path = "../../stores/tests/support/mod.rs"]
mod stores;
mod support;

use core::sync::atomic::{AtomicU32, Ordering};
use core::time::Duration;
use std::fs;
use std::process::Command;
use std::time::Instant;

use futures_util::future::join_all;
use mpass_server::config::Config;
use mpass_server::serve::{ServeOptions, Server};
use tempfile::TempDir;

use stores::postgres::Postgres;
use stores::redis::Redis;
use support::{Manner, PATIENCE, Running, StandIn, start_again, start_with};

/// The configuration of a server whose keyring is in `home`.
fn config(home: &TempDir, gateway: &StandIn, store: &str) -> String {
    format!(
        "listen = \"127.0.0.1:0\"\nkeyring.file = '{}'\n[store]\n{store}timeout = \"1s\"\n\
         [gateway]\nurl = \"http://{}/send\"\n\
         body = '{{\"to\":\"{{{{to}}}}\",\"text\":\"{{{{text}}}}\"}}'\ntimeout = \"1s\"\n",
        home.path().join("keyring").display(),
        gateway.addr,
    )
}

fn options(config: &str, dir: &TempDir) -> ServeOptions {
    let config = Config::parse(config).unwrap();
    ServeOptions::new(config, None, Some(dir.path().join("data")), false).unwrap()
}

/// Runs `mpass store` with the configuration; returns its status and what it printed.
fn mpass_store(config: &str, home: &TempDir, arguments: &[&str]) -> (Option<i32>, String) {
    let file = home.path().join("mpass.toml");
    fs::write(&file, config).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_mpass"));
    command
        .env_clear()
        .env("HOME", home.path())
        .arg("store")
        .args(arguments);
    command.arg("--config").arg(&file);
    let output = command.output().unwrap();
    let text = [&output.stdout[..], &output.stderr].concat();
    (
        output.status.code(),
        String::from_utf8_lossy(&text).into_owned(),
    )
}

/// Two servers on one store, which was initialized.
struct Two {
    gateway: StandIn,
    home: TempDir,
    config: String,
    one: Running,
    other: Running,
    numbers: AtomicU32,
}

async fn two(store: &str) -> Two {
    let gateway = StandIn::start(Manner::Answer(200, "")).await;
    let (home, dirs) = (
        tempfile::tempdir().unwrap(),
        [(); 2].map(|()| tempfile::tempdir().unwrap()),
    );
    let config = config(&home, &gateway, store);
    let [first, second] = dirs;
    // A store without a header may be the wrong one. The keyring is created.
    let refused = Server::bind(options(&config, &first)).await.err().unwrap();
    let refused = format!("{refused:#}");
    assert!(
        refused.contains("mpass store init") || refused.contains("migrate"),
        "{refused}"
    );
    let (status, text) = mpass_store(&config, &home, &["init"]);
    assert_eq!(status, Some(0), "{text}");
    let (status, text) = mpass_store(&config, &home, &["init"]);
    assert_eq!(status, Some(2), "{text}");
    let one = start_with(options(&config, &first), first).await;
    let other = start_again(options(&config, &second), second, one.key.clone()).await;
    Two {
        gateway,
        home,
        config,
        one,
        other,
        numbers: AtomicU32::new(0),
    }
}

impl Two {
    /// A number that nothing was sent to.
    fn number(&self) -> String {
        let count = self.numbers.fetch_add(1, Ordering::Relaxed);
        format!("%2B9665000{count:05}")
    }

    /// Sends to a number; returns the contract's status.
    async fn send(&self, server: &Running, number: &str) -> String {
        let (key, path) = (&self.one.key, support::SEND);
        let (_, body) = server
            .get(&format!("{path}?apikey={key}&dest={number}"))
            .await;
        support::contract_status(&body)
    }

    async fn verify(&self, server: &Running, number: &str, code: &str) -> String {
        let (key, path) = (&self.one.key, support::VERIFY);
        let (_, body) = server
            .get(&format!("{path}?apikey={key}&dest={number}&otp={code}"))
            .await;
        support::contract_status(&body)
    }

    /// A challenge of one server is verified at the other; of parallel right codes at
    /// both, one is accepted.
    async fn share(&self) {
        for round in 0..4 {
            let number = self.number();
            let sender = [&self.one, &self.other][round % 2];
            assert_eq!(self.send(sender, &number).await, "0");
            let code = self.gateway.last_code();
            let both = [&self.one, &self.other];
            let attempts = (0..16).map(|n| self.verify(both[n % 2], &number, &code));
            let verdicts = join_all(attempts).await;
            let accepted = verdicts.iter().filter(|verdict| *verdict == "0").count();
            assert_eq!(accepted, 1, "{verdicts:?}");
        }
    }

    /// Answers within the time-out while the store is away, and accepts nothing.
    async fn away(&self, stop: impl FnOnce()) {
        let number = self.number();
        assert_eq!(self.send(&self.one, &number).await, "0");
        let code = self.gateway.last_code();
        stop();
        for server in [&self.one, &self.other] {
            let begun = Instant::now();
            let status = self.verify(server, &number, &code).await;
            assert!(begun.elapsed() < Duration::from_secs(5));
            assert_ne!(status, "0");
        }
    }

    /// Waits until both serve again.
    async fn resume(&self) -> Duration {
        let begun = Instant::now();
        for server in [&self.one, &self.other] {
            while server.get("/readyz").await.0 != 200
                || self.send(server, &self.number()).await != "0"
            {
                assert!(begun.elapsed() < PATIENCE, "it does not resume");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
        begun.elapsed()
    }

    fn restored_at_ms(&self) -> Option<u64> {
        self.one.state.engine.load().restored_at_ms()
    }

    async fn check(&self) {
        let (status, text) = mpass_store(&self.config, &self.home, &["check"]);
        assert_eq!(status, Some(0), "{text}");
        assert!(text.contains("1 channels"), "{text}");
    }

    async fn end(self) {
        self.one.end().await;
        self.other.end().await;
    }
}

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
