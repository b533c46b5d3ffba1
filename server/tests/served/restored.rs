//! A store whose backup was put back: closed until its tenants are confirmed, and
//! what was issued before is void.

use std::path::Path;
use std::process::Output;

use mpass_tests::served::{Inbox as _, Service, number};
use mpass_tests::wire::{Call, Http, Wire as _};
use serde_json::Value;

use crate::clock::{Clock, VARIABLE};
use crate::process::{Gateway, Process, create_channel, data_dir, mpass, run, wait_for_log};

/// `mpass store` with the store and the keyring of a directory.
fn store(dir: &Path, arguments: &[&str]) -> Output {
    let (data, keyring) = (data_dir(dir), dir.join("keyring"));
    let mut all = vec!["store"];
    all.extend_from_slice(arguments);
    all.extend(["--data-dir", &data, "--keyring", keyring.to_str().unwrap()]);
    let output = run(&all);
    assert!(output.status.success(), "{output:?}");
    output
}

/// As [`store`], by another clock.
fn store_at(clock: &Clock, dir: &Path, arguments: &[&str]) -> Output {
    let (data, keyring) = (data_dir(dir), dir.join("keyring"));
    mpass(&["store"])
        .args(arguments)
        .args(["--data-dir", &data, "--keyring", keyring.to_str().unwrap()])
        .env(VARIABLE, clock.file())
        .output()
        .unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn channel(dir: &Path) -> String {
    let keyring = dir.join("keyring");
    let keyring = keyring.to_str().unwrap();
    let rules = ["--name", "shop", "--resend-interval", "0s"];
    create_channel(dir, &[&rules[..], &["--keyring", keyring]].concat())
}

/// The status of a request of each contract without a credential, and the code in
/// its body.
fn answers(base: &str) -> Vec<(u16, Value)> {
    let http = Http::new(base);
    let calls = [
        ("GET", "/oauth2/authorize?client_id=app", "error"),
        ("POST", "/oauth2/token", "error"),
        ("GET", "/number-verification/v2/device-phone-number", "code"),
        ("POST", "/one-time-password-sms/v1/send-code", "code"),
        ("POST", "/verification/v3/send", "responseCode"),
        ("GET", "/auth/v1/authentication/token", "status"),
    ];
    let answers = calls.map(|(method, path, field)| {
        let answer = http.send(&Call {
            method,
            path: path.to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
        });
        let json: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        (answer.status, json[field].clone())
    });
    answers.to_vec()
}

#[test]
fn tenants_are_closed_until_they_are_confirmed() {
    let dir = tempfile::tempdir().unwrap();
    let gateway = Gateway::start();
    let config = gateway.config(dir.path());
    let config = format!("{config}[login]\nissuer = 'http://127.0.0.1:9091'\n");
    let key = channel(dir.path());
    let process = Process::configured(dir.path(), &config);
    let service = Service::new(&process.base, &key);
    let [before, after] = [0, 1].map(|n| number(8, n));
    assert!(service.send(&before, "").is("0"));
    let code = gateway.code(&before);
    assert_eq!(service.get("/healthz").http, 200);
    let open = answers(&process.base);

    let output = store(dir.path(), &["restored"]);
    let listed = String::from_utf8(output.stdout).unwrap();
    assert!(listed.contains("shop"), "{listed}");
    let is_closed = |process: &Process| {
        let service = Service::new(&process.base, &key);
        for (path, status) in [("/readyz", 503), ("/healthz", 503), ("/livez", 200)] {
            assert_eq!(service.get(path).http, status, "{path}");
        }
        assert_eq!(service.send(&after, "").status, "100");
        assert_eq!(service.verify(&before, &code, "").status, "100");
        let closed = [
            // A page for the person at the device.
            (503, Value::Null),
            (503, Value::from("temporarily_unavailable")),
            (503, Value::from("UNAVAILABLE")),
            (503, Value::from("UNAVAILABLE")),
            (400, Value::from(500)),
            (200, Value::from(500)),
        ];
        assert_eq!(answers(&process.base), closed);
        wait_for_log(dir.path(), "reason=\"store_closed\"", 1);
    };
    is_closed(&process);
    // Also after a restart.
    assert_eq!(process.terminate(), Some(0));
    let process = Process::configured(dir.path(), &config);
    is_closed(&process);

    store(dir.path(), &["restored", "--confirm"]);
    let service = Service::new(&process.base, &key);
    assert_eq!(service.get("/healthz").http, 200);
    assert_eq!(answers(&process.base), open);
    // The code from before is void, and a new one serves.
    assert!(service.verify(&before, &code, "").is("3"));
    wait_for_log(dir.path(), "reason=\"no_challenge\"", 1);
    assert!(service.send(&after, "").is("0"));
    assert!(service.verify(&after, &gateway.code(&after), "").is("0"));
}

/// The life of a backup: what was used after it was made stays void, and what a
/// clock that was ahead had dropped is forgotten.
#[test]
fn a_backup_is_put_back() {
    let dir = tempfile::tempdir().unwrap();
    let gateway = Gateway::start();
    let config = gateway.config(dir.path());
    let key = channel(dir.path());
    let clock = Clock::new(dir.path());
    let start = || Process::configured_at(&clock, dir.path(), &config);
    let [used, later] = [0, 1].map(|n| number(9, n));
    let process = start();
    let service = Service::new(&process.base, &key);
    assert!(service.send(&used, "").is("0"));
    let code = gateway.code(&used);
    assert_eq!(process.terminate(), Some(0));
    let file = Path::new(&data_dir(dir.path())).join("store.sqlite");
    let backup = std::fs::read(&file).unwrap();
    let process = start();
    let service = Service::new(&process.base, &key);
    assert!(service.verify(&used, &code, "").is("0"));
    assert_eq!(process.terminate(), Some(0));

    std::fs::write(&file, backup).unwrap();
    // The commands use the system's clock, which is not before the test's.
    store(dir.path(), &["restored"]);
    store(dir.path(), &["restored", "--confirm"]);
    clock.pass(60_000);
    let process = start();
    let service = Service::new(&process.base, &key);
    assert!(service.verify(&used, &code, "").is("3"));
    assert!(service.send(&later, "").is("0"));
    assert!(service.verify(&later, &gateway.code(&later), "").is("0"));
}

/// A clock that is behind voids what was written later than it shows, and the
/// store opens once it is right.
#[test]
fn a_clock_that_is_behind_voids_everything() {
    const HOUR_MS: u64 = 3_600_000;
    let dir = tempfile::tempdir().unwrap();
    let gateway = Gateway::start();
    let config = gateway.config(dir.path());
    let key = channel(dir.path());
    let clock = Clock::new(dir.path());
    let process = Process::configured_at(&clock, dir.path(), &config);
    let service = Service::new(&process.base, &key);
    let [before, after] = [0, 1].map(|n| number(12, n));
    assert!(service.send(&before, "").is("0"));
    let code = gateway.code(&before);
    assert_eq!(process.terminate(), Some(0));

    let right = clock.now_ms();
    clock.set(right - HOUR_MS);
    let restored = store_at(&clock, dir.path(), &["restored"]);
    assert!(restored.status.success(), "{restored:?}");
    assert!(stderr(&restored).contains("set the clock"), "{restored:?}");
    // Nothing could be issued yet, so the store stays closed.
    let confirmed = store_at(&clock, dir.path(), &["restored", "--confirm"]);
    assert_eq!(confirmed.status.code(), Some(2), "{confirmed:?}");
    assert!(
        stderr(&confirmed).contains("still to come"),
        "{confirmed:?}"
    );
    clock.set(right + 1000);
    let confirmed = store_at(&clock, dir.path(), &["restored", "--confirm"]);
    assert!(confirmed.status.success(), "{confirmed:?}");
    let process = Process::configured_at(&clock, dir.path(), &config);
    let service = Service::new(&process.base, &key);
    assert!(service.verify(&before, &code, "").is("3"));
    assert!(service.send(&after, "").is("0"));
    assert!(service.verify(&after, &gateway.code(&after), "").is("0"));
}

/// After a restore by a clock that was ahead nothing is sent that could not be
/// accepted, until the restore is repeated with the right clock.
#[test]
fn a_clock_that_was_ahead_is_corrected() {
    const YEAR_MS: u64 = 365 * 24 * 3_600_000;
    let dir = tempfile::tempdir().unwrap();
    let gateway = Gateway::start();
    let config = gateway.config(dir.path());
    let key = channel(dir.path());
    let clock = Clock::new(dir.path());
    let right = clock.now_ms() + 1000;
    clock.set(right + YEAR_MS);
    let done = |arguments: &[&str]| {
        let output = store_at(&clock, dir.path(), arguments);
        assert!(output.status.success(), "{output:?}");
        stderr(&output)
    };
    done(&["restored"]);
    done(&["restored", "--confirm"]);
    clock.set(right);
    let process = Process::configured_at(&clock, dir.path(), &config);
    let service = Service::new(&process.base, &key);
    let to = number(13, 0);
    assert_eq!(service.get("/healthz").http, 503);
    assert_eq!(service.send(&to, "").status, "100");
    assert!(gateway.bodies().is_empty());
    wait_for_log(dir.path(), "still to come", 1);
    wait_for_log(dir.path(), "reason=\"store_closed\"", 1);

    let again = done(&["restored"]);
    assert!(again.contains("is now"), "{again}");
    done(&["restored", "--confirm"]);
    assert_eq!(service.get("/healthz").http, 200);
    assert!(service.send(&to, "").is("0"));
    assert!(service.verify(&to, &gateway.code(&to), "").is("0"));
}
