//! A sign-in with a provider on loopback.

use core::time::Duration;
use std::collections::HashMap;
use std::sync::Arc;

use base64ct::{Base64, Encoding};
use http::StatusCode;
use mpass_core::challenge::Keyring;
use serde_json::{Value as Json, json};

use super::stand_in::{Signer, StandIn, encode, ok};
use crate::clock;
use crate::egress::EgressConfig;
use crate::identity_provider::config::IdentityProviderConfig;
use crate::identity_provider::fetch::FetchError;
use crate::identity_provider::id_token::Flaw;
use crate::identity_provider::provider::{IdentityProvider, ProviderError, SignedInThere, Way};
use crate::secret::SecretSource;

const DISCOVERY: &str = "/.well-known/openid-configuration";
const FOUND: &str = "HTTP/1.1 302 X\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n";

struct World {
    there: StandIn,
    provider: IdentityProvider,
    keyring: Keyring,
    signer: Signer,
}

fn config(issuer: &str, more: &str) -> IdentityProviderConfig {
    let text = format!(
        "issuer = '{issuer}'\nclient_id = 'portal'\n\
         redirect_uri = 'https://portal.example/signin/provider/return'\n{more}"
    );
    toml::from_str(&text).unwrap()
}

fn egress(allow: &str) -> Arc<EgressConfig> {
    Arc::new(toml::from_str(&format!("allow = [{allow}]")).unwrap())
}

impl World {
    async fn new(more: &str) -> Self {
        let there = StandIn::start().await;
        let signer = Signer::ed25519();
        there.set(
            "/keys",
            ok(&json!({ "keys": [signer.jwk("one")] }).to_string()),
        );
        let config = config(&there.issuer(), more);
        Self {
            provider: IdentityProvider::open(&config, &egress("'127.0.0.1'")).unwrap(),
            there,
            keyring: Keyring::generate(&[7; 32]),
            signer,
        }
    }

    async fn begin(&self) -> (Way, HashMap<String, String>) {
        let way = self
            .provider
            .begin(&self.keyring, "/channels")
            .await
            .unwrap();
        let query = way.url.query_pairs().into_owned().collect();
        (way, query)
    }

    fn claims(&self, nonce: &str) -> Json {
        let now = clock::now_ms() / 1000;
        json!({
            "iss": self.there.issuer(), "sub": "anna-1", "aud": "portal",
            "exp": now + 300, "iat": now, "nonce": nonce,
        })
    }

    /// What the token endpoint answers.
    fn answer(&self, signer: &Signer, kid: &str, claims: &Json) {
        let header = json!({ "alg": signer.algorithm(), "kid": kid });
        let token = signer.sign(&header, &claims.to_string());
        let body = json!({ "id_token": token, "access_token": "a", "token_type": "Bearer" });
        self.there.set("/token", ok(&body.to_string()));
    }

    async fn finish(&self, cookie: &str, state: &str) -> Result<SignedInThere, ProviderError> {
        let query = format!("code=c%2F1&state={state}");
        self.provider
            .finish(&self.keyring, Some(cookie), &query)
            .await
    }
}

