//! The sign-in with an identity provider, as browsers see it.

use serde_json::{Value as Json, json};

use super::*;
use crate::administrators::Identity;
use crate::egress::EgressConfig;
use crate::identity_provider::tests::stand_in::{Signer, StandIn, ok};
use crate::identity_provider::{IdentityProvider, IdentityProviderConfig};
use crate::setup::Setup;

const BACK: &str = "/signin/provider/return";

struct Provided {
    world: World,
    there: StandIn,
    signer: Signer,
    enrolment: Enrolment,
}

impl Provided {
    async fn new() -> Self {
        let world = World::new();
        let (there, signer) = (StandIn::start().await, Signer::p256());
        there.set(
            "/keys",
            ok(&json!({ "keys": [signer.jwk("one")] }).to_string()),
        );
        let config: IdentityProviderConfig = toml::from_str(&format!(
            "issuer = '{}'\nclient_id = 'portal'\namr = ['mfa']\n\
             redirect_uri = 'https://portal.example{BACK}'",
            there.issuer()
        ))
        .unwrap();
        let egress: EgressConfig = toml::from_str("allow = ['127.0.0.1']").unwrap();
        let provider = IdentityProvider::open(&config, &Arc::new(egress)).unwrap();
        let setup = Setup::clone(&world.state().setup.load());
        world.state().setup.store(Arc::new(Setup {
            identity_provider: Some(Arc::new(provider)),
            ..setup
        }));
        let enrolment = world.create("anna", Role::Administrator).await;
        let provided = Self {
            world,
            there,
            signer,
            enrolment,
        };
        provided.bind(Some("anna-1")).await;
        provided
    }

    async fn bind(&self, subject: Option<&str>) {
        let engine = self.world.state().engine.load_full();
        let State { store, hasher, .. } = self.world.state();
        let all = Administrators::new(store, engine.keyring(), hasher);
        let identity = subject.map(|subject| Identity {
            issuer: self.there.issuer(),
            subject: subject.into(),
        });
        all.bind("anna", identity, None).await.unwrap();
    }

    /// Begins a sign-in; returns the parameters of the way there.
    async fn begin(&self, browser: &mut Browser, next: &str) -> BTreeMap<String, String> {
        let led = browser
            .get(&self.world, &format!("/signin/provider?next={next}"))
            .await;
        assert_eq!(led.status, 303);
        let url = url::Url::parse(led.location()).unwrap();
        url.query_pairs().into_owned().collect()
    }

    fn answer(&self, nonce: &str, amr: &Json) {
        let now = clock::now_ms() / 1000;
        let claims = json!({
            "iss": self.there.issuer(), "sub": "anna-1", "aud": "portal", "exp": now + 300,
            "iat": now, "nonce": nonce, "amr": amr,
        });
        let header = json!({ "alg": "ES256", "kid": "one" });
        let token = self.signer.sign(&header, &claims.to_string());
        self.there
            .set("/token", ok(&json!({ "id_token": token }).to_string()));
    }

    /// The browser comes back from the provider's page: it sends no cookie that is
    /// `Strict`.
    async fn back(&self, browser: &mut Browser, query: &str) -> Answer {
        let cookie = browser
            .cookies
            .get("__Host-mpass-provider")
            .cloned()
            .unwrap_or_default();
        let request = Request::get(format!("{BACK}?{query}"))
            .header(HOST, PORTAL)
            .header("sec-fetch-site", "cross-site")
            .header(COOKIE, format!("__Host-mpass-provider={cookie}"));
        browser
            .send(&self.world, request.body(Body::empty()).unwrap())
            .await
    }
}

#[tokio::test]
async fn with_a_second_factor_there() {
    let provided = Provided::new().await;
    let world = &provided.world;
    let mut browser = Browser::default();
    let page = browser.get(world, "/signin?next=/fresh").await;
    let host = provided.there.addr.to_string();
    assert!(page.body.contains(&host) && page.body.contains("/signin/provider?next=%2Ffresh"));
    let there = provided.begin(&mut browser, "/fresh").await;
    assert_eq!(
        there["redirect_uri"],
        format!("https://portal.example{BACK}")
    );
    provided.answer(&there["nonce"], &json!(["mfa"]));
    let query = format!("code=c&state={}", there["state"]);
    let done = provided.back(&mut browser, &query).await;
    // Not a redirect: with one, the browser would not send the cookie (it is Strict).
    assert_eq!(done.status, 200);
    assert!(
        done.body.contains("content=\"0; url=/fresh\""),
        "{}",
        done.body
    );
    assert_eq!(browser.get(world, "/").await.body, "anna");
    // What needs a fresh second factor asks for ours.
    assert_eq!(
        browser.get(world, "/fresh").await.location(),
        "/session/prove?next=%2Ffresh"
    );
    // The way back leads there once.
    assert!(!browser.cookies.contains_key("__Host-mpass-provider"));
    assert_eq!(provided.back(&mut browser, &query).await.status, 403);
}

