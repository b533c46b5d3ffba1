//! Country calling codes.

use core::fmt;
use core::str::FromStr;

use super::plans::Plan;
use crate::Error;

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

/// Parses `966`, `+966` or `00966`.
///
/// # Errors
/// [`Error::UnknownCallingCode`] for anything that is not an assigned code.
impl FromStr for CallingCode {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let digits = text
            .strip_prefix('+')
            .or_else(|| text.strip_prefix("00"))
            .unwrap_or(text);
        // `u16` would accept a sign.
        if !digits.bytes().all(|digit| digit.is_ascii_digit()) || digits.starts_with('0') {
            return Err(Error::UnknownCallingCode);
        }
        Self::new(digits.parse().map_err(|_| Error::UnknownCallingCode)?)
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
        for text in ["966", "+966", "00966"] {
            assert_eq!(text.parse::<CallingCode>().map(CallingCode::get), Ok(966));
        }
        for text in [
            "", "+", "0966", "++966", "966 ", "-966", "SA", "٩٦٦", "99999999",
        ] {
            assert_eq!(
                text.parse::<CallingCode>(),
                Err(Error::UnknownCallingCode),
                "{text}"
            );
        }
    }
}
