//! Two networks that assign the same address to different subscribers.

use core::net::SocketAddr;

use mpass_core::service::{ClientSettings, Scope};
use mpass_server::State;
use reqwest::header::{CONTENT_TYPE, LOCATION};
use reqwest::redirect::Policy;
use serde_json::{Value, json};

use crate::support::{Manner, StandIn, options, start_with, tenant};

const BACK: &str = "https://app.example/back";
/// A verifier and its challenge (RFC 7636 appendix B).
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const SCOPE: &str = "openid%20number-verification%3Adevice-phone-number%3Aread";
/// The realms of the listeners, in order.
const REALMS: [&str; 3] = ["home", "roaming", "wifi"];

/// Creates a client that may read numbers; returns its secret.
async fn client(state: &State) -> String {
    let settings = ClientSettings {
        scopes: vec![Scope::ReadNumber],
        redirect_uris: vec![BACK.into()],
        ..ClientSettings::new("app")
    };
    tenant(state, &settings).await
}

/// The redirect of a login at an address.
async fn login(http: &reqwest::Client, addr: SocketAddr) -> String {
    let query = format!(
        "response_type=code&client_id=app&scope={SCOPE}&code_challenge={CHALLENGE}\
         &code_challenge_method=S256&prompt=none&redirect_uri=https%3A%2F%2Fapp.example%2Fback"
    );
    let url = format!("http://{addr}/oauth2/authorize?{query}");
    let response = http.get(url).send().await.unwrap();
    let location = response.headers().get(LOCATION).expect("a redirection");
    location.to_str().unwrap().to_owned()
}

/// A parameter of a URL.
fn parameter<'u>(url: &'u str, name: &str) -> Option<&'u str> {
    let (_, query) = url.split_once('?')?;
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs
        .find(|(held, _)| *held == name)
        .map(|(_, value)| value)
}

/// Exchanges a code for a number at an address.
async fn number(http: &reqwest::Client, addr: SocketAddr, secret: &str, code: &str) -> Value {
    let body = format!(
        "grant_type=authorization_code&code={code}&code_verifier={VERIFIER}\
         &redirect_uri=https%3A%2F%2Fapp.example%2Fback"
    );
    let tokens = http
        .post(format!("http://{addr}/oauth2/token"))
        .basic_auth("app", Some(secret))
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(body);
    let tokens = tokens.send().await.unwrap().text().await.unwrap();
    let tokens: Value = serde_json::from_str(&tokens).unwrap();
    let token = tokens["access_token"].as_str().expect("a token");
    let path = "/number-verification/v2/device-phone-number";
    let asked = http.get(format!("http://{addr}{path}")).bearer_auth(token);
    let answer = asked.send().await.unwrap().text().await.unwrap();
    serde_json::from_str(&answer).unwrap()
}

#[tokio::test]
async fn the_listener_selects_the_realm() {
    let gateway = StandIn::start(Manner::Answer(200, "")).await;
    let dir = tempfile::tempdir().unwrap();
    let table = dir.path().join("table");
    let lines = "127.0.0.1,+966500000001,home\n127.0.0.1,+966500000002,roaming\n";
    std::fs::write(&table, lines).unwrap();
    let [home, roaming, wifi] = REALMS;
    let further = |realm| format!("{{ listen = '127.0.0.1:0', realm = '{realm}' }}");
    let more = format!(
        "store = 'memory'\nlogin.issuer = 'http://127.0.0.1:9091'\nlogin.realm = '{home}'\n\
         login.realms = [{}, {}]\nnetwork.table = '{}'\n",
        further(roaming),
        further(wifi),
        table.display()
    );
    let options = options(&dir, gateway.addr, &more);
    let server = start_with(options, dir).await;
    let secret = client(&server.state).await;
    let http = reqwest::Client::builder()
        .no_proxy()
        .redirect(Policy::none());
    let http = http.build().unwrap();
    let [home, roaming, wifi] = server.addrs[..] else {
        panic!("a listener for each realm: {:?}", server.addrs);
    };
    for (addr, expected) in [(home, "+966500000001"), (roaming, "+966500000002")] {
        let location = login(&http, addr).await;
        let code = parameter(&location, "code").expect("a code");
        // The number is known from the listener that the device used, whichever
        // listener the application uses.
        let told = number(&http, wifi, &secret, code).await;
        assert_eq!(told, json!({ "devicePhoneNumber": expected }));
    }
    let location = login(&http, wifi).await;
    assert_eq!(parameter(&location, "error"), Some("login_required"));
    server.end().await;
}
