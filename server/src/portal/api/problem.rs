//! Problem details (RFC 9457). They contain nothing of the request.

use axum::body::Body;
use http::{HeaderValue, Response, StatusCode, header};
use mpass_core::Error;
use serde::Serialize;

use crate::admin::{Cause, Failure};
use crate::administrators::LoginError;
use crate::clock;

/// In front of the names of problems, in `type`.
pub(super) const TYPES: &str = "urn:mpass:problem:";

/// Why a request was not performed.
#[derive(Clone, Debug)]
pub(super) struct Problem {
    status: StatusCode,
    /// The stable name.
    name: Name,
    title: String,
    detail: Option<String>,
    /// The number of the engine's error.
    number: Option<u16>,
    retry_after_s: Option<u64>,
}

#[derive(Clone, Debug)]
enum Name {
    Known(&'static str),
    Engine(Error),
}

/// The body.
#[derive(Serialize)]
struct Details<'a> {
    r#type: String,
    title: &'a str,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<u16>,
}

macro_rules! problems {
    ($($NAME:ident = $status:ident, $name:literal, $title:literal;)+) => {
        impl Problem {
            $(pub(super) const $NAME: Self = Self {
                status: StatusCode::$status,
                name: Name::Known($name),
                title: String::new(),
                detail: None,
                number: None,
                retry_after_s: None,
            };)+

            fn known_title(name: &str) -> &'static str {
                match name { $($name => $title,)+ _ => "" }
            }
        }
    };
}

problems! {
    BODY = BAD_REQUEST, "malformed-body", "The body is not a JSON object of the described form";
    VALUE = UNPROCESSABLE_ENTITY, "invalid-value", "A value of the body is not of its form, or a number is out of range";
    REPEATED = BAD_REQUEST, "repeated-member", "A JSON object of the body has a member twice";
    UNKNOWN_MEMBER = BAD_REQUEST, "unknown-member", "The body has a member that is not described";
    MISSING_MEMBER = BAD_REQUEST, "missing-member", "The body lacks a member that is required";
    QUERY = BAD_REQUEST, "malformed-query", "A parameter is unknown, repeated or not of the described form";
    IF_MATCH = BAD_REQUEST, "if-match-unsupported", "Nothing is compared here: leave If-Match out";
    UNAUTHORIZED = UNAUTHORIZED, "unauthorized", "No valid API token: it is missing, unknown or has ended";
    FORBIDDEN = FORBIDDEN, "forbidden", "The token or the present role of its maker does not allow it";
    FRESH_CODE = FORBIDDEN, "fresh-totp-required", "A present code of the authenticator is required in Mpass-Totp";
    NOT_FOUND = NOT_FOUND, "not-found", "There is nothing of this name";
    METHOD = METHOD_NOT_ALLOWED, "method-not-allowed", "The path has other methods";
    CONFLICT = CONFLICT, "conflict", "It conflicts with what exists";
    STAMP = PRECONDITION_FAILED, "changed", "The value has changed since it was read";
    TOO_LARGE = PAYLOAD_TOO_LARGE, "too-large", "The body is too large";
    MEDIA_TYPE = UNSUPPORTED_MEDIA_TYPE, "media-type", "The body must be application/json";
    REFUSED = UNPROCESSABLE_ENTITY, "refused", "A rule refuses it";
    WAIT = TOO_MANY_REQUESTS, "too-many-attempts", "Too many attempts: wait";
    UNAVAILABLE = SERVICE_UNAVAILABLE, "unavailable", "The server cannot do it now";
    INTERNAL = INTERNAL_SERVER_ERROR, "internal", "The server failed";
}

impl Problem {
    /// The status.
    pub(super) fn status(&self) -> StatusCode {
        self.status
    }

    fn name(&self) -> String {
        match self.name {
            Name::Known(name) => name.to_owned(),
            Name::Engine(error) => kebab(error.name()),
        }
    }

    /// The response.
    pub(super) fn response(&self) -> Response<Body> {
        let name = self.name();
        let title = match self.title.as_str() {
            "" => Self::known_title(&name),
            title => title,
        };
        let details = Details {
            r#type: format!("{TYPES}{name}"),
            title,
            status: self.status.as_u16(),
            detail: self.detail.as_deref(),
            number: self.number,
        };
        let body = serde_json::to_vec(&details).unwrap_or_default();
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        let media = HeaderValue::from_static("application/problem+json");
        headers.insert(header::CONTENT_TYPE, media);
        if self.status == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Bearer realm=\"mpass administration\"");
            headers.insert(header::WWW_AUTHENTICATE, scheme);
        }
        if let Some(seconds) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        let error = Error::from_number(failure.number);
        let problem = match (error, failure.cause) {
            (Some(error), _) => Self {
                status: status(error),
                name: match error {
                    Error::Changed => Name::Known("changed"),
                    error => Name::Engine(error),
                },
                title: error.to_string(),
                number: Some(failure.number),
                ..Self::REFUSED
            },
            (None, Cause::Refused) => Self::REFUSED,
            (None, Cause::Missing) => Self::NOT_FOUND,
            (None, Cause::Conflict) => Self::CONFLICT,
            (None, Cause::Unavailable) => Self::UNAVAILABLE,
        };
        Self {
            detail: Some(failure.message),
            ..problem
        }
    }
}

impl From<LoginError> for Problem {
    fn from(error: LoginError) -> Self {
        match error {
            LoginError::Wait(at_ms) => Self {
                retry_after_s: at_ms
                    .map(|at_ms| at_ms.saturating_sub(clock::now_ms()).div_ceil(1000)),
                ..Self::WAIT
            },
            LoginError::Busy | LoginError::Store(_) => Self::UNAVAILABLE,
            _ => Self::FRESH_CODE,
        }
    }
}

/// The status for an error of the engine.
fn status(error: Error) -> StatusCode {
    match error {
        Error::Changed => StatusCode::PRECONDITION_FAILED,
        Error::TenantMissing | Error::NumberMissing | Error::CutOffMissing => StatusCode::NOT_FOUND,
        Error::NameTaken
        | Error::TenantRevoked
        | Error::TooManyCredits
        | Error::TooManyCutOffs
        | Error::StoreClosed => StatusCode::CONFLICT,
        Error::TooManyUnlocks => StatusCode::TOO_MANY_REQUESTS,
        Error::StoreFailed
        | Error::StoreFull
        | Error::TooManyConflicts
        | Error::StoreUnknown
        | Error::StoreExpired
        | Error::OperationTooOld
        | Error::EntropyFailed => StatusCode::SERVICE_UNAVAILABLE,
        Error::RecordFormat | Error::RecordForged | Error::RecordMissing => {
            StatusCode::INTERNAL_SERVER_ERROR
        }
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// `NameTaken` as `name-taken`.
fn kebab(name: &str) -> String {
    let mut words = String::with_capacity(name.len() + 4);
    for (position, letter) in name.char_indices() {
        if letter.is_ascii_uppercase() && position > 0 {
            words.push('-');
        }
        words.push(letter.to_ascii_lowercase());
    }
    words
}
