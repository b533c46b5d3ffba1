//! An administrator as a document.

use mpass_core::challenge::Keyring;
use mpass_core::documents::{Contents, Family, HostDocument};
use mpass_core::oath::{Algorithm, Digits, Key, Secret, Totp};
use mpass_core::store::Stamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::identity::Identity;
use super::password::StoredPassword;
use super::pending::Pending;
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
    /// Changes with the role and with whether it may log in.
    #[serde(default)]
    pub(super) epoch: u64,
    /// Who it is at the identity provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity>,
    pub(super) password: StoredPassword,
    /// The secret of TOTP, in hexadecimal.
    pub(super) totp: Zeroizing<String>,
    /// The hashes of the recovery codes that are left.
    pub(super) recovery: Vec<String>,
    /// A new authenticator of which no code was typed yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) pending: Option<Pending>,
    /// The stamp of the document that it was read from.
    #[serde(skip)]
    pub(super) stamp: Option<Stamp>,
}

/// What a new administrator, or one with new credentials, is given once. `Debug` shows
/// no secret.
pub struct Enrolment {
    /// The administrator.
    pub account: Account,
    /// The password, if the server made a new one.
    pub password: Option<Zeroizing<String>>,
    /// The key URI for an authenticator, if it is a new one.
    pub uri: Option<Zeroizing<String>>,
    /// Codes that each take the place of the authenticator once; empty if they stay.
    pub recovery_codes: Vec<Zeroizing<String>>,
}

/// The credentials that a reset replaces.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ResetOf {
    /// Password, authenticator and recovery codes.
    #[default]
    All,
    /// The password.
    Password,
    /// The authenticator and the recovery codes.
    SecondFactor,
    /// The recovery codes.
    RecoveryCodes,
}

impl ResetOf {
    /// Every value.
    pub const ALL: &'static [Self] = &[
        Self::All,
        Self::Password,
        Self::SecondFactor,
        Self::RecoveryCodes,
    ];

    /// Its name in the protocol and on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Password => "password",
            Self::SecondFactor => "second_factor",
            Self::RecoveryCodes => "recovery_codes",
        }
    }

    /// Whether the password is replaced.
    #[must_use]
    pub const fn has_password(self) -> bool {
        matches!(self, Self::All | Self::Password)
    }

    /// Whether the authenticator is replaced.
    #[must_use]
    pub const fn has_second_factor(self) -> bool {
        matches!(self, Self::All | Self::SecondFactor)
    }

    /// Whether the recovery codes are replaced.
    #[must_use]
    pub const fn has_recovery_codes(self) -> bool {
        !matches!(self, Self::Password)
    }
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
            .field("account", &self.account)
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

    /// Whether it can make other administrators.
    pub(super) fn makes_others(&self) -> bool {
        self.role == Role::Administrator && !self.is_disabled
    }

    /// Whether it is the same account, and neither its role nor whether it may log in
    /// has changed since `other` was read.
    pub(super) fn is_as(&self, other: &Self) -> bool {
        self.id == other.id && self.epoch == other.epoch
    }

    /// How many recovery codes are left.
    #[must_use]
    pub fn recovery_codes(&self) -> usize {
        self.recovery.len()
    }

    /// The authenticator's TOTP: SHA-1, six digits and 30 seconds, which every
    /// authenticator has.
    pub(super) fn totp(&self) -> Option<Totp> {
        totp(&self.totp)
    }
}

/// The TOTP of a secret in hexadecimal, as that of [`Account::totp`].
pub(super) fn totp(hex: &str) -> Option<Totp> {
    let secret = Secret::from_hex(hex).ok()?;
    let key = Key::new(Algorithm::Sha1, secret.expose()).ok()?;
    Some(Totp::new(key, Digits::SIX))
}
