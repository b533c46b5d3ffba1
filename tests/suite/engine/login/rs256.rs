//! RS256, which the host computes: ID tokens, client keys and hints.

use base64ct::{Base64UrlUnpadded, Encoding};
use mpass_core::service::{
    Answer, ClientKey, ClientSettings, Reason, RsaPublicKey, SignatureAlgorithm,
};
use mpass_tests::signing::{Signer, TestKey, is_genuine, test_keys};
use serde_json::{Value, json};

use super::authorize::is_refusal;
use super::token::is_error;
use super::{DEVICE, ISSUER, NUMBER, OTHER_DEVICE, SMS, Scene, client_settings, location};
use super::{json as body, with_another_end};

const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const CONFIGURATION: &str = "/.well-known/openid-configuration";
const JWKS: &str = "/oauth2/jwks";

/// A client whose ID tokens are signed with RS256 by a host with two keys.
fn scene() -> Scene {
    let scene = Scene::new(ClientSettings {
        id_token_alg: SignatureAlgorithm::Rs256,
        ..client_settings("app")
    });
    scene.world.set_signer(Signer::Keys(test_keys().keys));
    scene
}

fn public(key: &TestKey) -> RsaPublicKey {
    match ClientKey::parse(key.jwk().as_bytes()) {
        Ok(ClientKey::Rsa(key)) => key,
        other => panic!("{other:?}"),
    }
}

fn part(text: &str) -> Value {
    serde_json::from_slice(&Base64UrlUnpadded::decode_vec(text).unwrap()).unwrap()
}

/// The header and claims of a token, whose signature is checked with the
/// published key of its `kid`.
fn verified(scene: &Scene, token: &str) -> (Value, Value) {
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let (header, claims) = signed.split_once('.').unwrap();
    let header = part(header);
    let jwks = body(&scene.world.get(JWKS));
    let keys = jwks["keys"].as_array().unwrap();
    let jwk = keys.iter().find(|key| key["kid"] == header["kid"]).unwrap();
    assert_eq!(jwk["alg"], header["alg"]);
    let Ok(ClientKey::Rsa(key)) = ClientKey::parse(jwk.to_string().as_bytes()) else {
        panic!("{jwk}");
    };
    let signature = Base64UrlUnpadded::decode_vec(signature).unwrap();
    assert!(is_genuine(&key, signed.as_bytes(), &signature));
    (header, part(claims))
}

fn id_token(scene: &Scene) -> String {
    let tokens = body(&scene.redeem(&scene.code(&[]), &[]));
    tokens["id_token"].as_str().unwrap().to_string()
}

#[test]
fn the_first_key_of_the_host_signs_and_all_are_published() {
    let scene = scene();
    let reply = scene.redeem(&scene.code(&[]), &[]);
    let tokens = body(&reply);
    let (header, claims) = verified(&scene, tokens["id_token"].as_str().unwrap());
    assert_eq!(header["alg"], "RS256");
    assert_eq!(
        (&claims["iss"], &claims["aud"]),
        (&ISSUER.into(), &"app".into())
    );
    assert_eq!(claims["nonce"], "n-0S6_WzA2Mj");
    let answer = scene.verify(tokens["access_token"].as_str().unwrap(), NUMBER);
    assert_eq!(answer.status, 200);

    let jwks = body(&scene.world.get(JWKS));
    let keys = jwks["keys"].as_array().unwrap();
    assert_eq!(keys.len(), 3);
    for (jwk, key) in keys[1..].iter().zip(&test_keys().keys) {
        for member in ["kty", "n", "e"] {
            assert_eq!(jwk[member], key.public[member]);
        }
        assert_eq!(jwk.as_object().unwrap().len(), 6);
    }
    assert_eq!(header["kid"], keys[1]["kid"]);

    // After a rotation the other one signs, and both stay published.
    let mut rotated = test_keys().keys;
    rotated.reverse();
    scene.world.set_signer(Signer::Keys(rotated));
    let (header, _) = verified(&scene, &id_token(&scene));
    assert_eq!(header["kid"], keys[2]["kid"]);
}

/// ES256 stays the default, also of a host with keys.
#[test]
fn each_client_has_its_algorithm() {
    let scene = Scene::default();
    scene.world.set_signer(Signer::Keys(test_keys().keys));
    let token = id_token(&scene);
    let header = part(token.split('.').next().unwrap());
    assert_eq!(header["alg"], "ES256");
}