#[tokio::test]
async fn with_our_second_factor_after_it() {
    let provided = Provided::new().await;
    let (world, enrolment) = (&provided.world, &provided.enrolment);
    let mut browser = Browser::default();
    let there = provided.begin(&mut browser, "/fresh").await;
    provided.answer(&there["nonce"], &json!(["pwd"]));
    let asked = provided
        .back(&mut browser, &format!("code=c&state={}", there["state"]))
        .await;
    assert_eq!((asked.status.as_u16(), browser.session()), (200, None));
    assert!(
        asked.body.contains("action=\"/signin/code\""),
        "{}",
        asked.body
    );
    assert_eq!(browser.get(world, "/").await.status, 303);
    // The code alone is nothing in another browser.
    let form = [("code", &*code(enrolment, 0)), ("next", "/fresh")];
    assert_eq!(
        Browser::default()
            .post(world, "/signin/code", &form)
            .await
            .status,
        403
    );
    let done = browser.post(world, "/signin/code", &form).await;
    assert_eq!((done.status.as_u16(), done.location()), (303, "/fresh"));
    assert_eq!(browser.get(world, "/fresh").await.body, "fresh");
    assert!(!browser.cookies.contains_key("__Host-mpass-half"));
}

/// An attacker leads somebody to the end of the attacker's own sign-in.
#[tokio::test]
async fn the_way_back_of_somebody_else() {
    let provided = Provided::new().await;
    let (mut attacker, mut victim) = (Browser::default(), Browser::default());
    let there = provided.begin(&mut attacker, "/").await;
    provided.answer(&there["nonce"], &json!(["mfa"]));
    let query = format!("code=c&state={}", there["state"]);
    // Without a sign-in of their own, and in the middle of one.
    assert_eq!(provided.back(&mut victim, &query).await.status, 403);
    provided.begin(&mut victim, "/").await;
    assert_eq!(provided.back(&mut victim, &query).await.status, 403);
    assert_eq!(victim.session(), None);
    assert!(
        !provided
            .there
            .requests()
            .iter()
            .any(|one| one.starts_with("POST"))
    );
}

#[tokio::test]
async fn somebody_who_is_no_administrator() {
    let provided = Provided::new().await;
    for subject in [None, Some("anna-2")] {
        provided.bind(subject).await;
        let mut browser = Browser::default();
        let there = provided.begin(&mut browser, "/").await;
        provided.answer(&there["nonce"], &json!(["mfa"]));
        let done = provided
            .back(&mut browser, &format!("code=c&state={}", there["state"]))
            .await;
        assert_eq!((done.status.as_u16(), browser.session()), (403, None));
        assert!(done.body.contains("did not succeed"), "{}", done.body);
    }
}

/// Requests that make this server ask the provider are limited.
#[tokio::test]
async fn sign_ins_with_the_provider_are_limited() {
    let provided = Provided::new().await;
    let mut browser = Browser::default();
    let statuses: Vec<u16> = {
        let mut statuses = Vec::new();
        for _ in 0..31 {
            let led = browser.get(&provided.world, "/signin/provider").await;
            statuses.push(led.status.as_u16());
        }
        statuses
    };
    assert_eq!(statuses.iter().filter(|status| **status == 303).count(), 30);
    assert_eq!(statuses[30], 429);
    assert_eq!(
        provided.back(&mut browser, "code=c&state=s").await.status,
        429
    );
}

#[tokio::test]
async fn without_a_provider_there_is_no_way_there() {
    let world = World::new();
    let mut browser = Browser::default();
    for path in ["/signin/provider", BACK] {
        assert_eq!(browser.get(&world, path).await.status, 404);
    }
    assert!(
        !browser
            .get(&world, "/signin")
            .await
            .body
            .contains("/signin/provider")
    );
}
