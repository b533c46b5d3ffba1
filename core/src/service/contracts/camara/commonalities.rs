//! Formats that the CAMARA contracts share: correlator, JSON bodies and errors
//! (CAMARA Commonalities, API design guide).

use alloc::string::{String, ToString};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::challenge::BearerChallenge;
use crate::service::host::{Reason, Reply, Request};

/// The header that identifies a call in the logs of both sides.
const CORRELATOR: &str = "x-correlator";
/// The longest correlator, in bytes.
const LONGEST_CORRELATOR: usize = 256;

/// The correlator of a request, which every reply echoes.
#[derive(Default)]
pub(super) struct Correlator {
    echo: Option<String>,
    is_valid: bool,
}

impl Correlator {
    /// Reads the correlator. With `has_pattern` it must match
    /// `^[a-zA-Z0-9-_:;.\/<>{}]{0,256}$`, otherwise it may be any printable ASCII
    /// text of that length; this depends on the version of the contract. An
    /// invalid correlator is not echoed.
    pub(super) fn of(request: &Request<'_>, has_pattern: bool) -> Self {
        let Some(text) = request.header(CORRELATOR) else {
            return Self {
                echo: None,
                is_valid: true,
            };
        };
        let allowed = |byte: u8| {
            if has_pattern {
                byte.is_ascii_alphanumeric() || b"-_:;./<>{}".contains(&byte)
            } else {
                byte == b' ' || byte.is_ascii_graphic()
            }
        };
        let is_valid = text.len() <= LONGEST_CORRELATOR && text.bytes().all(allowed);
        Self {
            echo: (is_valid && !text.is_empty()).then(|| text.to_string()),
            is_valid,
        }
    }

    /// Checks that the correlator is well-formed.
    pub(super) fn check(&self) -> Result<(), Reason> {
        if self.is_valid {
            Ok(())
        } else {
            Err(Reason::InvalidCorrelator)
        }
    }
}

/// An error reply of a contract.
#[derive(Clone, Copy)]
pub(super) struct ErrorInfo {
    /// The HTTP status.
    pub(super) status: u16,
    /// The contract's error code.
    pub(super) code: &'static str,
    /// The contract's literal message.
    pub(super) message: &'static str,
}

/// The error replies that are common to all contracts, such as an unsupported
/// method or a failure of the host.
pub(super) const fn common_error(reason: Reason) -> ErrorInfo {
    let (status, code, message) = match reason {
        Reason::NotFound => (404, "NOT_FOUND", "The specified resource is not found."),
        Reason::MethodNotAllowed | Reason::Prefetch => (
            405,
            "METHOD_NOT_ALLOWED",
            "The requested method is not allowed on the target resource.",
        ),
        Reason::StoreFailed
        | Reason::StoreClosed
        | Reason::StoreExpired
        | Reason::HostFailed
        | Reason::SendsStopped
        | Reason::GatewayStopped
        | Reason::TenantStopped
        | Reason::PrefixStopped => (503, "UNAVAILABLE", "Service unavailable"),
        Reason::TooOld => (504, "TIMEOUT", "Request timeout exceeded. Try later."),
        _ => (500, "INTERNAL", "Server error"),
    };
    ErrorInfo {
        status,
        code,
        message,
    }
}

/// An error reply.
pub(super) fn error(
    correlator: &Correlator,
    challenge: &BearerChallenge,
    error: ErrorInfo,
    reason: Reason,
) -> Reply {
    let mut reply = json(correlator, error.status, &error.body(), reason);
    challenge.add_to(&mut reply);
    reply
}

impl ErrorInfo {
    fn body(&self) -> ErrorBody {
        ErrorBody {
            status: self.status,
            code: self.code,
            message: self.message,
        }
    }
}

#[derive(Serialize)]
struct ErrorBody {
    status: u16,
    code: &'static str,
    message: &'static str,
}

/// A reply with a JSON body.
pub(super) fn json(
    correlator: &Correlator,
    status: u16,
    body: &impl Serialize,
    reason: Reason,
) -> Reply {
    let mut reply = Reply::json(status, body, reason);
    correlate(&mut reply, correlator);
    reply
}

/// A reply without a body.
pub(super) fn empty(correlator: &Correlator, status: u16, reason: Reason) -> Reply {
    let mut reply = Reply {
        status,
        headers: alloc::vec![("Cache-Control", "no-store".to_string())],
        body: alloc::vec![],
        reason,
        tenant: None,
        calling_code: None,
    };
    correlate(&mut reply, correlator);
    reply
}

fn correlate(reply: &mut Reply, correlator: &Correlator) {
    if let Some(echo) = &correlator.echo {
        reply.headers.push((CORRELATOR, echo.clone()));
    }
}

/// Parses the JSON body of a request, which must be an object.
pub(super) fn body<T: DeserializeOwned>(request: &Request<'_>) -> Result<T, Reason> {
    if !request.has_media_type("application/json") {
        return Err(Reason::InvalidBody);
    }
    // serde would deserialize a struct from an array as well.
    if !request.body.trim_ascii_start().starts_with(b"{") {
        return Err(Reason::InvalidBody);
    }
    serde_json::from_slice(request.body).map_err(|_| Reason::InvalidBody)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn correlator(value: &str, has_pattern: bool) -> (bool, Option<String>) {
        let headers = [("X-Correlator", value)];
        let request = Request {
            method: "GET",
            path: "/",
            query: "",
            headers: &headers,
            body: &[],
            peer: [127, 0, 0, 1].into(),
        };
        let correlator = Correlator::of(&request, has_pattern);
        (correlator.check().is_ok(), correlator.echo)
    }

    #[test]
    fn a_well_formed_correlator_is_echoed() {
        let longest = "a".repeat(256);
        for value in [
            "b4333c46-49c0-4f62-80d7-f0ef930f1c46",
            "A-_:;./<>{}z",
            &longest,
        ] {
            assert_eq!(correlator(value, true), (true, Some(value.into())));
        }
        assert_eq!(correlator("", true), (true, None));
        for value in [
            "a b",
            "a@b",
            "a+b",
            "a=b",
            "a,b",
            "\u{e9}",
            &"a".repeat(257),
        ] {
            assert_eq!(correlator(value, true), (false, None), "{value}");
        }
        assert_eq!(correlator("a b@c", false), (true, Some("a b@c".into())));
        assert_eq!(correlator("a\r\nSet-Cookie: x", false), (false, None));
    }
}
