//! Clients of the CAMARA contracts, from creation to revocation.

use std::fs;

use serde_json::{Value, json};

use crate::support::{Demo, run};

fn parse(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// The generator of P-256 (SEC 2 section 2.4.2).
const POINT: &str = "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296\
    4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";

#[test]
fn life_of_a_client() {
    let home = tempfile::tempdir().unwrap();
    let demo = Demo::start(home.path());
    let mpass =
        |arguments: &[&str]| run(home.path(), &[&["client"], arguments, &["--demo"]].concat());
    let created = parse(
        &mpass(&[
            "create",
            "--name",
            "app",
            "--scope",
            "number-verification:verify",
            "--redirect-uri",
            "https://app.example/back",
            "--public-key",
            POINT,
            "--address",
            "10.1.0.0/16",
            "--json",
        ])
        .done(),
    );
    let secret = created["secret"].as_str().unwrap();
    assert_eq!(secret.len(), 43, "256 bits");

    let listed = mpass(&["list", "--json"]).done();
    assert!(!listed.contains(secret));
    let listed = parse(&listed);
    let of = |listed: &Value| {
        let clients = listed.as_array().unwrap();
        clients
            .iter()
            .find(|client| client["name"] == "app")
            .unwrap()
            .clone()
    };
    let app = of(&listed);
    assert_eq!(app["scopes"], json!(["number-verification:verify"]));
    assert_eq!(app["redirect_uris"], json!(["https://app.example/back"]));
    assert_eq!(app["public_key"], json!(POINT));
    assert_eq!(app["digits"], 6);

    let rotated = parse(&mpass(&["rotate", "app", "--json"]).done());
    assert_ne!(rotated["secret"], created["secret"]);
    assert_eq!(
        of(&parse(&mpass(&["list", "--json"]).done()))["key_version"],
        2
    );
    mpass(&["revoke", "app"]).done();
    assert!(mpass(&["list"]).done().contains("revoked"));
    assert!(
        mpass(&["rotate", "app"])
            .misuse()
            .contains("the client is revoked")
    );
    assert!(mpass(&["revoke", "nobody"]).misuse().contains("not found"));
    // A client is not a channel, and vice versa.
    run(
        home.path(),
        &["channel", "create", "--demo", "--name", "web"],
    )
    .done();
    let channels = run(home.path(), &["channel", "list", "--demo"]).done();
    assert!(!channels.contains("app"), "{channels}");
    assert!(mpass(&["revoke", "web"]).misuse().contains("not found"));
    drop(demo);
}

#[test]
fn unlocking_a_number() {
    let home = tempfile::tempdir().unwrap();
    let demo = Demo::start(home.path());
    let mpass =
        |arguments: &[&str]| run(home.path(), &[&["client"], arguments, &["--demo"]].concat());
    let strict = [
        "create",
        "--name",
        "strict",
        "--failures-to-lock",
        "2",
        "--json",
    ];
    let secret = parse(&mpass(&strict).done())["secret"].clone();
    let form = [("Content-Type", "application/x-www-form-urlencoded")];
    let grant = format!(
        "grant_type=client_credentials&client_id=strict&client_secret={}",
        secret.as_str().unwrap()
    );
    let (_, token) = demo.post("/oauth2/token", &form, &grant);
    let token = parse(&token)["access_token"].as_str().unwrap().to_owned();
    let bearer = format!("Bearer {token}");
    let headers = [
        ("Authorization", bearer.as_str()),
        ("Content-Type", "application/json"),
    ];
    let post = |operation: &str, body: &Value| {
        let path = format!("/one-time-password-sms/v1/{operation}");
        demo.post(&path, &headers, &body.to_string())
    };
    let ask = json!({ "phoneNumber": "+966500000006", "message": "{{code}} it is" });
    let (_, sent) = post("send-code", &ask);
    let id = parse(&sent)["authenticationId"].clone();
    let validate = |code: &str| {
        let body = json!({ "authenticationId": id, "code": code });
        post("validate-code", &body).0
    };
    let (right, wrong) = (demo.newest_code(), demo.wrong_code());
    for _ in 0..2 {
        assert!(validate(&wrong).starts_with("HTTP/1.1 400"));
    }
    assert!(
        !validate(&right).starts_with("HTTP/1.1 204"),
        "it is locked"
    );
    let unlock = |number| mpass(&["unlock", "strict", "--number", number]);
    let other = unlock("+966500000007").misuse();
    assert!(other.contains("client has no record"), "{other}");
    assert_eq!(unlock("+966500000006").done(), "the number is unlocked\n");
    assert!(validate(&right).starts_with("HTTP/1.1 204"));
}

/// Their logins would fail.
#[test]
fn a_server_without_a_key_refuses_clients_with_rs256() {
    let home = tempfile::tempdir().unwrap();
    let demo = Demo::start(home.path());
    let mpass =
        |arguments: &[&str]| run(home.path(), &[&["client"], arguments, &["--demo"]].concat());
    let rs256 = ["--id-token-alg", "RS256"];
    let refused = mpass(&[&["create", "--name", "app"][..], &rs256].concat()).misuse();
    assert!(refused.contains("set login.signing_keys"), "{refused}");
    mpass(&["create", "--name", "app"]).done();
    let refused = mpass(&[&["set", "app"][..], &rs256].concat()).misuse();
    assert!(refused.contains("set login.signing_keys"), "{refused}");
    mpass(&["set", "app", "--id-token-alg", "ES256"]).done();
    drop(demo);
}

/// A running server refuses it; without one, its keys are not known.
#[test]
fn a_client_with_rs256_and_no_key_of_the_server_is_named() {
    let home = tempfile::tempdir().unwrap();
    let mpass = |arguments: &[&str]| run(home.path(), &[&["client"], arguments].concat());
    let rs256 = ["--id-token-alg", "RS256"];
    let warning = "until login.signing_keys is set";
    let created = mpass(&[&["create", "--name", "app"][..], &rs256].concat());
    assert!(created.stderr.contains(warning), "{}", created.stderr);
    created.done();
    for (algorithm, is_named) in [("ES256", false), ("RS256", true)] {
        let set = mpass(&["set", "app", "--id-token-alg", algorithm]);
        assert_eq!(set.stderr.contains(warning), is_named, "{}", set.stderr);
        set.done();
    }
    // Other settings of the client, and a configuration with a key.
    let other = mpass(&["set", "app", "--tries", "2"]);
    assert!(!other.stderr.contains(warning), "{}", other.stderr);
    let config = home.path().join("mpass.toml");
    fs::write(&config, "[login]\nsigning_keys = [\"key.pem\"]\n").unwrap();
    let config = ["--config", config.to_str().unwrap()];
    let set = mpass(&[&["set", "app"][..], &rs256, &config].concat());
    assert!(!set.stderr.contains(warning), "{}", set.stderr);
    set.done();
}

#[test]
fn invalid_clients_are_refused() {
    let home = tempfile::tempdir().unwrap();
    // Well-formed, but not a point of the curve.
    let beside = POINT.replace("51f5", "51f4");
    for (option, value, said) in [
        ("--scope", "openid", "--scope"),
        (
            "--redirect-uri",
            "http://app.example/back",
            "--redirect-uri",
        ),
        ("--public-key", "04", "--public-key"),
        (
            "--public-key",
            "-----BEGIN PUBLIC KEY-----\n\
             MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n-----END PUBLIC KEY-----\n",
            "the public key is in PEM",
        ),
        ("--public-key", beside.as_str(), "--public-key"),
    ] {
        let create = ["client", "create", "--name", "app", option, value];
        let misuse = run(home.path(), &create).misuse();
        assert!(misuse.contains(said), "{misuse}");
    }
}
