//! Typed codes passed as integers.

use zeroize::Zeroize;

/// The most digits that fit below the marker.
const MOST: usize = 15;

/// Text of up to 15 ASCII digits decoded from an integer. Bindings pass typed
/// codes this way because passing a string costs more than computing a code.
/// Each digit takes four bits, the last digit lowest, with a 1 above the first
/// digit as marker: `0x1007` is `"007"`. The text is not necessarily a code;
/// pass it to [`Code::parse`]. Wiped on drop.
///
/// ```
/// # use mpass_core::oath::PackedText;
/// assert_eq!(PackedText::new(0x0175_5224).as_str(), "755224");
/// ```
///
/// [`Code::parse`]: super::Code::parse
pub struct PackedText {
    ascii: [u8; MOST],
    len: usize,
}

impl PackedText {
    /// Decodes any integer. Four bits above 9 become a character that is not a
    /// digit, and 0 becomes the empty text.
    #[must_use]
    pub fn new(packed: u64) -> Self {
        let bits = u64::BITS - packed.leading_zeros();
        let len = usize::try_from(bits.saturating_sub(1) / 4).map_or(MOST, |len| len.min(MOST));
        let mut ascii = [b'0'; MOST];
        for (slot, character) in ascii[..len].iter_mut().rev().enumerate() {
            let [lowest, ..] = (packed >> (4 * slot)).to_le_bytes();
            *character |= lowest & 15;
        }
        Self { ascii, len }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // All bytes are below 0x40, hence ASCII, so this never falls back.
        core::str::from_utf8(&self.ascii[..self.len]).unwrap_or_default()
    }
}

impl Drop for PackedText {
    fn drop(&mut self) {
        self.ascii.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oath::{Code, Digits};

    #[test]
    fn any_number_is_a_text() {
        for (packed, text) in [
            (0x0175_5224, "755224"),
            (0x1000_0000, "0000000"),
            (0x1, ""),
            (0, ""),
            (0x1123_4567_8901_2345, "123456789012345"),
            (u64::MAX, "???????????????"),
        ] {
            assert_eq!(PackedText::new(packed).as_str(), text);
        }
    }

    #[test]
    fn what_is_no_digit_is_in_no_code() {
        assert!(Code::parse(PackedText::new(0x0175_522a).as_str(), Digits::SIX).is_none());
        assert!(Code::parse(PackedText::new(0x0017_5522).as_str(), Digits::SIX).is_none());
        assert!(Code::parse(PackedText::new(0x0175_5229).as_str(), Digits::SIX).is_some());
    }
}
