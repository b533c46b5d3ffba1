//! The login directly on its exchanges: a user agent in the mobile network, a
//! client's server, and a provider between them.

mod authorize;
mod clients;
mod documents;
mod faults;
mod once;
mod rs256;
mod subject;
mod token;

use core::net::IpAddr;
use std::collections::BTreeMap;

use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use mpass_core::challenge::Keyring;
use mpass_core::number::PhoneNumber;
use mpass_core::service::settings::{Group, Settings as _};
use mpass_core::service::{
    Answer, Client, ClientSettings, EngineSettings, Exchange, Reply, Request, Scope, drive,
};
use mpass_tests::sim::World;
use serde_json::Value;
use sha2::{Digest, Sha256};

const ISSUER: &str = "https://verify.example";
const BACK: &str = "https://app.example/back";
const NUMBER: &str = "+966500000000";
const OTHER_NUMBER: &str = "+966500000001";
/// Addresses of the mobile network, each with a number, and the address of the
/// client's server outside it.
const DEVICE: [u8; 4] = [10, 20, 0, 7];
const OTHER_DEVICE: [u8; 4] = [10, 20, 0, 8];
const SERVER: [u8; 4] = [192, 0, 2, 1];
/// RFC 7636 appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

const READ: &str = "number-verification:device-phone-number:read";
const VERIFY: &str = "number-verification:verify";
const SMS: &str = "one-time-password-sms:send-validate";

/// Changes of parameters by name: a new value, or removed.
type Changes<'a> = &'a [(&'a str, Option<&'a str>)];

/// A provider, two devices known to its network, and a client with all scopes.
struct Scene {
    world: World,
    client: Client,
    secret: String,
}

fn client_settings(name: &str) -> ClientSettings {
    ClientSettings {
        scopes: Scope::ALL.to_vec(),
        redirect_uris: vec![BACK.into(), "https://app.example/other?a=b".into()],
        ..ClientSettings::new(name)
    }
}

fn resolved(number: &str) -> Answer {
    Answer::Resolved(Some(PhoneNumber::parse(number, None).unwrap()))
}

impl Default for Scene {
    fn default() -> Self {
        Self::new(client_settings("app"))
    }
}

impl Scene {
    fn new(settings: ClientSettings) -> Self {
        let engine = EngineSettings {
            issuer: Some(ISSUER.into()),
            ..EngineSettings::default()
        };
        let world = World::with_settings(Keyring::generate(&[42; 32]), engine);
        world.set_resolution(DEVICE.into(), resolved(NUMBER));
        world.set_resolution(OTHER_DEVICE.into(), resolved(OTHER_NUMBER));
        let (client, secret) = world.client(settings);
        Self {
            world,
            client,
            secret,
        }
    }

    fn revoke(&self) {
        let name = &self.client.settings().name;
        self.world.revoke(Group::Client, name);
    }

    /// The client with other settings and the same credential.
    fn set(&self, settings: &ClientSettings) {
        let keyring = self.world.engine.keyring();
        let key = Client::parse_key(keyring, &settings.name, &self.secret).unwrap();
        let values = settings.to_values();
        let provisioned = self
            .world
            .administer(|admin, entropy| admin.provision(&values, key, entropy));
        assert!(provisioned.unwrap().is_changed);
    }

    /// The response to a user agent at this address.
    fn visit(&self, from: [u8; 4], changes: Changes<'_>) -> Reply {
        let query = form(
            &[
                ("response_type", "code"),
                ("client_id", &self.client.settings().name),
                ("redirect_uri", BACK),
                ("scope", &format!("openid {VERIFY}")),
                ("state", "xyz"),
                ("nonce", "n-0S6_WzA2Mj"),
                ("code_challenge", CHALLENGE),
                ("code_challenge_method", "S256"),
            ],
            changes,
        );
        self.world.request(&Request {
            query: &query,
            ..request("GET", "/oauth2/authorize", from.into())
        })
    }

    /// The authorization code in the redirect for the device's user agent.
    fn code(&self, changes: Changes<'_>) -> String {
        let reply = self.visit(DEVICE, changes);
        let (_, mut answer) = location(&reply);
        answer
            .remove("code")
            .unwrap_or_else(|| panic!("{answer:?}"))
    }

    fn basic(&self) -> String {
        basic(&self.client.settings().name, &self.secret)
    }

    /// The exchange of a call of the client's server.
    fn begin(&self, code: &str, changes: Changes<'_>) -> Exchange {
        let body = form(
            &[
                ("grant_type", "authorization_code"),
                ("code", code),
                ("redirect_uri", BACK),
                ("code_verifier", VERIFIER),
            ],
            changes,
        );
        self.world.begin(&Request {
            headers: &[
                ("Authorization", &self.basic()),
                ("Content-Type", "application/x-www-form-urlencoded"),
            ],
            body: body.as_bytes(),
            ..request("POST", "/oauth2/token", SERVER.into())
        })
    }

    fn redeem(&self, code: &str, changes: Changes<'_>) -> Reply {
        drive(&self.world, self.begin(code, changes))
    }

    /// A call of a client's server, with any authentication.
    fn call(&self, authorization: Option<&str>, body: &[(&str, &str)]) -> Reply {
        let body = form(body, &[]);
        let mut headers = vec![("Content-Type", "application/x-www-form-urlencoded")];
        headers.extend(authorization.map(|value| ("Authorization", value)));
        self.world.request(&Request {
            headers: &headers,
            body: body.as_bytes(),
            ..request("POST", "/oauth2/token", SERVER.into())
        })
    }

