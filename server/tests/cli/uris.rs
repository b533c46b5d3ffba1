use mpass_core::oath::Secret;
use mpass_tests::coverage::COMMAND_LINE;
use mpass_tests::vectors::{self, KeyUriRead};
use serde_json::{Map, Value, json};

use crate::numbers::text_of;
use crate::support::{Run, run_anywhere};

/// The object that `uri parse --json --show-secret` prints.
fn object(vector: &KeyUriRead) -> Value {
    let secret = Secret::from_hex(&vector.secret_hex).unwrap();
    let mut fields = Map::new();
    fields.insert("type".into(), json!(vector.kind));
    fields.insert("account".into(), json!(vector.account));
    fields.insert("secret".into(), json!(secret.expose_base32().to_string()));
    fields.insert("algorithm".into(), json!(vector.algorithm));
    fields.insert("digits".into(), json!(vector.digits));
    for (name, value) in [("counter", vector.counter), ("period", vector.period)] {
        fields.extend(value.map(|value| (name.into(), json!(value))));
    }
    for (name, issuer) in [
        ("issuer", &vector.issuer),
        ("label_issuer", &vector.label_issuer),
    ] {
        fields.extend(issuer.as_ref().map(|issuer| (name.into(), json!(issuer))));
    }
    let parameters = vector.parameters.iter().cloned();
    let parameters = parameters.map(|(name, value)| (name, json!(value)));
    fields.insert("parameters".into(), Value::Object(parameters.collect()));
    Value::Object(fields)
}

fn parse(uri: &str, flags: &[&str]) -> Run {
    run_anywhere(&[&["uri", "parse"][..], flags, &["--", uri]].concat())
}

/// The printed object without its cautions, and these.
fn printed(uri: &str) -> (Value, Value) {
    let printed = parse(uri, &["--json", "--show-secret"]).done();
    let mut printed: Value = serde_json::from_str(&printed).unwrap();
    let cautions = printed.as_object_mut().unwrap().remove("cautions");
    (printed, cautions.unwrap())
}

fn check_read(vector: &KeyUriRead) {
    let (facts, cautions) = printed(&vector.uri);
    assert_eq!(facts, object(vector), "{}", vector.uri);
    assert_eq!(cautions, json!(vector.cautions), "{}", vector.uri);
    // Building it again gives the same URI.
    assert_eq!(printed(&vector.written).0, facts, "{}", vector.written);
    let strict = parse(&vector.uri, &["--strict"]);
    match vector.strict {
        true => drop(strict.done()),
        false => check_message(strict, "UriNotStrict", &vector.uri),
    }
}

#[track_caller]
fn check_message(run: Run, error: &str, uri: &str) {
    let said = run.misuse();
    // A wrong digit is named with its place.
    let text = match error {
        "Base32Digit" => "of the secret is".to_owned(),
        _ => text_of(error),
    };
    assert!(said.contains(&text), "{uri}: {said}");
}

fn check(vector: &vectors::KeyUri) {
    match vector {
        vectors::KeyUri::Read(vector) => check_read(vector),
        vectors::KeyUri::Refused { uri, error, .. } => check_message(parse(uri, &[]), error, uri),
    }
    let (tampered, error) = vector.tampered();
    check_message(parse(&tampered, &[]), error, &tampered);
}

#[test]
fn a_wrong_character_of_the_secret_has_its_place() {
    let said = parse("otpauth://totp/x?issuer=A&secret=GEZDGNB1&digits=8", &[]).misuse();
    assert!(said.contains("character 8 of the secret"), "{said}");
    assert!(!said.contains("GEZ"), "{said}");
}

#[test]
fn reading_vectors() {
    COMMAND_LINE.vectors("key-uri.json", &vectors::key_uri().vectors, check);
}

#[test]
fn reading_vectors_of_peers() {
    COMMAND_LINE.vectors(
        "key-uri-peers.json",
        &vectors::key_uri_peers().vectors,
        check,
    );
}

/// A parameter of the URI cannot pass for a fact, in either form.
#[test]
fn parameters_have_names_of_their_own() {
    let uri = "otpauth://totp/real?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
               &account=evil&type=hotp&x%20=x";
    let lines = parse(uri, &[]).done();
    assert_eq!(
        lines,
        "type=totp\naccount=real\nalgorithm=SHA1\ndigits=6\nperiod=30\n\
         parameters.account=evil\nparameters.type=hotp\nparameters.x =x\n"
    );
    let (object, _) = printed(uri);
    assert_eq!(object["account"], "real");
    assert_eq!(object["type"], "totp");
    assert_eq!(object["parameters"]["account"], "evil");
}

#[test]
fn cautions_are_printed() {
    let uri = "otpauth://totp/A%3Ax?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=B";
    let run = parse(uri, &[]);
    let warnings: Vec<_> = run.stderr.lines().collect();
    assert_eq!(
        warnings,
        [
            "warning: the label names another issuer; the issuer parameter is the issuer",
            "warning: %3A in the label is read as the end of the issuer",
        ]
    );
    let refused = parse(uri, &["--strict"]).misuse();
    assert!(refused.contains("IssuerDiffers, EncodedColon"), "{refused}");
}

/// What is no key URI is named, with what to do instead.
#[test]
fn other_forms_are_named() {
    for (text, words) in [
        (
            "otpauth-migration://offline?data=AA",
            "export of Google Authenticator",
        ),
        ("steam://GEZDGNBV", "begins with otpauth://"),
        (
            "QR-Code:otpauth://totp/a?secret=GEZDGNBV",
            "only the part from otpauth://",
        ),
        ("otpauth://totp/C#:a?secret=GEZDGNBV", "%23"),
        (
            "otpauth://totp/a?secret=GE otpauth://totp/b?secret=GE",
            "more than one",
        ),
    ] {
        let said = parse(text, &[]).misuse();
        assert!(said.contains(words), "{text}: {said}");
        assert!(!said.contains("GEZ"), "{said}");
    }
}

/// One line is one line, whatever a label contains.
#[test]
fn separators_in_names_are_escaped() {
    let uri = "otpauth://totp/a%E2%80%A8issuer=b%E2%80%AEc?\
               secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&%E2%80%A9x=%E2%81%A6";
    let lines = parse(uri, &[]).done();
    assert!(
        lines.contains("\naccount=a\\u2028issuer=b\\u202ec\n"),
        "{lines}"
    );
    assert!(
        lines.ends_with("\nparameters.\\u2029x=\\u2066\n"),
        "{lines}"
    );
    let (object, _) = printed(uri);
    assert_eq!(object["account"], "a\u{2028}issuer=b\u{202e}c");
    let raw = parse(uri, &["--json"]).done();
    assert!(raw.is_ascii(), "{raw}");
}

/// Errors name the option that is at fault.
#[test]
fn building_names_the_option() {
    for (arguments, words) in [
        (&["totp", "--account", "a", "-s", "0"][..], "--step"),
        (
            &["totp", "--account", "a", "-s", "9223372036854775808"],
            "--step",
        ),
        (&["totp", "--account", "a", "-s", "-5"], "--step"),
        (&["totp", "--account", "a", "-s", "30.0"], "--step"),
        (&["hotp", "--account", "a", "-c", "-1"], "--counter"),
        (&["totp", "--account", "", "-s", "30"], "--account"),
        (&["totp", "--account", "a", "--issuer", " "], "--issuer"),
    ] {
        let secret = ["--secret-base32", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"];
        let arguments = [&["uri", "build"][..], arguments, &secret].concat();
        let said = run_anywhere(&arguments).misuse();
        assert!(said.contains(words), "{arguments:?}: {said}");
    }
}
