//! The text forms of a secret.

use core::fmt;

use crate::oath::alphabet::{BASE32, HEX};
use crate::oath::as_text::{Written, display};

/// Formats a secret as base32. Returned by
/// [`Secret::expose_base32`](super::Secret::expose_base32).
pub struct ExposedBase32<'a>(pub(super) &'a [u8]);

impl Written for ExposedBase32<'_> {
    fn write_to(&self, put: &mut dyn FnMut(char)) {
        BASE32.write(self.0, |letter| put(char::from(letter)));
    }
}

impl fmt::Display for ExposedBase32<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        display(self, f)
    }
}

/// Formats a secret as hexadecimal. Returned by
/// [`Secret::expose_hex`](super::Secret::expose_hex).
pub struct ExposedHex<'a>(pub(super) &'a [u8]);

impl Written for ExposedHex<'_> {
    fn write_to(&self, put: &mut dyn FnMut(char)) {
        HEX.write(self.0, |letter| {
            put(char::from(letter.to_ascii_lowercase()))
        });
    }
}

impl fmt::Display for ExposedHex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        display(self, f)
    }
}
