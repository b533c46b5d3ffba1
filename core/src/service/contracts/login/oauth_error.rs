//! OAuth error responses.

use alloc::borrow::Cow;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::Serialize;

use super::parameters::Fault;
use crate::service::host::{Reason, Reply};

/// An error of RFC 6749 (sections 4.1.2.1 and 5.2) or `OpenID` Connect Core
/// (section 3.1.2.6).
pub(super) struct OauthError {
    /// The HTTP status, unless the error is sent as a redirect.
    pub(super) status: u16,
    pub(super) error: &'static str,
    /// Printable ASCII without quotes and backslashes (RFC 6749 appendix A.8).
    pub(super) description: Cow<'static, str>,
}

impl OauthError {
    /// The error of a request, whose description names the parameter at fault.
    pub(super) fn of(fault: Fault) -> Self {
        let (status, error, description) = Self::parts(fault.reason);
        let description = match (fault.reason, fault.parameter) {
            (Reason::MissingParameter, Some(name)) => {
                alloc::format!("The parameter {name} is missing.").into()
            }
            (Reason::RepeatedParameter, Some(name)) => {
                alloc::format!("The parameter {name} is repeated.").into()
            }
            (Reason::InvalidParameter, Some(name)) => {
                alloc::format!("The parameter {name} is not valid.").into()
            }
            _ => description.into(),
        };
        Self {
            status,
            error,
            description,
        }
    }

    #[rustfmt::skip]
    const fn parts(reason: Reason) -> (u16, &'static str, &'static str) {
        match reason {
            Reason::UnknownCredential | Reason::Revoked | Reason::AddressNotAllowed
            | Reason::TokenUsed =>
                (401, "invalid_client", "The client is unknown or not authenticated."),
            Reason::RedirectRefused =>
                (400, "invalid_request", "The redirect URI is not registered for the client."),
            Reason::MissingParameter =>
                (400, "invalid_request", "A parameter is missing."),
            Reason::RepeatedParameter =>
                (400, "invalid_request", "Two authentication methods are used."),
            Reason::InvalidParameter =>
                (400, "invalid_request", "A parameter is malformed."),
            Reason::InvalidBody =>
                (400, "invalid_request", "The Content-Type must be application/x-www-form-urlencoded."),
            Reason::ScopeRefused =>
                (400, "invalid_scope", "The client may not request this scope here."),
            Reason::UnsupportedResponse =>
                (400, "unsupported_response_type", "The response type must be code."),
            Reason::UnsupportedGrant =>
                (400, "unsupported_grant_type", "The grant type is not supported."),
            Reason::GrantRefused | Reason::GrantUsed =>
                (400, "invalid_grant", "The code is invalid or was issued for another request."),
            Reason::UnknownDevice =>
                (403, "login_required", "The mobile network does not know the address of the device."),
            Reason::LoginAsked | Reason::OtherSubject =>
                (403, "login_required", "Interactive login is not supported."),
            Reason::ConsentAsked =>
                (403, "consent_required", "Consent prompts are not supported."),
            Reason::AccountChoiceAsked =>
                (403, "account_selection_required", "Account selection is not supported."),
            Reason::RequestObject =>
                (400, "request_not_supported", "Request objects are not supported."),
            Reason::RequestUri =>
                (400, "request_uri_not_supported", "Request URIs are not supported."),
            Reason::Registration =>
                (400, "registration_not_supported", "Registration in a request is not supported."),
            Reason::NotFound =>
                (404, "invalid_request", "Not found."),
            Reason::MethodNotAllowed | Reason::Prefetch =>
                (405, "invalid_request", "The method is not allowed."),
            Reason::TooLarge =>
                (413, "invalid_request", "The request is too large."),
            Reason::StoreFailed | Reason::StoreClosed | Reason::StoreExpired | Reason::HostFailed | Reason::TooOld
            | Reason::TenantStopped =>
                (503, "temporarily_unavailable", "Try again later."),
            Reason::NoSigningKey =>
                (500, "server_error", "The server has no key for RS256, which is set for the client."),
            _ => (500, "server_error", "The server failed."),
        }
    }

    /// The reply to a client's server.
    pub(super) fn json(&self, reason: Reason) -> Reply {
        let body = Body {
            error: self.error,
            error_description: &self.description,
        };
        let mut reply = Reply::json(self.status, &body, reason);
        if self.status == 401 {
            let challenge = r#"Basic realm="mpass""#.to_string();
            reply.headers.push(("WWW-Authenticate", challenge));
        }
        reply
    }

    /// The reply to a user agent that cannot be redirected.
    pub(super) fn page(&self, reason: Reason) -> Reply {
        let mut headers = page_headers();
        let plain = "text/plain; charset=utf-8".to_string();
        headers.push(("Content-Type", plain));
        Reply {
            // 401 would make a browser ask for a password.
            status: if self.status == 401 { 400 } else { self.status },
            headers,
            body: alloc::format!("{} ({})\n", self.description, self.error).into_bytes(),
            reason,
            tenant: None,
            calling_code: None,
        }
    }
}

#[derive(Serialize)]
struct Body<'a> {
    error: &'static str,
    error_description: &'a str,
}

/// The headers of every reply to a user agent: it must not be cached, shown in a
/// frame, or revealed in a `Referer` header.
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
