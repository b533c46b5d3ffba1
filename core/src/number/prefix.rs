//! Prefixes of phone numbers in canonical form.

use core::fmt;
use core::str::FromStr;

use super::calling_code::CallingCode;
use super::phone_number::{MOST, PhoneNumber};
use crate::Error;
use crate::typed::{Character, classify, is_plus};

/// The most digits of a prefix that is shown: fewer than those of a number.
const SHOWN: usize = 6;

/// The digits that numbers in canonical form begin with: a country code with or
/// without more digits, at most 15.
///
/// `Display` and `Debug` show at most six digits, because a long prefix may be a
/// number: `+966512***`. Use [`as_str`](Self::as_str) for all of them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct NumberPrefix {
    /// A plus sign and the digits, followed by zero bytes.
    text: [u8; MOST + 1],
    len: u8,
}

impl NumberPrefix {
    /// The prefix with its plus sign: `+966512`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // ASCII by construction, so this never falls back.
        core::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    fn as_bytes(&self) -> &[u8] {
        self.text.get(..usize::from(self.len)).unwrap_or_default()
    }

    /// Whether a number begins with it. The time depends on both.
    #[must_use]
    pub fn is_of(&self, number: &PhoneNumber) -> bool {
        number.as_bytes().starts_with(self.as_bytes())
    }

    fn of_digits(digits: &[u8]) -> Result<Self, Error> {
        let (code, plan) = CallingCode::split(digits).ok_or(Error::InvalidPrefix)?;
        // No number in canonical form begins so.
        if digits.get(code.len()) == Some(&b'0') && !plan.has_national_zeros() {
            return Err(Error::NationalPrefix);
        }
        let mut text = [0; MOST + 1];
        text[0] = b'+';
        let slots = text.get_mut(1..=digits.len()).ok_or(Error::InvalidPrefix)?;
        slots.copy_from_slice(digits);
        let len = u8::try_from(digits.len() + 1).map_err(|_| Error::InvalidPrefix)?;
        Ok(Self { text, len })
    }
}

/// Reads a plus sign and digits, in the decimal digits of any script. White space,
/// dashes and format characters are passed over.
///
/// # Errors
/// [`Error::InvalidPrefix`] for other text, without an assigned country code, or
/// with more than 15 digits; [`Error::NationalPrefix`] for a trunk prefix after
/// the country code.
impl FromStr for NumberPrefix {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let (mut digits, mut len, mut plus) = ([0; MOST], 0, false);
        for letter in text.chars() {
            match classify(letter) {
                Character::Passed => {}
                Character::Digit(value) if plus => {
                    *digits.get_mut(len).ok_or(Error::InvalidPrefix)? = b'0' + value;
                    len += 1;
                }
                Character::Other if is_plus(letter) && !plus => plus = true,
                Character::Digit(_) | Character::Other => return Err(Error::InvalidPrefix),
            }
        }
        Self::of_digits(&digits[..len])
    }
}

impl fmt::Display for NumberPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.as_str().chars().enumerate();
        shown
            .map(|(at, letter)| if at <= SHOWN { letter } else { '*' })
            .try_for_each(|letter| fmt::Write::write_char(f, letter))
    }
}

impl fmt::Debug for NumberPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NumberPrefix({self})")
    }
}

#[cfg(all(test, feature = "std"))]
mod tests {
    use std::string::ToString;

    use super::*;

    #[test]
    fn reads_a_country_code_and_more() {
        for (text, prefix) in [
            ("+882", "+882"),
            (" +966 5 0", "+96650"),
            ("+1-868", "+1868"),
            ("＋٩٦٦", "+966"),
            ("+966500000000", "+966500000000"),
            // Italy has national numbers that begin with 0.
            ("+3906", "+3906"),
        ] {
            let read = text.parse::<NumberPrefix>();
            assert_eq!(read.unwrap().as_str(), prefix, "{text}");
        }
    }

    #[test]
    fn refuses_what_no_number_begins_with() {
        for text in [
            "",
            "+",
            "882",
            "00882",
            "+8",
            "+0",
            "+999",
            "++882",
            "882+",
            "+88x",
            "+882/1",
            "+9665000000000000",
            "SA",
        ] {
            assert_eq!(
                text.parse::<NumberPrefix>(),
                Err(Error::InvalidPrefix),
                "{text}"
            );
        }
        let trunk = "+4407".parse::<NumberPrefix>();
        assert_eq!(trunk, Err(Error::NationalPrefix));
    }

    #[test]
    fn is_of_numbers_that_begin_with_it() {
        let number = PhoneNumber::parse("+966500000000", None).unwrap();
        for (prefix, is_of) in [
            ("+966", true),
            ("+96650", true),
            ("+966500000000", true),
            ("+9665000000001", false),
            ("+96651", false),
            ("+7", false),
        ] {
            let prefix: NumberPrefix = prefix.parse().unwrap();
            assert_eq!(prefix.is_of(&number), is_of, "{prefix}");
        }
    }

    #[test]
    fn a_long_prefix_is_masked() {
        let short: NumberPrefix = "+966512".parse().unwrap();
        assert_eq!(short.to_string(), "+966512");
        let long: NumberPrefix = "+966512345".parse().unwrap();
        assert_eq!(std::format!("{long:?}"), "NumberPrefix(+966512***)");
    }
}
