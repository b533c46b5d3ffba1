//! Calls of CAMARA Number Verification and the checks of their answers.

use core::sync::atomic::{AtomicU64, Ordering};

use mpass_core::challenge::Keyring;
use mpass_core::number::PhoneNumber;
use mpass_core::service::{Client, ClientSettings, Grant, Scope};
use serde_json::{Value, json};

use crate::served::{PARALLEL, race};
use crate::vectors;
use crate::wire::{Answer, Call, Wire};

/// The number of the tokens.
pub const NUMBER: &str = "+966500000000";
/// A different number.
pub const OTHER: &str = "+44123456789";
/// A correlator that is valid in every version.
const CORRELATOR: &str = "b4333c46-49c0-4f62-80d7-f0ef930f1c46";
/// The longest lifetime of a token with a number, in seconds.
const LIFE_S: u64 = 300;

/// The operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// `POST /verify`.
    Verify,
    /// `GET /device-phone-number`.
    Share,
}

/// The authorization of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token {
    /// No `Authorization` header.
    Absent,
    /// A token for both operations and [`NUMBER`].
    Valid,
    /// An expired token.
    Expired,
    /// Text that is not a token.
    Garbage,
    /// A token without the scope of the operation.
    WithoutScope,
    /// A token whose device was not authenticated by its network.
    WithoutNetwork,
    /// A token whose network authentication yielded no number.
    WithoutNumber,
}

/// The header `x-correlator`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Correlator {
    /// A valid one, which must be returned.
    Good,
    /// None.
    Absent,
    /// This one.
    Text(&'static str),
    /// One of 257 characters.
    TooLong,
}

/// The body for `/verify`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    /// Nothing.
    Absent,
    /// This text.
    Text(&'static str),
    /// A number in the clear.
    Number(&'static str),
    /// The hash of a number from the vectors.
    HashOf(&'static str),
}

/// The expected result of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// 200, and whether the number matches.
    Verified(bool),
    /// 200, and [`NUMBER`].
    Shared,
    /// An error with this status and code, and any message.
    Error(u16, &'static str),
    /// An error with this status, code and literal message.
    Row(u16, &'static str, &'static str),
}

/// A call and its expected result.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// `v0` or `v2`.
    pub version: &'static str,
    /// The operation.
    pub operation: Operation,
    /// The authorization.
    pub token: Token,
    /// The correlator.
    pub correlator: Correlator,
    /// The body.
    pub body: Body,
    /// The expected result.
    pub outcome: Outcome,
}

/// A host of the contract with a client.
pub struct Subject<'a> {
    wire: &'a dyn Wire,
    keyring: &'a Keyring,
    client: &'a Client,
}

/// The required settings of the client.
#[must_use]
pub fn client_settings(name: &str) -> ClientSettings {
    ClientSettings {
        scopes: Scope::ALL.to_vec(),
        ..ClientSettings::new(name)
    }
}

/// A grant for [`NUMBER`].
#[must_use]
pub fn grant() -> Grant {
    Grant {
        scopes: vec![Scope::Verify, Scope::ReadNumber],
        number: Some(PhoneNumber::parse(NUMBER, None).unwrap()),
        is_by_network: true,
        life_s: LIFE_S,
    }
}

/// Different bytes at every call.
fn entropy() -> [u8; 32] {
    static DRAWS: AtomicU64 = AtomicU64::new(0);
    let mut entropy = [0xa7; 32];
    let draw = DRAWS.fetch_add(1, Ordering::SeqCst);
    entropy[..8].copy_from_slice(&draw.to_be_bytes());
    entropy
}

impl<'a> Subject<'a> {
    /// A host with this keyring, whose store contains this client.
    #[must_use]
    pub fn new(wire: &'a dyn Wire, keyring: &'a Keyring, client: &'a Client) -> Self {
        Self {
            wire,
            keyring,
            client,
        }
    }

    /// A new token.
    #[must_use]
    pub fn token(&self, grant: &Grant) -> String {
        self.token_at(grant, self.wire.now_ms())
    }

    fn token_at(&self, grant: &Grant, now_ms: u64) -> String {
        grant
            .token(self.keyring, self.client, now_ms, &entropy())
            .unwrap()
            .to_string()
    }

    fn token_of(&self, token: Token, operation: Operation) -> Option<String> {
        let valid = grant();
        Some(match token {
            Token::Absent => return None,
            Token::Garbage => "not.a.token".into(),
            Token::Valid => self.token(&valid),
            Token::Expired => self.token_at(&valid, self.wire.now_ms() - LIFE_S * 1000),
            Token::WithoutScope => self.token(&Grant {
                scopes: vec![match operation {
                    Operation::Verify => Scope::ReadNumber,
                    Operation::Share => Scope::Verify,
                }],
                ..valid
            }),
            Token::WithoutNetwork => self.token(&Grant {
                is_by_network: false,
                ..valid
            }),
            Token::WithoutNumber => self.token(&Grant {
                number: None,
                ..valid
            }),
        })
    }

    /// Makes a call with a token as text and a valid correlator.
    pub fn call(
        &self,
        version: &str,
        operation: Operation,
        token: Option<&str>,
        body: Body,
    ) -> Answer {
        self.wire
            .send(&request(version, operation, token, Some(CORRELATOR), body))
    }