#[test]
fn what_the_host_does_not_support_is_not_offered() {
    let scene = scene();
    let key = public(&test_keys().keys[0]);
    let both = json!(["ES256", "RS256"]);
    let one = json!(["ES256"]);
    let listed = || vec![key.clone()];
    for (signer, signs, checks) in [
        (Signer::Unsupported, &one, &one),
        (Signer::Keys(test_keys().keys), &both, &both),
        (Signer::Keys(Vec::new()), &one, &both),
        (Signer::Answer(listed(), Answer::Unsupported), &both, &one),
        // A host that calls a genuine signature forged does not check.
        (Signer::Answer(listed(), Answer::Forged), &both, &one),
    ] {
        scene.world.set_signer(signer);
        let document = body(&scene.world.get(CONFIGURATION));
        assert_eq!(&document["id_token_signing_alg_values_supported"], signs);
        let name = "token_endpoint_auth_signing_alg_values_supported";
        assert_eq!(&document[name], checks);
    }
    // A document that lacks what is offered otherwise would be cached.
    for answer in [Answer::Failed, Answer::Unknown] {
        scene.world.set_signer(Signer::Answer(listed(), answer));
        let reply = scene.world.get(CONFIGURATION);
        is_error(&reply, 503, "temporarily_unavailable", Reason::HostFailed);
    }
    scene
        .world
        .set_signer(Signer::Answer(listed(), Answer::Stored));
    assert_eq!(scene.world.get(CONFIGURATION).reason, Reason::WrongAnswer);
}

#[test]
fn a_host_that_does_not_sign_does_not_use_up_the_code() {
    let scene = scene();
    let code = scene.code(&[]);
    for signer in [Signer::Unsupported, Signer::Keys(Vec::new())] {
        scene.world.set_signer(signer);
        let reply = scene.redeem(&code, &[]);
        is_error(&reply, 500, "server_error", Reason::NoSigningKey);
    }
    scene.world.set_signer(Signer::Keys(test_keys().keys));
    assert_eq!(scene.redeem(&code, &[]).status, 200);
    // The use is stored before the host signs.
    let key = public(&test_keys().keys[0]);
    for answer in [Answer::Failed, Answer::Unknown, Answer::Unsupported] {
        let code = scene.code(&[]);
        scene
            .world
            .set_signer(Signer::Answer(vec![key.clone()], answer));
        let reply = scene.redeem(&code, &[]);
        is_error(&reply, 503, "temporarily_unavailable", Reason::HostFailed);
        let again = scene.redeem(&code, &[]);
        is_error(&again, 400, "invalid_grant", Reason::GrantUsed);
    }
    let code = scene.code(&[]);
    scene
        .world
        .set_signer(Signer::Answer(vec![key], Answer::Genuine));
    assert_eq!(scene.redeem(&code, &[]).reason, Reason::WrongAnswer);
}

/// A client whose registered key is an RSA key.
fn signing(key: &TestKey) -> Scene {
    let scene = Scene::new(ClientSettings {
        public_key: Some(ClientKey::parse(key.jwk().as_bytes()).unwrap()),
        ..client_settings("app")
    });
    scene.world.set_signer(Signer::Keys(Vec::new()));
    scene
}

fn claims(scene: &Scene, jti: &str) -> Value {
    let now_s = scene.world.now() / 1000;
    json!({
        "iss": "app", "sub": "app", "aud": ISSUER,
        "iat": now_s, "exp": now_s + 300, "jti": jti,
    })
}

fn send(scene: &Scene, assertion: &str) -> mpass_core::service::Reply {
    scene.call(
        None,
        &[
            ("grant_type", "client_credentials"),
            ("scope", SMS),
            ("client_assertion_type", TYPE),
            ("client_assertion", assertion),
        ],
    )
}

#[test]
fn a_client_with_an_rsa_key_is_authenticated_by_the_host() {
    let [first, second] = test_keys().keys.try_into().ok().unwrap();
    let scene = signing(&first);
    let rs256 = json!({"alg": "RS256"});
    let unknown = |reply, reason| is_error(&reply, 401, "invalid_client", reason);
    let good = first.sign_token(&rs256, &claims(&scene, "a"));
    assert_eq!(send(&scene, &good).status, 200);
    unknown(send(&scene, &good), Reason::TokenUsed);

    // The key of another client, also if the header contains it.
    let header = json!({"alg": "RS256", "jwk": second.public, "jku": "https://x.example/"});
    for (key, header) in [
        (&second, &rs256),
        (&second, &header),
        (&first, &json!({"alg": "ES256"})),
        (&first, &json!({"alg": "HS256"})),
        (&first, &json!({"alg": "RS512"})),
        (&first, &json!({"alg": "none"})),
        (&first, &json!({"alg": "RS256", "crit": ["x"]})),
    ] {
        let token = key.sign_token(header, &claims(&scene, "b"));
        unknown(send(&scene, &token), Reason::UnknownCredential);
    }
    let cut = first.sign_token(&rs256, &claims(&scene, "b"));
    let unsigned = format!("{}.", cut.rsplit_once('.').unwrap().0);
    for token in [with_another_end(&cut), unsigned] {
        unknown(send(&scene, &token), Reason::UnknownCredential);
    }

    scene.world.set_signer(Signer::Unsupported);
    let token = first.sign_token(&rs256, &claims(&scene, "b"));
    unknown(send(&scene, &token), Reason::UnknownCredential);
    scene
        .world
        .set_signer(Signer::Answer(Vec::new(), Answer::Failed));
    let reply = send(&scene, &token);
    is_error(&reply, 503, "temporarily_unavailable", Reason::HostFailed);
    scene.world.set_signer(Signer::Keys(Vec::new()));
    assert_eq!(send(&scene, &token).status, 200);
}

