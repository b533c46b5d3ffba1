//! The text forms of a secret.

use core::fmt;

use base32ct::{Base32UpperUnpadded, Encoding};
use zeroize::Zeroize;

/// Letters and bytes of a base32 group.
const GROUP_LETTERS: usize = 8;
const GROUP_BYTES: usize = 5;
/// Bytes encoded to hexadecimal at a time.
const HEX_PIECE: usize = 16;

/// Formats a secret as base32. Returned by
/// [`Secret::expose_base32`](super::Secret::expose_base32).
pub struct ExposedBase32<'a>(pub(super) &'a [u8]);

impl fmt::Display for ExposedBase32<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut letters = [0; GROUP_LETTERS];
        for bytes in self.0.chunks(GROUP_BYTES) {
            let text = Base32UpperUnpadded::encode(bytes, &mut letters).map_err(|_| fmt::Error)?;
            f.write_str(text)?;
        }
        letters.zeroize();
        Ok(())
    }
}

/// Formats a secret as hexadecimal. Returned by
/// [`Secret::expose_hex`](super::Secret::expose_hex).
pub struct ExposedHex<'a>(pub(super) &'a [u8]);

impl fmt::Display for ExposedHex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut digits = [0; 2 * HEX_PIECE];
        for bytes in self.0.chunks(HEX_PIECE) {
            let text = base16ct::lower::encode_str(bytes, &mut digits).map_err(|_| fmt::Error)?;
            f.write_str(text)?;
        }
        digits.zeroize();
        Ok(())
    }
}
