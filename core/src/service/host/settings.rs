//! The settings of an engine.

use alloc::string::String;

use crate::Error;
use crate::list::list;

/// The settings of an engine, next to its keyring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EngineSettings {
    /// The base URL under which clients reach the host, such as
    /// `https://verify.example`, without a trailing slash. It is the issuer of
    /// tokens (RFC 8414 section 2). `http` is allowed only for a loopback host.
    /// Without an issuer the login is disabled.
    pub issuer: Option<String>,
    /// How often an access token of Number Verification can be used.
    pub token_use: TokenUse,
}

list! {
    /// How often an access token of Number Verification can be used.
    pub enum TokenUse: u8 {
        /// Once: a reusable token could be used to guess the device's number.
        Once = 1, "once";
        /// Any number of times until it expires.
        WithinLife = 2, "within_life";
    }
}

impl Default for EngineSettings {
    fn default() -> Self {
        Self {
            issuer: None,
            token_use: TokenUse::Once,
        }
    }
}

impl EngineSettings {
    pub(crate) fn check(&self) -> Result<(), Error> {
        self.issuer.as_deref().map_or(Ok(()), check_issuer)
    }
}

/// Checks an issuer: a URL without query or fragment (RFC 8414 section 2), and
/// without a path, because the contracts' paths start at the root.
pub(in crate::service) fn check_issuer(issuer: &str) -> Result<(), Error> {
    let (is_secure, rest) = match issuer.strip_prefix("https://") {
        Some(rest) => (true, rest),
        None => (
            false,
            issuer.strip_prefix("http://").ok_or(Error::InvalidIssuer)?,
        ),
    };
    let is_authority = !rest.is_empty()
        && rest.len() <= 255
        && rest
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-.:[]".contains(&byte));
    if is_authority && (is_secure || is_loopback(rest)) {
        Ok(())
    } else {
        Err(Error::InvalidIssuer)
    }
}

/// The host of a URI's authority, without the port.
pub(crate) fn host_of(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => host,
        _ => authority,
    }
}

/// Whether a URI's authority is a loopback host, for which `http` is allowed.
pub(crate) fn is_loopback(authority: &str) -> bool {
    matches!(host_of(authority), "localhost" | "127.0.0.1" | "[::1]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn issuers() {
        for issuer in [
            "https://verify.example",
            "https://verify.example:8443",
            "http://127.0.0.1:9091",
            "http://localhost:9091",
            "http://[::1]:9091",
        ] {
            assert_eq!(check_issuer(issuer), Ok(()), "{issuer}");
        }
        for issuer in [
            "",
            "verify.example",
            "https://",
            "https://verify.example/",
            "https://verify.example/path",
            "https://a@verify.example",
            "https://verify.example?x",
            "http://verify.example",
            "http://localhost.example",
        ] {
            assert_eq!(check_issuer(issuer), Err(Error::InvalidIssuer), "{issuer}");
        }
    }
}
