//! Record keys in the admin protocol. No key is part of it.

use mpass_core::challenge::Keyring;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::administrators::Permission;

/// The bytes of a fingerprint that are shown.
const SHOWN: usize = 8;

/// An administrator's request about record keys.
#[derive(Serialize, Deserialize)]
#[serde(tag = "key", rename_all = "snake_case")]
#[non_exhaustive]
pub enum KeyOperation {
    /// List the record keys; returns [`Outcome::Keys`](super::Outcome::Keys).
    List,
    /// Seal new records with a record key of the server's keyring, which is changed in
    /// its file; returns [`Outcome::Keys`](super::Outcome::Keys).
    Activate {
        /// Its id.
        id: u16,
    },
    /// Check that no stored value needs a record key, before it is removed from
    /// keyrings; returns [`Outcome::Done`](super::Outcome::Done).
    CheckUnused {
        /// Its id.
        id: u16,
    },
}

impl KeyOperation {
    /// The word for it in logs.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Activate { .. } => "activate",
            Self::CheckUnused { .. } => "check",
        }
    }

    /// What its caller must be allowed to do.
    #[must_use]
    pub const fn permission(&self) -> Permission {
        match self {
            Self::List => Permission::Read,
            Self::Activate { .. } | Self::CheckUnused { .. } => Permission::Server,
        }
    }

    /// Whether it may change the store.
    #[must_use]
    pub const fn writes(&self) -> bool {
        matches!(self, Self::Activate { .. })
    }
}

/// A record key, without the key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct KeyInfo {
    /// Its id.
    pub id: u16,
    /// Its fingerprint: the beginning of a MAC under the key, in hexadecimal, as in the
    /// status.
    pub fingerprint: String,
    /// Whether it seals new records.
    #[serde(rename = "active")]
    pub is_active: bool,
}

/// The keys of a keyring.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct KeyList {
    /// The fingerprint of the locator key.
    pub locator_fingerprint: String,
    /// The record keys, by id.
    pub keys: Vec<KeyInfo>,
}

impl KeyList {
    /// The keys of a keyring.
    #[must_use]
    pub fn of(keyring: &Keyring) -> Self {
        let keys = keyring.record_fingerprints();
        let keys = keys.map(|(id, fingerprint)| KeyInfo {
            id,
            fingerprint: shown(fingerprint),
            is_active: id == keyring.newest(),
        });
        Self {
            locator_fingerprint: shown(keyring.locator_fingerprint()),
            keys: keys.collect(),
        }
    }
}

/// The beginning of a fingerprint in hexadecimal.
pub(crate) fn shown(fingerprint: [u8; 16]) -> String {
    base16ct::lower::encode_string(&fingerprint[..SHOWN])
}
