//! Reading of typed codes.

use super::character::{Character, classify};
use crate::kernel::wipe;

/// The fewest and the most digits of a code.
const FEWEST: usize = 4;
const MOST: usize = 10;

/// The most code points of a text that are read.
pub(crate) const LONGEST: usize = 64;

/// [`LONGEST`] in bytes of UTF-8.
#[cfg(feature = "alloc")]
pub(crate) const TYPED_BYTES: usize = 4 * LONGEST;

/// The digits of a typed code, as many as were typed: 4 to 10. Wiped on drop.
#[derive(Clone)]
pub(crate) struct TypedCode {
    /// ASCII digits, then zero bytes.
    ascii: [u8; 16],
    count: usize,
}

impl TypedCode {
    /// Reads typed text. Decimal digits of every script are digits; white
    /// space, hyphens and dashes, and direction and other format characters are
    /// passed over. `None` for any other character, fewer than 4 or more than
    /// 10 digits, or more than 64 code points.
    ///
    /// Branches depend on which characters are digits and of which scripts, not
    /// on the values of the digits.
    pub(crate) fn read(text: &str) -> Option<Self> {
        Self::read_plain(text.as_bytes()).or_else(|| Self::read_characters(text))
    }

    /// Reads any text, character by character.
    #[cold]
    #[inline(never)]
    fn read_characters(text: &str) -> Option<Self> {
        let mut typed = Self {
            ascii: [0; 16],
            count: 0,
        };
        for (index, letter) in text.chars().enumerate() {
            match classify(letter) {
                _ if index >= LONGEST => return None,
                Character::Digit(value) if typed.count < MOST => {
                    typed.ascii[typed.count] = b'0' + value;
                    typed.count += 1;
                }
                Character::Passed => {}
                Character::Digit(_) | Character::Other => return None,
            }
        }
        (typed.count >= FEWEST).then_some(typed)
    }

    /// Reads the usual text, which has only ASCII digits, in a few instructions.
    /// `None` for any other.
    fn read_plain(text: &[u8]) -> Option<Self> {
        // Two words cover the text and overlap.
        let (first, last, shift) = if text.len() < 8 {
            let first = u32::from_le_bytes(*text.first_chunk()?);
            let last = u32::from_le_bytes(*text.last_chunk()?);
            (u64::from(first), u64::from(last), text.len() - 4)
        } else if text.len() <= MOST {
            let first = u64::from_le_bytes(*text.first_chunk()?);
            let last = u64::from_le_bytes(*text.last_chunk()?);
            (first, last, text.len() - 8)
        } else {
            return None;
        };
        // The upper bytes of a word of four count as zeros.
        let fill = if text.len() < 8 {
            0x3030_3030_0000_0000
        } else {
            0
        };
        if !(are_digits(first | fill) & are_digits(last | fill)) {
            return None;
        }
        let word = u128::from(first) | u128::from(last) << (8 * shift);
        Some(Self {
            ascii: word.to_le_bytes(),
            count: text.len(),
        })
    }

    /// How many digits were typed.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// The digits in ASCII.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.ascii[..self.count]
    }

    /// The digits in ASCII, then zero bytes.
    pub(crate) fn padded(&self) -> &[u8; 16] {
        &self.ascii
    }
}

/// Whether all eight bytes are ASCII digits. Without comparisons of the bytes,
/// so that valgrind can follow it bit by bit.
fn are_digits(word: u64) -> bool {
    const ZEROS: u64 = u64::from_ne_bytes([b'0'; 8]);
    const SIXES: u64 = u64::from_ne_bytes([6; 8]);
    const UPPER: u64 = u64::from_ne_bytes([0xf0; 8]);
    // Below 10: neither it nor 6 more has a bit above the lowest four.
    let values = word ^ ZEROS;
    (values.wrapping_add(SIXES) | values) & UPPER == 0
}

impl Drop for TypedCode {
    fn drop(&mut self) {
        wipe(&mut self.ascii);
    }
}

#[cfg(test)]
mod tests {
    use std::format;
    use std::string::String;

    use super::*;

    fn read(text: &str) -> Option<String> {
        let typed = TypedCode::read(text)?;
        Some(String::from_utf8(typed.as_bytes().to_vec()).unwrap())
    }

    #[test]
    fn four_to_ten_digits() {
        for count in 0..20 {
            let text = &"01234567890123456789"[..count];
            let expected = (4..=10).contains(&count).then(|| String::from(text));
            assert_eq!(read(text), expected);
            assert_eq!(read(&format!("\u{200e}{text}\n")), expected);
        }
    }

    #[test]
    fn each_other_ascii_character_in_each_place() {
        for count in 4..=10 {
            for place in 0..count {
                for byte in 0..=127 {
                    let mut text = b"0918273645"[..count].to_vec();
                    text[place] = byte;
                    let text = String::from_utf8(text).unwrap();
                    let plain = TypedCode::read_plain(text.as_bytes()).is_some();
                    assert_eq!(plain, byte.is_ascii_digit(), "{text:?}");
                    let expected = match byte {
                        b'0'..=b'9' => Some(text.clone()),
                        b'\t'..=b'\r' | b' ' | b'-' if count > 4 => {
                            Some(text.replace(char::from(byte), ""))
                        }
                        _ => None,
                    };
                    assert_eq!(read(&text), expected, "{text:?}");
                }
            }
        }
    }

    #[test]
    fn sixty_four_code_points() {
        let spaces = "\u{3000}".repeat(58);
        assert_eq!(read(&format!("{spaces}755224")).as_deref(), Some("755224"));
        assert_eq!(read(&format!("755224{spaces}")).as_deref(), Some("755224"));
        assert_eq!(read(&format!("{spaces} 755224")), None);
        assert_eq!(read(&format!("755224{spaces} ")), None);
    }
}
