//! The two hashes of a phone number.

use core::fmt;

use subtle::{Choice, ConstantTimeEq};

use crate::Error;
use crate::kernel::{Digest, Prepared, digest_of_16};
use crate::oath::Algorithm;

/// What a keyed hash of a number begins with, so that it is no other HMAC
/// under the same key.
pub(super) const KEYED_LABEL: &[u8] = b"mpass phone number\0";

/// A SHA-256 value as 64 lower-case hexadecimal digits.
///
/// The hash of a phone number is personal data: all numbers of a country are
/// hashed in minutes. So its `Debug` shows nothing and there is no `Display`.
/// Comparison takes a time that does not depend on the values.
#[derive(Clone, Copy)]
pub struct HexDigest([u8; 64]);

impl HexDigest {
    /// 64 zeros, for room that [`hash_batch`](super::hash_batch) fills.
    pub const BLANK: Self = Self([b'0'; 64]);

    /// Reads 64 hexadecimal digits in either case.
    ///
    /// # Errors
    /// [`Error::InvalidHex`] for another length or character.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let mut bytes = [0; 32];
        let decoded = base16ct::mixed::decode(text, &mut bytes).map_err(|_| Error::InvalidHex)?;
        match decoded.len() {
            32 => Ok(Self::encode(&bytes)),
            _ => Err(Error::InvalidHex),
        }
    }

    /// The digits of 32 bytes, written side by side: a loop of this form
    /// becomes a few instructions over whole registers, which the crates'
    /// over slices does not.
    pub(super) fn encode(bytes: &[u8; 32]) -> Self {
        let mut text = [[0; 2]; 32];
        for (pair, byte) in text.iter_mut().zip(bytes) {
            *pair = [digit(byte >> 4), digit(byte & 15)];
        }
        let mut flat = [0; 64];
        flat.copy_from_slice(text.as_flattened());
        Self(flat)
    }

    /// The hash of the first `len` bytes of a text, where zeros follow.
    pub(super) fn of(text: &[u8; 16], len: usize) -> Self {
        Self::encode(&digest_of_16(text, len))
    }

    /// The 64 digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Hexadecimal digits by construction, so this never falls back.
        core::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// The hexadecimal digit of a number below 16, without a branch.
fn digit(number: u8) -> u8 {
    // All ones from 10 on.
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
