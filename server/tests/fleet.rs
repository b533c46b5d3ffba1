//! Machines that share a store: what they announce, and the activation of a record key.

#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

#[path = "../../stores/tests/support/mod.rs"]
mod stores;
mod support;

use std::fs;
use std::path::Path;
use std::process::Command;

use mpass_core::challenge::{Header, Keyring};
use mpass_server::entropy::System;
use mpass_server::keyring_file;
use mpass_server::serve::{ServeOptions, Server, Source};
use mpass_stores::redis::{RedisSettings, RedisStore};
use mpass_stores::remote::Admission;
use serde_json::Value;
use tempfile::TempDir;

use stores::postgres::Postgres;
use stores::redis::Redis;
use support::{DEST, Manner, Running, SEND, StandIn, contract_status, start_again, start_with};

/// A directory with a keyring and the configuration of a machine.
struct Machine {
    dir: TempDir,
}

impl Machine {
    /// A machine whose keyring is a copy of another one's, or a new one.
    fn new(store: &str, gateway: &StandIn, like: Option<&Self>) -> Self {
        let machine = Self {
            dir: tempfile::tempdir().unwrap(),
        };
        let text = format!(
            "listen = \"127.0.0.1:0\"\nkeyring.file = '{}'\ndata_dir = '{}'\n[store]\n{store}\n\
             [gateway]\nurl = \"http://{}/send\"\n\
             body = '{{\"to\":\"{{{{to}}}}\",\"text\":\"{{{{text}}}}\"}}'\ntimeout = \"1s\"\n",
            machine.keyring().display(),
            machine.dir.path().join("data").display(),
            gateway.addr,
        );
        fs::write(machine.config(), text).unwrap();
        if let Some(other) = like {
            machine.copy_keyring(other);
        }
        machine
    }

    fn keyring(&self) -> std::path::PathBuf {
        self.dir.path().join("keyring")
    }

    fn config(&self) -> std::path::PathBuf {
        self.dir.path().join("mpass.toml")
    }

    /// As an operator distributes it.
    fn copy_keyring(&self, other: &Self) {
        fs::copy(other.keyring(), self.keyring()).unwrap();
    }

    fn options(&self) -> ServeOptions {
        let source = Source {
            config: Some(self.config()),
            listen: None,
            data_dir: None,
            demo: false,
            default_data_dir: || anyhow::bail!("the configuration names one"),
        };
        source.read().unwrap()
    }

    /// Runs `mpass` on this machine; returns its status and what it printed.
    async fn run(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mpass"));
        command.env_clear().env("HOME", self.dir.path());
        command.args(arguments).arg("--config").arg(self.config());
        let output = tokio::task::spawn_blocking(move || command.output());
        let output = output.await.unwrap().unwrap();
        let text = [&output.stdout[..], &output.stderr].concat();
        let text = String::from_utf8_lossy(&text).into_owned();
        (output.status.code(), text)
    }

    async fn done(&self, arguments: &[&str]) -> String {
        let (status, text) = self.run(arguments).await;
        assert_eq!(status, Some(0), "{arguments:?}: {text}");
        text
    }

    async fn status(&self) -> Value {
        let (_, text) = self.run(&["status", "--json"]).await;
        let first = text.lines().next().unwrap_or_default();
        serde_json::from_str(first).map_err(|_| &text).unwrap()
    }

    /// Waits until the status is as expected.
    async fn until(&self, what: &str, is_so: impl Fn(&Value) -> bool) -> Value {
        let deadline = tokio::time::Instant::now() + support::PATIENCE;
        loop {
            let status = self.status().await;
            if is_so(&status) {
                return status;
            }
            let now = tokio::time::Instant::now();
            assert!(now < deadline, "{what}: {status}");
            tokio::time::sleep(core::time::Duration::from_millis(50)).await;
        }
    }
}

fn machines(status: &Value) -> &[Value] {
    status["machines"].as_array().unwrap()
}

/// What the status has about machines as problems, without the configurations, which
/// name other files here.
fn problems(status: &Value) -> Vec<String> {
    let all = status["problems"].as_array().unwrap().iter();
    let machines = all.filter(|problem| problem["about"] == "machines");
    let texts = machines.map(|problem| problem["what"].as_str().unwrap().to_owned());
    texts
        .filter(|what| !what.contains("configurations"))
        .collect()
}

/// Sends with one machine and verifies with another.
async fn crosswise(gateway: &StandIn, sender: &Running, verifier: &Running, key: &str) {
    let (_, body) = sender
        .get(&format!("{SEND}?apikey={key}&dest={DEST}"))
        .await;
    assert_eq!(contract_status(&body), "0");
    let code = gateway.last_code();
    assert_eq!(verifier.verify(key, &code).await, "0");
}

