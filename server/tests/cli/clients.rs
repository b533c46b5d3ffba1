//! Clients of the CAMARA contracts, from making one to revoking it.

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
            .contains("the client app is revoked")
    );
    assert!(mpass(&["revoke", "nobody"]).misuse().contains("no client"));
    // A client is no channel, and the other way about.
    run(
        home.path(),
        &["channel", "create", "--demo", "--name", "web"],
    )
    .done();
    let channels = run(home.path(), &["channel", "list", "--demo"]).done();
    assert!(!channels.contains("app"), "{channels}");
    assert!(mpass(&["revoke", "web"]).misuse().contains("no client"));
    drop(demo);
}

#[test]
fn what_a_client_cannot_be() {
    let home = tempfile::tempdir().unwrap();
    // Of the right form, and no point of the curve.
    let beside = POINT.replace("51f5", "51f4");
    for (option, value, said) in [
        ("--scope", "openid", "scope"),
        ("--redirect-uri", "http://app.example/back", "redirect URI"),
        ("--public-key", "04", "public key"),
        ("--public-key", beside.as_str(), "public key"),
    ] {
        let create = ["client", "create", "--name", "app", option, value];
        let misuse = run(home.path(), &create).misuse();
        assert!(misuse.contains(said), "{misuse}");
    }
}
