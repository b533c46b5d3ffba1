//! ID tokens as providers sign them, and as attackers change them.

use ring::hmac;
use serde_json::{Value as Json, json};

use super::stand_in::{Signer, encode};
use crate::identity_provider::id_token::{Expected, Flaw, Identity, Unverified};
use crate::identity_provider::keys::Keys;

const NOW: u64 = 1_800_000_000;

fn claims() -> Json {
    json!({
        "iss": "https://id.example",
        "sub": "anna-1",
        "aud": "portal",
        "exp": NOW + 300,
        "iat": NOW,
        "nonce": "n",
        "acr": "high",
        "amr": ["pwd", "otp"],
        "more": { "a": 1 },
    })
}

fn header(signer: &Signer) -> Json {
    json!({ "alg": signer.algorithm(), "kid": "one", "typ": "JWT" })
}

fn keys(all: &[Json]) -> Keys {
    Keys::parse(json!({ "keys": all }).to_string().as_bytes()).unwrap()
}

fn verify(keys: &Keys, token: &str) -> Result<Identity, Flaw> {
    Unverified::parse(token)?.verify(
        keys,
        &Expected {
            issuer: "https://id.example",
            client_id: "portal",
            nonce: "n",
            now_ms: NOW * 1000,
        },
    )
}

#[test]
fn each_algorithm() {
    for signer in [Signer::rsa(0), Signer::p256(), Signer::ed25519()] {
        let keys = keys(&[json!({ "kty": "oct", "k": "AA" }), signer.jwk("one")]);
        let token = signer.sign(&header(&signer), &claims().to_string());
        let identity = verify(&keys, &token).unwrap();
        assert_eq!(identity.subject, "anna-1");
        assert_eq!(identity.acr.as_deref(), Some("high"));
        assert_eq!(identity.amr, ["pwd", "otp"]);
        // Without a key id, as some providers with one key have it.
        let bare = json!({ "alg": signer.algorithm() });
        assert!(verify(&keys, &signer.sign(&bare, &claims().to_string())).is_ok());
        // Every other letter makes another token.
        for at in 0..token.len() {
            let mut bytes = token.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(bytes).unwrap();
            assert!(changed == token || verify(&keys, &changed).is_err(), "{at}");
        }
    }
}

#[test]
fn claims_of_another_sign_in() {
    let signer = Signer::ed25519();
    let keys = keys(&[signer.jwk("one")]);
    let check = |change: &dyn Fn(&mut Json)| {
        let mut claims = claims();
        change(&mut claims);
        let token = signer.sign(&header(&signer), &claims.to_string());
        verify(&keys, &token).map(|_| ())
    };
    for (name, value, expected) in [
        ("iss", json!("https://id.example/"), Err(Flaw::Issuer)),
        ("iss", json!("https://other.example"), Err(Flaw::Issuer)),
        ("iss", Json::Null, Err(Flaw::Malformed)),
        ("aud", json!("another"), Err(Flaw::Audience)),
        ("aud", json!(["another"]), Err(Flaw::Audience)),
        ("aud", json!([]), Err(Flaw::Audience)),
        ("aud", json!(["portal"]), Ok(())),
        // OpenID Connect Core section 3.1.3.7, 4: which of them is the party?
        ("aud", json!(["portal", "another"]), Err(Flaw::Audience)),
        ("azp", json!("another"), Err(Flaw::Audience)),
        ("azp", json!("portal"), Ok(())),
        ("exp", json!(NOW - 60), Err(Flaw::Time)),
        ("exp", json!(NOW - 59), Ok(())),
        ("exp", json!("later"), Err(Flaw::Malformed)),
        ("iat", json!(NOW + 61), Err(Flaw::Time)),
        ("iat", json!(NOW - 661), Err(Flaw::Time)),
        ("iat", json!(NOW - 660), Ok(())),
        ("iat", Json::Null, Err(Flaw::Malformed)),
        ("nbf", json!(NOW + 61), Err(Flaw::Time)),
        ("nonce", json!("m"), Err(Flaw::Nonce)),
        ("nonce", json!(""), Err(Flaw::Nonce)),
        ("nonce", Json::Null, Err(Flaw::Nonce)),
        ("sub", json!(""), Err(Flaw::Subject)),
        ("sub", json!("s".repeat(256)), Err(Flaw::Subject)),
        ("sub", json!("s".repeat(255)), Ok(())),
        ("sub", json!(1), Err(Flaw::Malformed)),
        ("acr", Json::Null, Ok(())),
    ] {
        let checked = check(&|claims| claims[name] = value.clone());
        assert_eq!(checked, expected, "{name} {value}");
    }
    let several = check(&|claims| {
        claims["aud"] = json!(["portal", "another"]);
        claims["azp"] = json!("portal");
    });
    assert_eq!(several, Ok(()));
    // The same member twice: which one would others read?
    let twice = claims()
        .to_string()
        .replace("\"sub\":", "\"sub\":\"root\",\"sub\":");
    let token = signer.sign(&header(&signer), &twice);
    assert_eq!(verify(&keys, &token), Err(Flaw::Malformed));
}