async fn a_key_is_activated_once_every_machine_has_it(store: &str) {
    let gateway = StandIn::start(Manner::Answer(200, "")).await;
    let first = Machine::new(store, &gateway, None);
    if store.contains("postgres") {
        first.done(&["store", "migrate"]).await;
    }
    first.done(&["store", "init"]).await;
    let second = Machine::new(store, &gateway, Some(&first));
    let (here, there) = (tempfile::tempdir(), tempfile::tempdir());
    let one = start_with(first.options(), here.unwrap()).await;
    let other = start_again(second.options(), there.unwrap(), one.key.clone()).await;
    let both = |status: &Value| {
        machines(status)
            .iter()
            .filter(|it| it["live"] == true)
            .count()
            == 2
    };
    let status = first.until("both are announced", both).await;
    assert_eq!(problems(&status), [""; 0]);
    for machine in machines(&status) {
        assert_eq!(machine["active_key"], 1, "{status}");
        let ahead_ms = machine["ahead_ms"].as_i64();
        assert!(ahead_ms.is_some_and(|ms| ms.abs() < 1_000), "{status}");
    }

    // The key is on one of them only.
    assert_eq!(first.done(&["key", "add"]).await.lines().next(), Some("2"));
    let (code, text) = first.run(&["key", "activate", "2"]).await;
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("record key 2 is not on"), "{text}");
    let lacks = |status: &Value| {
        problems(status)
            .iter()
            .any(|it| it.contains("key 2 is not on"))
    };
    first.until("the missing key is a problem", lacks).await;
    second.copy_keyring(&first);
    second.done(&["reload"]).await;
    let follows = |status: &Value| both(status) && problems(status).is_empty();
    first.until("both have it", follows).await;
    assert_eq!(one.state.engine.load().keyring().newest(), 1);
    let path = format!("{SEND}?apikey={}&dest=%2B966500000077", one.key);
    assert_eq!(contract_status(&one.get(&path).await.1), "0");
    first.done(&["key", "activate", "2"]).await;
    let newest = || other.state.engine.load().keyring().newest();
    support::until("the other machine follows", || newest() == 2).await;
    crosswise(&gateway, &one, &other, &one.key).await;
    crosswise(&gateway, &other, &one, &one.key).await;

    // A challenge is still sealed with the first key.
    let (code, text) = first.run(&["key", "remove", "1"]).await;
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("still seals"), "{text}");
    first.done(&["store", "upgrade"]).await;

    // The file of the second names the first key; the header counts.
    assert_eq!(keyring_file::load(&second.keyring()).unwrap().newest(), 1);
    other.end().await;
    let alone = |status: &Value| machines(status).len() == 1;
    first.until("the machine that ended is gone", alone).await;
    let dir = tempfile::tempdir().unwrap();
    let other = start_again(second.options(), dir, one.key.clone()).await;
    assert_eq!(other.state.engine.load().keyring().newest(), 2);
    crosswise(&gateway, &one, &other, &one.key).await;
    other.end().await;
    one.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_on_redis() {
    let server = Redis::start(&[]);
    let store = format!("kind = \"redis\"\nurl = \"{}\"", server.url());
    a_key_is_activated_once_every_machine_has_it(&store).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_on_postgres() {
    let server = Postgres::start(&[]);
    let store = format!("kind = \"postgres\"\nurl = \"{}\"", server.url());
    a_key_is_activated_once_every_machine_has_it(&store).await;
}

/// The keyring of a file with one more key, which is active in the store.
async fn activate_elsewhere(server: &Redis, keyring: &Path) -> Keyring {
    let mut keyring = keyring_file::load(keyring).unwrap();
    let id = keyring.add(&[9; 32]).unwrap();
    let store = RedisStore::open(RedisSettings {
        admission: Admission::Any,
        ..RedisSettings::new(server.url())
    });
    let activate = Header::activating(&keyring, id);
    activate.run_async(&store.unwrap(), &System).await.unwrap();
    keyring
}

/// As after a machine was cut off while the others activated a key.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_machine_that_lacks_the_active_key_is_not_ready() {
    let server = Redis::start(&[]);
    let store = format!("kind = \"redis\"\nurl = \"{}\"", server.url());
    let gateway = StandIn::start(Manner::Answer(200, "")).await;
    let machine = Machine::new(&store, &gateway, None);
    machine.done(&["store", "init"]).await;
    let running = start_with(machine.options(), tempfile::tempdir().unwrap()).await;
    assert_eq!(running.get("/readyz").await, (200, "ok\n".to_owned()));
    let keyring = activate_elsewhere(&server, &machine.keyring()).await;
    let deadline = tokio::time::Instant::now() + support::PATIENCE;
    loop {
        let (status, text) = running.get("/readyz").await;
        if status == 503 && text.contains("active record key") {
            break;
        }
        assert!(tokio::time::Instant::now() < deadline, "{status} {text}");
        tokio::time::sleep(core::time::Duration::from_millis(50)).await;
    }
    let late = Machine::new(&store, &gateway, Some(&machine));
    let refused = Server::bind(late.options()).await.err().unwrap();
    let refused = format!("{refused:#}");
    assert!(refused.contains("record key"), "{refused}");
    // With the key it serves again.
    keyring_file::save(&machine.keyring(), &keyring).unwrap();
    machine.done(&["reload"]).await;
    let ready = || async { running.get("/readyz").await.0 == 200 };
    while !ready().await {
        assert!(
            tokio::time::Instant::now() < deadline,
            "it does not become ready"
        );
        tokio::time::sleep(core::time::Duration::from_millis(50)).await;
    }
    running.end().await;
}
