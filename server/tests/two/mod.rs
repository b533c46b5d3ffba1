//! Two servers on one store behind a network.

#![allow(dead_code, unreachable_pub, reason = "each test uses a part of it")]

use core::sync::atomic::{AtomicU32, Ordering};
use core::time::Duration;
use std::fs;
use std::process::Command;
use std::time::Instant;

use futures_util::future::join_all;
use mpass_server::config::Config;
use mpass_server::serve::{ServeOptions, Server};
use tempfile::TempDir;

use crate::support::{self, Manner, PATIENCE, Running, StandIn, start_again, start_with};

/// The configuration of a server whose keyring is in `home`.
pub fn config(home: &TempDir, gateway: &StandIn, store: &str) -> String {
    format!(
        "listen = \"127.0.0.1:0\"\nkeyring.file = '{}'\n[store]\n{store}timeout = \"1s\"\n\
         [gateway]\nurl = \"http://{}/send\"\n\
         body = '{{\"to\":\"{{{{to}}}}\",\"text\":\"{{{{text}}}}\"}}'\ntimeout = \"1s\"\n",
        home.path().join("keyring").display(),
        gateway.addr,
    )
}

pub fn options(config: &str, dir: &TempDir) -> ServeOptions {
    let config = Config::parse(config).unwrap();
    ServeOptions::new(config, None, Some(dir.path().join("data")), false).unwrap()
}

/// Runs `mpass store` with the configuration; returns its status and what it printed.
pub fn mpass_store(config: &str, home: &TempDir, arguments: &[&str]) -> (Option<i32>, String) {
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
pub struct Two {
    gateway: StandIn,
    home: TempDir,
    config: String,
    pub one: Running,
    pub other: Running,
    numbers: AtomicU32,
}

pub async fn two(store: &str) -> Two {
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
    pub fn number(&self) -> String {
        let count = self.numbers.fetch_add(1, Ordering::Relaxed);
        format!("%2B9665000{count:05}")
    }

    /// Sends to a number; returns the contract's status.
    pub async fn send(&self, server: &Running, number: &str) -> String {
        let (key, path) = (&self.one.key, support::SEND);
        let (_, body) = server
            .get(&format!("{path}?apikey={key}&dest={number}"))
            .await;
        support::contract_status(&body)
    }

    pub async fn verify(&self, server: &Running, number: &str, code: &str) -> String {
        let (key, path) = (&self.one.key, support::VERIFY);
        let (_, body) = server
            .get(&format!("{path}?apikey={key}&dest={number}&otp={code}"))
            .await;
        support::contract_status(&body)
    }

    /// A challenge of one server is verified at the other; of parallel right codes at
    /// both, one is accepted.
    pub async fn share(&self) {
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
    pub async fn away(&self, stop: impl FnOnce()) {
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
    pub async fn resume(&self) -> Duration {
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

    /// The time of the restore, as one server knows it.
    pub fn restored_at_ms(&self) -> Option<u64> {
        self.one.state.engine.load().restored_at_ms()
    }

    /// Sends a code to a new number; returns both.
    pub async fn issue(&self, server: &Running) -> (String, String) {
        let number = self.number();
        assert_eq!(self.send(server, &number).await, "0");
        (number, self.gateway.last_code())
    }

    /// Waits until one of them knows a time of a restore.
    pub async fn first_restored(&self) -> u64 {
        let of = |server: &Running| server.state.engine.load().restored_at_ms();
        let first = || of(&self.one).or(of(&self.other));
        support::until("one sets the time", || first().is_some()).await;
        first().unwrap()
    }

    /// Waits until both know the same time of a restore.
    pub async fn agree(&self) -> Option<u64> {
        let of = |server: &Running| server.state.engine.load().restored_at_ms();
        support::until("both know the time", || of(&self.one) == of(&self.other)).await;
        of(&self.one)
    }

    pub async fn check(&self) {
        let (status, text) = mpass_store(&self.config, &self.home, &["check"]);
        assert_eq!(status, Some(0), "{text}");
        assert!(text.contains("1 channels"), "{text}");
    }

    pub async fn end(self) {
        self.one.end().await;
        self.other.end().await;
    }
}
