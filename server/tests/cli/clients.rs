//! Clients of the CAMARA contracts, from making one to revoking it.

use serde_json::{Value, json};

use crate::support::{Demo, run};

fn parse(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

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
            &"04".repeat(65),
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
    assert_eq!(app["public_key"], json!("04".repeat(65)));
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
    for (option, value, said) in [
        ("--scope", "openid", "scope"),
        ("--redirect-uri", "http://app.example/back", "redirect URI"),
        ("--public-key", "04", "public key"),
    ] {
        let create = ["client", "create", "--name", "app", option, value];
        let misuse = run(home.path(), &create).misuse();
        assert!(misuse.contains(said), "{misuse}");
    }
}
