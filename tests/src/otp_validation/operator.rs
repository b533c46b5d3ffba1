//! Hosts of CAMARA OTP Validation, calls and the checks of their answers.

use core::sync::atomic::{AtomicU64, Ordering};

use mpass_core::challenge::{CallingCodes, Keyring, Limit, Policy, PolicySettings};
use mpass_core::number::CallingCode;
use mpass_core::service::{Assessment, Client, ClientSettings, Grant, Scope};
use serde_json::{Value, json};

use crate::served::Inbox;
use crate::sim::World;
use crate::wire::{Answer, Call, Wire};

/// A landline number.
pub const LAND_LINE: &str = "+966112345678";
/// A number that the client's policy does not allow.
pub const NOT_ALLOWED: &str = "+34600000000";
/// A number that the host reports as barred.
pub const BLOCKED: &str = "+966500009998";
/// A number that the host reports as another operator's.
pub const FOREIGN: &str = "+966550000000";

/// The first send that is refused: `max_send` in the tests of the
/// specification, where one less succeeds.
pub const MAX_SEND: u32 = 4;
/// The wrong code that ends a challenge: `max_try`.
pub const MAX_TRY: u8 = 3;
/// The lifetime of a code in milliseconds: the shortest that a policy allows.
pub const LIFE_MS: u64 = 20_000;

/// A valid correlator.
pub const CORRELATOR: &str = "b4333c46-49c0-4f62-80d7-f0ef930f1c46";
/// A valid template.
pub const MESSAGE: &str = "{{code}} is your short code to authenticate with Cool App via SMS";

/// Makes tokens distinct.
static DRAWS: AtomicU64 = AtomicU64::new(0);

pub(super) const HOUR_MS: u64 = 3_600_000;
/// The longest lifetime of tokens in these tests, in seconds.
const TOKEN_LIFE_S: u64 = 3600;

/// A host of the contract that knows [`BLOCKED`] and [`FOREIGN`].
pub trait Operator: Wire + Inbox {
    /// The client with these settings, created if it does not exist.
    fn client(&self, settings: ClientSettings) -> Client;

    /// The keyring that seals the host's tokens.
    fn keyring(&self) -> &Keyring;

    /// Advances the clock by milliseconds.
    fn pass(&self, ms: u64);
}

/// A simulated operator.
#[must_use]
pub fn world() -> World {
    let world = World::default();
    let mobile = Some(false);
    world.set_assessment(LAND_LINE, Assessment::Valid { mobile });
    world.set_assessment(BLOCKED, Assessment::Blocked);
    world.set_assessment(FOREIGN, Assessment::Foreign);
    world
}

impl Inbox for World {
    fn newest(&self, dest: &str) -> Option<String> {
        let mut messages = self.outbox().into_iter().rev();
        let newest = messages.find(|sms| sms.to.as_str() == dest);
        newest.map(|sms| sms.text.to_string())
    }
}

impl Operator for World {
    fn client(&self, settings: ClientSettings) -> Client {
        Self::client(self, settings).0
    }

    fn keyring(&self) -> &Keyring {
        self.engine.keyring()
    }

    fn pass(&self, ms: u64) {
        Self::pass(self, ms);
    }
}

/// The client of the scenarios.
#[must_use]
pub fn settings() -> ClientSettings {
    named("otp-scenarios", |_| {})
}

/// A client that differs from [`settings`] in its policy.
pub(super) fn named(name: &str, change: impl FnOnce(&mut PolicySettings)) -> ClientSettings {
    let mut calling_codes = CallingCodes::all();
    calling_codes.insert(CallingCode::new(966).unwrap());
    let most = MAX_SEND - 1;
    let mut policy = PolicySettings {
        lifetime_ms: LIFE_MS,
        tries: MAX_TRY,
        resend_interval_ms: 0,
        sends: Limit::new(most, HOUR_MS, most).unwrap(),
        calling_codes,
        ..PolicySettings::default()
    };
    change(&mut policy);
    ClientSettings {
        policy: Policy::new(policy).unwrap(),
        ..ClientSettings::new(name)
    }
}

/// An operation of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// `POST /send-code`.
    SendCode,
    /// `POST /validate-code`.
    ValidateCode,
}

impl Operation {
    /// The path of the operation.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::SendCode => "/one-time-password-sms/v1/send-code",
            Self::ValidateCode => "/one-time-password-sms/v1/validate-code",
        }
    }
}

/// A caller: a client with its tokens.
pub struct Caller<'a> {
    operator: &'a dyn Operator,
    client: Client,
    token: String,
}

impl<'a> Caller<'a> {
    /// A caller with a token for all operations.
    #[must_use]
    pub fn new(operator: &'a dyn Operator, settings: ClientSettings) -> Self {
        let client = operator.client(settings);
        let mut caller = Self {
            operator,
            client,
            token: String::new(),
        };
        caller.token = caller.token(Scope::SendValidate, 0);
        caller
    }

    /// A token of the client's, issued this many milliseconds ago.
    #[must_use]
    pub fn token(&self, scope: Scope, age_ms: u64) -> String {
        let grant = Grant {
            scopes: vec![scope],
            number: None,
            is_by_network: false,
            life_s: TOKEN_LIFE_S,
        };
        let issued_at_ms = self.operator.now_ms() - age_ms;
        let mut entropy = [0x5c; 32];
        let draw = DRAWS.fetch_add(1, Ordering::Relaxed);
        entropy[..8].copy_from_slice(&draw.to_be_bytes());
        let token = grant.token(
            self.operator.keyring(),
            &self.client,
            issued_at_ms,
            &entropy,
        );
        token.unwrap().to_string()
    }

