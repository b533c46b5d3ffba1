use std::fs;
use std::os::unix::fs::PermissionsExt;

use mpass_tests::coverage::COMMAND_LINE;
use mpass_tests::vectors::{self, Keyring};

use crate::numbers::text_of;
use crate::support::{Demo, json, run};

/// A keyring file is read as it is, and written with a checksum when it is
/// changed.
#[test]
fn keyring_vectors() {
    let vectors = vectors::keyring().vectors;
    COMMAND_LINE.vectors("keyring.json", &vectors, |vector| {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("keys");
        let (Keyring::Read(vectors::KeyringRead { text, case, .. })
        | Keyring::Refused { text, case, .. }) = vector;
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        let key = |arguments: &[&str]| {
            let file = ["--keyring", path.to_str().unwrap()];
            run(home.path(), &[&["key"], arguments, &file].concat())
        };
        match vector {
            Keyring::Read(read) => {
                let (ids, newest) = (format!("{:?}", read.ids).replace(' ', ""), read.newest);
                let listed = json(&key(&["list", "--json"]).done());
                assert_eq!(listed["ids"].to_string(), ids, "{case}");
                assert_eq!(listed["active"], newest, "{case}");
                assert_eq!(fs::read_to_string(&path).unwrap(), *text, "{case}");
                key(&["activate", &newest.to_string()]).done();
                assert_eq!(fs::read_to_string(&path).unwrap(), read.written, "{case}");
            }
            Keyring::Refused { error, .. } => {
                let told = key(&["list"]).misuse();
                assert!(told.contains(&text_of(error)), "{case}: {told}");
                key(&["activate", "1"]).misuse();
                assert_eq!(fs::read_to_string(&path).unwrap(), *text, "{case}");
            }
        }
    });
}

#[test]
fn the_life_of_record_keys() {
    let home = tempfile::tempdir().unwrap();
    let key = |arguments: &[&str]| run(home.path(), &[&["key"], arguments].concat());
    let listed = || {
        let listed = json(&key(&["list", "--json"]).done());
        let keys = listed["keys"].as_array().unwrap();
        assert_eq!(keys.len(), listed["ids"].as_array().unwrap().len());
        for key in keys {
            assert_eq!(key["fingerprint"].as_str().unwrap().len(), 16);
            assert_eq!(key["active"], key["id"] == listed["active"]);
        }
        format!("{} {}", listed["active"], listed["ids"])
    };
    let missing = key(&["list"]).misuse();
    assert!(missing.contains("cannot read the keyring"), "{missing}");
    assert!(
        !home.path().join(".config").exists(),
        "reading creates nothing"
    );
    assert_eq!(key(&["add"]).done(), "2\n");
    assert_eq!(listed(), "1 [1,2]");
    key(&["activate", "2"]).done();
    assert_eq!(key(&["rotate"]).done(), "3\n");
    let text = key(&["list"]).done();
    let active = text.lines().find(|line| line.starts_with("3  ")).unwrap();
    assert!(active.ends_with("active: seals records"), "{text}");
    assert!(key(&["remove", "3"]).misuse().contains("activate another"));
    key(&["remove", "1"]).done();
    assert_eq!(listed(), "3 [2,3]");
    for wrong in [&["activate", "9"][..], &["remove", "9"]] {
        let told = key(wrong).misuse();
        assert!(told.contains("no record key 9"), "{told}");
    }
    key(&["activate", "x"]).misuse();
}

#[test]
fn a_running_server_applies_a_new_key_immediately() {
    let home = tempfile::tempdir().unwrap();
    let demo = Demo::start(home.path());
    let code = |number: &str| {
        let key = demo.printed("key");
        let path = format!("/mpass-web/rest/mv/msg?apikey={key}&dest={number}");
        assert!(demo.get(&path, &[]).1.contains(r#""status":"0""#));
        demo.newest_code()
    };
    let verify = |number: &str, code: &str| {
        let key = demo.printed("key");
        let path = format!("/mpass-web/rest/mv/verify?apikey={key}&dest={number}&otp={code}");
        demo.get(&path, &[]).1
    };
    let before = code("%2B966500000001");
    let rotated = run(home.path(), &["key", "rotate", "--demo"]);
    let keyring = home.path().join(".local/share/mpass/demo/keyring");
    let wrote = format!("wrote to {}\n", keyring.display());
    assert_eq!(rotated.stderr, wrote, "the server has taken it");
    assert_eq!(rotated.done(), "2\n");
    let after = code("%2B966500000002");
    for (number, code) in [("%2B966500000001", before), ("%2B966500000002", after)] {
        assert!(
            verify(number, &code).contains(r#""status":"0""#),
            "{number}"
        );
    }
    // The channel was resealed with it; what was counted of the first message was not.
    let refused = run(home.path(), &["key", "remove", "1", "--demo"]).misuse();
    assert!(refused.contains("record key 1 still seals"), "{refused}");
    code("%2B966500000003");
}

#[test]
fn channels_outlive_the_key_that_sealed_them() {
    let home = tempfile::tempdir().unwrap();
    let on = |arguments: &[&str]| run(home.path(), arguments);
    on(&["channel", "create", "--name", "shop"]).done();
    let created = on(&["channel", "create", "--name", "old"]);
    created.done();
    on(&["channel", "revoke", "old"]).done();
    assert_eq!(on(&["key", "rotate"]).done(), "2\n");
    on(&["key", "remove", "1"]).done();
    let listed = on(&["channel", "list"]);
    assert_eq!(listed.stderr, "");
    let listed = listed.done();
    assert!(
        listed.contains("shop") && listed.contains("old"),
        "{listed}"
    );
    // Also if the newer key has been added to this machine only.
    assert_eq!(on(&["key", "add"]).done(), "3\n");
    on(&["channel", "create", "--name", "late"]).done();
    on(&["key", "activate", "3"]).done();
    on(&["key", "remove", "2"]).done();
    assert!(on(&["channel", "list"]).done().contains("late"));
}
