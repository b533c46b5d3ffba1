//! Client authentication.

use base64ct::{Base64UrlUnpadded, Encoding};
use mpass_core::service::settings::{Field, Group, Refused, Value as Setting};
use mpass_core::service::{
    ClientKey, ClientSettings, Overlap, Reason, Reply, Request, TenantAdmin, TenantPatch,
};
use mpass_core::store::{Operation, run};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};

use super::token::is_error;
use super::{ISSUER, SERVER, SMS, Scene, basic, client_settings, request};

const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const ASK: (&str, &str) = ("grant_type", "client_credentials");

#[track_caller]
fn is_unknown(reply: &Reply) {
    is_error(reply, 401, "invalid_client", Reason::UnknownCredential);
}

#[test]
fn by_a_secret() {
    let scene = Scene::default();
    let secret = scene.secret.as_str();
    let changed = format!("{}!", &secret[1..]);
    // With every character percent-encoded, as forms allow.
    let encoded: String = secret.bytes().map(|byte| format!("%{byte:02X}")).collect();
    for good in [
        basic("app", secret),
        basic("%61pp", &encoded),
        scene.basic().replace("Basic", "bAsIc"),
    ] {
        assert_eq!(scene.call(Some(&good), &[ASK]).status, 200);
    }
    let post = |client, secret| {
        scene.call(
            None,
            &[ASK, ("client_id", client), ("client_secret", secret)],
        )
    };
    assert_eq!(post("app", secret).status, 200);
    for bad in [
        basic("app", ""),
        basic("app", &changed),
        basic("nobody", secret),
        basic("APP", secret),
    ] {
        is_unknown(&scene.call(Some(&bad), &[ASK]));
    }
    is_unknown(&post("app", &changed));
    is_unknown(&post("nobody", secret));
    is_unknown(&scene.call(None, &[ASK]));
    is_unknown(&scene.call(None, &[ASK, ("client_id", "app")]));
    is_unknown(&scene.call(Some(&format!("Bearer {secret}")), &[ASK]));
    // A `client_id` beside the credential must be the same.
    let named = |client| scene.call(Some(&scene.basic()), &[ASK, ("client_id", client)]);
    assert_eq!(named("app").status, 200);
    is_unknown(&named("other"));
}

/// RFC 9110 section 5.3: the header occurs once. A proxy may have let the request
/// pass for the other one.
#[test]
fn by_one_header() {
    let scene = Scene::default();
    let basic = scene.basic();
    for second in [&*basic, "Bearer x", ""] {
        let headers = [
            ("Authorization", &*basic),
            ("Content-Type", "application/x-www-form-urlencoded"),
            ("authorization", second),
        ];
        is_unknown(&scene.world.request(&Request {
            headers: &headers,
            body: b"grant_type=client_credentials",
            ..request("POST", "/oauth2/token", SERVER.into())
        }));
    }
}

#[test]
fn by_one_method_alone() {
    let scene = Scene::default();
    let both = scene.call(
        Some(&scene.basic()),
        &[ASK, ("client_id", "app"), ("client_secret", &scene.secret)],
    );
    is_error(&both, 400, "invalid_request", Reason::RepeatedParameter);
}

fn key(seed: u8) -> SigningKey {
    SigningKey::from_slice(&[seed; 32]).unwrap()
}

/// A client with a public key, and its assertions.
struct Signing(Scene);

impl Default for Signing {
    fn default() -> Self {
        let point = key(7).verifying_key().to_sec1_point(false);
        Self(Scene::new(ClientSettings {
            public_key: Some(ClientKey::P256(point.as_bytes().try_into().unwrap())),
            ..client_settings("app")
        }))
    }
}

impl Signing {
    fn claims(&self) -> Value {
        let now_s = self.0.world.now() / 1000;
        json!({
            "iss": "app", "sub": "app", "aud": ISSUER,
            "iat": now_s, "exp": now_s + 60, "jti": "one",
        })
    }

