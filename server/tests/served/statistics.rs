//! `mpass statistics`, with a running server and without one.

use std::path::Path;

use mpass_tests::served::{Inbox, Service, number};
use serde_json::{Value, json};

use crate::process::{Gateway, Process, create_channel, data_dir, run};

fn statistics(dir: &Path, arguments: &[&str]) -> Value {
    let (config, data_dir) = (dir.join("mpass.toml"), data_dir(dir));
    let config = config.to_str().unwrap();
    let mut all = vec!["statistics", "--json", "--config", config];
    all.extend(["--data-dir", &data_dir]);
    all.extend(arguments);
    let output = run(&all);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn what_was_sent_and_verified_is_counted_over_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let gateway = Gateway::start();
    let config = gateway.config(dir.path());
    let server = Process::configured(dir.path(), &config);
    let key = create_channel(dir.path(), &["--name", "shop", "--resend-interval", "0s"]);
    let shop = Service::new(&server.base, &key);
    let dest = number(1, 1);
    assert!(shop.send(&dest, "").is("0"));
    assert!(shop.verify(&dest, "00000", "").is("3"));
    let code = gateway.code(&dest);
    assert!(shop.verify(&dest, &code, "").is("0"));
    gateway.answer(402);
    shop.send(&number(1, 2), "");
    // The server has written them when it answers.
    let all = statistics(dir.path(), &[]);
    let expected = json!({
        "sends": 1, "accepted": 1, "wrong": 1, "gateway_refused": 1, "segments": 2,
    });
    assert_eq!(all["total"]["counts"], expected, "{all}");
    assert_eq!(all["total"]["conversion"], 10_000);
    assert!(all["total"]["latency"]["p50_ms"].as_f64() > Some(0.0));
    assert_eq!(all["tenants"][0]["name"], "channel:shop");
    assert_eq!(all["countries"][0]["name"], "966");
    assert_eq!(all["countries"][0]["counts"]["sends"], 1);
    assert_eq!(all["gateways"][0]["delivered"], 1);
    assert_eq!(all["gateways"][0]["refused"], 1);
    for text in [&all.to_string(), &key, &code] {
        assert!(!text.contains(dest.trim_start_matches('+')), "{text}");
    }
    let of_shop = statistics(dir.path(), &["--tenant", "channel:shop", "--window", "day"]);
    assert_eq!(of_shop["total"]["counts"]["sends"], 1);
    let of_other = statistics(dir.path(), &["--country", "971", "--window", "90d"]);
    assert_eq!(of_other["total"]["counts"], json!({}));
    assert_eq!(of_other["points"].as_array().unwrap().len(), 90 * 24);
    // What was counted since is written at the end.
    gateway.answer(200);
    assert!(shop.send(&number(1, 3), "").is("0"));
    assert_eq!(server.terminate(), Some(0));
    let stopped = statistics(dir.path(), &[]);
    assert_eq!(stopped["total"]["counts"]["sends"], 2);
    assert_eq!(stopped["machines"], 1);
    let server = Process::configured(dir.path(), &config);
    let shop = Service::new(&server.base, &key);
    assert!(shop.send(&number(1, 4), "").is("0"));
    let again = statistics(dir.path(), &[]);
    assert_eq!(again["total"]["counts"]["sends"], 3);
    assert_eq!(again["machines"], 1);
    let table = run(&["statistics", "--data-dir", &data_dir(dir.path())]);
    let table = String::from_utf8(table.stdout).unwrap();
    assert!(
        table.contains("channel:shop") && table.contains("33.3%"),
        "{table}"
    );
}
