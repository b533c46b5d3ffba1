//! `mpass admin`, `token`, `audit` and `number`, with and without a running server.

use std::path::Path;

use base64ct::{Base64, Encoding};
use mpass_core::oath::uri::KeyUri;
use serde_json::Value;

use crate::support::{Demo, Run, json, run};

/// Runs commands on the data of a home, with or without a server on it.
struct Desk<'a> {
    home: &'a Path,
    more: &'a [&'a str],
}

impl Desk<'_> {
    fn run(&self, arguments: &[&str]) -> Run {
        run(self.home, &[arguments, self.more].concat())
    }

    fn json(&self, arguments: &[&str]) -> Value {
        json(&self.run(&[arguments, &["--json"]].concat()).done())
    }

    /// The steps of the operations since an entry, with what they were performed on.
    fn audit(&self, after: u64) -> Vec<(String, String, String)> {
        let after = after.to_string();
        let exported = self.run(&["audit", "export", "--after", &after]).done();
        let word = |entry: &Value, name: &str| entry[name].as_str().unwrap_or("").to_owned();
        let entries = exported.lines().map(json);
        entries
            .map(|entry| {
                assert_eq!(entry["by"]["user"], rustix::process::getuid().as_raw());
                (
                    word(&entry, "step"),
                    word(&entry, "what"),
                    word(&entry, "on"),
                )
            })
            .collect()
    }

    fn head(&self) -> (u64, String) {
        let head = self.json(&["audit", "head"]);
        let anchor = head["anchor"].as_str().unwrap().to_owned();
        (head["number"].as_u64().unwrap(), anchor)
    }
}

