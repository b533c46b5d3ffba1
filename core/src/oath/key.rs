//! Prepared OATH keys.

use core::fmt;

use super::Algorithm;
use crate::Error;
use crate::kernel::{Digest, Prepared};

/// The fewest bytes of a secret that has the 128 bits required by RFC 4226
/// section 4.
const SHORT: usize = 16;
/// The longest secret in bytes: more than any token holds, but a bound.
pub(super) const LONGEST: usize = 1024;

/// A secret prepared for HMAC. It holds the inner and outer hash states, so
/// that a code costs two compressions instead of four. Wiped on drop.
#[derive(Clone)]
pub struct Key(Prepared);

impl Key {
    /// Prepares a secret of 16 to 1,024 bytes.
    ///
    /// # Errors
    /// [`Error::SecretEmpty`], [`Error::SecretTooShort`] below the 128 bits
    /// of RFC 4226 section 4, [`Error::SecretTooLong`].
    pub fn new(algorithm: Algorithm, secret: &[u8]) -> Result<Self, Error> {
        check_secret(secret)?;
        Ok(Self(Prepared::new(algorithm, secret)))
    }

    /// Prepares a secret of 1 to 1,024 bytes, for existing tokens with secrets
    /// shorter than 128 bits.
    ///
    /// # Errors
    /// [`Error::SecretEmpty`], [`Error::SecretTooLong`].
    pub fn new_allowing_short(algorithm: Algorithm, secret: &[u8]) -> Result<Self, Error> {
        check_length(secret)?;
        Ok(Self(Prepared::new(algorithm, secret)))
    }

    /// The hash this key is prepared for.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.0.algorithm()
    }

    pub(crate) fn mac(&self, parts: &[&[u8]]) -> Digest {
        self.0.mac(parts)
    }

    /// The HMAC key.
    pub(super) fn prepared(&self) -> &Prepared {
        &self.0
    }
}

/// Checks that a secret has 16 to 1,024 bytes.
pub(super) fn check_secret(secret: &[u8]) -> Result<(), Error> {
    match secret.len() {
        1..SHORT => Err(Error::SecretTooShort),
        _ => check_length(secret),
    }
}

fn check_length(secret: &[u8]) -> Result<(), Error> {
    match secret.len() {
        0 => Err(Error::SecretEmpty),
        1..=LONGEST => Ok(()),
        _ => Err(Error::SecretTooLong),
    }
}

/// Shows the algorithm only.
impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Key").field(&self.algorithm()).finish()
    }
}
