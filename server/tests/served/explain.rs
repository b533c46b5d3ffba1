//! `mpass number explain`, with and without a server, and what a send then does.

use std::path::Path;

use mpass_tests::served::Service;
use serde_json::{Value, json};

use crate::process::{Gateway, Process, create_channel, data_dir, printed, run, wait_for_log};

const OWN: &str = "[numbers]\nown = ['+96650', '+44']\nbarred = ['+966500000009']\n";

/// The exit status of `mpass number explain --json`, and what it prints.
fn explain(dir: &Path, arguments: &[&str]) -> (Option<i32>, Value) {
    let config = dir.join("mpass.toml");
    let (config, data) = (config.to_str().unwrap(), data_dir(dir));
    let at = ["--json", "--config", config, "--data-dir", &data];
    let output = run(&[&["number", "explain"], arguments, &at].concat());
    let printed = serde_json::from_slice(&output.stdout);
    (output.status.code(), printed.unwrap_or_default())
}

fn reason(explained: &(Option<i32>, Value)) -> Option<&str> {
    let (code, explanation) = explained;
    let would_send = explanation["would_send"].as_bool();
    assert_eq!(
        *code,
        would_send.map(|would| i32::from(!would)),
        "{explanation}"
    );
    explanation["reason"].as_str()
}

#[test]
fn with_and_without_a_server() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let gateway = Gateway::start();
    let config = format!("{}{OWN}", gateway.config(dir));
    let server = Process::configured(dir, &config);
    let rules = [
        "--name",
        "shop",
        "--country",
        "966",
        "--calling-code",
        "966",
    ];
    let key = create_channel(dir, &[&rules[..], &["--spend", "2/1h"]].concat());
    let shop = Service::new(&server.base, &key);
    // The text, and the reason of a refusal by the rules.
    let by_the_rules = [
        ("0500000001", None),
        ("٠٥٠٠٠٠٠٠٠١", None),
        ("+966500000009", Some("number_blocked")),
        ("0551234567", Some("foreign_number")),
        ("0112345678", Some("foreign_number")),
        ("+447911123456", Some("number_not_allowed")),
        ("05", Some("invalid_number")),
        ("seven", Some("invalid_number")),
    ];
    let explained = |text: &str| explain(dir, &[text, "--channel", "shop"]);
    let running: Vec<_> = by_the_rules.map(|(text, _)| explained(text)).into();
    for ((text, expected), explained) in by_the_rules.iter().zip(&running) {
        assert_eq!(reason(explained), *expected, "{text}");
    }
    let first = &running[0].1;
    let expected = json!({
        "canonical": "+966500000001",
        "read_as": "national, the trunk prefix was dropped",
        "calling_code": 966,
        "regions": ["SA"],
        "plan": "valid",
        "mobile": true,
        "own": "+96650",
        "valid": null,
        "barred": null,
        "assessment": "valid",
    });
    assert_eq!(first["number"], expected);
    assert_eq!(first["country"], 966);
    assert_eq!(first["route"], gateway.url.trim_end_matches("/send"));
    let limits = &first["channel"]["limits"];
    assert_eq!(
        (&limits["spend_left"], &limits["live"]),
        (&json!(1), &json!(false)),
        "{limits}"
    );
    assert!(shop.send("%2B966500000001", "").is("0"));
    let (code, sent) = explained("0500000001");
    assert_eq!(
        (code, &sent["reason"]),
        (Some(1), &json!("resend_interval")),
        "{sent}"
    );
    assert!(sent["retry_at_ms"].is_u64());
    let left = &sent["channel"]["limits"];
    assert_eq!(
        (&left["spend_left"], &left["live"]),
        (&json!(0), &json!(true)),
        "{left}"
    );
    assert_eq!(shop.send("%2B966500000001", "").status, "2");
    assert_eq!(reason(&explained("0500000002")), Some("spend_limit"));
    assert_eq!(shop.send("%2B966500000002", "").status, "2");
    assert_eq!(gateway.bodies().len(), 1, "explaining sends nothing");
    wait_for_log(dir, "explain number", 1);
    let (_, log) = printed(dir);
    assert!(!log.contains("966500000001"), "{log}");
    let unknown = explain(dir, &["0500000001", "--channel", "none"]);
    assert_eq!(unknown, (Some(2), Value::Null));
    // A cut-off comes before the limits of the number.
    let stop = [
        "stop",
        "prefix",
        "+96650",
        "--for",
        "1h",
        "--data-dir",
        &data_dir(dir),
    ];
    assert!(run(&stop).status.success());
    let stopped = explained("0500000002");
    assert_eq!(reason(&stopped), Some("prefix_stopped"));
    assert!(stopped.1["retry_at_ms"].is_u64());
    let resume = ["resume", "all", "--data-dir", &data_dir(dir)];
    assert!(run(&resume).status.success());
    assert_eq!(server.terminate(), Some(0));
    // The store says the same.
    let (code, stopped) = explained("0500000001");
    assert_eq!(
        (code, &stopped["reason"]),
        (Some(1), &json!("resend_interval")),
        "{stopped}"
    );
    for field in ["number", "country", "number_table", "route", "channel"] {
        assert_eq!(stopped[field], sent[field], "{field}");
    }
    let revoke = ["channel", "revoke", "shop", "--data-dir", &data_dir(dir)];
    let config = dir.join("mpass.toml");
    assert!(
        run(&[&revoke[..], &["--config", config.to_str().unwrap()]].concat())
            .status
            .success()
    );
    assert_eq!(reason(&explained("0500000001")), Some("revoked"));
}

#[test]
fn without_a_channel_and_without_a_store() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let gateway = Gateway::start();
    std::fs::write(
        dir.join("mpass.toml"),
        format!("{}{OWN}", gateway.config(dir)),
    )
    .unwrap();
    let own = explain(dir, &["0500000001", "--country", "966"]);
    assert_eq!(reason(&own), None);
    assert_eq!(own.1["channel"], Value::Null);
    // A land line, and a number of another operator.
    assert_eq!(
        reason(&explain(dir, &["+442079460000"])),
        Some("not_mobile")
    );
    assert_eq!(
        reason(&explain(dir, &["+33612345678"])),
        Some("foreign_number")
    );
    let (_, none) = explain(dir, &["0500000001"]);
    assert!(
        none["error"].as_str().unwrap().contains("country"),
        "{none}"
    );
    assert!(!dir.join("data").exists() && !dir.join("keyring").exists());
    let line = run(&[
        "number",
        "explain",
        "+966500000001",
        "--data-dir",
        &data_dir(dir),
    ]);
    let line = String::from_utf8(line.stdout).unwrap();
    assert!(line.contains("country      +966 SA"), "{line}");
    assert!(line.contains("message      would be sent"), "{line}");
}