    fn send(&self, assertion: &str) -> Reply {
        self.0.call(
            None,
            &[
                ASK,
                ("scope", SMS),
                ("client_assertion_type", TYPE),
                ("client_assertion", assertion),
            ],
        )
    }
}

fn assertion(header: &Value, claims: &Value, key: &SigningKey) -> String {
    let [header, claims] =
        [header, claims].map(|part| Base64UrlUnpadded::encode_string(part.to_string().as_bytes()));
    let signed = format!("{header}.{claims}");
    let signature: Signature = key.sign(signed.as_bytes());
    format!(
        "{signed}.{}",
        Base64UrlUnpadded::encode_string(&signature.to_bytes())
    )
}

fn es256(claims: &Value) -> String {
    assertion(&json!({"alg": "ES256"}), claims, &key(7))
}

fn with(mut claims: Value, name: &str, value: Value) -> Value {
    claims[name] = value;
    claims
}

#[test]
fn by_an_assertion_that_serves_once() {
    let client = Signing::default();
    let first = es256(&client.claims());
    assert_eq!(client.send(&first).status, 200);
    is_error(
        &client.send(&first),
        401,
        "invalid_client",
        Reason::TokenUsed,
    );
    // The id of the assertion counts, not its text.
    let now_s = client.0.world.now() / 1000;
    let later = with(client.claims(), "iat", (now_s - 1).into());
    is_error(
        &client.send(&es256(&later)),
        401,
        "invalid_client",
        Reason::TokenUsed,
    );
    let other = with(client.claims(), "jti", "two".into());
    assert_eq!(client.send(&es256(&other)).status, 200);
}

#[test]
fn clients_do_not_use_up_each_others_ids() {
    let client = Signing::default();
    let other = ClientSettings {
        name: "other".into(),
        ..client.0.client.settings().clone()
    };
    client.0.world.client(other);
    assert_eq!(client.send(&es256(&client.claims())).status, 200);
    let same_id = with(client.claims(), "iss", "other".into());
    let same_id = with(same_id, "sub", "other".into());
    assert_eq!(client.send(&es256(&same_id)).status, 200);
}

#[test]
fn by_an_assertion_for_us_and_for_now() {
    let client = Signing::default();
    let now_s = client.0.world.now() / 1000;
    let endpoint = format!("{ISSUER}/oauth2/token");
    for (name, value) in [
        ("aud", json!(endpoint)),
        ("aud", json!([ISSUER])),
        ("aud", json!([ISSUER, endpoint])),
        ("exp", json!(now_s + 300)),
        ("nbf", json!(now_s)),
    ] {
        let claims = with(client.claims(), name, value.clone());
        let claims = with(claims, "jti", json!(format!("{name}{value}")));
        assert_eq!(client.send(&es256(&claims)).status, 200, "{name} {value}");
    }
    for (name, value) in [
        ("iss", json!("other")),
        ("sub", json!("other")),
        ("aud", json!("https://other.example")),
        ("aud", json!([])),
        ("aud", json!([ISSUER, "https://other.example"])),
        ("aud", json!(format!("{ISSUER}/"))),
        ("aud", Value::Null),
        ("exp", json!(now_s)),
        ("exp", json!(now_s + 331)),
        ("exp", json!(u64::MAX)),
        ("exp", Value::Null),
        ("nbf", json!(now_s + 31)),
        ("jti", json!("")),
        ("jti", Value::Null),
    ] {
        let claims = with(client.claims(), name, value.clone());
        let reply = client.send(&es256(&claims));
        assert_eq!(reply.reason, Reason::UnknownCredential, "{name} {value}");
        is_unknown(&reply);
    }
    // None of those has used the id.
    assert_eq!(client.send(&es256(&client.claims())).status, 200);
}

