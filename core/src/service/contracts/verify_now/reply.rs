//! The replies of the contract: response codes, JSON bodies and HTTP statuses.

use alloc::string::{String, ToString};

use serde::Serialize;

use super::route::{Route, Version};
use crate::number::PhoneNumber;
use crate::service::host::{Reason, Reply};

/// The response codes of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Code {
    Success = 200,
    BadRequest = 400,
    /// Not in the vendor's table, which has no code for an invalid token. The
    /// vendor answers it with the HTTP status alone.
    Unauthorized = 401,
    DuplicateResource = 409,
    ServerError = 500,
    InvalidCustomerId = 501,
    InvalidVerificationId = 505,
    RequestAlreadyExists = 506,
    InvalidCountry = 511,
    VerificationFailed = 700,
    WrongOtpProvided = 702,
    AlreadyVerified = 703,
    VerificationExpired = 705,
    MaximumLimitReached = 800,
    InsufficientCredits = 805,
}

impl Code {
    const fn number(self) -> u16 {
        self as u16
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Success => "SUCCESS",
            Self::BadRequest => "BAD_REQUEST",
            Self::Unauthorized => "UNAUTHORIZED",
            Self::DuplicateResource => "DUPLICATE_RESOURCE",
            Self::ServerError => "SERVER_ERROR",
            Self::InvalidCustomerId => "INVALID_CUSTOMER_ID",
            Self::InvalidVerificationId => "INVALID_VERIFICATION_ID",
            Self::RequestAlreadyExists => "REQUEST_ALREADY_EXISTS",
            Self::InvalidCountry => "INVALID_COUNTRY_CODE",
            Self::VerificationFailed => "VERIFICATION_FAILED",
            Self::WrongOtpProvided => "WRONG_OTP_PROVIDED",
            Self::AlreadyVerified => "ALREADY_VERIFIED",
            Self::VerificationExpired => "VERIFICATION_EXPIRED",
            Self::MaximumLimitReached => "MAXIMUM_LIMIT_REACHED",
            Self::InsufficientCredits => "INSUFFICIENT_CREDITS",
        }
    }

    /// The response code for a reason.
    const fn of(reason: Reason) -> Self {
        match reason {
            Reason::Sent | Reason::Accepted | Reason::TokenIssued => Self::Success,
            Reason::WrongCode => Self::WrongOtpProvided,
            Reason::Exhausted => Self::VerificationFailed,
            Reason::Expired => Self::VerificationExpired,
            Reason::Used => Self::AlreadyVerified,
            Reason::NoChallenge | Reason::UnknownId => Self::InvalidVerificationId,
            Reason::StillLive => Self::RequestAlreadyExists,
            Reason::Locked
            | Reason::Limited
            | Reason::ResendInterval
            | Reason::SendLimit
            | Reason::GuessLimit
            | Reason::SpendLimit
            | Reason::NumberLocked => Self::MaximumLimitReached,
            Reason::NoCredits => Self::InsufficientCredits,
            Reason::InvalidToken | Reason::Revoked | Reason::AddressNotAllowed => {
                Self::Unauthorized
            }
            Reason::UnknownCredential => Self::InvalidCustomerId,
            Reason::UnknownCountry | Reason::NumberNotAllowed => Self::InvalidCountry,
            Reason::MissingParameter
            | Reason::RepeatedParameter
            | Reason::InvalidParameter
            | Reason::MalformedCode
            | Reason::InvalidNumber
            | Reason::NotMobile
            | Reason::NumberBlocked
            | Reason::ForeignNumber
            | Reason::NotFound
            | Reason::MethodNotAllowed
            | Reason::Prefetch
            | Reason::TooLarge => Self::BadRequest,
            Reason::TooManyConflicts => Self::DuplicateResource,
            _ => Self::ServerError,
        }
    }
}

/// The error message for a reason with the code `BAD_REQUEST`.
const fn error_message(reason: Reason) -> &'static str {
    match reason {
        Reason::InvalidNumber => "mobileNumber is not a number of the country",
        Reason::NotMobile => "mobileNumber cannot receive messages",
        Reason::NumberBlocked => "mobileNumber is barred from receiving messages",
        Reason::ForeignNumber => "mobileNumber is not of this network",
        Reason::MethodNotAllowed => "the method is not allowed",
        Reason::Prefetch => "a prefetch is not answered",
        Reason::TooLarge => "the request is too large",
        _ => "the request is not valid",
    }
}

/// The outer object. `data` is present only if there is something to report.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<D> {
    response_code: u16,
    message: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<D>,
}

