//! Parsing of phone numbers as people write them.

use super::calling_code::CallingCode;
use super::phone_number::{MOST, PhoneNumber};
use super::plans::Plan;
use crate::Error;
use crate::typed::{Character, LONGEST, classify, is_plus};

/// The digits read so far.
struct Digits {
    ascii: [u8; MOST + 2],
    len: usize,
}

impl Digits {
    fn as_bytes(&self) -> &[u8] {
        &self.ascii[..self.len]
    }

    /// Reads digits and skips separators. Also returns whether a plus sign
    /// precedes the digits.
    fn read(text: &str) -> Result<(bool, Self), Error> {
        let mut digits = Self {
            ascii: [0; MOST + 2],
            len: 0,
        };
        let mut plus = false;
        let mut too_long = false;
        for (index, letter) in text.chars().enumerate() {
            if index == LONGEST {
                return Err(Error::NumberTooLong);
            }
            match classify(letter) {
                Character::Passed => {}
                Character::Digit(value) => match digits.ascii.get_mut(digits.len) {
                    Some(slot) => {
                        *slot = b'0' + value;
                        digits.len += 1;
                    }
                    None => too_long = true,
                },
                Character::Other if is_separator(letter) => {}
                Character::Other if is_plus(letter) && !plus && digits.len == 0 => plus = true,
                Character::Other => return Err(Error::NumberCharacter),
            }
        }
        match digits.len {
            0 => Err(Error::NumberEmpty),
            _ if too_long => Err(Error::NumberTooLong),
            _ => Ok((plus, digits)),
        }
    }
}

impl PhoneNumber {
    /// Parses a number as people write it.
    ///
    /// Decimal digits of every script are digits. White space, hyphens and
    /// dashes, and direction and other format characters are passed over, and
    /// so are dots, slashes and parentheses. The plus sign and these have their
    /// full-width and small forms, too. At most 64 code points are read.
    /// `country` is the country of numbers in national form. The first rule that
    /// applies decides:
    ///
    /// 1. Numbers that start with `+` or `00` are international.
    /// 2. Without a `country`, the digits are international, unless they start
    ///    with 0, which means that they are national.
    /// 3. With a `country`, its trunk prefix before a national number is
    ///    dropped: `0500000000` is `+966500000000`. If national numbers may
    ///    also begin with the digits of the prefix (1, 8, and in some plans 0),
    ///    it is dropped only if the rest has the length of a mobile number of
    ///    the country.
    /// 4. The country's own code followed by as many digits as its mobile
    ///    numbers have is international: `966500000000`.
    /// 5. A number with as many digits as its mobile numbers have is national:
    ///    `500000000` is `+966500000000`, although 500 is also a country code.
    /// 6. Everything else is international: `447911123456`.
    ///
    /// # Errors
    /// [`Error::NumberEmpty`], [`Error::NumberCharacter`] for any other
    /// character, [`Error::NumberTooShort`], [`Error::NumberTooLong`],
    /// [`Error::UnknownCallingCode`], [`Error::NationalPrefix`] for a national
    /// part that begins with 0 in a plan without such numbers (`+966 050…`,
    /// `+44 (0)…`), [`Error::CountryMissing`] for a number in national form
    /// without a `country`.
    pub fn parse(text: &str, country: Option<CallingCode>) -> Result<Self, Error> {
        let (plus, digits) = Digits::read(text)?;
        let digits = digits.as_bytes();
        if plus {
            return Self::international(digits);
        }
        if let Some(rest) = digits.strip_prefix(b"00") {
            return Self::international(rest);
        }
        let Some((country, plan)) = country.and_then(|country| {
            let plan = Plan::find(country.get())?;
            Some((country, plan))
        }) else {
            return match digits.first() {
                Some(b'0') => Err(Error::CountryMissing),
                _ => Self::international(digits),
            };
        };
        let national = without_trunk(digits, plan);
        let is_own = CallingCode::split(digits).is_some_and(|(code, plan)| {
            code == country && plan.has_mobile_length(digits.len() - code.len())
        });
        let is_national = national.len() < digits.len()
            || digits.starts_with(b"0")
            || plan.has_mobile_length(digits.len()) && !is_own;
        if is_national {
            Self::from_parts(country, plan, national)
        } else {
            Self::international(digits)
        }
    }

    /// Combines a separate country code and national number, as in requests of
    /// VerifyNow. The digits are never interpreted as international. A trunk
    /// prefix is dropped as in [`parse`](Self::parse).
    ///
    /// # Errors
    /// As [`parse`](Self::parse); a `+` is [`Error::NumberCharacter`].
    pub fn from_national(country: CallingCode, national: &str) -> Result<Self, Error> {
        let (plus, digits) = Digits::read(national)?;
        if plus {
            return Err(Error::NumberCharacter);
        }
        let plan = Plan::find(country.get()).ok_or(Error::UnknownCallingCode)?;
        Self::from_parts(country, plan, without_trunk(digits.as_bytes(), plan))
    }
}

/// Whether it is a dot, parenthesis or slash, or a full-width or small form of
/// one. Spaces and dashes of every kind are passed over as in all typed text.
fn is_separator(letter: char) -> bool {
    matches!(
        letter,
        '.' | '(' | ')' | '/' | '．' | '（' | '）' | '／' | '\u{fe52}' | '\u{fe59}' | '\u{fe5a}'
    )
}

/// The national number without the plan's trunk prefix, if it has one.
fn without_trunk<'a>(digits: &'a [u8], plan: &Plan) -> &'a [u8] {
    let trunk = plan.trunk.digits();
    match digits.strip_prefix(trunk) {
        Some(national) if !trunk.is_empty() => {
            let only_a_prefix = trunk.starts_with(b"0") && !plan.has_national_zeros();
            if only_a_prefix || plan.has_mobile_length(national.len()) {
                national
            } else {
                digits
            }
        }
        _ => digits,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn country_and_national_number_apart() {
        let india = CallingCode::new(91).unwrap();
        let number = PhoneNumber::from_national(india, "9123456789").unwrap();
        assert_eq!(number.as_str(), "+919123456789");
        assert_eq!(PhoneNumber::from_national(india, "09123456789"), Ok(number));
        let refused = PhoneNumber::from_national(india, "+919123456789");
        assert_eq!(refused, Err(Error::NumberCharacter));
        let refused = PhoneNumber::from_national(india, "009123456789");
        assert_eq!(refused, Err(Error::NationalPrefix));
        let refused = PhoneNumber::from_national(india, "12345678901234");
        assert_eq!(refused, Err(Error::NumberTooLong));
    }
}
