//! Channels without a running server, and through one.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use mpass_core::challenge::Keyring;
use serde_json::Value;

use crate::support::{Demo, json, run};

/// Creates, lists, rotates and revokes, with `more` on every command.
fn life_of_a_channel(home: &Path, more: &[&str]) {
    let mpass = |arguments: &[&str]| run(home, &[&["channel"], arguments, more].concat());
    let created = mpass(&[
        "create",
        "--name",
        "shop",
        "--address",
        "10.1.0.0/16",
        "--address",
        "2001:db8::/32",
        "--app",
        "Shop",
        "--digits",
        "8",
        "--lifetime",
        "2m",
        "--tries",
        "3",
        "--resend-interval",
        "1m",
        "--sends",
        "4/1h/2",
        "--calling-code",
        "966",
        "--country",
        "966",
        "--host",
        "shop.example",
        "--json",
    ])
    .done();
    let created = json(&created);
    let names: Vec<&String> = created.as_object().unwrap().keys().collect();
    assert_eq!(names, ["key", "name", "predecessor_until_ms", "stamp"]);
    assert_eq!(created["name"], "shop");
    let key = created["key"].as_str().unwrap();
    assert!(key.len() >= 43, "256 bits and more");

    assert!(
        mpass(&["create", "--name", "shop"])
            .misuse()
            .contains("taken")
    );
    let listed = mpass(&["list", "--json"]).done();
    assert!(!listed.contains(key));
    let listed = json(&listed);
    let of = |listed: &Value| {
        let channels = listed.as_array().unwrap();
        channels
            .iter()
            .find(|channel| channel["name"] == "shop")
            .unwrap()
            .clone()
    };
    let shop = of(&listed);
    for (name, value) in [
        ("addresses", r#"["10.1.0.0/16","2001:db8::/32"]"#),
        ("apps", r#"["Shop"]"#),
        ("digits", "8"),
        ("lifetime_ms", "120000"),
        ("tries", "3"),
        ("resend_interval_ms", "60000"),
        ("sends", r#"{"events":4,"window_ms":3600000,"burst":2}"#),
        ("calling_codes", "[966]"),
        ("host", r#""shop.example""#),
        ("revoked", "false"),
        ("key_version", "1"),
    ] {
        assert_eq!(shop[name], json(value), "{name}");
    }

    let set = mpass(&["set", "shop", "--tries", "4", "--clear", "app", "--json"]);
    let changed = json(&set.done());
    assert_eq!(
        (&changed["tries"], &changed["digits"]),
        (&4.into(), &8.into())
    );
    assert_eq!(changed["apps"], json("[]"));
    let stamp = changed["stamp"].as_str().unwrap();
    mpass(&["set", "shop", "--tries", "5", "--if", stamp]).done();
    let stale = mpass(&["set", "shop", "--tries", "6", "--if", stamp]).misuse();
    assert!(stale.contains("has changed"), "{stale}");
    let nothing = mpass(&["set", "shop"]).misuse();
    assert!(nothing.contains("no setting"), "{nothing}");
    let both = mpass(&["set", "shop", "--tries", "6", "--clear", "tries"]).misuse();
    assert!(both.contains("exclude"), "{both}");
    let weak = mpass(&["set", "shop", "--digits", "4"]).misuse();
    assert!(weak.contains("fewer than 6"), "{weak}");
    let shown = json(&mpass(&["show", "shop", "--json"]).done());
    assert_eq!(shown["tries"], 5);
    let shown = mpass(&["show", "shop"]).done();
    assert!(
        shown.contains("\nstamp ") && shown.contains("\ntries                5\n"),
        "{shown}"
    );

    let rotated = json(&mpass(&["rotate", "shop", "--json"]).done());
    assert!(rotated["predecessor_until_ms"].is_u64());
    let longest = mpass(&["rotate", "shop", "--overlap", "32d"]).misuse();
    assert!(longest.contains("31 days"), "{longest}");
    assert_ne!(rotated["key"], created["key"]);
    let people = mpass(&["rotate", "--name", "shop"]);
    assert!(people.stderr.contains("only once"), "{}", people.stderr);
    assert!(people.done().contains("shop"));
    assert_eq!(
        of(&json(&mpass(&["list", "--json"]).done()))["key_version"],
        3
    );

    let unknown = mpass(&["unlock", "--name", "shop", "--number", "+966500000000"]).misuse();
    assert!(
        unknown.contains("no record") && !unknown.contains("0000"),
        "{unknown}"
    );
    mpass(&["revoke", "shop"]).done();
    assert_eq!(
        of(&json(&mpass(&["list", "--json"]).done()))["revoked"],
        true
    );
    assert!(mpass(&["list"]).done().contains("revoked"));
    for arguments in [["rotate", "shop"], ["revoke", "shop"]] {
        assert!(mpass(&arguments).misuse().contains("revoked"));
    }
    assert!(mpass(&["revoke", "nobody"]).misuse().contains("not found"));
    mpass(&["create", "--name", "shop"]).done();
}

#[test]
fn without_a_running_server() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("elsewhere");
    life_of_a_channel(home.path(), &["--data-dir", data.to_str().unwrap()]);
}

#[test]
fn through_a_running_server() {
    let home = tempfile::tempdir().unwrap();
    let demo = Demo::start(home.path());
    life_of_a_channel(home.path(), &["--demo"]);
    drop(demo);
    // The changes made through the server persist without it.
    let listed = run(home.path(), &["channel", "list", "--demo", "--json"]).done();
    let listed = json(&listed);
    let names: Vec<&Value> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|channel| &channel["name"])
        .collect();
    assert_eq!(names, ["demo", "shop"]);
}

#[test]
fn a_new_channel_can_send_immediately_and_a_revoked_one_cannot() {
    let home = tempfile::tempdir().unwrap();
    let demo = Demo::start(home.path());
    let send = |key: &str, number: &str| {
        let path = format!("/mpass-web/rest/mv/msg?apikey={key}&dest={number}");
        demo.get(&path, &[]).1
    };
    let create = ["channel", "create", "--demo", "--name", "new", "--json"];
    let new = json(&run(home.path(), &create).done());
    let first = new["key"].as_str().unwrap();
    assert!(send(first, "%2B966500000001").contains(r#""status":"0""#));
    let rotate = ["channel", "rotate", "--demo", "new", "--leaked", "--json"];
    let second = json(&run(home.path(), &rotate).done());
    let second = second["key"].as_str().unwrap();
    assert!(send(first, "%2B966500000002").contains(r#""status":"2""#));
    assert!(send(second, "%2B966500000002").contains(r#""status":"0""#));
    run(home.path(), &["channel", "revoke", "--demo", "new"]).done();
    assert!(send(second, "%2B966500000003").contains(r#""status":"2""#));
}

#[test]
fn unlocking_a_number() {
    let home = tempfile::tempdir().unwrap();
    let demo = Demo::start(home.path());
    let create = ["channel", "create", "--demo", "--name", "strict", "--json"];
    let policy = [
        "--failures-to-lock",
        "2",
        "--resend-interval",
        "0s",
        "--country",
        "966",
    ];
    let strict = json(&run(home.path(), &[&create[..], &policy].concat()).done());
    let key = strict["key"].as_str().unwrap();
    let ask = |operation: &str, more: &str| {
        let path = format!("/mpass-web/rest/mv/{operation}?apikey={key}&dest=0500000004{more}");
        demo.get(&path, &[])
    };
    let accepts = |answer: (String, String)| answer.1.contains(r#""status":"0""#);
    assert!(accepts(ask("msg", "")));
    for _ in 0..2 {
        // Of another length, so never right by chance.
        assert!(!accepts(ask("verify", "&otp=12345")));
    }
    assert!(ask("msg", "").0.starts_with("HTTP/1.1 429"));
    let unlock = [
        "channel", "unlock", "--demo", "--name", "strict", "--number",
    ];
    run(home.path(), &[&unlock[..], &["0500000004"]].concat()).done();
    assert!(accepts(ask("msg", "")));
    assert!(accepts(ask(
        "verify",
        &format!("&otp={}", demo.newest_code())
    )));
    let other = run(home.path(), &[&unlock[..], &["0500000005"]].concat()).misuse();
    assert!(other.contains("no record"), "{other}");
}

#[test]
fn a_directory_with_a_long_path() {
    let home = tempfile::tempdir().unwrap();
    let deep = home.path().join("d".repeat(100)).join("e".repeat(100));
    std::fs::create_dir_all(&deep).unwrap();
    let demo = Demo::start(&deep);
    run(&deep, &["channel", "create", "--demo", "--name", "deep"]).done();
    drop(demo);
    let listed = run(&deep, &["channel", "list", "--demo"]).done();
    assert!(listed.contains("deep"), "{listed}");
}

#[test]
fn the_keyring_of_another_store_is_refused() {
    let home = tempfile::tempdir().unwrap();
    let path = |name: &str| home.path().join(name).to_str().unwrap().to_owned();
    let (data, first, second) = (path("data"), path("first"), path("second"));
    let create = |name: &str, keyring: &str| {
        let arguments = ["channel", "create", "--name", name, "--data-dir", &data];
        run(
            home.path(),
            &[&arguments[..], &["--keyring", keyring]].concat(),
        )
    };
    create("one", &first).done();
    // A keyring that does not exist is not created beside data.
    assert!(create("two", &second).misuse().contains("--keyring"));
    assert!(!Path::new(&second).exists());
    let other = Keyring::generate(&[3; 32]).expose().to_string();
    std::fs::write(&second, other).unwrap();
    std::fs::set_permissions(&second, Permissions::from_mode(0o600)).unwrap();
    assert!(create("two", &second).misuse().contains("--keyring"));
    create("two", &first).done();
}

#[test]
fn data_apart_from_the_demo() {
    let home = tempfile::tempdir().unwrap();
    drop(Demo::start(home.path()));
    run(home.path(), &["channel", "create", "--name", "shop"]).done();
    let listed = run(home.path(), &["channel", "list"]).done();
    assert!(
        listed.contains("shop") && !listed.contains("demo"),
        "{listed}"
    );
    // The demo's data can also be named by its directory.
    let demo = home.path().join(".local/share/mpass/demo");
    let arguments = ["channel", "list", "--data-dir", demo.to_str().unwrap()];
    let listed = run(home.path(), &arguments).done();
    assert!(
        listed.contains("demo") && !listed.contains("shop"),
        "{listed}"
    );
}

/// A second rotation ends the credential before the replaced one, and says so.
#[test]
fn a_rotation_names_the_credential_that_it_ends() {
    let home = tempfile::tempdir().unwrap();
    let channel = |arguments: &[&str]| run(home.path(), &[&["channel"], arguments].concat());
    channel(&["create", "--name", "shop"]).done();
    let first = channel(&["rotate", "shop"]);
    assert!(!first.stderr.contains("has ended"), "{}", first.stderr);
    let second = channel(&["rotate", "shop"]);
    assert!(
        second
            .stderr
            .contains("of version 1, which would have worked until 20"),
        "{}",
        second.stderr
    );
    // Only if nobody else has rotated it meanwhile.
    let shown =
        || -> Value { serde_json::from_str(&channel(&["show", "shop", "--json"]).done()).unwrap() };
    let stamp = shown()["stamp"].as_str().unwrap().to_owned();
    let rotated = channel(&["rotate", "shop", "--if", &stamp, "--json"]).done();
    let rotated: Value = serde_json::from_str(&rotated).unwrap();
    assert_eq!(rotated["ended_version"], 2);
    let told = channel(&["rotate", "shop", "--if", &stamp]).misuse();
    assert!(told.contains("has changed since"), "{told}");
    assert_eq!(shown()["key_version"], 4);
}

/// What is refused is named as it was given.
#[test]
fn refused_values_are_named_as_given() {
    let home = tempfile::tempdir().unwrap();
    let create = ["channel", "create", "--name", "shop"];
    for (option, value, named) in [
        ("--lock", "32d", "32d"),
        ("--tries", "-5", "\"-5\""),
        ("--sender", "-foo-bar-baz-foo-bar-baz-foo-bar-baz", "-foo"),
    ] {
        let told = run(home.path(), &[&create[..], &[option, value]].concat()).misuse();
        assert!(told.contains(named) && told.contains(option), "{told}");
    }
    let texts = ["--text", "en={{code}}", "--text", "EN={{code}}"];
    let told = run(home.path(), &[&create[..], &texts].concat()).misuse();
    assert!(told.contains("--text EN=… is given twice"), "{told}");
    let credits = ["customer", "create", "--credits", "-5"];
    let told = run(home.path(), &credits).misuse();
    assert!(told.contains("whole number"), "{told}");
}
