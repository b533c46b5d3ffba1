//! The hash algorithms of OATH.

use core::fmt;
use core::str::FromStr;

use crate::Error;

/// The hash of an HMAC-based code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// HMAC-SHA-1 (RFC 4226), used by nearly every token.
    #[default]
    Sha1,
    /// HMAC-SHA-256 (RFC 6238 section 1.2).
    Sha256,
    /// HMAC-SHA-512 (RFC 6238 section 1.2).
    Sha512,
}

impl Algorithm {
    /// The length of the hash in bytes: 20, 32 or 64. It is also the length
    /// that RFC 4226 section 4 and RFC 6238 section 5.1 recommend for a secret.
    #[must_use]
    pub const fn output_len(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha512 => 64,
        }
    }

    /// The name in key URIs: `SHA1`, `SHA256` or `SHA512`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
            Self::Sha512 => "SHA512",
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Parses `SHA1`, `SHA256` or `SHA512`, case-insensitively, also with a hyphen
/// (`SHA-1`).
///
/// # Errors
/// [`Error::InvalidAlgorithm`] for anything else.
impl FromStr for Algorithm {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        [
            (Self::Sha1, "SHA-1"),
            (Self::Sha256, "SHA-256"),
            (Self::Sha512, "SHA-512"),
        ]
        .into_iter()
        .find(|(algorithm, hyphened)| {
            text.eq_ignore_ascii_case(algorithm.name()) || text.eq_ignore_ascii_case(hyphened)
        })
        .map(|(algorithm, _)| algorithm)
        .ok_or(Error::InvalidAlgorithm)
    }
}
