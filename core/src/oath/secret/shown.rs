//! The text forms of a secret.

use core::fmt;

use crate::oath::Written;
use crate::oath::alphabet::{BASE32, HEX};

/// Formats a secret as base32. Returned by
/// [`Secret::expose_base32`](super::Secret::expose_base32).
pub struct ExposedBase32<'a>(pub(super) &'a [u8]);

impl Written for ExposedBase32<'_> {
    fn write_to(&self, text: &mut dyn fmt::Write) -> fmt::Result {
        BASE32.write(self.0, |letter| text.write_char(char::from(letter)))
    }
}

impl fmt::Display for ExposedBase32<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_to(f)
    }
}

/// Formats a secret as hexadecimal. Returned by
/// [`Secret::expose_hex`](super::Secret::expose_hex).
pub struct ExposedHex<'a>(pub(super) &'a [u8]);

impl Written for ExposedHex<'_> {
    fn write_to(&self, text: &mut dyn fmt::Write) -> fmt::Result {
        HEX.write(self.0, |letter| {
            text.write_char(char::from(letter.to_ascii_lowercase()))
        })
    }
}

impl fmt::Display for ExposedHex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_to(f)
    }
}