    /// An expired token.
    #[must_use]
    pub fn expired_token(&self) -> String {
        self.token(Scope::SendValidate, TOKEN_LIFE_S * 1000 + 1000)
    }

    /// A token with one letter changed.
    #[must_use]
    pub fn changed_token(&self) -> String {
        let (front, last) = self.token.split_at(self.token.len() - 6);
        let changed = if last.starts_with('A') { 'B' } else { 'A' };
        format!("{front}{changed}{}", &last[1..])
    }

    /// A call with this token and [`CORRELATOR`].
    #[must_use]
    pub fn call_with(&self, token: Option<&str>, operation: Operation, body: &str) -> Answer {
        self.send(token, Some(CORRELATOR), operation, body)
    }

    /// A call with a valid token and [`CORRELATOR`].
    #[must_use]
    pub fn call(&self, operation: Operation, body: &str) -> Answer {
        self.call_with(Some(&self.token), operation, body)
    }

    /// A call with a valid token and no correlator.
    #[must_use]
    pub fn call_without_correlator(&self, operation: Operation, body: &str) -> Answer {
        self.send(Some(&self.token), None, operation, body)
    }

    fn send(
        &self,
        token: Option<&str>,
        correlator: Option<&str>,
        operation: Operation,
        body: &str,
    ) -> Answer {
        let mut headers = vec![("Content-Type", "application/json".to_string())];
        headers.extend(token.map(|token| ("Authorization", format!("Bearer {token}"))));
        headers.extend(correlator.map(|text| ("x-correlator", text.to_string())));
        self.operator.send(&Call {
            method: "POST",
            path: operation.path().to_string(),
            headers,
            body: body.as_bytes().to_vec(),
        })
    }

    /// Sends a code and returns the id and the code.
    #[must_use]
    pub fn sent(&self, number: &str) -> (String, String) {
        let answer = self.call(Operation::SendCode, &send_body(number, MESSAGE));
        let id = expect_sent(&answer, Some(CORRELATOR));
        (id, self.operator.code(number))
    }

    /// Validates a code.
    #[must_use]
    pub fn validate(&self, id: &str, code: &str) -> Answer {
        self.call(Operation::ValidateCode, &validate_body(id, code))
    }
}

/// A number used by only one test.
#[must_use]
pub fn number(test: u32) -> String {
    format!("+96650000{test:04}")
}

/// The body of `/send-code`.
#[must_use]
pub fn send_body(number: &str, message: &str) -> String {
    json!({"phoneNumber": number, "message": message}).to_string()
}

/// The body of `/validate-code`.
#[must_use]
pub fn validate_body(id: &str, code: &str) -> String {
    json!({"authenticationId": id, "code": code}).to_string()
}

/// Checks a successful response of `/send-code` and returns the id in it.
#[track_caller]
pub fn expect_sent(answer: &Answer, correlator: Option<&str>) -> String {
    assert_eq!(answer.status, 200, "{}", text(answer));
    assert_eq!(answer.header("Content-Type"), Some("application/json"));
    assert_eq!(answer.header("x-correlator"), correlator);
    let body = answer.json();
    let fields: Vec<_> = body.as_object().unwrap().keys().collect();
    assert_eq!(fields, ["authenticationId"]);
    let id = body["authenticationId"].as_str().unwrap();
    // A UUID of version 4 (RFC 9562 sections 4 and 5.4).
    let parts: Vec<_> = id.split('-').collect();
    let lengths: Vec<_> = parts.iter().map(|part| part.len()).collect();
    assert_eq!(lengths, [8, 4, 4, 4, 12], "{id}");
    assert!(id.bytes().all(|byte| b"0123456789abcdef-".contains(&byte)));
    assert!(parts[2].starts_with('4') && parts[3].starts_with(['8', '9', 'a', 'b']));
    id.to_string()
}

/// Checks a successful response of `/validate-code`.
#[track_caller]
pub fn expect_validated(answer: &Answer, correlator: Option<&str>) {
    assert_eq!(answer.status, 204, "{}", text(answer));
    assert_eq!(answer.header("x-correlator"), correlator);
    assert_eq!(answer.header("Content-Type"), None);
    assert!(answer.body.is_empty());
}

/// A row: the exact contents of an error.
#[derive(Debug)]
pub struct Row {
    /// The HTTP status.
    pub status: u16,
    /// The error code.
    pub code: &'static str,
    /// The message.
    pub message: &'static str,
}

const INVALID_TOKEN: &str = r#"Bearer error="invalid_token""#;
const MISSING_SCOPE: &str =
    r#"Bearer error="insufficient_scope", scope="one-time-password-sms:send-validate""#;

/// Checks an error response with [`CORRELATOR`] literally against its row.
#[track_caller]
pub fn expect_error(answer: &Answer, row: &Row) {
    let expected = json!({
        "status": row.status,
        "code": row.code,
        "message": row.message,
    });
    let body = answer.json();
    assert_eq!((answer.status, &body), (row.status, &expected));
    assert!(matches!(&body["message"], Value::String(text) if text.contains(' ')));
    assert_eq!(answer.header("Content-Type"), Some("application/json"));
    assert_eq!(answer.header("Cache-Control"), Some("no-store"));
    assert_eq!(answer.header("x-correlator"), Some(CORRELATOR));
    let challenge = answer.header("WWW-Authenticate");
    match row.status {
        // RFC 6750 section 3.1; `Bearer` alone to a request without a token.
        401 => assert!(["Bearer", INVALID_TOKEN].map(Some).contains(&challenge)),
        403 => assert!(challenge.is_none_or(|challenge| challenge == MISSING_SCOPE)),
        _ => assert_eq!(challenge, None),
    }
}

fn text(answer: &Answer) -> String {
    String::from_utf8_lossy(&answer.body).into_owned()
}