/// CAMARA Security and Interoperability Profile, "Client Authentication": at most
/// 300 s from `iat` to `exp`. RFC 7519 section 2: a `NumericDate` may have a
/// fraction.
#[test]
fn an_assertion_lives_for_300_s_at_most() {
    let client = Signing::default();
    let now_s = client.0.world.now() / 1000;
    #[expect(clippy::cast_precision_loss, reason = "a date of this century")]
    let now = now_s as f64;
    let status = |index: usize, iat: Value, exp: Value, nbf: Value| {
        let claims = with(client.claims(), "iat", iat);
        let claims = with(with(claims, "exp", exp), "nbf", nbf);
        let claims = with(claims, "jti", json!(format!("{index}")));
        client.send(&es256(&claims)).status
    };
    let none = Value::Null;
    for (index, (iat, exp, nbf, expected)) in [
        (json!(now_s), json!(now_s + 300), json!(now_s), 200),
        (json!(now_s - 1), json!(now_s + 300), none.clone(), 401),
        (json!(now_s - 240), json!(now_s + 60), none.clone(), 200),
        (json!(now_s - 241), json!(now_s + 60), none.clone(), 401),
        (json!(0), json!(now_s + 60), none.clone(), 401),
        (json!(-1), json!(now_s + 60), none.clone(), 401),
        // A clock that is ahead of ours.
        (
            json!(now_s + 30),
            json!(now_s + 330),
            json!(now_s + 30),
            200,
        ),
        (json!(now_s + 31), json!(now_s + 60), none.clone(), 401),
        (none.clone(), json!(now_s + 300), none.clone(), 200),
        (none.clone(), json!(now_s + 301), none.clone(), 401),
        // Fractions, as Python's `time.time()` has them.
        (json!(now + 0.3), json!(now + 300.3), json!(now + 0.3), 200),
        (json!(now - 0.7), json!(now + 299.3), json!(now - 0.7), 200),
        (json!(now), json!(now + 300.002), none.clone(), 401),
        (json!(now), json!(now + 0.5), none.clone(), 200),
        (json!(now), json!(now - 0.5), none.clone(), 401),
        (json!(now), json!(now + 60.0), json!(now + 30.5), 401),
        (json!(now), json!(1e300), none.clone(), 401),
        // Not numbers.
        (
            json!(now_s.to_string()),
            json!(now_s + 60),
            none.clone(),
            401,
        ),
        (json!(now_s), json!((now_s + 60).to_string()), none, 401),
    ]
    .into_iter()
    .enumerate()
    {
        let shown = format!("{iat} {exp} {nbf}");
        assert_eq!(status(index, iat, exp, nbf), expected, "{shown}");
    }
}

#[test]
fn by_an_assertion_of_its_own_key() {
    let client = Signing::default();
    let claims = client.claims();
    is_unknown(&client.send(&assertion(&json!({"alg": "ES256"}), &claims, &key(8))));
    for header in [
        json!({"alg": "none"}),
        json!({"alg": "HS256"}),
        json!({"alg": "ES256", "crit": ["x"], "x": 1}),
    ] {
        is_unknown(&client.send(&assertion(&header, &claims, &key(7))));
    }
    // A key inside the assertion is ignored.
    let header = json!({"alg": "ES256", "jku": "https://app.example/keys", "jwk": {}});
    is_unknown(&client.send(&assertion(&header, &claims, &key(8))));
    let unsigned = es256(&claims);
    let (signed, _) = unsigned.rsplit_once('.').unwrap();
    is_unknown(&client.send(&format!("{signed}.")));
    is_unknown(&client.send("garbage"));
    let wrong_type = [
        ASK,
        (
            "client_assertion_type",
            "urn:ietf:params:oauth:client-assertion-type:saml2-bearer",
        ),
        ("client_assertion", &es256(&claims)),
    ];
    let described = |body: &[(&str, &str)], description: &str| {
        let reply = client.0.call(None, body);
        assert_eq!(reply.status, 400);
        let answer: Value = serde_json::from_slice(&reply.body).unwrap();
        assert_eq!(answer["error"], "invalid_request");
        assert_eq!(answer["error_description"], description);
    };
    described(
        &wrong_type,
        "The parameter client_assertion_type is not valid.",
    );
    let without = [ASK, ("client_assertion_type", TYPE)];
    described(&without, "The parameter client_assertion is missing.");
    // A client without a key.
    let bare = Signing(Scene::default());
    is_unknown(&bare.send(&es256(&claims)));
}

