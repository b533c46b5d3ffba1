//! The texts of messages, and the hashes of Android apps.

use std::fs;
use std::path::Path;

use base64ct::{Base64, Encoding};
use mpass_tests::coverage::COMMAND_LINE;
use mpass_tests::vectors;
use serde_json::json;

use crate::numbers::text_of;
use crate::support::{self, run, run_anywhere};

/// Creates a channel with one text and shows it.
fn created(home: &Path, vector: &vectors::Message, text: &str) -> support::Run {
    let (flag, value) = match (vector.field.as_str(), &vector.tag) {
        ("texts", Some(tag)) => ("--text", format!("{tag}={text}")),
        ("sender", None) => ("--sender", text.to_owned()),
        ("apps", None) => ("--app", text.to_owned()),
        ("android_app_hashes", None) => ("--android-app-hash", text.to_owned()),
        (other, _) => panic!("{other}"),
    };
    let option = format!("{flag}={value}");
    run(home, &["channel", "create", "--name", "web", &option])
}

#[test]
fn text_vectors() {
    let vectors = vectors::message().vectors;
    COMMAND_LINE.vectors("message.json", &vectors, |vector| {
        let home = tempfile::tempdir().unwrap();
        let tampered = created(home.path(), vector, &format!("{}\u{202e}", vector.text));
        assert_ne!(tampered.status, 0, "{}", vector.source);
        let read = created(home.path(), vector, &vector.text);
        if vector.error.is_some() {
            read.misuse();
            return;
        }
        read.done();
        let shown = run(home.path(), &["channel", "show", "web", "--json"]).done();
        let shown = support::json(&shown);
        let text = vector.kept.as_ref().unwrap_or(&vector.text);
        let expected = match vector.kept_tag.as_ref().or(vector.tag.as_ref()) {
            Some(tag) => json!({tag: text}),
            None if vector.field == "sender" => json!(text),
            None => json!([text]),
        };
        assert_eq!(shown[&vector.field], expected, "{}", vector.source);
    });
}

#[test]
fn android_app_vectors() {
    let vectors = vectors::android_app().vectors;
    COMMAND_LINE.vectors("android-app.json", &vectors, |vector| {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("app.der");
        let certificate = base16ct::lower::decode_vec(&vector.certificate_hex).unwrap();
        fs::write(&path, &certificate).unwrap();
        let path = path.to_str().unwrap();
        let hash = |package: &str| run_anywhere(&["android-app-hash", "--", package, path]);
        match &vector.hash {
            Some(expected) => {
                assert_eq!(hash(&vector.package).done(), format!("{expected}\n"));
                let pem = Base64::encode_string(&certificate);
                let pem =
                    format!("-----BEGIN CERTIFICATE-----\n{pem}\n-----END CERTIFICATE-----\n");
                fs::write(path, pem).unwrap();
                assert_eq!(hash(&vector.package).done(), format!("{expected}\n"));
                let other = hash(&format!("{}x", vector.package)).done();
                assert_ne!(other, format!("{expected}\n"));
            }
            None => {
                let said = hash(&vector.package).misuse();
                // What begins as PEM is read as PEM.
                let is_pem = certificate.starts_with(b"-----BEGIN");
                let error = vector.error.as_deref().unwrap();
                assert!(is_pem || said.contains(&text_of(error)), "{said}");
            }
        }
    });
}

#[test]
fn a_text_without_room_for_the_hash_is_refused() {
    let home = tempfile::tempdir().unwrap();
    let text = format!("--text=en={{{{code}}}}{}", "a".repeat(123));
    let hash = "--android-app-hash=965mn/jzPaJ";
    let channel = |arguments: &[&str]| run(home.path(), &[&["channel"], arguments].concat());
    let said = channel(&["create", "--name", "web", &text, hash]).misuse();
    assert!(said.contains("140 bytes"), "{said}");
    channel(&["create", "--name", "web", hash]).done();
    let said = channel(&["set", "web", &text]).misuse();
    assert!(said.contains("140 bytes"), "{said}");
}
