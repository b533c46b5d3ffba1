//! The two hashes of a phone number.

use core::fmt;

use subtle::{Choice, ConstantTimeEq};

use crate::Error;
use crate::kernel::{Digest, Prepared, digest_of_16};
use crate::labels;
use crate::oath::Algorithm;

/// Prefix of the input of a keyed hash, so that it differs from any other HMAC
/// under the same key.
pub(super) const KEYED_LABEL: &[u8] = labels::PHONE_NUMBER.bytes();

/// A SHA-256 hash as 64 lower-case hexadecimal digits.
///
/// The hash of a phone number is personal data, because all numbers of a
/// country can be hashed in minutes. `Debug` therefore hides it, and there is
/// no `Display`. Comparison is constant-time.
#[derive(Clone, Copy)]
pub struct HexDigest([u8; 64]);

impl HexDigest {
    /// 64 zeros, to initialise a slice for [`hash_batch`](super::hash_batch).
    pub const BLANK: Self = Self([b'0'; 64]);

    /// Parses 64 hexadecimal digits, case-insensitively.
    ///
    /// # Errors
    /// [`Error::InvalidHex`] for any other length or character.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let mut bytes = [0; 32];
        let decoded = base16ct::mixed::decode(text, &mut bytes).map_err(|_| Error::InvalidHex)?;
        match decoded.len() {
            32 => Ok(Self::encode(&bytes)),
            _ => Err(Error::InvalidHex),
        }
    }

    /// Encodes 32 bytes. The compiler vectorises a loop of this form, unlike
    /// the loops over slices in the crates.
    pub(super) fn encode(bytes: &[u8; 32]) -> Self {
        let mut text = [[0; 2]; 32];
        for (pair, byte) in text.iter_mut().zip(bytes) {
            *pair = [digit(byte >> 4), digit(byte & 15)];
        }
        let mut flat = [0; 64];
        flat.copy_from_slice(text.as_flattened());
        Self(flat)
    }

    /// The hash of the first `len` bytes of `text`. The bytes after them must
    /// be zeros.
    pub(super) fn of(text: &[u8; 16], len: usize) -> Self {
        Self::encode(&digest_of_16(text, len))
    }

    /// The 64 digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Always hexadecimal digits, so this never falls back.
        core::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// The hexadecimal digit of a value below 16, without a branch.
fn digit(number: u8) -> u8 {
    // All ones for 10 and above.
    let letter = (9_u8.wrapping_sub(number) >> 7).wrapping_neg();
    number + b'0' + (letter & (b'a' - b'0' - 10))
}

impl ConstantTimeEq for HexDigest {
    fn ct_eq(&self, other: &Self) -> Choice {
        self.0.ct_eq(&other.0)
    }
}

impl PartialEq for HexDigest {
    fn eq(&self, other: &Self) -> bool {
        self.ct_eq(other).into()
    }
}

impl Eq for HexDigest {}

impl fmt::Debug for HexDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HexDigest(…)")
    }
}

pub(super) fn keyed(key: &[u8; 32], number: &[u8]) -> [u8; 32] {
    let mac: Digest = Prepared::new(Algorithm::Sha256, key).mac(&[KEYED_LABEL, number]);
    mac.first_32()
}
