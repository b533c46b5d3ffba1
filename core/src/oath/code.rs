//! One-time codes: formatting and parsing.

use core::fmt;

use subtle::{Choice, ConstantTimeEq};

use super::Digits;
use crate::kernel::{Digest, wipe};
use crate::typed::TypedCode;

/// The most digits of a code.
const MOST: usize = 10;

/// Length of the buffer: with `digits` it makes a code 16 bytes, which are
/// passed in two registers.
const ROOM: usize = 15;

/// A one-time code: 4 to 10 ASCII digits, including leading zeros. Wiped on
/// drop. `Debug` shows only the number of digits.
#[derive(Clone)]
#[repr(align(8))]
pub struct Code {
    /// The ASCII digits, followed by zero bytes.
    ascii: [u8; ROOM],
    digits: Digits,
}

impl Code {
    /// The code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // The bytes are ASCII digits by construction, so this never falls back.
        core::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    /// The code as ASCII digits.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.ascii[..usize::from(self.digits.get())]
    }

    /// The number of digits.
    #[must_use]
    pub fn digits(&self) -> Digits {
        self.digits
    }

    /// The code of an HMAC (RFC 4226 section 5.3). The offset is taken from the
    /// last byte (erratum 6756).
    pub(crate) fn truncate(mac: &Digest, digits: Digits) -> Self {
        Self::of(mac.dynamic_truncation(), digits)
    }

    /// The code as an integer, less than [`Digits::modulus`].
    #[must_use]
    pub fn value(&self) -> u64 {
        self.as_bytes()
            .iter()
            .fold(0, |value, digit| value * 10 + u64::from(digit - b'0'))
    }

    /// Converts an integer, as returned by [`Hotp::generate_value`] and the
    /// batch functions, to a code with leading zeros. `None` if it has more
    /// than `digits` digits.
    ///
    /// ```
    /// # use mpass_core::oath::{Code, Digits};
    /// let code = Code::from_value(5_924, Digits::SIX);
    /// assert_eq!(code.as_ref().map(Code::as_str), Some("005924"));
    /// assert!(Code::from_value(1_000_000, Digits::SIX).is_none());
    /// ```
    ///
    /// [`Hotp::generate_value`]: super::Hotp::generate_value
    #[must_use]
    pub fn from_value(value: u32, digits: Digits) -> Option<Self> {
        (u64::from(value) < digits.modulus()).then(|| Self::of(value, digits))
    }

    /// The code of the last `digits` digits of an integer.
    pub(super) fn of(value: u32, digits: Digits) -> Self {
        let [ascii @ .., _] = ascii(value, digits).to_le_bytes();
        Self { ascii, digits }
    }

    /// Compares two codes in constant time.
    pub(crate) fn ct_eq(&self, other: &Self) -> Choice {
        self.digits.get().ct_eq(&other.digits.get()) & self.ascii.ct_eq(&other.ascii)
    }

    /// Reads typed text as a code of exactly `digits` digits.
    ///
    /// Decimal digits of every script are digits. White space, hyphens and
    /// dashes, and direction and other format characters are passed over
    /// (Unicode's properties `White_Space` and `Dash` and its category `Cf`).
    /// `None` for another number of digits, any other character, and more than
    /// 64 code points.
    ///
    /// ```
    /// # use mpass_core::oath::{Code, Digits};
    /// for text in ["755224", " 755-224\n", "\u{200e}７５５２２４"] {
    ///     let code = Code::parse(text, Digits::SIX);
    ///     assert_eq!(code.as_ref().map(Code::as_str), Some("755224"));
    /// }
    /// assert!(Code::parse("75522", Digits::SIX).is_none());
    /// ```
    #[must_use]
    pub fn parse(text: &str, digits: Digits) -> Option<Self> {
        Self::of_typed(&TypedCode::read(text)?, digits)
    }

    /// `None` if another number of digits was typed.
    pub(crate) fn of_typed(typed: &TypedCode, digits: Digits) -> Option<Self> {
        let ascii = *typed.padded().first_chunk()?;
        (typed.count() == usize::from(digits.get())).then_some(Self { ascii, digits })
    }
}

