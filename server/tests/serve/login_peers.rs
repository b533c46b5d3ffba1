//! The login of a running server with client libraries of other languages and
//! their defaults: discovery, authorization, token, the ID token's verification
//! and a call of Number Verification.

use std::process::Command;

use mpass_core::service::{ClientKey, ClientSettings, SignatureAlgorithm};
use mpass_server::State;
use mpass_tests::peers;
use mpass_tests::signing::test_keys;

use crate::login::{create, start};

const BACK: &str = "https://app.example/back";
const AUTHLIB: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/serve/peers/authlib_login.py"
);

/// Creates a client with an RSA key, whose ID tokens are signed with an
/// algorithm; returns its name and secret.
async fn client(state: &State, algorithm: SignatureAlgorithm) -> [String; 2] {
    let name = format!("app-{}", algorithm.name());
    let jwk = test_keys().keys[0].jwk();
    let settings = ClientSettings {
        redirect_uris: vec![BACK.into()],
        public_key: Some(ClientKey::parse(jwk.as_bytes()).unwrap()),
        id_token_alg: algorithm,
        ..ClientSettings::new(name.clone())
    };
    [name, create(state, settings).await]
}

/// Runs a peer for one client after another, with the issuer and the client's
/// name and secret, the algorithm of its ID tokens and, at the end, `more`.
async fn log_in(
    peer: impl Fn() -> Command,
    algorithms: &[SignatureAlgorithm],
    more: impl Fn(SignatureAlgorithm) -> String,
) {
    let (server, issuer) = start().await;
    for algorithm in algorithms {
        let [name, secret] = client(&server.state, *algorithm).await;
        let mut peer = peer();
        peer.args([&issuer, &name, &secret, &more(*algorithm)]);
        let run = tokio::task::spawn_blocking(move || peer.output().unwrap());
        let output = run.await.unwrap();
        let [said, wrong] =
            [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
        assert!(output.status.success(), "{algorithm:?}: {said}{wrong}");
        assert_eq!(said, "ok\n", "{wrong}");
    }
    server.end().await;
}

fn name(algorithm: SignatureAlgorithm) -> String {
    algorithm.name().into()
}

#[tokio::test(flavor = "multi_thread")]
async fn go_oidc_completes_a_login() {
    let Some(program) = peers::go_oidc() else {
        return;
    };
    log_in(|| Command::new(&program), SignatureAlgorithm::ALL, name).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn authlib_completes_a_login() {
    let Some(python) = peers::authlib() else {
        return;
    };
    let peer = || {
        let mut peer = Command::new(&python);
        peer.arg(AUTHLIB);
        peer
    };
    log_in(peer, SignatureAlgorithm::ALL, name).await;
}

/// Its default is RS256 alone. It also authenticates the client with its RSA key.
#[tokio::test(flavor = "multi_thread")]
async fn nimbus_completes_a_login() {
    let Some(directory) = peers::nimbus() else {
        return;
    };
    let peer = || {
        let mut peer = Command::new("java");
        let classes = directory.display();
        peer.args(["-cp", &format!("{classes}:{classes}/*"), "Login"]);
        peer
    };
    let key = |_| test_keys().keys[0].pkcs8.clone();
    log_in(peer, &[SignatureAlgorithm::Rs256], key).await;
}
