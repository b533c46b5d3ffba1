//! The settings of an engine.

use alloc::string::String;

use super::web_uri;
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
    /// Checks the settings, as [`Engine::with_settings`](crate::service::Engine::with_settings)
    /// does.
    ///
    /// # Errors
    /// [`Error::InvalidIssuer`] for an issuer that is not a base URL.
    pub fn check(&self) -> Result<(), Error> {
        self.issuer.as_deref().map_or(Ok(()), check_issuer)
    }
}

/// Checks an issuer: a URL without query or fragment (RFC 8414 section 2), and
/// without a path, because the contracts' paths start at the root.
pub(in crate::service) fn check_issuer(issuer: &str) -> Result<(), Error> {
    let is_issuer = web_uri::parse(issuer)
        .is_ok_and(|uri| web_uri::is_web(uri) && uri.path().is_empty() && !uri.has_query());
    if is_issuer {
        Ok(())
    } else {
        Err(Error::InvalidIssuer)
    }
}
