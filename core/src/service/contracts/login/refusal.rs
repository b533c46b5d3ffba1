//! How OAuth says no.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::Serialize;

use crate::service::host::{Reason, Reply};

/// An error as RFC 6749 (sections 4.1.2.1 and 5.2) and `OpenID` Connect Core
/// (section 3.1.2.6) have it.
pub(super) struct Refusal {
    /// The HTTP status where it is not a redirect.
    pub(super) status: u16,
    pub(super) error: &'static str,
    pub(super) description: &'static str,
}

impl Refusal {
    #[rustfmt::skip]
    pub(super) const fn of(reason: Reason) -> Self {
        let (status, error, description) = match reason {
            Reason::UnknownCredential | Reason::Revoked | Reason::AddressNotAllowed
            | Reason::TokenUsed =>
                (401, "invalid_client", "The client is not known or not authenticated."),
            Reason::RedirectRefused =>
                (400, "invalid_request", "The redirect URI is not registered for the client."),
            Reason::MissingParameter =>
                (400, "invalid_request", "A parameter is missing."),
            Reason::RepeatedParameter =>
                (400, "invalid_request", "A parameter is given twice, or in two ways."),
            Reason::InvalidParameter =>
                (400, "invalid_request", "A parameter is not of its form."),
            Reason::ScopeRefused =>
                (400, "invalid_scope", "The scope is not one that the client is given here."),
            Reason::UnsupportedResponse =>
                (400, "unsupported_response_type", "The response type is always code."),
            Reason::UnsupportedGrant =>
                (400, "unsupported_grant_type", "The grant type is not supported."),
            Reason::GrantRefused | Reason::GrantUsed =>
                (400, "invalid_grant", "The code is not valid, or not for this request."),
            Reason::UnknownDevice =>
                (403, "login_required", "The mobile network does not know the device by its address."),
            Reason::LoginAsked | Reason::OtherSubject =>
                (403, "login_required", "Nobody can be asked to log in here."),
            Reason::ConsentAsked =>
                (403, "consent_required", "Nobody can be asked for consent here."),
            Reason::AccountChoiceAsked =>
                (403, "account_selection_required", "Nobody can be asked to choose here."),
            Reason::RequestObject =>
                (400, "request_not_supported", "Request objects are not read."),
            Reason::RequestUri =>
                (400, "request_uri_not_supported", "No URI of a client is fetched."),
            Reason::Registration =>
                (400, "registration_not_supported", "Clients are registered beforehand."),
            Reason::NotFound =>
                (404, "invalid_request", "Not found."),
            Reason::MethodNotAllowed | Reason::Prefetch =>
                (405, "invalid_request", "The method is not allowed here."),
            Reason::TooLarge =>
                (413, "invalid_request", "The request is too large."),
            Reason::StoreFailed | Reason::HostFailed | Reason::TooOld =>
                (503, "temporarily_unavailable", "Try again later."),
            _ => (500, "server_error", "The server failed."),
        };
        Self { status, error, description }
    }

    /// As the answer to a client's server.
    pub(super) fn json(&self, reason: Reason) -> Reply {
        let body = Body {
            error: self.error,
            error_description: self.description,
        };
        let mut reply = Reply::json(self.status, &body, reason);
        if self.status == 401 {
            let challenge = r#"Basic realm="mpass""#.to_string();
            reply.headers.push(("WWW-Authenticate", challenge));
        }
        reply
    }

    /// As the answer to somebody's user agent.
    pub(super) fn page(&self, reason: Reason) -> Reply {
        let mut headers = page_headers();
        let plain = "text/plain; charset=utf-8".to_string();
        headers.push(("Content-Type", plain));
        Reply {
            // Nobody here has a password to type.
            status: if self.status == 401 { 400 } else { self.status },
            headers,
            body: alloc::format!("{} ({})\n", self.description, self.error).into_bytes(),
            reason,
        }
    }
}

#[derive(Serialize)]
struct Body {
    error: &'static str,
    error_description: &'static str,
}

/// The headers of every answer to a user agent: nothing of it is kept, shown
/// in a frame of somebody's page, or told to the next one.
pub(super) fn page_headers() -> Vec<(&'static str, String)> {
    [
        ("Cache-Control", "no-store"),
        ("X-Frame-Options", "DENY"),
        (
            "Content-Security-Policy",
            "default-src 'none'; frame-ancestors 'none'",
        ),
        ("Referrer-Policy", "no-referrer"),
        ("X-Content-Type-Options", "nosniff"),
    ]
    .map(|(name, value)| (name, value.to_string()))
    .into()
}
