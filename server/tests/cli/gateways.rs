//! `mpass gateway`, with and without a running server.

use std::path::Path;

use crate::support::{Demo, Run, json, run, run_in_with_input};

const SECRET: &str = "s3cr3t-of-the-gateway";
const URL: &str = "https://sms.example/?to={{to}}&text={{text}}";
const HEADER: &str = "Authorization: Bearer {{secret.token}}";

fn create(home: &Path, more: &[&str]) -> Run {
    let fixed = ["gateway", "create", "one", "--url", URL, "--header", HEADER];
    let arguments = [&fixed, more].concat();
    run_in_with_input(home, &arguments, format!("{SECRET}\n").as_bytes())
}

fn through(home: &Path, demo: &[&str]) {
    let gateway = |arguments: &[&str]| run(home, &[&["gateway"], arguments, demo].concat());
    let shown = create(home, &[&["--secret", "token=-", "--json"], demo].concat()).done();
    assert!(!shown.contains(SECRET), "{shown}");
    assert_eq!(json(&shown)["secrets"]["token"], "set");
    let again = create(home, &[&["--secret", "token=-"], demo].concat());
    assert!(again.misuse().contains("already"));
    for (name, timeout) in [("two", "2s"), ("three", "3s")] {
        let create = gateway(&["create", name, "--url", URL, "--timeout", timeout]);
        assert!(create.done().contains(timeout));
    }
    let stamp = json(&gateway(&["show", "one", "--json"]).done())["stamp"].clone();
    let stamp = stamp.as_str().unwrap();
    let set = gateway(&["set", "one", "--sender", "Shop", "--if", stamp]).done();
    assert!(
        set.contains("Shop") && set.contains("secret token"),
        "{set}"
    );
    let late = gateway(&["set", "one", "--timeout", "1s", "--if", stamp]);
    assert!(late.misuse().contains("has changed since it was read"));
    let order = gateway(&["order", "three", "one"]).done();
    let names = |text: &str| -> Vec<String> {
        let words = text
            .lines()
            .filter_map(|line| line.split_whitespace().next());
        let own = words.filter(|name| *name != "demo");
        own.map(str::to_owned).collect()
    };
    assert_eq!(names(&order), ["three", "one", "two"]);
    gateway(&["remove", "three"]).done();
    assert_eq!(names(&gateway(&["list"]).done()), ["one", "two"]);
    let cleared = gateway(&[
        "set",
        "one",
        "--url",
        "https://other.example/{{to}}/{{text}}",
    ]);
    assert!(
        cleared.stderr.contains("cleared the secrets"),
        "{}",
        cleared.stderr
    );
    assert!(
        cleared.stderr.contains("--secret token=FILE"),
        "{}",
        cleared.stderr
    );
    assert!(cleared.done().contains("not set"));
    let listed = gateway(&["list"]).done();
    assert!(listed.contains("secrets not set: token"), "{listed}");
    let cleared = gateway(&["set", "one", "--clear", "headers", "--json"]).done();
    assert!(
        json(&cleared)["settings"]["headers"]
            .as_object()
            .unwrap()
            .is_empty()
    );
    let audit = gateway(&["test", "three", "--to", "+966500000000"]).misuse();
    assert!(audit.contains("gateway not found"), "{audit}");
}

#[test]
fn without_a_server() {
    let home = tempfile::tempdir().unwrap();
    through(home.path(), &[]);
    let checked = run(home.path(), &["store", "check"]).done();
    assert!(
        checked.contains("0 unreadable") || !checked.contains("unreadable"),
        "{checked}"
    );
}

#[test]
fn with_a_server() {
    let home = tempfile::tempdir().unwrap();
    let _demo = Demo::start(home.path());
    through(home.path(), &["--demo"]);
}

/// A value in the wrong place is not repeated.
#[test]
fn no_error_shows_a_secret() {
    let home = tempfile::tempdir().unwrap();
    let one = ["gateway", "create", "one", "--url", URL];
    run(home.path(), &["gateway", "create", "zero", "--url", URL]).done();
    let inside = format!("https://127.0.0.1/?{{{{to}}}}{{{{text}}}}&a={SECRET}");
    let argument = format!("token={SECRET}");
    let header = format!("Authorization: Bearer {SECRET}");
    for more in [
        &["--secret", &argument][..],
        &["--secret", SECRET],
        &["--header", &header],
        &["--header", SECRET],
        &["--success", SECRET],
        &["--timeout", SECRET],
        &["--method", SECRET],
        &["--body-format", SECRET],
        &["--url", &inside],
    ] {
        let arguments = match more[0] {
            "--url" => [&one[..3], more].concat(),
            _ => [&one, more].concat(),
        };
        let made = run(home.path(), &arguments);
        let error = made.misuse();
        assert!(!error.contains(SECRET), "{error}");
    }
}