/// A public key that was replaced is checked after the new one.
#[test]
fn the_rsa_key_of_before_overlaps() {
    use mpass_core::service::settings::{Field, Group, Value as Setting};
    use mpass_core::service::{Overlap, TenantPatch};

    let [first, second] = test_keys().keys.try_into().ok().unwrap();
    let scene = signing(&first);
    let overlap = Overlap::from_ms(3_600_000).unwrap();
    let mut patch = TenantPatch::new(Group::Client).overlapping(overlap);
    let jwk = Setting::Bytes(second.jwk().into_bytes());
    patch.set(Field::PublicKey, jwk).unwrap();
    scene.administer(scene.admin().update("app", patch, &scene.world.entropy()));
    let ask = |key: &TestKey, jti| {
        let token = key.sign_token(&json!({"alg": "RS256"}), &claims(&scene, jti));
        send(&scene, &token).status
    };
    assert_eq!((ask(&first, "a"), ask(&second, "b")), (200, 200));
    scene.world.pass(3_600_000);
    assert_eq!((ask(&first, "c"), ask(&second, "d")), (401, 200));
}

/// The registered key determines the algorithm: an assertion with RS256 is never
/// checked for a client with a P-256 key.
#[test]
fn a_client_with_a_p_256_key_has_no_rs256() {
    let key = p256::ecdsa::SigningKey::from_slice(&[7; 32]).unwrap();
    let point = key.verifying_key().to_sec1_point(false);
    let scene = Scene::new(ClientSettings {
        public_key: Some(ClientKey::parse(point.as_bytes()).unwrap()),
        ..client_settings("app")
    });
    // It would find any signature genuine.
    scene
        .world
        .set_signer(Signer::Answer(Vec::new(), Answer::Genuine));
    let token = test_keys().keys[0].sign_token(&json!({"alg": "RS256"}), &claims(&scene, "a"));
    let reply = send(&scene, &token);
    is_error(&reply, 401, "invalid_client", Reason::UnknownCredential);
}

#[test]
fn a_hint_is_a_token_that_the_host_signed() {
    let scene = scene();
    let hint = id_token(&scene);
    let visit = |device, hint: &str| scene.visit(device, &[("id_token_hint", Some(hint))]);
    let (_, answer) = location(&visit(DEVICE, &hint));
    assert!(answer.contains_key("code"));
    let claims = part(hint.split('.').nth(1).unwrap());
    let header = part(hint.split('.').next().unwrap());
    let key = &test_keys().keys[1];
    let stranger = key.sign_token(&json!({"alg": "RS256", "kid": "x"}), &claims);
    let other_key = key.sign_token(&header, &claims);
    let es256 = id_token(&Scene::default());
    for (device, hint) in [
        (OTHER_DEVICE, hint.as_str()),
        (DEVICE, &stranger),
        (DEVICE, &other_key),
        (DEVICE, &with_another_end(&hint)),
        (DEVICE, &es256),
        (DEVICE, "garbage"),
    ] {
        is_refusal(&visit(device, hint), "login_required", Reason::OtherSubject);
    }
    scene.world.set_signer(Signer::Unsupported);
    is_refusal(&visit(DEVICE, &hint), "server_error", Reason::NoSigningKey);
}

/// Its code could never be redeemed.
#[test]
fn a_host_that_does_not_sign_issues_no_code() {
    let scene = scene();
    for signer in [Signer::Unsupported, Signer::Keys(Vec::new())] {
        scene.world.set_signer(signer);
        let reply = scene.visit(DEVICE, &[]);
        is_refusal(&reply, "server_error", Reason::NoSigningKey);
        let (_, answer) = location(&reply);
        assert!(answer["error_description"].contains("RS256"), "{answer:?}");
    }
    let key = public(&test_keys().keys[0]);
    let only_listed = Signer::Answer(vec![key], Answer::Failed);
    scene.world.set_signer(only_listed);
    let (_, answer) = location(&scene.visit(DEVICE, &[]));
    assert!(answer.contains_key("code"));
}
