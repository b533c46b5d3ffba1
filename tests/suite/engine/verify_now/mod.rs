//! `VerifyNow` directly on its exchange: the rows that every host must pass,
//! and tests that need a simulated host.

mod calls;
mod credits;
mod parallel;
mod send;
mod token;
mod validate;

use Version::{Three, Two};
use base64ct::{Base64, Encoding};
use mpass_core::challenge::{Keyring, Limit, Policy, PolicySettings};
use mpass_core::service::{Customer, CustomerSettings, Exchange, Reason, Reply, Request};
use mpass_core::store::{Kind, Store};
use mpass_tests::sim::World;
use mpass_tests::verify_now::{Desk, TOKEN, Version, wrong};
use mpass_tests::verify_now_tests;

fn run(row: fn(&dyn Desk)) {
    row(&mpass_tests::verify_now::world());
}

verify_now_tests!(run);

const ID: &str = "C-0123456789ABCDE";
const OTHER_ID: &str = "C-FEDCBA987654321";
const COUNTRY: &str = "91";
const NUMBER: &str = "8846735392";

/// A world with one customer, which has a token.
struct Scene {
    world: World,
    secret: String,
    token: String,
    customer_id: String,
}

/// The default policy of a customer with changes.
fn policy(change: impl FnOnce(&mut PolicySettings)) -> Policy {
    let mut settings = CustomerSettings::default_policy().settings().clone();
    change(&mut settings);
    Policy::new(settings).unwrap()
}

impl Scene {
    fn new() -> Self {
        Self::with(|_| ())
    }

    fn with(change: impl FnOnce(&mut CustomerSettings)) -> Self {
        Self::within(World::new(Keyring::generate(&[42; 32])), ID, change)
    }

    /// A scene whose sends to one number are not limited.
    fn generous() -> Self {
        Self::with(|settings| {
            settings.policy = policy(|policy| {
                policy.sends = Limit::new(10_000, 3_600_000, 10_000).unwrap();
            });
        })
    }

    fn within(world: World, id: &str, change: impl FnOnce(&mut CustomerSettings)) -> Self {
        let mut settings = CustomerSettings::new(id);
        change(&mut settings);
        let secret = world.create(&settings);
        let mut scene = Self {
            world,
            secret,
            token: String::new(),
            customer_id: id.into(),
        };
        scene.token = scene.fresh_token();
        scene
    }

    fn key(&self) -> String {
        Base64::encode_string(self.secret.as_bytes())
    }

    fn ask_token(&self) -> Reply {
        let (id, key) = (&self.customer_id, self.key());
        self.world.get(&format!(
            "{TOKEN}?customerId={id}&key={key}&scope=NEW&country=IN&email=a%40b.example"
        ))
    }

    fn fresh_token(&self) -> String {
        let reply = self.ask_token();
        let body: serde_json::Value = serde_json::from_slice(&reply.body).unwrap();
        assert_eq!(reply.reason, Reason::TokenIssued, "{body}");
        body["token"].as_str().unwrap().to_string()
    }

    fn begin(&self, method: &str, path: &str, query: &str) -> Exchange {
        self.world.begin(&Request {
            method,
            path,
            query,
            headers: &[("authToken", &self.token)],
            body: &[],
            peer: [127, 0, 0, 1].into(),
        })
    }

    fn call(&self, method: &str, path: &str, query: &str) -> Reply {
        mpass_core::service::drive(&self.world, self.begin(method, path, query))
    }

    fn send_query(&self, version: Version, number: &str) -> String {
        let id = match version {
            Two => format!("customerId={}&", self.customer_id),
            Three => String::new(),
        };
        format!("{id}countryCode={COUNTRY}&mobileNumber={number}&flowType=SMS")
    }

    fn send_to(&self, version: Version, number: &str, rest: &str) -> Reply {
        let query = self.send_query(version, number) + rest;
        self.call("POST", version.send_path(), &query)
    }

    fn send(&self, version: Version) -> Reply {
        self.send_to(version, NUMBER, "")
    }

    /// A successful send; returns its id and its code.
    fn sent(&self, version: Version) -> (String, String) {
        let reply = self.send(version);
        assert_eq!(reply.reason, Reason::Sent);
        (verification_id(&reply), self.world.last_code())
    }

    fn validate_query(&self, version: Version, id: &str, code: &str) -> String {
        match version {
            Two => format!(
                "customerId={}&verificationId={id}&code={code}",
                self.customer_id
            ),
            Three => format!("verificationId={id}&code={code}"),
        }
    }

    fn validate(&self, version: Version, id: &str, code: &str) -> Reply {
        let query = self.validate_query(version, id, code);
        self.call("GET", version.validate_path(), &query)
    }

    /// The customer as stored.
    fn customer(&self) -> (Customer, Vec<u8>) {
        let keyring = self.world.engine.keyring();
        let store_key = Customer::store_key(keyring, &self.customer_id);
        let value = self
            .world
            .load(Kind::Document, &store_key)
            .unwrap()
            .unwrap();
        (Customer::open(keyring, &store_key, &value).unwrap(), value)
    }

    fn balance(&self) -> u64 {
        let (customer, _) = self.customer();
        let credits = customer.credits(self.world.engine.keyring());
        let current = self.world.load(Kind::State, &credits.key()).unwrap();
        credits.balance(current.as_deref()).unwrap()
    }
}

fn json(reply: &Reply) -> serde_json::Value {
    serde_json::from_slice(&reply.body).unwrap()
}

fn verification_id(reply: &Reply) -> String {
    json(reply)["data"]["verificationId"]
        .as_str()
        .unwrap()
        .to_string()
}

#[track_caller]
fn expect(reply: &Reply, status: u16, body: &str, reason: Reason) {
    let seen = String::from_utf8(reply.body.clone()).unwrap();
    assert_eq!((seen.as_str(), reply.reason), (body, reason));
    assert_eq!(reply.status, status, "{seen}");
    let header = |name| {
        let held = reply.headers.iter().find(|(held, _)| *held == name);
        held.map(|(_, value)| value.as_str())
    };
    assert_eq!(header("Content-Type"), Some("application/json"));
    assert_eq!(header("Cache-Control"), Some("no-store"));
}

/// A failure with only a code and a name.
#[track_caller]
fn expect_code(version: Version, reply: &Reply, code: u16, name: &str, reason: Reason) {
    let body = format!(r#"{{"responseCode":{code},"message":"{name}"}}"#);
    expect(reply, version.failure_status(), &body, reason);
}

/// An invalid request, with the expected message.
#[track_caller]
fn expect_bad(version: Version, reply: &Reply, words: &str, reason: Reason) {
    let body = format!(
        r#"{{"responseCode":400,"message":"BAD_REQUEST","data":{{"responseCode":"400","errorMessage":"{words}"}}}}"#
    );
    expect(reply, version.failure_status(), &body, reason);
}

#[track_caller]
fn expect_unauthorized(reply: &Reply, reason: Reason) {
    let body = r#"{"responseCode":401,"message":"UNAUTHORIZED"}"#;
    expect(reply, 401, body, reason);
    let challenge = ("WWW-Authenticate", "authToken".to_string());
    assert!(reply.headers.contains(&challenge));
}
