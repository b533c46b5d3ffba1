//! Keyed hashes of administration.

use zeroize::Zeroizing;

use crate::challenge::Keyring;
use crate::labels::{self, Label};

/// What is hashed with a key of the keyring, so that a store alone does not let
/// anybody test guesses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HostHash {
    /// A password, before Argon2id.
    Password,
    /// A recovery code.
    RecoveryCode,
    /// The secret of a session.
    Session,
    /// An API token.
    ApiToken,
    /// An entry of the audit log.
    AuditEntry,
}

impl HostHash {
    const fn label(self) -> Label<labels::Administration> {
        match self {
            Self::Password => labels::PASSWORD,
            Self::RecoveryCode => labels::RECOVERY_CODE,
            Self::Session => labels::SESSION_SECRET,
            Self::ApiToken => labels::API_TOKEN_SECRET,
            Self::AuditEntry => labels::AUDIT_ENTRY,
        }
    }

    /// HMAC-SHA-256 of the parts under a key of the keyring that does not rotate.
    /// The parts are framed by their lengths.
    #[must_use]
    pub fn of(self, keyring: &Keyring, parts: &[&[u8]]) -> Zeroizing<[u8; 32]> {
        keyring.administration_hash(self.label(), parts)
    }
}
