//! Why an operation on administrators failed.

use mpass_core::Error;

use super::password::Busy;

/// Why an operation on administrators failed.
#[derive(Debug)]
#[non_exhaustive]
pub enum Problem {
    /// The name is not one.
    InvalidName,
    /// The password is shorter than 12 characters, longer than 256 bytes, or the name.
    WeakPassword,
    /// There is one of this name.
    Exists,
    /// There is none of this name.
    Missing,
    /// It is the only one that is left with the role of an administrator.
    LastOne,
    /// No new authenticator waits for a code of it.
    NoneBegun,
    /// The code of the new authenticator is wrong, or was used.
    WrongCode,
    /// The identity at the provider is empty or too long.
    InvalidIdentity,
    /// Another administrator is bound to the identity.
    IdentityTaken,
    /// Too many passwords are computed at a time.
    Busy,
    /// The store failed.
    Store(Error),
    /// The system's random source failed.
    Entropy,
}

impl core::fmt::Display for Problem {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::InvalidName => {
                "the name of an administrator has 1 to 64 ASCII letters, digits or . - _ @"
            }
            Self::WeakPassword => {
                "a password has at least 12 characters and at most 256 bytes, and is not the name"
            }
            Self::Exists => "there is an administrator of this name already",
            Self::Missing => "administrator not found",
            Self::LastOne => "it is the last administrator that can make others: create one first",
            Self::NoneBegun => {
                "no new authenticator was made in the last 10 minutes: make one again"
            }
            Self::WrongCode => "the code of the new authenticator is wrong, or was used before",
            Self::InvalidIdentity => "issuer and subject have 1 to 255 bytes of text each",
            Self::IdentityTaken => "another administrator is bound to this issuer and subject",
            Self::Busy => "too many logins at a time: try again in a moment",
            Self::Store(error) => return error.fmt(f),
            Self::Entropy => "the system's random source failed",
        })
    }
}

impl core::error::Error for Problem {}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self::Store(error)
    }
}

impl From<Busy> for Problem {
    fn from(_: Busy) -> Self {
        Self::Busy
    }
}

impl From<anyhow::Error> for Problem {
    fn from(_: anyhow::Error) -> Self {
        Self::Entropy
    }
}
