//! The login of a running server with npm's openid-client.

use core::net::SocketAddr;
use std::process::Command;

use mpass_core::service::{ClientKey, ClientSettings, Scope};
use mpass_server::State;
use mpass_tests::peers;
use mpass_tests::signing::test_keys;

use crate::support::{Manner, Running, StandIn, options, start_with, tenant};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/serve/login.mjs");
/// The public key of RFC 7515 appendix A.3; the script signs with the private
/// key.
const PUBLIC_KEY: &str = "04\
    7fcdce2770f6c45d4183cbee6fdb4b7b580733357be9ef13bacf6e3c7bd15445\
    c7f144cd1bbd9b7e872cdfedb9eeb9f4b3695d6ea90b24ad8a4623288588e5ad";

/// A server with an issuer, whose network table has one address.
pub(crate) async fn start() -> (Running, String) {
    let gateway = StandIn::start(Manner::Answer(200, "")).await;
    let dir = tempfile::tempdir().unwrap();
    let table = dir.path().join("table");
    std::fs::write(&table, "127.0.0.1,+966500000000\n").unwrap();
    // The issuer must be configured before the server listens.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let addr: SocketAddr = free.local_addr().unwrap();
    let issuer = format!("http://{addr}");
    let mut keys = Vec::new();
    for (index, key) in test_keys().keys.iter().enumerate() {
        let file = dir.path().join(format!("{index}.pem"));
        std::fs::write(&file, key.pem()).unwrap();
        keys.push(format!("'{}'", file.display()));
    }
    let more = format!(
        "store = 'memory'\nlogin.issuer = '{issuer}'\nlogin.signing_keys = [{}]\nnetwork.table = '{}'\n",
        keys.join(", "),
        table.display()
    );
    let mut options = options(&dir, gateway.addr, &more);
    options.listen = addr;
    drop(free);
    (start_with(options, dir).await, issuer)
}

/// Creates a client with a P-256 key; returns its secret.
async fn client(state: &State, redirect_uri: &str) -> String {
    let mut key = [0; 65];
    base16ct::lower::decode(PUBLIC_KEY, &mut key).unwrap();
    let settings = ClientSettings {
        redirect_uris: vec![redirect_uri.into()],
        public_key: Some(ClientKey::P256(key)),
        ..ClientSettings::new("app")
    };
    create(state, settings).await
}

/// Creates a client with all scopes; returns its secret.
pub(crate) async fn create(state: &State, settings: ClientSettings) -> String {
    let settings = ClientSettings {
        scopes: Scope::ALL.to_vec(),
        ..settings
    };
    tenant(state, &settings).await
}

#[tokio::test(flavor = "multi_thread")]
async fn openid_client_completes_a_login() {
    let Some(packages) = peers::npm_packages() else {
        return;
    };
    let (server, issuer) = start().await;
    let secret = client(&server.state, "https://app.example/back").await;
    // Replacing the keyring keeps the issuer.
    let keyring = server.state.engine.load().keyring().clone();
    server.state.replace_keyring(&keyring);
    let mut node = Command::new("node");
    node.arg(SCRIPT).arg(packages);
    node.args([&issuer, "app", &secret]);
    let run = tokio::task::spawn_blocking(move || node.output().unwrap());
    let output = run.await.unwrap();
    let [said, wrong] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
    assert!(output.status.success(), "{said}{wrong}");
    assert_eq!(said.lines().count(), 5, "{said}");
    server.end().await;
}

#[tokio::test]
async fn without_an_issuer_the_login_is_disabled() {
    let gateway = StandIn::start(Manner::Answer(200, "")).await;
    let server = crate::support::start(&gateway, "").await;
    let (status, _) = server.get("/.well-known/openid-configuration").await;
    assert_eq!(status, 404);
    server.end().await;
}

#[tokio::test]
async fn no_uri_of_a_client_is_fetched() {
    let (server, _) = start().await;
    let theirs = StandIn::start(Manner::Answer(200, "")).await;
    let base = format!("http://{}", theirs.addr);
    client(&server.state, &format!("{base}/back")).await;
    let encoded: String = form_urlencoded::byte_serialize(base.as_bytes()).collect();
    let authorize = |more: &str| {
        format!(
            "/oauth2/authorize?client_id=app&redirect_uri={encoded}%2Fback&response_type=code\
             &scope=openid&state=s&code_challenge_method=S256\
             &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM{more}"
        )
    };
    let names = ["request_uri", "registration", "sector_identifier_uri"];
    let more = names.map(|name| format!("&{name}={encoded}%2F{name}"));
    for more in core::iter::once("").chain(more.iter().map(String::as_str)) {
        let (status, _) = server.get(&authorize(more)).await;
        assert_eq!(status, 302, "{more}");
    }
    assert_eq!(theirs.requests(), [""; 0]);
    server.end().await;
}