#[test]
fn by_an_assertion_for_a_code() {
    let client = Signing::default();
    let code = client.0.code(&[]);
    let claims = es256(&client.claims());
    let reply = client.0.call(
        None,
        &[
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", super::BACK),
            ("code_verifier", super::VERIFIER),
            ("client_id", "app"),
            ("client_assertion_type", TYPE),
            ("client_assertion", &claims),
        ],
    );
    assert_eq!((reply.status, reply.reason), (200, Reason::TokenIssued));
}

impl Scene {
    /// Performs an administrator's operation.
    pub(super) fn administer<O>(&self, operation: Result<O, Refused>) -> O::Outcome
    where
        O: Operation<Error = Refused>,
    {
        let host = (|| self.world.now(), || Ok(self.world.entropy()));
        run(&self.world, &host, operation.unwrap()).unwrap()
    }

    pub(super) fn admin(&self) -> TenantAdmin {
        TenantAdmin::new(self.world.engine.shared_keyring())
    }
}

fn expires_in(reply: &Reply) -> Option<u64> {
    let body: Value = serde_json::from_slice(&reply.body).unwrap();
    body["expires_in"].as_u64()
}

const HOUR: Overlap = match Overlap::from_ms(3_600_000) {
    Ok(hour) => hour,
    Err(_) => unreachable!(),
};

#[test]
fn the_secret_of_before_overlaps() {
    let scene = Scene::default();
    let ask = || scene.call(Some(&basic("app", &scene.secret)), &[ASK]);
    let rotate = |overlap| {
        let entropy = scene.world.entropy();
        let admin = scene.admin();
        scene.administer(admin.rotate(Group::Client, "app", overlap, &entropy))
    };
    let rotated = rotate(HOUR);
    assert_eq!(expires_in(&ask()), Some(3600));
    scene.world.pass(3_000_000);
    // A token for the old secret lives no longer than that.
    assert_eq!(expires_in(&ask()), Some(600));
    let new = scene.call(Some(&basic("app", &rotated.credential)), &[ASK]);
    assert_eq!(expires_in(&new), Some(3600));
    scene.world.pass(600_000);
    is_unknown(&ask());
    rotate(Overlap::NONE);
    is_unknown(&scene.call(Some(&basic("app", &rotated.credential)), &[ASK]));
}

#[test]
fn the_public_key_of_before_overlaps() {
    let client = Signing::default();
    let scene = &client.0;
    let replace = |seed, overlap| {
        let point = key(seed).verifying_key().to_sec1_point(false);
        let mut patch = TenantPatch::new(Group::Client).overlapping(overlap);
        let point = Setting::Bytes(point.as_bytes().to_vec());
        patch.set(Field::PublicKey, point).unwrap();
        scene.administer(scene.admin().update("app", patch, &scene.world.entropy()))
    };
    let ask = |seed, jti: &str| {
        let claims = with(client.claims(), "jti", jti.into());
        client.send(&assertion(&json!({"alg": "ES256"}), &claims, &key(seed)))
    };
    replace(8, HOUR);
    assert_eq!(expires_in(&ask(8, "a")), Some(3600));
    scene.world.pass(3_000_000);
    assert_eq!(expires_in(&ask(7, "b")), Some(600));
    scene.world.pass(600_000);
    is_unknown(&ask(7, "c"));
    assert_eq!(ask(8, "d").status, 200);
    // One that has leaked ends at once, and so does the one before a third.
    replace(9, HOUR);
    replace(10, HOUR);
    is_unknown(&ask(8, "e"));
    assert_eq!(ask(9, "f").status, 200);
    replace(11, Overlap::NONE);
    is_unknown(&ask(10, "g"));
    assert_eq!(ask(11, "h").status, 200);
    let mut patch = TenantPatch::new(Group::Client);
    patch.clear(Field::PublicKey).unwrap();
    scene.administer(scene.admin().update("app", patch, &scene.world.entropy()));
    is_unknown(&ask(11, "i"));
}