    /// The response of `/verify` to a token and a number.
    fn verify(&self, token: &str, number: &str) -> Reply {
        self.world.request(&Request {
            headers: &[
                ("Authorization", &format!("Bearer {token}")),
                ("Content-Type", "application/json"),
            ],
            body: format!(r#"{{"phoneNumber":"{number}"}}"#).as_bytes(),
            ..request("POST", "/number-verification/v2/verify", SERVER.into())
        })
    }
}

fn request(method: &'static str, path: &'static str, peer: IpAddr) -> Request<'static> {
    Request {
        method,
        path,
        query: "",
        headers: &[],
        body: &[],
        peer,
    }
}

fn basic(client: &str, secret: &str) -> String {
    let pair = format!("{client}:{secret}");
    format!("Basic {}", Base64::encode_string(pair.as_bytes()))
}

/// Form parameters with changes; new names are added.
fn form(parameters: &[(&str, &str)], changes: Changes<'_>) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    let is_changed = |name| changes.iter().any(|(changed, _)| *changed == name);
    for (name, value) in parameters {
        if !is_changed(*name) {
            form.append_pair(name, value);
        }
    }
    for (name, value) in changes {
        if let Some(value) = value {
            form.append_pair(name, value);
        }
    }
    form.finish()
}

fn header<'a>(reply: &'a Reply, name: &str) -> Option<&'a str> {
    let mut found = reply.headers.iter().filter(|(held, _)| *held == name);
    let value = found.next().map(|(_, value)| value.as_str());
    assert_eq!(found.next(), None, "{name} twice");
    value
}

/// The target of a redirect and its parameters.
#[track_caller]
fn location(reply: &Reply) -> (String, BTreeMap<String, String>) {
    assert_eq!(reply.status, 302, "{:?}", reply.reason);
    assert!(reply.body.is_empty());
    let location = header(reply, "Location").unwrap();
    let (uri, query) = location.split_once('?').unwrap();
    let answer = form_urlencoded::parse(query.as_bytes()).into_owned();
    (uri.to_string(), answer.collect())
}

fn json(reply: &Reply) -> Value {
    serde_json::from_slice(&reply.body).unwrap()
}

/// The claims of a signed token, verified with the published public keys.
fn signed_claims(scene: &Scene, token: &str) -> Value {
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let (header, claims) = signed.split_once('.').unwrap();
    let read = |text: &str| Base64UrlUnpadded::decode_vec(text).unwrap();
    let header: Value = serde_json::from_slice(&read(header)).unwrap();
    assert_eq!(
        (&header["alg"], &header["typ"]),
        (&"ES256".into(), &"JWT".into())
    );
    let jwks = json(&scene.world.get("/oauth2/jwks"));
    let keys = jwks["keys"].as_array().unwrap();
    let key = keys.iter().find(|key| key["kid"] == header["kid"]).unwrap();
    let mut point = vec![4];
    for coordinate in ["x", "y"] {
        point.extend(read(key[coordinate].as_str().unwrap()));
    }
    let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(&point).unwrap();
    let signature = p256::ecdsa::Signature::from_slice(&read(signature)).unwrap();
    p256::ecdsa::signature::Verifier::verify(&key, signed.as_bytes(), &signature).unwrap();
    serde_json::from_slice(&read(claims)).unwrap()
}

/// The whole flow, which is invisible to the user.
#[test]
fn from_a_device_to_the_answer_about_its_number() {
    let scene = Scene::default();
    let began_s = scene.world.now() / 1000;
    let code = scene.code(&[]);
    scene.world.pass(5000);
    let reply = scene.redeem(&code, &[]);
    assert_eq!(reply.status, 200, "{:?}", reply.reason);
    assert_eq!(header(&reply, "Cache-Control"), Some("no-store"));
    let tokens = json(&reply);
    assert_eq!(tokens["token_type"], "Bearer");
    assert_eq!(tokens["expires_in"], 300);
    assert_eq!(tokens["scope"], format!("openid {VERIFY}"));
    assert_eq!(tokens.get("refresh_token"), None);
    let token = tokens["access_token"].as_str().unwrap();

    let claims = signed_claims(&scene, tokens["id_token"].as_str().unwrap());
    let digest = Sha256::digest(token.as_bytes());
    let half = Base64UrlUnpadded::encode_string(&digest[..16]);
    assert_eq!(claims["at_hash"], half);
    assert_eq!(claims["iss"], ISSUER);
    assert_eq!(claims["aud"], "app");
    assert_eq!(claims["nonce"], "n-0S6_WzA2Mj");
    assert_eq!(claims["auth_time"], began_s);
    assert_eq!(claims["iat"], began_s + 5);
    assert_eq!(claims["exp"], began_s + 305);
    assert_eq!(claims["amr"][0], "mobile_network");
    assert_eq!(claims["sub"].as_str().unwrap().len(), 43);

    let answer = scene.verify(token, NUMBER);
    assert_eq!(answer.body, br#"{"devicePhoneNumberVerified":true}"#);
    // A token is valid for one call.
    assert_eq!(scene.verify(token, NUMBER).status, 401);
}

/// A token with its last letter changed. That letter holds two bits: A, Q, g or
/// w.
fn with_another_end(token: &str) -> String {
    let last = if token.ends_with('A') { "Q" } else { "A" };
    format!("{}{last}", &token[..token.len() - 1])
}
