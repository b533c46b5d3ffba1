//! `VerifyNow` on any host: the rows of the contract's tables with the exact
//! JSON, and concurrent calls.

// Unexpected results fail the test by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod list;
pub mod rows;

use std::sync::Arc;

use base64ct::{Base64, Encoding};
use mpass_core::challenge::{CallingCodes, Keyring, Limit, Policy, PolicySettings};
use mpass_core::service::settings::Settings;
use mpass_core::service::{Customer, CustomerSettings, TenantAdmin};
use mpass_core::store::Store;
use serde_json::Value;

use crate::sim::World;
use crate::tenants::administer;
use crate::wire::{Answer, Call, Wire};

/// A customer with default settings, except for many sends to a number.
pub const USUAL: &str = "C-0000000000000A1";
/// A customer whose codes expire after 20 s, the shortest timeout.
pub const BRIEF: &str = "C-0000000000000B2";
/// A customer that may send to a number once per hour, and only to India.
pub const STRICT: &str = "C-0000000000000C3";
/// A customer with ten credits.
pub const POOR: &str = "C-0000000000000D4";
/// A customer that may only call from another address.
pub const ELSEWHERE: &str = "C-0000000000000E5";
/// A customer that does not exist.
pub const NOBODY: &str = "C-0000000000000F6";

/// The path of the token.
pub const TOKEN: &str = "/auth/v1/authentication/token";
/// The shortest timeout, in milliseconds.
pub const BRIEF_MS: u64 = 20_000;

/// A version of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// Version 2.
    Two,
    /// Version 3.
    Three,
}

impl Version {
    /// Both.
    pub const BOTH: [Self; 2] = [Self::Two, Self::Three];

    /// The path of a send.
    #[must_use]
    pub const fn send_path(self) -> &'static str {
        match self {
            Self::Two => "/verification/v2/verification/send",
            Self::Three => "/verification/v3/send",
        }
    }

    /// The path of a validation.
    #[must_use]
    pub const fn validate_path(self) -> &'static str {
        match self {
            Self::Two => "/verification/v2/verification/validateOtp",
            Self::Three => "/verification/v3/validateOtp",
        }
    }

    /// The HTTP status of all codes except success.
    #[must_use]
    pub const fn failure_status(self) -> u16 {
        match self {
            Self::Two => 200,
            Self::Three => 400,
        }
    }
}

/// A host of the contract with the [`customers`] and their credentials from
/// [`provision`].
pub trait Desk: Wire {
    /// The host's keys.
    fn keyring(&self) -> &Keyring;

    /// The code in the newest message to a number, as E.164.
    fn code(&self, number: &str) -> String;

    /// Advances the clock by milliseconds.
    fn pass(&self, ms: u64);
}

impl Desk for World {
    fn keyring(&self) -> &Keyring {
        self.engine.keyring()
    }

    fn code(&self, number: &str) -> String {
        let outbox = self.outbox();
        let mut newest = outbox.iter().rev().filter(|sms| sms.to.as_str() == number);
        let text = &newest.next().expect("a message to the number").text;
        text.split(|letter: char| !letter.is_ascii_digit())
            .max_by_key(|run| run.len())
            .unwrap_or_default()
            .to_string()
    }

    fn pass(&self, ms: u64) {
        Self::pass(self, ms);
    }
}

/// A simulated host with the [`customers`].
#[must_use]
pub fn world() -> World {
    let world = World::default();
    provision(
        &world,
        world.engine.keyring(),
        world.now(),
        &world.entropy(),
    );
    world
}

/// The customers of the rows.
#[must_use]
pub fn customers() -> Vec<CustomerSettings> {
    let with = |id, change: fn(&mut PolicySettings)| {
        let mut policy = CustomerSettings::default_policy().settings().clone();
        policy.sends = Limit::new(10_000, 3_600_000, 10_000).unwrap();
        change(&mut policy);
        CustomerSettings {
            policy: Policy::new(policy).unwrap(),
            ..CustomerSettings::new(id)
        }
    };
    vec![
        with(USUAL, |_| ()),
        with(BRIEF, |policy| policy.lifetime_ms = BRIEF_MS),
        with(STRICT, |policy| {
            policy.lifetime_ms = BRIEF_MS;
            policy.sends = Limit::new(1, 3_600_000, 1).unwrap();
            policy.calling_codes = CallingCodes::all();
            policy.calling_codes.insert("91".parse().unwrap());
        }),
        CustomerSettings {
            test_credits: 10,
            ..with(POOR, |_| ())
        },
        CustomerSettings {
            addresses: vec!["192.0.2.0/24".parse().unwrap()],
            ..with(ELSEWHERE, |_| ())
        },
    ]
}

/// Writes the [`customers`] into a host's store.
pub fn provision(store: &dyn Store, keyring: &Keyring, now_ms: u64, entropy: &[u8; 32]) {
    let admin = TenantAdmin::new(Arc::new(keyring.clone()));
    for settings in customers() {
        let key = Customer::derive_key(keyring, &settings.name, "tests");
        let provision = admin.provision(&settings.to_values(), key, entropy);
        administer(store, now_ms, provision).unwrap();
    }
}