#[tokio::test]
async fn a_sign_in_there() {
    let secret = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(secret.path(), "hush/ +\n").unwrap();
    let more = "acr_values = ['high', 'higher']\namr = ['mfa']\nscope = 'openid email'";
    let mut world = World::new(more).await;
    let mut config = config(&world.there.issuer(), more);
    config.client_secret = Some(SecretSource::File(secret.path().to_owned()));
    world.provider = IdentityProvider::open(&config, &egress("'127.0.0.1'")).unwrap();
    let (way, query) = world.begin().await;
    assert!(
        way.url
            .as_str()
            .starts_with(&format!("{}/authorize?tenant=a&", world.there.issuer()))
    );
    for (name, value) in [
        ("response_type", "code"),
        ("client_id", "portal"),
        (
            "redirect_uri",
            "https://portal.example/signin/provider/return",
        ),
        ("scope", "openid email"),
        ("code_challenge_method", "S256"),
        ("acr_values", "high higher"),
    ] {
        assert_eq!(query[name], value);
    }
    for (claim, value, has_second_factor) in [
        ("acr", json!("higher"), true),
        ("acr", json!("low"), false),
        ("acr", json!("mfa"), false),
        ("amr", json!(["pwd", "mfa"]), true),
        ("amr", json!(["high"]), false),
        ("more", json!("high"), false),
    ] {
        let mut claims = world.claims(&query["nonce"]);
        claims[claim] = value;
        world.answer(&world.signer, "one", &claims);
        let expected = SignedInThere {
            issuer: world.there.issuer(),
            subject: "anna-1".into(),
            has_second_factor,
            next: "/channels".into(),
        };
        let finished = world.finish(&way.cookie, &query["state"]).await;
        assert_eq!(finished, Ok(expected), "{claims}");
    }
    let requests = world.there.requests();
    let count = |start: &str| requests.iter().filter(|one| one.starts_with(start)).count();
    // Metadata and keys are kept.
    assert_eq!([count("GET /.well-known/"), count("GET /keys ")], [1, 1]);
    let redeem = requests
        .iter()
        .find(|one| one.starts_with("POST /token "))
        .unwrap();
    // RFC 6749 section 2.3.1: id and secret are encoded as in a form.
    let basic = Base64::encode_string(b"portal:hush%2F+%2B");
    assert!(
        redeem.contains(&format!("authorization: Basic {basic}\r\n")),
        "{redeem}"
    );
    let (_, body) = redeem.split_once("\r\n\r\n").unwrap();
    let form: HashMap<_, _> = form_urlencoded::parse(body.as_bytes())
        .into_owned()
        .collect();
    assert_eq!(
        (&*form["grant_type"], &*form["code"]),
        ("authorization_code", "c/1")
    );
    let digest = ring::digest::digest(&ring::digest::SHA256, form["code_verifier"].as_bytes());
    assert_eq!(query["code_challenge"], encode(digest));
    assert!(!form.contains_key("client_secret"));
}

/// Session fixation by sign-in, and codes that were taken from another browser
/// (RFC 9700 sections 4.5 and 4.7).
#[tokio::test]
async fn the_way_back_of_another_browser() {
    let world = World::new("").await;
    let ((way, query), (others, of_other)) = (world.begin().await, world.begin().await);
    world.answer(&world.signer, "one", &world.claims(&query["nonce"]));
    let (state, cookie) = (&query["state"], way.cookie.as_str());
    let before = world.there.requests().len();
    for (cookie, query) in [
        (None, format!("code=c&state={state}")),
        (
            Some(others.cookie.as_str()),
            format!("code=c&state={state}"),
        ),
        (Some(cookie), format!("code=c&state={}", of_other["state"])),
        (Some(cookie), "code=c".into()),
        (Some(cookie), format!("code=c&state={state}&state={state}")),
        (Some(cookie), format!("code=c&code=d&state={state}")),
        (Some(""), format!("code=c&state={state}")),
    ] {
        let finished = world.provider.finish(&world.keyring, cookie, &query).await;
        assert_eq!(finished, Err(ProviderError::OtherBrowser), "{query}");
    }
    for query in [
        format!("error=access_denied&state={state}"),
        // RFC 9207: the answer of another provider.
        format!("code=c&state={state}&iss=https://other.example"),
    ] {
        let finished = world
            .provider
            .finish(&world.keyring, Some(cookie), &query)
            .await;
        assert_eq!(finished, Err(ProviderError::Refused), "{query}");
    }
    // Nothing of it reached the provider.
    assert_eq!(world.there.requests().len(), before);
    // A code of another sign-in, with the right state: the nonce is not this one's.
    let finished = world.finish(&others.cookie, &of_other["state"]).await;
    assert_eq!(finished, Err(ProviderError::Token(Flaw::Nonce)));
    assert!(world.finish(cookie, state).await.is_ok());
    // A code that was used.
    world.there.set(
        "/token",
        "HTTP/1.1 400 X\r\nContent-Length: 0\r\n\r\n".to_owned(),
    );
    let refused = ProviderError::Fetch("code", FetchError::Status(StatusCode::BAD_REQUEST));
    assert_eq!(world.finish(cookie, state).await, Err(refused));
}

