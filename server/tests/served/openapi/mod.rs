//! The `OpenAPI` documents as the server serves them; schemathesis tests the
//! server against each of them.

mod clients;
mod document;
mod runner;
mod scene;
mod standard;

use std::collections::BTreeSet;

use mpass_tests::peers;
use serde_json::{Value, json};

use self::document::Document;
use self::runner::{Answered, Run};
use self::scene::{CLIENT, CUSTOMER, Scene};
use self::standard::STANDARD;

/// The documents that [`check`] is called with, one test each.
const CHECKED: &[&str] = &[
    "login.json",
    "mpass.json",
    "number-verification-v0.json",
    "number-verification-v2.json",
    "otp-validation-v1.json",
    "server.json",
    "verify-now.json",
];

/// Fetches the document of a service, fills in values of this server with
/// `prepare`, and checks that every operation succeeds at least once.
fn check(name: &str, prepare: impl FnOnce(&Scene, &mut Document, Run) -> Run) {
    assert!(CHECKED.contains(&name), "{name} is not in CHECKED");
    let Some(schemathesis) = peers::schemathesis() else {
        return;
    };
    let scene = Scene::start();
    let mut document = Document::fetch(&scene, name);
    let run = prepare(&scene, &mut document, Run::new(name));
    let answered = run.perform(&schemathesis, &scene, &document);
    for operation in document.operations() {
        let of_it = |one: &&Answered| operation.is_of(&one.method, &one.path);
        assert!(
            answered.iter().filter(of_it).any(Answered::is_success),
            "{name}: no success of {operation:?}"
        );
    }
}

#[test]
fn mpass() {
    check("mpass.json", |scene, document, run| {
        for (method, number) in [("get", "+966500000001"), ("post", "+966500000002")] {
            let live = json!({"dest": number, "otp": scene.mpass_code(number)});
            document.set("/mpass-web/rest/mv/verify", method, &live);
        }
        run.key("apikey", &scene.channel_key)
            // The contract reports refusals in the body, with HTTP 200.
            .without("negative_data_rejection")
            .without("ignored_auth")
    });
}

#[test]
fn number_verification_v0() {
    check("number-verification-v0.json", |scene, _, run| {
        run.header(&scene.network_token())
    });
}

#[test]
fn number_verification_v2() {
    check("number-verification-v2.json", |scene, _, run| {
        run.header(&scene.network_token())
    });
}

#[test]
fn verify_now() {
    check("verify-now.json", |scene, document, run| {
        let token = scene.customer_token();
        for (path, number) in [
            ("/verification/v2/verification/validateOtp", "500000001"),
            ("/verification/v3/validateOtp", "500000002"),
        ] {
            let (id, code) = scene.verify_now_code(&token, number);
            let live = json!({"customerId": CUSTOMER, "verificationId": id, "code": code});
            document.set(path, "get", &live);
        }
        // The number in the documents' send has a live code from version 2.
        let other = json!({"mobileNumber": "500000003"});
        document.set("/verification/v3/send", "post", &other);
        run.key("authToken", &token)
            .key("key", &scene.password)
            // Version 2 and the token endpoint report refusals in the body,
            // with HTTP 200.
            .without("negative_data_rejection")
            .without("ignored_auth")
            // Version 3 answers refusals such as a wrong code with 400.
            .without("positive_data_acceptance")
    });
}

#[test]
fn otp_validation() {
    check("otp-validation-v1.json", |scene, document, run| {
        let token = scene.client_token();
        let (id, code) = scene.otp(&token, "+966500000001");
        let live = json!({"authenticationId": id, "code": code});
        document.set("/one-time-password-sms/v1/validate-code", "post", &live);
        // The same texts: schemathesis 4.32 makes a malformed pattern of the
        // standard's `.*\{\{code\}\}.*` with a maximum length.
        document.json["components"]["schemas"]["Message"]["pattern"] = r"\{\{code\}\}".into();
        run.header(&token)
            // A wrong code is well formed but answered with 400; so is an
            // invalid number that matches the pattern.
            .without("positive_data_acceptance")
    });
}

#[test]
fn login() {
    check("login.json", |scene, document, run| {
        document.set(
            "/oauth2/token",
            "post",
            &json!({"code": scene.login_code()}),
        );
        run.basic("basic", CLIENT, &scene.secret)
            // A user agent is redirected with the reason.
            .refusing_with(302)
            // Well-formed clients and codes that do not exist.
            .without("positive_data_acceptance")
    });
}

#[test]
fn server() {
    check("server.json", |_, _, run| {
        // Documents that do not exist.
        run.without("positive_data_acceptance")
    });
}

/// The formats that a document uses; openapi-python-client and others make types
/// of their own of `uuid` and `date-time`, which a caller cannot pass on.
fn formats(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            found.extend(
                members
                    .get("format")
                    .and_then(Value::as_str)
                    .map(str::to_owned),
            );
            members.values().for_each(|inner| formats(inner, found));
        }
        Value::Array(elements) => elements.iter().for_each(|inner| formats(inner, found)),
        _ => {}
    }
}

#[test]
fn texts_stay_texts_in_clients() {
    let scene = Scene::start();
    for name in CHECKED {
        let mut found = BTreeSet::new();
        formats(&Document::fetch(&scene, name).json, &mut found);
        found.remove("uri");
        assert_eq!(found, BTreeSet::new(), "{name}");
    }
}

#[test]
fn the_list_has_every_document() {
    let scene = Scene::start();
    let list = scene.get("/openapi");
    let documents = list["documents"].as_array().unwrap();
    let names = documents.iter().map(|entry| {
        let path = entry["path"].as_str().unwrap();
        path.strip_prefix("/openapi/").unwrap()
    });
    // A document without a test of its own would be served unchecked.
    assert_eq!(
        names.collect::<BTreeSet<_>>(),
        CHECKED.iter().copied().collect()
    );
    for entry in documents {
        let document = scene.get(entry["path"].as_str().unwrap());
        // CAMARA's documents are in the version of the originals.
        let is_standard = STANDARD.iter().any(|name| {
            let path = entry["path"].as_str().unwrap();
            path.ends_with(name)
        });
        let version = if is_standard { "3.0.3" } else { "3.1.0" };
        assert_eq!(document["openapi"], version);
        assert_eq!(document["info"]["title"], entry["title"]);
        assert_eq!(document["info"]["version"], entry["version"]);
        assert_eq!(document["servers"], json!([{"url": "/"}]));
        assert_ne!(document["paths"], Value::Null);
    }
}
