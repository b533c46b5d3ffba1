//! The provider: who gives the tokens of the login.

use alloc::string::String;

use crate::challenge::Keyring;
use crate::service::contract::Context;

/// Who gives the tokens.
pub(super) struct Provider {
    pub(super) context: Context,
    pub(super) issuer: String,
}

impl Provider {
    pub(super) fn keyring(&self) -> &Keyring {
        &self.context.keyring
    }

    pub(super) fn url(&self, path: &str) -> String {
        alloc::format!("{}{path}", self.issuer)
    }
}