#[tokio::test]
async fn a_provider_that_must_be_named() {
    let world = World::new("").await;
    let mut metadata = world.there.metadata();
    metadata["authorization_response_iss_parameter_supported"] = json!(true);
    metadata["token_endpoint_auth_methods_supported"] = json!(["client_secret_post"]);
    world.there.set(DISCOVERY, ok(&metadata.to_string()));
    let (way, query) = world.begin().await;
    world.answer(&world.signer, "one", &world.claims(&query["nonce"]));
    let finished = world.finish(&way.cookie, &query["state"]).await;
    assert_eq!(finished, Err(ProviderError::Refused));
    let named = format!(
        "code=c&state={}&iss={}",
        query["state"],
        world.there.issuer()
    );
    let finished = world
        .provider
        .finish(&world.keyring, Some(&way.cookie), &named)
        .await;
    assert!(finished.is_ok());
}

#[tokio::test]
async fn keys_are_rotated() {
    let world = World::new("").await;
    let (way, query) = world.begin().await;
    let claims = world.claims(&query["nonce"]);
    world.answer(&world.signer, "one", &claims);
    assert!(world.finish(&way.cookie, &query["state"]).await.is_ok());
    let next = Signer::p256();
    world.answer(&next, "two", &claims);
    let unknown = world.finish(&way.cookie, &query["state"]).await;
    assert_eq!(unknown, Err(ProviderError::Token(Flaw::UnknownKey)));
    world.there.set(
        "/keys",
        ok(&json!({ "keys": [next.jwk("two")] }).to_string()),
    );
    assert!(world.finish(&way.cookie, &query["state"]).await.is_ok());
    // The one that is gone signs no more.
    world.answer(&world.signer, "one", &claims);
    let gone = world.finish(&way.cookie, &query["state"]).await;
    assert_eq!(gone, Err(ProviderError::Token(Flaw::UnknownKey)));
}

/// What the provider says leads the server nowhere inside.
#[tokio::test]
async fn metadata_of_attackers() {
    let victim = StandIn::start_at("127.0.0.2").await;
    for (name, value, why) in [
        (
            "issuer",
            json!("https://other.example"),
            "it is of another issuer",
        ),
        ("issuer", json!(null), "malformed"),
        (
            "token_endpoint",
            json!("file:///etc/passwd"),
            "an endpoint is no URL of https",
        ),
        (
            "jwks_uri",
            json!("ftp://id.example/"),
            "an endpoint is no URL of https",
        ),
        (
            "authorization_endpoint",
            json!("javascript:alert(1)"),
            "an endpoint is no URL of https",
        ),
        (
            "authorization_endpoint",
            json!("https://a@b.example"),
            "an endpoint is no URL of https",
        ),
        ("token_endpoint", json!("/token"), "malformed"),
        ("jwks_uri", json!(null), "malformed"),
    ] {
        let world = World::new("").await;
        let mut metadata = world.there.metadata();
        metadata[name] = value.clone();
        world.there.set(DISCOVERY, ok(&metadata.to_string()));
        let begun = world.provider.begin(&world.keyring, "/").await.err();
        assert_eq!(begun, Some(ProviderError::Metadata(why)), "{name} {value}");
    }
    for (name, what) in [("token_endpoint", "code"), ("jwks_uri", "keys")] {
        for (target, expected) in [
            // Plain http, and addresses that are not public.
            (victim.issuer(), FetchError::Refused),
            (
                "http://169.254.169.254/latest/".to_owned(),
                FetchError::Refused,
            ),
            ("https://10.0.0.1/".to_owned(), FetchError::Refused),
            ("https://[::1]/".to_owned(), FetchError::Refused),
        ] {
            let mut world = World::new("").await;
            // Of this one address, not of the names of this machine.
            let config = config(&world.there.issuer(), "");
            world.provider = IdentityProvider::open(&config, &egress("'127.0.0.1/32'")).unwrap();
            let mut metadata = world.there.metadata();
            metadata[name] = json!(target);
            world.there.set(DISCOVERY, ok(&metadata.to_string()));
            let (way, query) = world.begin().await;
            world.answer(&world.signer, "one", &world.claims(&query["nonce"]));
            let finished = world.finish(&way.cookie, &query["state"]).await;
            assert_eq!(
                finished,
                Err(ProviderError::Fetch(what, expected)),
                "{name} {target}"
            );
        }
    }
    assert_eq!(victim.requests(), [""; 0]);
}

