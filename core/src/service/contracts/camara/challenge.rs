//! The header `WWW-Authenticate` of refused calls (RFC 6750 section 3).

use alloc::string::{String, ToString};

use crate::service::host::{Reason, Reply, Request};
use crate::service::tenant::Scope;

/// What the header depends on.
pub(super) struct BearerChallenge {
    /// Whether the request has a bearer token, valid or not.
    has_token: bool,
    /// The scope that the operation requires.
    scope: Scope,
}

impl BearerChallenge {
    pub(super) fn of(request: &Request<'_>, scope: Scope) -> Self {
        let has_token = request
            .header("Authorization")
            .and_then(|header| header.split(' ').next())
            .is_some_and(|scheme| scheme.eq_ignore_ascii_case("Bearer"));
        Self { has_token, scope }
    }

    /// Adds the header to a reply that refuses a call for its token.
    pub(super) fn add_to(&self, reply: &mut Reply) {
        if let Some(challenge) = self.text(reply.status, reply.reason) {
            reply.headers.push(("WWW-Authenticate", challenge));
        }
    }

    fn text(&self, status: u16, reason: Reason) -> Option<String> {
        match (status, reason) {
            // A request without a token gets no error code (section 3.1).
            (401, _) if !self.has_token => Some("Bearer".to_string()),
            (401, _) => Some(r#"Bearer error="invalid_token""#.to_string()),
            (403, Reason::MissingScope) => Some(alloc::format!(
                r#"Bearer error="insufficient_scope", scope="{}""#,
                self.scope.name()
            )),
            // Another token would not help: the client or its address is refused.
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(authorization: Option<&str>, status: u16, reason: Reason) -> Option<String> {
        let headers = authorization.map(|value| ("authorization", value));
        let request = Request {
            method: "GET",
            path: "/",
            query: "",
            headers: headers.as_slice(),
            body: &[],
            peer: [127, 0, 0, 1].into(),
        };
        BearerChallenge::of(&request, Scope::Verify).text(status, reason)
    }

    /// The examples of RFC 6750 section 3.
    #[test]
    fn the_error_depends_on_what_was_given() {
        let invalid = Reason::InvalidToken;
        for given in [None, Some("Basic YTpi"), Some("")] {
            assert_eq!(text(given, 401, invalid).as_deref(), Some("Bearer"));
        }
        for given in ["Bearer x", "bearer x", "Bearer", "Bearer \u{e9}"] {
            let expected = Some(r#"Bearer error="invalid_token""#);
            assert_eq!(text(Some(given), 401, invalid).as_deref(), expected);
        }
        assert_eq!(
            text(Some("Bearer x"), 403, Reason::MissingScope).as_deref(),
            Some(r#"Bearer error="insufficient_scope", scope="number-verification:verify""#)
        );
        assert_eq!(text(Some("Bearer x"), 403, Reason::AddressNotAllowed), None);
        assert_eq!(text(Some("Bearer x"), 400, Reason::InvalidBody), None);
    }
}
