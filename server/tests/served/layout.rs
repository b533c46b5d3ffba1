//! A store of an earlier layout: a server of today migrates it and serves on.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use base64ct::{Base64, Encoding as _};
use mpass_tests::search::Search;
use mpass_tests::served::{Service, wrong};
use mpass_tests::wire::{Answer, Call, Http, Wire as _};
use serde_json::Value;
use tempfile::TempDir;

use crate::clock::Clock;
use crate::process::{Gateway, Process, data_dir, printed, run, text};

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/layout-1");
const MIGRATED: &str = "migrated the store from layout 1 to layout 2";

/// A server on a copy of the store: see `tests/data/README.md`.
struct Served {
    facts: Value,
    process: Process,
    gateway: Gateway,
    clock: Clock,
    dir: TempDir,
}

impl Served {
    fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let facts = std::fs::read(Path::new(DATA).join("facts.json")).unwrap();
        let facts: Value = serde_json::from_slice(&facts).unwrap();
        let data = data_dir(dir.path());
        std::fs::create_dir(&data).unwrap();
        for (from, to) in [
            ("keyring", dir.path().join("keyring")),
            ("store.sqlite", Path::new(&data).join("store.sqlite")),
        ] {
            std::fs::copy(Path::new(DATA).join(from), &to).unwrap();
            std::fs::set_permissions(&to, std::fs::Permissions::from_mode(0o600)).unwrap();
        }
        let clock = Clock::new(dir.path());
        clock.set(facts["at_ms"].as_u64().unwrap() + 1000);
        let gateway = Gateway::start();
        let process = Process::configured_at(&clock, dir.path(), &config(&gateway, dir.path()));
        Self {
            facts,
            process,
            gateway,
            clock,
            dir,
        }
    }

    fn restarted(self) -> Self {
        assert_eq!(self.process.terminate(), Some(0));
        let config = config(&self.gateway, self.dir.path());
        let process = Process::configured_at(&self.clock, self.dir.path(), &config);
        Self { process, ..self }
    }

    fn fact(&self, pointer: &str) -> String {
        text(self.facts.pointer(pointer).unwrap())
    }

    fn shop(&self) -> Service {
        Service::new(&self.process.base, &self.fact("/channel/key"))
    }

    fn post(&self, path: &str, authorization: String, kind: &str, body: &str) -> Answer {
        Http::new(&self.process.base).send(&Call {
            method: "POST",
            path: path.to_owned(),
            headers: vec![
                ("Authorization", authorization),
                ("Content-Type", kind.to_owned()),
            ],
            body: body.as_bytes().to_vec(),
        })
    }

    /// The answer to the access token that was used before the migration.
    fn use_token(&self) -> Answer {
        self.post(
            "/number-verification/v2/verify",
            format!("Bearer {}", self.fact("/token")),
            "application/json",
            r#"{"phoneNumber":"+966587654321"}"#,
        )
    }

    fn credits(&self) -> String {
        let data = data_dir(self.dir.path());
        let keyring = self.dir.path().join("keyring");
        let output = run(&[
            "customer",
            "credits",
            &self.fact("/customer/name"),
            "--data-dir",
            &data,
            "--keyring",
            keyring.to_str().unwrap(),
        ]);
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }
}

fn config(gateway: &Gateway, dir: &Path) -> String {
    let config = gateway.config(dir);
    format!("{config}[login]\nissuer = 'http://127.0.0.1:9091'\n")
}

#[test]
fn credentials_credits_and_uses_are_kept() {
    let mut served = Served::start();
    for starts in 1..=2 {
        let (_, log) = printed(served.dir.path());
        assert_eq!(
            log.matches(MIGRATED).count(),
            1,
            "after {starts} starts: {log}"
        );
        // A used code and a used token stay used, and a revoked channel stays so.
        let (number, code) = (served.fact("/used/number"), served.fact("/used/code"));
        assert!(served.shop().verify(&number, &code, "").is("3"));
        assert_eq!(served.use_token().status, 401);
        let revoked = Service::new(&served.process.base, &served.fact("/revoked/key"));
        assert_eq!(revoked.send("+966500000009", "").status, "2");
        let basic = format!("app:{}", served.fact("/client/secret"));
        let token = served.post(
            "/oauth2/token",
            format!("Basic {}", Base64::encode_string(basic.as_bytes())),
            "application/x-www-form-urlencoded",
            "grant_type=client_credentials&scope=one-time-password-sms:send-validate",
        );
        assert_eq!(token.status, 200);
        assert_eq!(served.credits(), "149");
        served = served.restarted();
    }
    let (number, code) = (served.fact("/live/number"), served.fact("/live/code"));
    assert!(served.shop().verify(&number, &code, "").is("0"));
}

#[test]
fn tenants_are_encrypted_at_the_first_start() {
    let served = Served::start();
    let plain = Search::new(&[
        served.fact("/customer/name"),
        "http://127.0.0.1/back".into(),
    ]);
    let before = std::fs::read(Path::new(DATA).join("store.sqlite")).unwrap();
    assert!(plain.find(&before).is_some());
    let (_, log) = printed(served.dir.path());
    assert!(log.contains("encrypted tenants"), "{log}");
    let served = served.restarted();
    let (_, log) = printed(served.dir.path());
    assert_eq!(log.matches("encrypted tenants").count(), 1, "{log}");
    for file in std::fs::read_dir(data_dir(served.dir.path())).unwrap() {
        let path = file.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            assert_eq!(plain.find(&bytes), None, "{}", path.display());
        }
    }
}

#[test]
fn locks_and_counts_are_kept() {
    let served = Served::start();
    let locked = served.fact("/locked");
    assert_eq!(served.shop().send(&locked, "").http, 429);
    served.clock.pass(23 * 3_600_000);
    assert_eq!(served.shop().send(&locked, "").http, 429);
    served.clock.pass(2 * 3_600_000);
    assert!(served.shop().send(&locked, "").is("0"));

    // One wrong code before the migration and two after it lock the number.
    for (more, answer) in [(1, "0"), (2, "3")] {
        let served = Served::start();
        let (number, code) = (served.fact("/live/number"), served.fact("/live/code"));
        for _ in 0..more {
            assert!(served.shop().verify(&number, &wrong(&code), "").is("3"));
        }
        assert!(served.shop().verify(&number, &code, "").is(answer));
    }
}
