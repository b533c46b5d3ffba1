use core::fmt;

use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};
use zeroize::Zeroize;

use super::Digits;
use crate::kernel::Digest;

/// Most digits of a code.
const MOST: usize = 10;

/// A one-time code: 4 to 10 ASCII digits, leading zeros included. Wiped on
/// drop; its `Debug` shows nothing of it.
#[derive(Clone)]
pub struct Code {
    ascii: [u8; MOST],
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

    /// How many digits it has.
    #[must_use]
    pub fn digits(&self) -> Digits {
        self.digits
    }

    /// The code of an HMAC value: RFC 4226 section 5.3, with the offset taken
    /// from the last byte as erratum 6756 has it.
    pub(crate) fn truncate(mac: &Digest, digits: Digits) -> Self {
        let mut rest = u64::from(truncated(mac.as_bytes())) % digits.modulus();
        let mut ascii = [b'0'; MOST];
        for place in ascii[..usize::from(digits.get())].iter_mut().rev() {
            // A remainder of 10 fits a byte.
            #[allow(clippy::cast_possible_truncation)]
            let digit = (rest % 10) as u8;
            *place = b'0' + digit;
            rest /= 10;
        }
        Self { ascii, digits }
    }

    /// Reads what somebody typed as a code of exactly `digits` digits.
    ///
    /// ASCII digits, Arabic-Indic (U+0660 to U+0669) and Eastern Arabic-Indic
    /// digits (U+06F0 to U+06F9) count; a text of another length, or with a
    /// sign, a space or any other character, is no code: `None`.
    #[must_use]
    pub fn parse(text: &str, digits: Digits) -> Option<Self> {
        let mut ascii = [b'0'; MOST];
        let mut places = ascii[..usize::from(digits.get())].iter_mut();
        for letter in text.chars() {
            *places.next()? = fold_digit(letter)?;
        }
        match places.next() {
            None => Some(Self { ascii, digits }),
            Some(_) => None,
        }
    }

    /// Whether both are the same code, in a time that depends on neither.
    pub(crate) fn ct_eq(&self, other: &Self) -> Choice {
        self.digits.get().ct_eq(&other.digits.get()) & self.ascii.ct_eq(&other.ascii)
    }
}

/// The ASCII digit of an ASCII, Arabic-Indic or Eastern Arabic-Indic digit.
fn fold_digit(letter: char) -> Option<u8> {
    let zero = match letter {
        '0'..='9' => '0',
        '\u{660}'..='\u{669}' => '\u{660}',
        '\u{6f0}'..='\u{6f9}' => '\u{6f0}',
        _ => return None,
    };
    u8::try_from(u32::from(letter) - u32::from(zero) + u32::from(b'0')).ok()
}

/// The 31 bits at the offset that the last byte names. The offset is secret:
/// all sixteen places are read and one is kept by mask.
fn truncated(mac: &[u8]) -> u32 {
    let offset = mac.last().map_or(0, |last| last & 15);
    let mut kept = 0;
    for (place, window) in (0u8..16).zip(mac.windows(4)) {
        let here = window
            .iter()
            .fold(0u32, |word, byte| word << 8 | u32::from(*byte));
        kept = u32::conditional_select(&kept, &here, place.ct_eq(&offset));
    }
    kept & 0x7fff_ffff
}

impl Drop for Code {
    fn drop(&mut self) {
        self.ascii.zeroize();
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Code({} digits)", self.digits)
    }
}
