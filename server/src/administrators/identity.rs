//! Who an administrator is at an identity provider.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The longest issuer and the longest subject, in bytes. OpenID Connect Core section 2
/// has the latter.
const LONGEST: usize = 255;

/// A person at an identity provider.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Identity {
    /// The provider's issuer identifier.
    pub issuer: String,
    /// The provider's name for the person, `sub`.
    pub subject: String,
}

impl Identity {
    /// Whether both texts have 1 to 255 bytes, without control characters.
    pub(super) fn is_valid(&self) -> bool {
        let is_text =
            |text: &str| (1..=LONGEST).contains(&text.len()) && !text.contains(char::is_control);
        is_text(&self.issuer) && is_text(&self.subject)
    }
}
