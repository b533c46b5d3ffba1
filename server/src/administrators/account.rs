//! An administrator as a document.

use mpass_core::challenge::Keyring;
use mpass_core::documents::{Contents, Family, HostDocument};
use mpass_core::oath::{Algorithm, Digits, Key, Secret, Totp};
use mpass_core::store::Stamp;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::password::StoredPassword;
use super::role::Role;

/// An administrator. `Debug` shows no secret.
#[derive(Clone, Serialize, Deserialize)]
pub struct Account {
    /// A random id: an administrator who is created again under the same name is
    /// another one.
    pub id: String,
    /// The name.
    pub name: String,
    /// The role.
    pub role: Role,
    /// Whether it may not log in.
    #[serde(default)]
    pub is_disabled: bool,
    /// When it was created, in milliseconds of Unix time.
    pub created_at_ms: u64,
    /// Changes with the role, the password and the second factor: sessions of an
    /// earlier one have ended.
    pub(super) generation: u64,
    pub(super) password: StoredPassword,
    /// The secret of TOTP, in hexadecimal.
    pub(super) totp: Zeroizing<String>,
    /// The hashes of the recovery codes that are left.
    pub(super) recovery: Vec<String>,
    /// The stamp of the document that it was read from.
    #[serde(skip)]
    pub(super) stamp: Option<Stamp>,
}

/// What a new administrator, or one with a new second factor, is given once.
pub struct Enrolment {
    /// The administrator's name.
    pub name: String,
    /// The password, if the server made it.
    pub password: Option<Zeroizing<String>>,
    /// The key URI for an authenticator.
    pub uri: Zeroizing<String>,
    /// Codes that each take the place of the authenticator once.
    pub recovery_codes: Vec<Zeroizing<String>>,
}

impl core::fmt::Debug for Account {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Account")
            .field("name", &self.name)
            .field("role", &self.role)
            .field("is_disabled", &self.is_disabled)
            .finish_non_exhaustive()
    }
}

impl core::fmt::Debug for Enrolment {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Enrolment")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl Account {
    /// The document of the administrator of a name.
    pub(super) fn document<'k>(keyring: &'k Keyring, name: &str) -> HostDocument<&'k Keyring> {
        HostDocument::new(keyring, Family::Administrator, [name.as_bytes()])
    }

    pub(super) fn read(contents: &Contents) -> Option<Self> {
        let account: Self = serde_json::from_slice(contents.bytes()).ok()?;
        Some(Self {
            stamp: contents.stamp(),
            ..account
        })
    }

    pub(super) fn write(&self) -> serde_json::Result<Contents> {
        Ok(Contents::new(Zeroizing::new(serde_json::to_vec(self)?)))
    }

    /// The stamp of the document that it was read from: every change yields another one.
    #[must_use]
    pub const fn stamp(&self) -> Option<Stamp> {
        self.stamp
    }

    /// How many recovery codes are left.
    #[must_use]
    pub fn recovery_codes(&self) -> usize {
        self.recovery.len()
    }

    /// The authenticator's TOTP: SHA-1, six digits and 30 seconds, which every
    /// authenticator has.
    pub(super) fn totp(&self) -> Option<Totp> {
        let secret = Secret::from_hex(&self.totp).ok()?;
        let key = Key::new(Algorithm::Sha1, secret.expose()).ok()?;
        Some(Totp::new(key, Digits::SIX))
    }
}