/// The parameter `key` of one of the [`customers`].
#[must_use]
pub fn key(keyring: &Keyring, id: &str) -> String {
    let secret = Customer::derive_key(keyring, id, "tests").expose_secret();
    Base64::encode_string(secret.as_bytes())
}

/// One of the [`customers`], with its token.
pub struct Caller<'a> {
    /// The host under test.
    pub desk: &'a dyn Desk,
    id: &'static str,
    token: String,
}

impl<'a> Caller<'a> {
    /// A caller that has obtained its token.
    #[must_use]
    pub fn new(desk: &'a dyn Desk, id: &'static str) -> Self {
        let answer = ask_token(desk, id, &key(desk.keyring(), id), "&scope=NEW&country=IN");
        let token = answer.json()["token"].as_str().expect("a token").into();
        Self { desk, id, token }
    }

    /// The same caller with another header `authToken`.
    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        Self {
            token: token.into(),
            ..*self
        }
    }

    /// The header `authToken`.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Any call with the token.
    #[must_use]
    pub fn call(&self, method: &'static str, path: &str, query: &str) -> Answer {
        self.desk.send(&Call {
            method,
            path: format!("{path}?{query}"),
            headers: vec![("authToken", self.token.clone())],
            body: Vec::new(),
        })
    }

    /// A send to a number of India; `rest` is appended to the query.
    #[must_use]
    pub fn send(&self, version: Version, number: &str, rest: &str) -> Answer {
        let query = format!(
            "{}countryCode=91&mobileNumber={number}&flowType=SMS{rest}",
            self.named(version)
        );
        self.call("POST", version.send_path(), &query)
    }

    /// A successful send; returns its id and its code.
    #[must_use]
    pub fn sent(&self, version: Version, number: &str) -> (String, String) {
        let answer = self.send(version, number, "");
        assert_eq!(answer.json()["responseCode"], 200, "{answer:?}");
        let code = self.desk.code(&format!("+91{number}"));
        (verification_id(&answer), code)
    }

    /// A validation.
    #[must_use]
    pub fn validate(&self, version: Version, id: &str, code: &str) -> Answer {
        let query = format!("{}verificationId={id}&code={code}", self.named(version));
        self.call("GET", version.validate_path(), &query)
    }

    /// Version 2 has the `customerId` in every query.
    fn named(&self, version: Version) -> String {
        match version {
            Version::Two => format!("customerId={}&", self.id),
            Version::Three => String::new(),
        }
    }
}

/// Asks for a token; `rest` is appended to the query.
pub fn ask_token(desk: &dyn Desk, id: &str, key: &str, rest: &str) -> Answer {
    desk.send(&Call {
        method: "GET",
        path: format!("{TOKEN}?customerId={id}&key={key}{rest}"),
        headers: vec![("accept", "*/*".into())],
        body: Vec::new(),
    })
}

/// The id in the response to a send, which is a string there.
#[must_use]
pub fn verification_id(answer: &Answer) -> String {
    let body = answer.json();
    let id = body["data"]["verificationId"].as_str();
    id.unwrap_or_else(|| panic!("no id in {body}")).to_string()
}

/// A different code of the same length.
#[must_use]
pub fn wrong(code: &str) -> String {
    let last = if code.ends_with('0') { '1' } else { '0' };
    format!("{}{last}", &code[..code.len() - 1])
}

/// Checks a response byte by byte.
#[track_caller]
pub fn expect(answer: &Answer, status: u16, body: &str) {
    let seen = String::from_utf8_lossy(&answer.body);
    assert_eq!((answer.status, &*seen), (status, body));
    assert_eq!(answer.header("Content-Type"), Some("application/json"));
    assert_eq!(answer.header("Cache-Control"), Some("no-store"));
}

/// A failure with only a code and a name.
#[track_caller]
pub fn expect_code(version: Version, answer: &Answer, code: u16, name: &str) {
    let body = format!(r#"{{"responseCode":{code},"message":"{name}"}}"#);
    expect(answer, version.failure_status(), &body);
}

/// An invalid request, with the expected message.
#[track_caller]
pub fn expect_bad(version: Version, answer: &Answer, words: &str) {
    let body = format!(
        r#"{{"responseCode":400,"message":"BAD_REQUEST","data":{{"responseCode":"400","errorMessage":"{words}"}}}}"#
    );
    expect(answer, version.failure_status(), &body);
}

/// An invalid token.
#[track_caller]
pub fn expect_unauthorized(answer: &Answer) {
    expect(
        answer,
        401,
        r#"{"responseCode":401,"message":"UNAUTHORIZED"}"#,
    );
    assert_eq!(answer.header("WWW-Authenticate"), Some("authToken"));
}

/// The `transactionId` of a response, as JSON.
fn transaction(answer: &Answer) -> Value {
    answer.json()["data"]["transactionId"].clone()
}
