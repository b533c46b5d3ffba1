//! OATH secrets and their text forms.

mod bytes;
mod fault;
mod read;
mod shown;
#[cfg(test)]
mod tests;

use core::fmt;

use super::Algorithm;
use crate::Error;
use crate::kernel::Prepared;
use crate::labels;

use bytes::Bytes;
pub use fault::{Place, SecretFault};
use read::{Form, read};
pub use shown::{ExposedBase32, ExposedHex};

/// The secret of a token, 1 to 1,024 bytes. Wiped on drop. `Debug` shows only
/// the length; the bytes and text forms are returned only by the `expose…`
/// methods.
///
/// Text is decoded and encoded without branches or table lookups that depend on
/// its letters. The length, the positions of separators and the script of digits
/// are not treated as secret, nor is a text that is refused.
///
/// ```
/// use mpass_core::oath::Secret;
///
/// let secret = Secret::from_base32("gezd gnbv-GY3T QOJQ====")?;
/// assert_eq!(secret.expose(), b"1234567890");
/// assert_eq!(secret.expose_base32().to_string(), "GEZDGNBVGY3TQOJQ");
/// # Ok::<(), mpass_core::Error>(())
/// ```
#[derive(Clone)]
pub struct Secret(Bytes);

impl Secret {
    /// A copy of `bytes`.
    ///
    /// # Errors
    /// [`Error::SecretEmpty`], [`Error::SecretTooLong`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let mut copy = Bytes::empty();
        copy.push(bytes)?;
        copy.filled().map(Self)
    }

    /// Reads base32 (RFC 4648 section 6) in either case, as people type and paste
    /// it: white space, line breaks, dashes and format characters are passed over
    /// anywhere, full-width letters and decimal digits of every script are read,
    /// and padding at the end is optional. Unused bits of the last letter are
    /// ignored.
    ///
    /// # Errors
    /// [`Error::Base32Digit`] for 0, 1, 8 or 9, [`Error::InvalidBase32`] for any
    /// other character, a letter after the padding, or an impossible length, each
    /// with its place; [`Error::SecretEmpty`], [`Error::SecretTooLong`].
    pub fn from_base32(text: &str) -> Result<Self, SecretFault> {
        Self::from_base32_letters(text.chars().map(Ok))
    }

    /// [`from_base32`](Self::from_base32) from an iterator of letters that may
    /// fail to decode.
    pub(super) fn from_base32_letters<E: From<SecretFault>>(
        letters: impl Iterator<Item = Result<char, E>>,
    ) -> Result<Self, E> {
        read(letters, Form::Base32).map(Self)
    }

    /// Reads hexadecimal in either case. What [`from_base32`](Self::from_base32)
    /// passes over is passed over, and colons.
    ///
    /// # Errors
    /// [`Error::InvalidHex`] for another character, with its place, or an odd
    /// number of digits; [`Error::SecretEmpty`], [`Error::SecretTooLong`].
    pub fn from_hex(text: &str) -> Result<Self, SecretFault> {
        read(text.chars().map(Ok), Form::Hex).map(Self)
    }

    /// Generates a secret of the length that the RFCs recommend for the hash:
    /// 20, 32 or 64 bytes.
    ///
    /// `entropy` is 64 bytes from the host's cryptographic random source. The
    /// secret is derived from it by HMAC-SHA-512, so it reveals nothing about
    /// other uses of the same bytes.
    #[must_use]
    pub fn generate(algorithm: Algorithm, entropy: &[u8; 64]) -> Self {
        let derived = Prepared::new(Algorithm::Sha512, entropy).mac(&[labels::OATH_SECRET.bytes()]);
        let mut bytes = Bytes::empty();
        // At most 64 bytes, so that they always fit.
        let _ = bytes.push(&derived.as_bytes()[..algorithm.output_len()]);
        Self(bytes)
    }

    /// The bytes.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// The secret as upper-case base32 without padding, which every
    /// authenticator app accepts.
    #[must_use]
    pub fn expose_base32(&self) -> ExposedBase32<'_> {
        ExposedBase32(self.expose())
    }

    /// The secret as lower-case hexadecimal.
    #[must_use]
    pub fn expose_hex(&self) -> ExposedHex<'_> {
        ExposedHex(self.expose())
    }

    /// The number of bytes, 1 to 1,024.
    #[must_use]
    #[allow(clippy::len_without_is_empty)] // never empty
    pub fn len(&self) -> usize {
        self.expose().len()
    }
}

/// Shows the length only.
impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({} bytes)", self.len())
    }
}