/// The `data` of a send. A field of type `()` is always `null`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SentData<'a> {
    verification_id: Option<&'a str>,
    mobile_number: &'a str,
    response_code: String,
    error_message: Option<&'a str>,
    timeout: String,
    #[serde(rename = "smsCLI")]
    sms_cli: (),
    transaction_id: Option<String>,
}

/// The `data` of a successful validation.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct VerifiedData<'a> {
    verification_id: u64,
    mobile_number: &'a str,
    verification_status: &'static str,
    response_code: String,
    error_message: (),
    transaction_id: Option<String>,
    auth_token: (),
}

/// The `data` of a bad request.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ErrorData<'a> {
    response_code: String,
    error_message: &'a str,
}

/// The body of a reply to a token request.
#[derive(Serialize)]
struct TokenBody<'a> {
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
}

/// The live challenge that the reply to a send describes.
pub(super) struct Live<'a> {
    pub(super) verification_id: Option<&'a str>,
    pub(super) number: PhoneNumber,
    pub(super) lifetime_ms: u64,
    pub(super) transaction_id: Option<String>,
}

/// The reply for a reason, with its default error message.
pub(super) fn plain(route: Route, reason: Reason) -> Reply {
    error_reply(route, reason, error_message(reason))
}

/// The reply for a reason, with an error message for a bad request.
pub(super) fn error_reply(route: Route, reason: Reason, message: &str) -> Reply {
    let code = Code::of(reason);
    if route == Route::Token {
        return token_failure(code, reason, message);
    }
    let data = (code == Code::BadRequest).then(|| ErrorData {
        response_code: code.number().to_string(),
        error_message: message,
    });
    reply(route, reason, data)
}

/// The reply to a send: the code was sent, or an earlier one is still live.
pub(super) fn sent(route: Route, reason: Reason, live: &Live<'_>) -> Reply {
    let code = Code::of(reason);
    let data = SentData {
        verification_id: live.verification_id,
        mobile_number: live.number.national(),
        response_code: code.number().to_string(),
        error_message: (code != Code::Success).then_some(code.name()),
        timeout: live.lifetime_ms.div_ceil(1000).to_string(),
        sms_cli: (),
        transaction_id: live.transaction_id.clone(),
    };
    reply(route, reason, Some(data))
}

/// The reply to a correct code.
pub(super) fn verified(
    route: Route,
    verification_id: u64,
    number: PhoneNumber,
    transaction_id: Option<String>,
) -> Reply {
    let data = VerifiedData {
        verification_id,
        mobile_number: number.national(),
        verification_status: "VERIFICATION_COMPLETED",
        response_code: Code::Success.number().to_string(),
        error_message: (),
        transaction_id,
        auth_token: (),
    };
    reply(route, Reason::Accepted, Some(data))
}

/// The reply to a valid credential.
pub(super) fn token(text: &str) -> Reply {
    let body = TokenBody {
        status: Code::Success.number(),
        token: Some(text),
        error: None,
    };
    json(200, Reason::TokenIssued, &body)
}

/// The reply to a failed token request. Every invalid credential has the same
/// reply, so that it does not reveal which customers exist.
fn token_failure(code: Code, reason: Reason, message: &str) -> Reply {
    let (number, error) = match code {
        Code::InvalidCustomerId | Code::Unauthorized => (400, "customerId is invalid"),
        Code::BadRequest => (400, message),
        _ => (500, "the server failed"),
    };
    let body = TokenBody {
        status: number,
        token: None,
        error: Some(error),
    };
    json(transport_status(reason).unwrap_or(200), reason, &body)
}

fn reply<D: Serialize>(route: Route, reason: Reason, data: Option<D>) -> Reply {
    let code = Code::of(reason);
    let status = transport_status(reason).unwrap_or(match (code, route.version()) {
        (Code::Unauthorized, _) => 401,
        (Code::Success, _) | (_, Version::Two) => 200,
        (_, Version::Three) => 400,
    });
    let body = Body {
        response_code: code.number(),
        message: code.name(),
        data,
    };
    json(status, reason, &body)
}

/// The HTTP status of errors at the HTTP level, the same in both versions.
const fn transport_status(reason: Reason) -> Option<u16> {
    match reason {
        Reason::MethodNotAllowed | Reason::Prefetch => Some(405),
        Reason::TooLarge => Some(413),
        _ => None,
    }
}

fn json(status: u16, reason: Reason, body: &impl Serialize) -> Reply {
    let mut reply = Reply::json(status, body, reason);
    if status == 401 {
        // Required by RFC 9110 section 11.6.1.
        let challenge = ("WWW-Authenticate", "authToken".to_string());
        reply.headers.push(challenge);
    }
    reply
}
