//! Secrets as text that is wiped on drop.

use core::fmt::{self, Write};

use alloc::string::String;
use zeroize::Zeroizing;

use super::Written;

/// Formats the result of an `expose…` method into a string that is wiped on
/// drop.
///
/// The length is measured first, so that the string is allocated once: a string
/// that grows, as with `to_string`, leaves parts of the secret in the freed
/// buffers.
///
/// ```
/// use mpass_core::oath::{Secret, exposed};
///
/// let secret = Secret::from_hex("3132333435")?;
/// assert_eq!(*exposed(secret.expose_base32()), "GEZDGNBV");
/// # Ok::<(), mpass_core::Error>(())
/// ```
#[must_use]
pub fn exposed(secret: impl fmt::Display) -> Zeroizing<String> {
    let mut length = Length(0);
    // Writing to a counter or to a string cannot fail.
    let _ = write!(length, "{secret}");
    let mut text = Zeroizing::new(String::with_capacity(length.0));
    let _ = write!(text, "{secret}");
    text
}

/// [`exposed`] of what writes itself.
#[must_use]
pub fn written(value: &dyn Written) -> Zeroizing<String> {
    let mut length = 0;
    value.write_to(&mut |letter| length += letter.len_utf8());
    let mut text = Zeroizing::new(String::with_capacity(length));
    value.write_to(&mut |letter| text.push(letter));
    text
}

struct Length(usize);

impl Write for Length {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 = self.0.saturating_add(text.len());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oath::Secret;

    #[test]
    fn the_text_never_moves() {
        for bytes in [&[7; 1][..], &[7; 20], &[7; 1024]] {
            let secret = Secret::from_bytes(bytes).unwrap();
            let hex = exposed(secret.expose_hex());
            assert_eq!(hex.len(), 2 * bytes.len());
            assert_eq!(hex.capacity(), hex.len());
            let same = written(&secret.expose_hex());
            assert_eq!((&same, same.capacity()), (&hex, hex.len()));
        }
    }
}