    /// Makes the call of a case and checks the complete response.
    #[track_caller]
    pub fn check(&self, case: &Case) {
        let token = self.token_of(case.token, case.operation);
        self.check_with(case, token.as_deref());
    }

    /// As [`Self::check`], with a given token.
    #[track_caller]
    pub fn check_with(&self, case: &Case, token: Option<&str>) {
        let long = "x".repeat(257);
        let correlator = match case.correlator {
            Correlator::Good => Some(CORRELATOR),
            Correlator::Absent => None,
            Correlator::Text(text) => Some(text),
            Correlator::TooLong => Some(long.as_str()),
        };
        let answer = self.wire.send(&request(
            case.version,
            case.operation,
            token,
            correlator,
            case.body,
        ));
        case.outcome.check(&answer);
        let echoed = match case.correlator {
            Correlator::Good => Some(CORRELATOR),
            // A malformed correlator is not returned.
            Correlator::Text(text) if answer.status == 200 => Some(text),
            _ => None,
        };
        assert_eq!(answer.header("x-correlator"), echoed, "{case:?}");
    }
}

/// The request of a call. A `GET` also has the content type JSON, as in every
/// scenario of the specification.
#[must_use]
pub fn request(
    version: &str,
    operation: Operation,
    token: Option<&str>,
    correlator: Option<&str>,
    body: Body,
) -> Call {
    let (method, path) = match operation {
        Operation::Verify => ("POST", "verify"),
        Operation::Share => ("GET", "device-phone-number"),
    };
    let mut headers = vec![("Content-Type", "application/json".to_string())];
    if let Some(token) = token {
        headers.push(("Authorization", format!("Bearer {token}")));
    }
    if let Some(correlator) = correlator {
        headers.push(("x-correlator", correlator.to_string()));
    }
    Call {
        method,
        path: format!("/number-verification/{version}/{path}"),
        headers,
        body: body.text().into_bytes(),
    }
}

impl Body {
    fn text(self) -> String {
        match self {
            Self::Absent => String::new(),
            Self::Text(text) => text.into(),
            Self::Number(number) => json!({ "phoneNumber": number }).to_string(),
            Self::HashOf(number) => {
                let hash = vectors::number_hash()
                    .vectors
                    .into_iter()
                    .find(|vector| vector.number == number)
                    .expect("a vector of the number")
                    .sha256_hex;
                json!({ "hashedPhoneNumber": hash }).to_string()
            }
        }
    }
}

impl Outcome {
    /// Checks status, headers and the whole body.
    #[track_caller]
    pub fn check(self, answer: &Answer) {
        let shown = String::from_utf8_lossy(&answer.body);
        let type_ = answer.header("content-type");
        assert_eq!(type_, Some("application/json"), "{shown}");
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        let json = answer.json();
        match self {
            Self::Verified(is_verified) => {
                assert_eq!(json, json!({ "devicePhoneNumberVerified": is_verified }));
                assert_eq!(answer.status, 200);
            }
            Self::Shared => {
                assert_eq!(json, json!({ "devicePhoneNumber": NUMBER }));
                assert_eq!(answer.status, 200);
            }
            Self::Error(status, code) => check_error(answer, &json, status, code),
            Self::Row(status, code, message) => {
                check_error(answer, &json, status, code);
                assert_eq!(json["message"], message);
            }
        }
    }
}

const INVALID_TOKEN: &str = r#"Bearer error="invalid_token""#;
const MISSING_SCOPE: &str = r#"Bearer error="insufficient_scope", scope="number-verification:"#;

#[track_caller]
fn check_error(answer: &Answer, json: &Value, status: u16, code: &str) {
    assert_eq!(
        (answer.status, &json["code"]),
        (status, &code.into()),
        "{json}"
    );
    assert_eq!(json["status"], status);
    // A sentence, not a name.
    let message = json["message"].as_str().expect("a message");
    assert!(message.contains(' '), "{message}");
    assert_eq!(
        json.as_object().map(serde_json::Map::len),
        Some(3),
        "{json}"
    );
    let challenge = answer.header("www-authenticate");
    match status {
        // RFC 6750 section 3.1; `Bearer` alone to a request without a token.
        401 => assert!(["Bearer", INVALID_TOKEN].map(Some).contains(&challenge)),
        403 => assert!(challenge.is_none_or(|challenge| challenge.starts_with(MISSING_SCOPE))),
        _ => assert_eq!(challenge, None),
    }
}

/// Many concurrent callers of both operations and versions use one token: one
/// of them succeeds, all others are unauthenticated.
pub fn one_answer_for_a_token(subject: &Subject<'_>, rounds: u32) {
    for round in 0..rounds {
        let token = subject.token(&grant());
        let answers = race(|caller| {
            let version = if caller % 2 == 0 { "v0" } else { "v2" };
            let operation = if caller % 4 < 2 {
                Operation::Verify
            } else {
                Operation::Share
            };
            let body = match operation {
                Operation::Verify => Body::Number(if caller % 8 < 4 { NUMBER } else { OTHER }),
                Operation::Share => Body::Absent,
            };
            subject.call(version, operation, Some(&token), body)
        });
        let count = |status| answers.iter().filter(|one| one.status == status).count();
        assert_eq!((count(200), count(401)), (1, PARALLEL - 1), "round {round}");
    }
}
