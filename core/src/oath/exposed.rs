use core::fmt;
use core::fmt::Write as _;

use alloc::string::String;
use zeroize::Zeroizing;

/// What an `expose…` method gives, as a text that is wiped on drop.
///
/// It is measured before it is written, so that it has one place in memory
/// from the beginning: `to_string` leaves a part of the secret behind wherever
/// the text grew out of.
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
    // Neither a count nor a string fails to be written to.
    let _ = write!(length, "{secret}");
    let mut text = Zeroizing::new(String::with_capacity(length.0));
    let _ = write!(text, "{secret}");
    text
}

struct Length(usize);

impl fmt::Write for Length {
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
        }
    }
}
