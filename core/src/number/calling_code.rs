//! Country calling codes.

use core::fmt;
use core::str::FromStr;

use super::plans::Plan;
use crate::Error;
use crate::typed::{Character, classify, is_plus};

/// A country code assigned by ITU-T E.164 and in service, 1 to 3 digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallingCode(u16);

impl CallingCode {
    /// # Errors
    /// [`Error::UnknownCallingCode`] for a code that is not assigned.
    pub fn new(code: u16) -> Result<Self, Error> {
        match Plan::find(code) {
            Some(_) => Ok(Self(code)),
            None => Err(Error::UnknownCallingCode),
        }
    }

    /// The code, 1 to 999.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0
    }

    /// The country code that international digits begin with, and its numbering
    /// plan. No code is a prefix of another, so there is at most one match.
    pub(super) fn split(digits: &[u8]) -> Option<(Self, &'static Plan)> {
        let mut code = 0;
        if digits.starts_with(b"0") {
            return None;
        }
        for digit in digits.iter().take(3) {
            code = code * 10 + u16::from(digit.checked_sub(b'0')?);
            if let Some(plan) = Plan::find(code) {
                return Some((Self(code), plan));
            }
        }
        None
    }

    /// The number of digits.
    pub(super) const fn len(self) -> usize {
        match self.0 {
            0..10 => 1,
            10..100 => 2,
            _ => 3,
        }
    }
}

impl fmt::Display for CallingCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Parses `966`, `+966` or `00966`, in the decimal digits of any script. White
/// space and format characters are passed over; a query's `+966` arrives as
/// ` 966`.
///
/// # Errors
/// [`Error::UnknownCallingCode`] for anything that is not an assigned code.
impl FromStr for CallingCode {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let unknown = Error::UnknownCallingCode;
        let (mut code, mut digits, mut zeros, mut plus) = (0_u16, 0, 0, false);
        for letter in text.chars() {
            match classify(letter) {
                // A sign, not a dash.
                _ if matches!(letter, '-' | '\u{2212}') => return Err(unknown),
                Character::Passed => {}
                Character::Digit(0) if digits == 0 => zeros += 1,
                Character::Digit(value) if digits < 3 => {
                    code = code * 10 + u16::from(value);
                    digits += 1;
                }
                Character::Other if is_plus(letter) && !plus && digits + zeros == 0 => plus = true,
                Character::Digit(_) | Character::Other => return Err(unknown),
            }
        }
        match zeros {
            0 => Self::new(code),
            2 if !plus => Self::new(code),
            _ => Err(unknown),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assigned_codes_only() {
        for code in [1, 7, 966, 979] {
            assert_eq!(CallingCode::new(code).map(CallingCode::get), Ok(code));
        }
        for code in [0, 2, 96, 210, 379, 999, 1000, u16::MAX] {
            assert_eq!(CallingCode::new(code), Err(Error::UnknownCallingCode));
        }
    }

    #[test]
    fn reads_what_people_write() {
        for text in [
            "966",
            "+966",
            "00966",
            " 966",
            "966 ",
            "+ 966",
            "00 966",
            "٩٦٦",
            "＋966",
            "\u{200e}+966",
        ] {
            assert_eq!(text.parse::<CallingCode>().map(CallingCode::get), Ok(966));
        }
        for text in [
            "", "+", "0966", "++966", "-966", "SA", "99999999", "00", " ", "+00966", "000966",
            "966+", "9,66", "1-868",
        ] {
            assert_eq!(
                text.parse::<CallingCode>(),
                Err(Error::UnknownCallingCode),
                "{text}"
            );
        }
    }
}
