//! `mpass status` of a real server.

use std::path::Path;

use mpass_tests::served::{Service, number};
use serde_json::{Value, json};

use crate::process::{Gateway, Process, create_channel, data_dir, mpass, run};

/// The exit status of `mpass status --json`, and what it prints.
fn status(dir: &Path) -> (Option<i32>, Value) {
    let output = run(&["status", "--json", "--data-dir", &data_dir(dir)]);
    let printed = serde_json::from_slice(&output.stdout);
    (output.status.code(), printed.unwrap_or_default())
}

fn channel(dir: &Path) -> String {
    create_channel(dir, &["--name", "shop", "--resend-interval", "0s"])
}

#[test]
fn a_running_server_describes_itself() {
    let dir = tempfile::tempdir().unwrap();
    let gateway = Gateway::start();
    let config = gateway.config(dir.path());
    let server = Process::configured(dir.path(), &config);
    let (code, status) = status(dir.path());
    assert_eq!(
        (code, &status["problems"]),
        (Some(0), &json!([])),
        "{status}"
    );
    assert_eq!(status["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(
        status["listeners"],
        json!([{ "url": server.base, "realm": "" }])
    );
    assert_eq!(status["accounting"], Value::Null);
    let file = dir.path().join("mpass.toml");
    assert_eq!(status["configuration"]["file"], file.to_str().unwrap());
    assert_eq!(status["configuration"]["reload_failed"], false);
    let store = &status["store"];
    assert_eq!(store["kind"], "embedded");
    assert_eq!(store["data_dir"], data_dir(dir.path()));
    assert_eq!(
        (&store["answers"], &store["file_layout"]),
        (&json!(true), &json!(2))
    );
    let header = &store["header"];
    assert_eq!(header["active_key"], 1);
    assert_eq!(header["number_table"], status["number_table"]);
    assert_eq!(
        (&header["restored_at_ms"], &header["closed"]),
        (&Value::Null, &json!(false))
    );
    let keyring = &status["keyring"];
    assert_eq!(keyring["active"], 1);
    assert_eq!(keyring["keys"].as_array().unwrap().len(), 1);
    assert_eq!(
        keyring["keys"][0]["fingerprint"].as_str().unwrap().len(),
        16
    );
    assert_eq!(status["clock"]["behind_ms"], 0);
    let route = gateway.url.trim_end_matches("/send");
    assert_eq!(status["gateways"][0]["route"], route);
    assert!(status["budgets"]["most_connections"].as_u64() > Some(0));
    assert_eq!(status["recent"], json!({ "minutes": 15, "requests": [] }));
    let secret = std::fs::read_to_string(dir.path().join("keyring")).unwrap();
    for word in secret.split_whitespace().filter(|word| word.len() == 64) {
        assert!(!status.to_string().contains(&word[..16]), "a key");
    }
    let lines = run(&["status", "--data-dir", &data_dir(dir.path())]);
    let lines = String::from_utf8(lines.stdout).unwrap();
    assert!(
        lines.contains(&format!("listens on     {}", server.base)),
        "{lines}"
    );
    assert_eq!(server.terminate(), Some(0));
    let stopped = run(&["status", "--data-dir", &data_dir(dir.path())]);
    assert_eq!(stopped.status.code(), Some(2));
    let error = String::from_utf8(stopped.stderr).unwrap();
    assert!(
        error.starts_with("error: no server is running on "),
        "{error}"
    );
}

#[test]
fn requests_by_tenant_and_the_gateways_last_failure() {
    let dir = tempfile::tempdir().unwrap();
    let gateway = Gateway::start();
    let server = Process::configured(dir.path(), &gateway.config(dir.path()));
    let key = channel(dir.path());
    let shop = Service::new(&server.base, &key);
    let dest = number(1, 1);
    assert!(shop.send(&dest, "").is("0"));
    assert!(shop.verify(&dest, "12345", "").is("3"));
    let nobody = Service::new(&server.base, "unknown");
    assert!(nobody.send(&dest, "").is("2"));
    let (code, fine) = status(dir.path());
    assert_eq!(code, Some(0), "{fine}");
    let requests = json!([
        { "contract": "mpass", "tenant": null, "reasons": { "unknown_credential": 1 } },
        { "contract": "mpass", "tenant": "shop", "reasons": { "sent": 1, "wrong_code": 1 } },
    ]);
    assert_eq!(fine["recent"]["requests"], requests);
    assert!(fine["gateways"][0]["success_at_ms"].is_u64());
    gateway.answer(402);
    shop.send(&dest, "");
    let (code, failing) = status(dir.path());
    assert_eq!(code, Some(1), "{failing}");
    let problem = &failing["problems"][0];
    assert_eq!(
        (&problem["level"], &problem["about"]),
        (&json!("warning"), &json!("gateways"))
    );
    assert!(
        problem["what"].as_str().unwrap().contains("status 402"),
        "{problem}"
    );
    assert!(
        !failing.to_string().contains(dest.trim_start_matches('+')),
        "{failing}"
    );
    gateway.answer(200);
    assert!(shop.send(&dest, "").is("0"));
    assert_eq!(status(dir.path()).0, Some(0));
}

/// A disk that is full, or here, a database that another program has locked.
#[test]
fn a_store_that_cannot_be_written() {
    let dir = tempfile::tempdir().unwrap();
    let gateway = Gateway::start();
    let server = Process::configured(dir.path(), &gateway.config(dir.path()));
    let shop = Service::new(&server.base, &channel(dir.path()));
    let file = dir.path().join("data/store.sqlite");
    let other = rusqlite::Connection::open(file).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert!(shop.send(&number(1, 1), "").is("100"));
    assert_eq!(shop.get("/readyz").http, 503);
    let (code, failing) = status(dir.path());
    assert_eq!(code, Some(1), "{failing}");
    let problem = &failing["problems"][0];
    assert_eq!(
        (&problem["level"], &problem["about"]),
        (&json!("error"), &json!("store"))
    );
    let what = problem["what"].as_str().unwrap();
    assert!(
        what.contains("cannot be written") && what.contains("locked"),
        "{problem}"
    );
    let stop = [
        "stop",
        "sends",
        "--for",
        "1h",
        "--data-dir",
        &data_dir(dir.path()),
    ];
    let stopped = run(&stop);
    let error = String::from_utf8(stopped.stderr).unwrap();
    assert!(
        error.contains("the store failed: database is locked"),
        "{error}"
    );
    drop(other);
    // Without another request.
    assert_eq!(shop.get("/readyz").http, 200);
    assert_eq!(status(dir.path()).0, Some(0));
    assert!(shop.send(&number(1, 2), "").is("0"));
}

#[test]
fn fingerprints_tell_settings_apart_and_a_closed_store_is_a_problem() {
    let fingerprint = |dir: &Path| {
        let (_, status) = status(dir);
        status["configuration"]["fingerprint"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let dir = tempfile::tempdir().unwrap();
    let gateway = Gateway::start();
    let config = gateway.config(dir.path());
    let server = Process::configured(dir.path(), &config);
    let first = fingerprint(dir.path());
    assert_eq!(server.terminate(), Some(0));
    // Comments, the order and defaults that are written out do not matter.
    let (keyring, rest) = config.split_once('\n').unwrap();
    let same = format!(
        "# the same\nallow_plain_http = false\n{keyring}\n{rest}[limits]\nconnections = 4096\n"
    );
    let server = Process::configured(dir.path(), &same);
    assert_eq!(fingerprint(dir.path()), first);
    assert_eq!(server.terminate(), Some(0));
    let other = format!("{config}timeout = '4s'\n");
    let server = Process::configured(dir.path(), &other);
    assert_ne!(fingerprint(dir.path()), first);
    let data = data_dir(dir.path());
    assert!(
        run(&["stop", "sends", "--for", "1h", "--data-dir", &data])
            .status
            .success()
    );
    let (code, stopped) = status(dir.path());
    assert_eq!(code, Some(1), "{stopped}");
    assert_eq!(stopped["cut_offs"][0]["target"], "sends");
    assert_eq!(stopped["problems"][0]["about"], "cut_offs");
    assert!(
        run(&["resume", "all", "--data-dir", &data])
            .status
            .success()
    );
    // Closed by a restore.
    let restored = mpass(&["store", "restored", "--data-dir", &data_dir(dir.path())]).output();
    assert!(restored.unwrap().status.success());
    let (code, closed) = status(dir.path());
    assert_eq!(code, Some(1), "{closed}");
    assert_eq!(closed["store"]["header"]["closed"], true);
    let problem = &closed["problems"][0];
    assert_eq!(
        (&problem["level"], &problem["about"]),
        (&json!("error"), &json!("store"))
    );
    drop(server);
}