/// RFC 8725 section 2.1: the algorithm is the key's, whatever the token states.
#[test]
fn headers_of_attackers() {
    let (rsa, p256) = (Signer::rsa(0), Signer::p256());
    let ed25519 = Signer::ed25519();
    let known = keys(&[rsa.jwk("one"), p256.jwk("two"), ed25519.jwk("four")]);
    let text = claims().to_string();
    for (header, expected) in [
        (json!({ "alg": "none" }), Flaw::Algorithm),
        (json!({ "alg": "None", "kid": "one" }), Flaw::Algorithm),
        (json!({ "alg": "HS256", "kid": "one" }), Flaw::Algorithm),
        (json!({ "alg": "PS256", "kid": "one" }), Flaw::Algorithm),
        (json!({ "alg": "RS512", "kid": "one" }), Flaw::Algorithm),
        (
            json!({ "alg": "RS256", "kid": "one", "crit": ["b64"], "b64": false }),
            Flaw::Algorithm,
        ),
        (
            json!({ "alg": "RS256", "kid": "one", "typ": "at+jwt" }),
            Flaw::Algorithm,
        ),
        (
            json!({ "alg": "RS256", "kid": "one", "typ": "logout+jwt" }),
            Flaw::Algorithm,
        ),
        (json!({ "alg": "ES256", "kid": "one" }), Flaw::Signature),
        (json!({ "alg": "RS256", "kid": "two" }), Flaw::Signature),
        (json!({ "alg": "RS256", "kid": "four" }), Flaw::Signature),
        (json!({ "alg": "RS256", "kid": "three" }), Flaw::UnknownKey),
        (
            json!({ "alg": "RS256", "kid": "../../dev/null" }),
            Flaw::UnknownKey,
        ),
        (json!({ "kid": "one" }), Flaw::Malformed),
        (json!(["RS256"]), Flaw::Malformed),
    ] {
        assert_eq!(
            verify(&known, &rsa.sign(&header, &text)),
            Err(expected),
            "{header}"
        );
    }
    // A key of the attacker in the header is no key of the provider.
    let own = Signer::rsa(1);
    let brought = json!({ "alg": "RS256", "kid": "one", "jwk": own.jwk("one") });
    assert_eq!(
        verify(&known, &own.sign(&brought, &text)),
        Err(Flaw::Signature)
    );
    // HMAC with the public key, in each form that a library may hold it in.
    let jwk = rsa.jwk("one");
    let signed = format!(
        "{}.{}",
        encode(r#"{"alg":"HS256","kid":"one"}"#),
        encode(&text)
    );
    for secret in [jwk.to_string(), jwk["n"].as_str().unwrap().to_owned()] {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        let tag = hmac::sign(&key, signed.as_bytes());
        let token = format!("{signed}.{}", encode(tag));
        assert_eq!(verify(&known, &token), Err(Flaw::Algorithm));
    }
    let none = format!("{}.{}.", encode(r#"{"alg":"none"}"#), encode(&text));
    assert_eq!(verify(&known, &none), Err(Flaw::Algorithm));
    for text in ["", ".", "..", "a.b.c", "....", &"a".repeat(40_000)] {
        assert_eq!(verify(&known, text), Err(Flaw::Malformed));
    }
}

/// Keys that are for something else do not sign.
#[test]
fn keys_for_other_purposes() {
    let signer = Signer::rsa(0);
    let token = signer.sign(&header(&signer), &claims().to_string());
    for (name, value, is_one) in [
        ("use", json!("sig"), true),
        ("use", json!("enc"), false),
        ("alg", json!("RS256"), true),
        ("alg", json!("RS512"), false),
        ("alg", json!("ES256"), false),
        ("kty", json!("EC"), false),
        ("n", json!("AQAB"), false),
        ("n", json!("not base64!"), false),
    ] {
        let mut jwk = signer.jwk("one");
        jwk[name] = value.clone();
        assert_eq!(
            verify(&keys(&[jwk]), &token).is_ok(),
            is_one,
            "{name} {value}"
        );
    }
    for text in ["", "[]", "{}", "{\"keys\":{}}"] {
        assert!(Keys::parse(text.as_bytes()).is_none(), "{text}");
    }
}
