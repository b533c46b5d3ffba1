//! The `OpenID` provider, which issues the tokens of the login.

use alloc::string::String;

use crate::challenge::Keyring;
use crate::service::contract::Context;

/// The `OpenID` provider: an engine with an issuer.
pub(super) struct Provider {
    pub(super) context: Context,
    pub(super) issuer: String,
}

impl Provider {
    pub(super) fn keyring(&self) -> &Keyring {
        &self.context.keyring
    }

    /// The URL of a path of the provider.
    pub(super) fn url(&self, path: &str) -> String {
        alloc::format!("{}{path}", self.issuer)
    }
}