/// The last `digits` decimal digits of `value` in ASCII, with leading zeros.
/// The first digit is in the lowest byte; the bytes above the last digit are
/// zero.
///
/// On many processors the time of a division depends on its operands, and the
/// value is secret. Quotients are therefore computed by multiplication with
/// reciprocals, for two, four and eight digits at once in the parts of one
/// word.
fn ascii(value: u32, digits: Digits) -> u128 {
    const MILLIONS: u64 = 100_000_000;
    const ZEROS: u64 = u64::from_ne_bytes([b'0'; 8]);
    let value = u64::from(value);
    // The reciprocals are rounded up, which is exact below 2^32 and 10^8
    // respectively.
    let top = (value * 1_441_151_881) >> 57;
    let value = value - top * MILLIONS;
    let upper = (value * 3_518_437_209) >> 45;
    let fours = upper | (value - upper * 10_000) << 32;
    // 10,486 is 2^20 / 100 rounded up, 103 is 2^10 / 10.
    let hundreds = ((fours * 10_486) >> 20) & 0x0000_007f_0000_007f;
    let twos = hundreds | (fours - hundreds * 100) << 16;
    let tens = ((twos * 103) >> 10) & 0x000f_000f_000f_000f;
    let eight = (tens | (twos - tens * 10) << 8) + ZEROS;
    let beyond = |all: usize| 8 * (all - usize::from(digits.get()));
    if digits <= Digits::EIGHT {
        return u128::from(eight >> beyond(8));
    }
    let top_tens = (top * 103) >> 10;
    let two = (top_tens | (top - top_tens * 10) << 8) + (ZEROS & 0xffff);
    (u128::from(eight) << 16 | u128::from(two)) >> beyond(MOST)
}

/// Writes the last digits of an integer to a row of `digits` bytes.
pub(super) fn write_ascii(value: u32, digits: Digits, row: &mut [u8]) {
    let kept = Code::of(value, digits);
    row.copy_from_slice(kept.as_bytes());
}

impl Drop for Code {
    fn drop(&mut self) {
        wipe(&mut self.ascii);
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Code({} digits)", self.digits)
    }
}

#[cfg(test)]
mod tests {
    use std::format;

    use super::*;

    #[test]
    fn other_lengths_and_other_letters_are_no_code() {
        for text in [
            "",
            "75522",
            "7552240",
            " 75522",
            "75522-0-0",
            "+55224",
            "+755224",
            "-55224",
            "75522a",
            "755.224",
            "755\u{0}24",
            "0x1234",
            "75522\u{66a}",
        ] {
            assert!(Code::parse(text, Digits::SIX).is_none(), "{text:?}");
        }
    }

    #[test]
    fn digits_of_every_script() {
        for text in ["٠١٢٣٤٥", "۰۱۲۳۴۵", "0١۲345", "०१२३४५", "０１２ ３４５"]
        {
            assert_eq!(Code::parse(text, Digits::SIX).unwrap().as_str(), "012345");
        }
        assert_eq!(
            Code::parse("٦٧٨٩", Digits::new(4).unwrap())
                .unwrap()
                .value(),
            6789
        );
    }

    #[test]
    fn debug_hides_the_digits() {
        let code = Code::parse("755224", Digits::SIX).unwrap();
        assert_eq!(format!("{code:?}"), "Code(6 digits)");
    }

    #[test]
    fn digits_of_every_length() {
        let large = (0..u32::MAX).step_by(99_991);
        for value in (0..20_000).chain(large).chain([u32::MAX]) {
            let text = format!("{value:010}");
            for digits in 4..=10 {
                let code = Code::of(value, Digits::new(digits).unwrap());
                assert_eq!(code.as_str(), &text[10 - usize::from(digits)..]);
                let read = Code::parse(code.as_str(), code.digits()).unwrap();
                assert!(bool::from(read.ct_eq(&code)));
            }
        }
    }
}