#[tokio::test]
async fn an_issuer_inside_is_refused() {
    let there = StandIn::start().await;
    for issuer in [
        "http://127.0.0.1",
        "https://127.0.0.1",
        "https://10.0.0.1",
        "https://[::1]",
    ] {
        assert!(
            IdentityProvider::open(&config(issuer, ""), &egress("")).is_err(),
            "{issuer}"
        );
    }
    // A name is judged when it is resolved.
    let named = config(&format!("https://localhost:{}", there.addr.port()), "");
    let provider = IdentityProvider::open(&named, &egress("")).unwrap();
    let begun = provider
        .begin(&Keyring::generate(&[7; 32]), "/")
        .await
        .err();
    assert_eq!(
        begun,
        Some(ProviderError::Fetch("discovery", FetchError::Unreachable))
    );
    assert_eq!(there.requests(), [""; 0]);
}

#[tokio::test]
async fn a_provider_that_does_not_answer_well() {
    let huge = ok(&" ".repeat(300 * 1024));
    let endless = format!(
        "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\nhalf",
        1_u64 << 40
    );
    for (answer, expected) in [
        (
            Some(FOUND.to_owned()),
            FetchError::Status(StatusCode::FOUND),
        ),
        (Some(huge), FetchError::TooLong),
        (
            Some("HTTP/1.1 500 X\r\nContent-Length: 0\r\n\r\n".into()),
            FetchError::Status(StatusCode::INTERNAL_SERVER_ERROR),
        ),
        (Some("no HTTP\r\n\r\n".into()), FetchError::Unreachable),
        (None, FetchError::Late),
        (Some(endless), FetchError::TooLong),
    ] {
        for (path, what) in [
            (DISCOVERY, "discovery"),
            ("/token", "code"),
            ("/keys", "keys"),
        ] {
            let mut world = World::new("").await;
            if expected == FetchError::Late {
                world.provider.set_deadline(Duration::from_millis(300));
            }
            let got = if path == DISCOVERY {
                world.there.set(path, answer.clone());
                world.provider.begin(&world.keyring, "/").await.err()
            } else {
                let (way, query) = world.begin().await;
                world.answer(&world.signer, "one", &world.claims(&query["nonce"]));
                world.there.set(path, answer.clone());
                world.finish(&way.cookie, &query["state"]).await.err()
            };
            assert_eq!(got, Some(ProviderError::Fetch(what, expected)), "{path}");
            let elsewhere = |one: &String| one.contains("/elsewhere");
            assert!(!world.there.requests().iter().any(elsewhere));
        }
    }
}

/// Browsers that wait for a provider take a bounded number of places.
#[tokio::test]
async fn few_wait_for_the_provider() {
    let world = World::new("").await;
    world.there.set(DISCOVERY, None);
    let mut begun = (0..9)
        .map(|_| Box::pin(world.provider.begin(&world.keyring, "/")))
        .collect::<Vec<_>>();
    let last = begun.pop().unwrap();
    let waiting = futures_util::future::select_all(begun);
    tokio::select! {
        biased;
        _ = waiting => panic!("it does not answer"),
        last = last => assert_eq!(last.err(), Some(ProviderError::Busy)),
    }
}