fn on_both(test: impl Fn(&Desk<'_>)) {
    let home = tempfile::tempdir().unwrap();
    test(&Desk {
        home: home.path(),
        more: &[],
    });
    let home = tempfile::tempdir().unwrap();
    let _demo = Demo::start(home.path());
    test(&Desk {
        home: home.path(),
        more: &["--demo"],
    });
}

#[test]
fn the_life_of_an_administrator() {
    on_both(|desk| {
        let create = ["admin", "create", "anna", "--role", "operator"];
        let created = desk.run(&create);
        let note = "This is shown only once: hand it to anna now.";
        assert!(created.stderr.contains(note), "{}", created.stderr);
        let created = created.done();
        let rows: Vec<(&str, &str)> = created
            .lines()
            .filter_map(|line| line.split_once("  "))
            .map(|(name, value)| (name.trim(), value.trim()))
            .collect();
        let named = |name: &str| -> Vec<&str> {
            let rows = rows.iter().filter(|(of, _)| *of == name);
            rows.map(|(_, value)| *value).collect()
        };
        assert_eq!(named("name"), ["anna"]);
        assert_eq!(named("role"), ["operator"]);
        assert_eq!(named("password")[0].len(), 43);
        assert_eq!(named("recovery code").len(), 8);
        KeyUri::parse(named("authenticator")[0]).unwrap();
        // Standard output is no terminal, so it has no picture.
        assert!(!created.contains('█'), "{created}");
        assert!(desk.run(&create).misuse().contains("already"));

        let (before, _) = desk.head();
        let shown = desk.json(&["admin", "show", "anna"]);
        assert_eq!(shown["recovery_codes_left"], 8);
        assert_eq!(shown["disabled"], false);
        let stamp = shown["stamp"].as_str().unwrap().to_owned();
        let set = ["admin", "set", "anna", "--role", "viewer", "--disable"];
        let set = desk.json(&[&set[..], &["--if", &stamp]].concat());
        assert_eq!(
            (&set["role"], &set["disabled"]),
            (&"viewer".into(), &true.into())
        );
        let late = desk.run(&["admin", "set", "anna", "--enable", "--if", &stamp]);
        assert!(late.misuse().contains("has changed since it was read"));
        desk.run(&["admin", "set", "anna", "--enable"]).done();
        let reset = desk.run(&["admin", "reset", "anna", "--only", "second-factor", "--qr"]);
        let reset = reset.done();
        assert!(
            reset.contains('█') && !reset.contains("password"),
            "{reset}"
        );
        let person = [
            "--issuer",
            "https://id.example",
            "--subject",
            "248289761001",
        ];
        let bound = desk.json(&[&["admin", "bind", "anna"][..], &person].concat());
        assert_eq!(bound["identity"]["issuer"], "https://id.example");
        assert_eq!(bound["identity"]["subject"], "248289761001");
        desk.run(&["admin", "create", "bert", "--role", "viewer"])
            .done();
        let taken = desk.run(&[&["admin", "bind", "bert"][..], &person].concat());
        assert!(taken.misuse().contains("another administrator is bound"));
        desk.run(&["admin", "remove", "bert"]).done();
        let unbound = desk.json(&["admin", "unbind", "anna"]);
        assert_eq!(unbound["identity"], Value::Null);
        let codes = desk.json(&["admin", "reset", "anna", "--only", "recovery-codes"]);
        assert_eq!(codes["recovery_codes"].as_array().unwrap().len(), 8);
        assert_eq!(
            (&codes["password"], &codes["totp_uri"]),
            (&Value::Null, &Value::Null)
        );
        assert_eq!(
            desk.run(&["admin", "unlock", "anna"]).done(),
            "anna can log in\n"
        );
        let listed = desk.run(&["admin", "list"]).done();
        assert!(listed.contains("anna"), "{listed}");
        assert_eq!(
            desk.run(&["admin", "remove", "anna"]).done(),
            "anna is removed\n"
        );
        assert!(
            desk.run(&["admin", "show", "anna"])
                .misuse()
                .contains("not found")
        );

        let recorded = desk.audit(before);
        let on_anna: Vec<(&str, &str)> = recorded
            .iter()
            .filter(|(.., on)| on == "anna")
            .map(|(step, what, _)| (step.as_str(), what.as_str()))
            .collect();
        let both = |what| [("intent", what), ("done", what)];
        let failed = [
            ("intent", "administrator.update"),
            ("failed", "administrator.update"),
        ];
        let expected = [
            both("administrator.update"),
            failed,
            both("administrator.update"),
            both("administrator.reset"),
            both("administrator.bind"),
            both("administrator.bind"),
            both("administrator.reset"),
            both("administrator.unlock"),
            both("administrator.remove"),
        ];
        assert_eq!(on_anna, expected.concat());
        let exported = desk.run(&["audit", "export"]).done();
        for secret in [named("password")[0], named("recovery code")[0]] {
            assert!(!exported.contains(secret));
        }
        assert!(
            exported.contains(r#""replaced":"second_factor""#),
            "{exported}"
        );
    });
}

#[test]
fn the_last_administrator_keeps_the_role() {
    let home = tempfile::tempdir().unwrap();
    let desk = Desk {
        home: home.path(),
        more: &[],
    };
    for name in ["anna", "bert"] {
        desk.run(&["admin", "create", name, "--role", "administrator"])
            .done();
    }
    desk.run(&["admin", "set", "anna", "--role", "viewer"])
        .done();
    for refused in [
        &["admin", "set", "bert", "--role", "operator"][..],
        &["admin", "set", "bert", "--disable"],
        &["admin", "remove", "bert"],
    ] {
        let told = desk.run(refused).misuse();
        assert!(told.contains("create one first"), "{told}");
    }
}

#[test]
fn the_life_of_a_token() {
    on_both(|desk| {
        desk.run(&["admin", "create", "anna", "--role", "operator"])
            .done();
        let create = |more: &[&str]| {
            let fixed = [
                "token", "create", "backup", "--for", "anna", "--life", "90d",
            ];
            desk.run(&[&fixed, more].concat())
        };
        let created = create(&["--permission", "read", "--permission", "audit", "--json"]);
        assert!(
            created.stderr.contains("shown only once"),
            "{}",
            created.stderr
        );
        let created = json(&created.done());
        let secret = created["secret"].as_str().unwrap();
        assert!(secret.starts_with("mpat_"));
        assert_eq!(created["permissions"], serde_json::json!(["read", "audit"]));
        let listed = desk.run(&["token", "list", "--for", "anna"]).done();
        let id = created["id"].as_str().unwrap();
        assert!(
            listed.contains(id) && listed.contains("read,audit"),
            "{listed}"
        );
        assert!(!listed.contains(secret));
        let more = create(&["--permission", "tenants"]).misuse();
        assert!(
            more.contains("may not do what its maker may not, who is an operator"),
            "{more}"
        );
        assert!(
            create(&["--permission", "everything"])
                .misuse()
                .contains("test_gateway")
        );
        let nobody = ["token", "create", "x", "--for", "nobody", "--life", "1h"];
        let nobody = desk.run(&[&nobody[..], &["--permission", "read"]].concat());
        assert!(nobody.misuse().contains("administrator not found"));
        let long = [
            "token",
            "create",
            "x",
            "--for",
            "anna",
            "--permission",
            "read",
        ];
        let long = desk.run(&[&long[..], &["--life", "367d"]].concat());
        assert!(long.misuse().contains("366 days"));
        desk.run(&["token", "revoke", id]).done();
        assert!(
            desk.run(&["token", "revoke", id])
                .misuse()
                .contains("not found")
        );
        let listed = desk.run(&["token", "list", "--for", "anna"]);
        assert!(listed.stderr.contains("no API token"), "{}", listed.stderr);
        let exported = desk.run(&["audit", "export"]).done();
        assert!(!exported.contains(secret));
        let of_tokens = exported
            .lines()
            .map(json)
            .filter(|it| it["what"] == "token.create");
        let done: Vec<Value> = of_tokens.filter(|it| it["step"] == "done").collect();
        let [done] = &done[..] else {
            panic!("one token was made: {done:?}");
        };
        assert_eq!(
            (&done["on"], &done["after"]["token"]),
            (&"anna".into(), &"backup".into())
        );
    });
}

#[test]
fn the_audit_log_is_listed_exported_and_verified() {
    on_both(|desk| {
        for name in ["a", "b", "c"] {
            desk.run(&["channel", "create", "--name", name]).done();
        }
        let (number, anchor) = desk.head();
        let verified = desk.run(&["audit", "verify", "--anchor", &anchor]).done();
        assert!(
            verified.contains("nothing missing or changed"),
            "{verified}"
        );
        let of_b = desk.run(&["audit", "list", "--on", "b", "--json"]).done();
        let of_b: Vec<Value> = of_b.lines().map(json).collect();
        let steps: Vec<&str> = of_b.iter().map(|it| it["step"].as_str().unwrap()).collect();
        assert_eq!(steps, ["done", "intent"]);
        let user = format!("user:{}", rustix::process::getuid().as_raw());
        let list = |more: &[&str]| {
            let listed = desk.run(&[&["audit", "list"], more].concat()).done();
            listed.lines().map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(list(&["--what", "channel.", "--by", &user]).len(), 6);
        assert_eq!(list(&["--what", "channel.create", "--limit", "4"]).len(), 4);
        assert_eq!(list(&["--what", "channel.revoke"]).len(), 0);
        assert_eq!(list(&["--until", "2020-01-01T00:00:00Z"]).len(), 0);
        assert_eq!(
            list(&["--since", "2020-01-01T00:00:00Z", "--on", "c"]).len(),
            2
        );
        let [newest, ..] = &list(&[])[..] else {
            panic!("entries");
        };
        let word = newest.split_whitespace().next().unwrap();
        assert_eq!(word, number.to_string());
        // As it is stored: a line has its MAC last.
        let exported = desk.run(&["audit", "export"]).done();
        let last = exported.lines().last().unwrap();
        let mac = anchor.split_once(':').unwrap().1;
        assert!(last.ends_with(&format!(r#","mac":"{mac}"}}"#)), "{last}");
        assert_eq!(exported.lines().count() as u64, number);
        // An entry that is not part of the log, and one that is still to come.
        let other = format!("{number}:{}", "0".repeat(64));
        let later = format!("{}:{mac}", number + 1);
        for (anchor, fault) in [
            (other, "is not the one that was written"),
            (later, "ends with"),
        ] {
            let wrong = desk.run(&["audit", "verify", "--anchor", &anchor]);
            assert_eq!(wrong.status, 1, "{}", wrong.stderr);
            assert!(wrong.stdout.contains(fault), "{}", wrong.stdout);
        }
        let no_anchor = desk.run(&["audit", "verify", "--anchor", "7"]);
        assert!(
            no_anchor
                .misuse()
                .contains("an anchor is the number of an entry")
        );
    });
}

/// A state of the store from before is noticed by an anchor.
#[test]
fn an_older_state_is_noticed() {
    let home = tempfile::tempdir().unwrap();
    let desk = Desk {
        home: home.path(),
        more: &[],
    };
    desk.run(&["channel", "create", "--name", "a"]).done();
    let data = home.path().join(".local/share/mpass");
    let files = || {
        std::fs::read_dir(&data)
            .unwrap()
            .map(|file| file.unwrap().path())
    };
    let kept: Vec<_> = files()
        .filter(|path| path.is_file())
        .map(|path| (path.clone(), std::fs::read(path).unwrap()))
        .collect();
    desk.run(&["channel", "create", "--name", "b"]).done();
    let (_, anchor) = desk.head();
    for path in files().filter(|path| path.is_file()) {
        std::fs::remove_file(path).unwrap();
    }
    for (path, bytes) in kept {
        std::fs::write(path, bytes).unwrap();
    }
    desk.run(&["audit", "verify"]).done();
    let noticed = desk.run(&["audit", "verify", "--anchor", &anchor]);
    assert_eq!(noticed.status, 1);
    assert!(
        noticed.stdout.contains("an older state was put back"),
        "{}",
        noticed.stdout
    );
}

#[test]
fn numbers_are_unlocked_and_erased() {
    let home = tempfile::tempdir().unwrap();
    let demo = Demo::start(home.path());
    let desk = Desk {
        home: home.path(),
        more: &["--demo"],
    };
    let number = "+966500000000";
    let key = demo.printed("key");
    let mpass = |call: &str, more: &str| {
        let path = format!("/mpass-web/rest/mv/{call}?apikey={key}&dest=%2B966500000000{more}");
        demo.get(&path, &[]).1
    };
    let erase = ["number", "erase", number, "--channel", "demo"];
    assert!(
        desk.run(&erase)
            .misuse()
            .contains("has no record of this number")
    );
    assert!(mpass("msg", "").contains(r#""status":"0""#));
    let code = demo.newest_code();
    assert_eq!(desk.run(&erase).done(), "the number is erased\n");
    let verified = mpass("verify", &format!("&otp={code}"));
    assert!(!verified.contains(r#""status":"0""#), "{verified}");
    let unlock = ["number", "unlock", "0500000000", "--channel", "demo"];
    for _ in 0..3 {
        assert_eq!(desk.run(&unlock).done(), "the number is unlocked\n");
    }
    let again = desk.run(&["channel", "unlock", "demo", "--number", number]);
    assert!(again.misuse().contains("three times within 24 hours"));
    assert!(
        desk.run(&["number", "erase", number])
            .misuse()
            .contains("--channel")
    );
    let both = [&erase[..], &["--client", "demo"]].concat();
    desk.run(&both).misuse();

    let exported = desk.run(&["audit", "export"]).done();
    assert!(!exported.contains("966500000000"), "{exported}");
    let entries: Vec<Value> = exported.lines().map(json).collect();
    let steps = |what: &str| -> Vec<&str> {
        let of = entries.iter().filter(|it| it["what"] == what);
        of.map(|it| it["step"].as_str().unwrap()).collect()
    };
    assert_eq!(
        steps("number.erase"),
        ["intent", "failed", "intent", "done"]
    );
    assert_eq!(
        steps("number.unlock")
            .iter()
            .filter(|it| **it == "done")
            .count(),
        3
    );
    for entry in entries.iter().filter(|it| it["what"] == "number.unlock") {
        let on = entry["on"].as_str().unwrap();
        assert!(on.starts_with("demo +966") && on.contains('*'), "{on}");
    }
}

/// The public id of an erased challenge leads nowhere.
#[test]
fn the_public_id_of_an_erased_number_is_unknown() {
    let home = tempfile::tempdir().unwrap();
    let demo = Demo::start(home.path());
    let desk = Desk {
        home: home.path(),
        more: &["--demo"],
    };
    let login = "grant_type=client_credentials&scope=one-time-password-sms:send-validate";
    let client = format!("demo:{}", demo.printed("secret"));
    let client = format!("Basic {}", Base64::encode_string(client.as_bytes()));
    let form = [
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("Authorization", client.as_str()),
    ];
    let (_, granted) = demo.post("/oauth2/token", &form, login);
    let bearer = format!(
        "Bearer {}",
        json(&granted)["access_token"].as_str().unwrap()
    );
    let headers = [
        ("Content-Type", "application/json"),
        ("Authorization", bearer.as_str()),
    ];
    let base = "/one-time-password-sms/v1";
    let body = r#"{"phoneNumber":"+966500000000","message":"{{code}} is your code"}"#;
    let (head, sent) = demo.post(&format!("{base}/send-code"), &headers, body);
    assert!(head.starts_with("HTTP/1.1 200"), "{head}{sent}");
    let id = json(&sent)["authenticationId"].as_str().unwrap().to_owned();
    let code = demo.newest_code();
    let number = "+966500000000";
    desk.run(&["number", "erase", number, "--client", "demo"])
        .done();
    let body = format!(r#"{{"authenticationId":"{id}","code":"{code}"}}"#);
    let (head, told) = demo.post(&format!("{base}/validate-code"), &headers, &body);
    assert!(head.starts_with("HTTP/1.1 4"), "{head}{told}");
    let unknown = body.replace(&id[..8], "00000000");
    let (_, of_unknown) = demo.post(&format!("{base}/validate-code"), &headers, &unknown);
    assert_eq!(json(&told)["code"], json(&of_unknown)["code"]);
}

/// A restart of the demo shows what works.
#[test]
fn the_demo_has_an_administrator() {
    let home = tempfile::tempdir().unwrap();
    let desk = Desk {
        home: home.path(),
        more: &["--demo"],
    };
    let first = Demo::start(home.path());
    let shown = ["administrator", "sign-in", "authenticator", "api-token"];
    let printed = |demo: &Demo| shown.map(|name| demo.printed(name).to_owned());
    let before = printed(&first);
    KeyUri::parse(&before[2]).unwrap();
    assert!(before[3].starts_with("mpat_"));
    assert_eq!(desk.json(&["token", "list"]).as_array().unwrap().len(), 1);
    first.kill();
    let again = Demo::start(home.path());
    assert_eq!(printed(&again), before);
    assert_eq!(desk.json(&["token", "list"]).as_array().unwrap().len(), 1);
    // Somebody has other credentials now; the password is not shown any more.
    let reset = desk.json(&["admin", "reset", "demo"]);
    again.kill();
    let third = Demo::start(home.path());
    assert!(
        third.banner.contains("another one was set"),
        "{}",
        third.banner
    );
    assert_eq!(
        third.printed("authenticator"),
        reset["totp_uri"].as_str().unwrap()
    );
}

/// What was typed in place of a name is not repeated.
#[test]
fn no_error_shows_what_was_typed() {
    let home = tempfile::tempdir().unwrap();
    run(
        home.path(),
        &["admin", "create", "anna", "--role", "viewer"],
    )
    .done();
    let secret = "correct-horse-battery-staple";
    for arguments in [
        &["admin", "show", secret][..],
        &["admin", "unlock", secret],
        &["admin", "remove", secret],
        &["admin", "reset", secret],
        &["admin", "set", secret, "--disable"],
        &["token", "revoke", secret],
        &[
            "token",
            "create",
            "x",
            "--for",
            secret,
            "--permission",
            "read",
            "--life",
            "1h",
        ],
        &["number", "erase", "+966500000000", "--channel", secret],
    ] {
        let told = run(home.path(), arguments).misuse();
        assert!(!told.contains(secret), "{told}");
    }
    let exported = run(home.path(), &["audit", "export"]).done();
    assert!(!exported.contains(secret), "{exported}");
}
