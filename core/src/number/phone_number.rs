use core::fmt;

use subtle::{Choice, ConstantTimeEq};

use super::calling_code::CallingCode;
use super::hash::{HexDigest, keyed};
use super::plans::Plan;
use crate::Error;
use crate::kernel::only_block_of_16;
use crate::oath::fold_digit;

/// The most digits of E.164.
const MOST: usize = 15;
/// The fewest digits that any number in service has, country code included.
const FEWEST: usize = 5;
/// National digits from which on some of them are shown.
const SHOWN_FROM: usize = 7;

/// A phone number in its one canonical form, E.164: 5 to 15 digits that begin
/// with an assigned country code.
///
/// `Display` and `Debug` mask it (`+9665*****67`, always five stars); the
/// number itself comes out by [`as_str`](Self::as_str) only. Comparison takes
/// a time that does not depend on the digits.
#[derive(Clone, Copy)]
pub struct PhoneNumber {
    /// A plus sign and the digits; zeros follow.
    text: [u8; MOST + 1],
    len: u8,
    code: CallingCode,
}

/// Digits that are being read.
struct Digits {
    ascii: [u8; MOST + 2],
    len: usize,
}

impl Digits {
    fn as_bytes(&self) -> &[u8] {
        &self.ascii[..self.len]
    }

    /// Reads digits and separators; whether a plus sign stands before them.
    fn read(text: &str) -> Result<(bool, Self), Error> {
        let mut digits = Self {
            ascii: [0; MOST + 2],
            len: 0,
        };
        let mut plus = false;
        let mut too_long = false;
        for letter in text.chars() {
            match letter {
                ' ' | '-' | '.' | '(' | ')' => {}
                '+' if !plus && digits.len == 0 => plus = true,
                letter => {
                    let digit = fold_digit(letter).ok_or(Error::NumberCharacter)?;
                    match digits.ascii.get_mut(digits.len) {
                        Some(slot) => {
                            *slot = digit;
                            digits.len += 1;
                        }
                        None => too_long = true,
                    }
                }
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
    /// Reads a number as people write it and brings it to its canonical form.
    ///
    /// Digits may be ASCII, Arabic-Indic or Eastern Arabic-Indic; spaces,
    /// hyphens, dots and parentheses are passed over anywhere. `country` is
    /// the country that numbers without one belong to. The readings, the first
    /// that applies:
    ///
    /// 1. `+…` and `00…` are international.
    /// 2. Without a `country` the digits are international; a first 0 means
    ///    that they are national.
    /// 3. With a `country`, its trunk prefix before a national number is
    ///    dropped: `0500000000` is `+966500000000`. A prefix that national
    ///    numbers may begin with as well (1, 8, and 0 where those do) counts
    ///    only before as many digits as mobile numbers of the country have.
    /// 4. The country's own code before as many digits as its mobile numbers
    ///    have is international: `966500000000`.
    /// 5. As many digits as its mobile numbers have are national: `500000000`
    ///    is `+966500000000`, although `+500` is a country as well.
    /// 6. The rest is international: `447911123456`.
    ///
    /// # Errors
    /// [`Error::NumberEmpty`], [`Error::NumberCharacter`] for any other
    /// character, [`Error::NumberTooShort`], [`Error::NumberTooLong`],
    /// [`Error::UnknownCallingCode`], [`Error::NationalPrefix`] for a national
    /// part that begins with 0 in a plan without such numbers (`+966 050…`,
    /// `+44 (0)…`), [`Error::CountryMissing`] for a national number without a
    /// `country`.
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

    /// The number of a country code and a national number that stand apart,
    /// as VerifyNow has them: the digits are never read as international. A
    /// trunk prefix is dropped as in [`parse`](Self::parse).
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

    /// The digits as one integer: no E.164 number begins with 0.
    pub(crate) fn to_u64(self) -> u64 {
        self.digits()
            .bytes()
            .fold(0, |value, digit| value * 10 + u64::from(digit - b'0'))
    }

    /// The number of [`Self::to_u64`].
    pub(crate) fn from_u64(mut value: u64) -> Result<Self, Error> {
        let mut digits = [0; 20];
        let mut first = digits.len();
        while value > 0 {
            first -= 1;
            // A remainder of 10 fits a byte.
            #[allow(clippy::cast_possible_truncation)]
            let digit = (value % 10) as u8;
            digits[first] = b'0' + digit;
            value /= 10;
        }
        Self::international(&digits[first..])
    }

    fn international(digits: &[u8]) -> Result<Self, Error> {
        match digits.len() {
            0 => return Err(Error::NumberEmpty),
            1..FEWEST => return Err(Error::NumberTooShort),
            FEWEST..=MOST => {}
            _ => return Err(Error::NumberTooLong),
        }
        let (code, plan) = CallingCode::split(digits).ok_or(Error::UnknownCallingCode)?;
        if digits.get(code.len()) == Some(&b'0') && !plan.has_national_zeros() {
            return Err(Error::NationalPrefix);
        }
        let mut text = [0; MOST + 1];
        text[0] = b'+';
        text[1..=digits.len()].copy_from_slice(digits);
        // At most 16.
        #[allow(clippy::cast_possible_truncation)]
        let len = digits.len() as u8 + 1;
        Ok(Self { text, len, code })
    }

    fn from_parts(country: CallingCode, plan: &Plan, national: &[u8]) -> Result<Self, Error> {
        // Before the lengths, because a prefix too many makes most of them.
        if national.starts_with(b"0") && !plan.has_national_zeros() {
            return Err(Error::NationalPrefix);
        }
        let len = country.len() + national.len();
        let mut digits = [0; MOST];
        let digits = digits.get_mut(..len).ok_or(Error::NumberTooLong)?;
        let (front, back) = digits.split_at_mut(country.len());
        back.copy_from_slice(national);
        let mut rest = country.get();
        for slot in front.iter_mut().rev() {
            // A remainder of 10 fits a byte.
            #[allow(clippy::cast_possible_truncation)]
            let digit = (rest % 10) as u8;
            *slot = b'0' + digit;
            rest /= 10;
        }
        Self::international(digits)
    }

    /// The number as E.164 with its plus sign: `+966500000000`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // ASCII by construction, so this never falls back.
        core::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    /// The only block of its hash.
    pub(super) fn block(&self) -> [u8; 64] {
        only_block_of_16(&self.text, usize::from(self.len))
    }

    /// The same as bytes.
    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.text[..usize::from(self.len)]
    }

    /// The digits without a plus sign: `966500000000`.
    #[must_use]
    pub fn digits(&self) -> &str {
        self.as_str().get(1..).unwrap_or_default()
    }

    /// The country code: 966.
    #[must_use]
    pub fn calling_code(&self) -> CallingCode {
        self.code
    }

    /// The digits after the country code: `500000000`.
    #[must_use]
    pub fn national(&self) -> &str {
        self.as_str().get(1 + self.code.len()..).unwrap_or_default()
    }

    /// SHA-256 over the E.164 text with its plus sign, in hexadecimal: the
    /// public hash of CAMARA Number Verification from version 1 on and of
    /// GSMA IDY.54.
    ///
    /// Anyone can compute it for every number of a country. It is for
    /// comparing with what others send, not for storing: see
    /// [`keyed_hash`](Self::keyed_hash).
    #[must_use]
    pub fn sha256_hex(&self) -> HexDigest {
        HexDigest::of(&self.text, usize::from(self.len))
    }

    /// The same over the digits without the plus sign, which CAMARA Number
    /// Verification before version 1 allowed as well.
    #[must_use]
    pub fn sha256_hex_without_plus(&self) -> HexDigest {
        let [_, digits @ ..] = self.text;
        let mut text = [0; MOST + 1];
        text[..MOST].copy_from_slice(&digits);
        HexDigest::of(&text, usize::from(self.len).saturating_sub(1))
    }

    /// HMAC-SHA-256 of the number under the host's key: a hash to store and
    /// to look up by, which tells nothing without the key. The MAC is over
    /// `mpass phone number`, a zero byte and the E.164 text.
    #[must_use]
    pub fn keyed_hash(&self, key: &[u8; 32]) -> [u8; 32] {
        keyed(key, self.as_bytes())
    }
}

/// The national number without the plan's trunk prefix, where it has one.
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

impl ConstantTimeEq for PhoneNumber {
    fn ct_eq(&self, other: &Self) -> Choice {
        self.text.ct_eq(&other.text)
    }
}

impl PartialEq for PhoneNumber {
    fn eq(&self, other: &Self) -> bool {
        self.ct_eq(other).into()
    }
}

impl Eq for PhoneNumber {}

/// Shows the country code and, of seven national digits or more, the first
/// and the last two.
impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let national = self.national();
        let (first, last) = match national.len() {
            len @ SHOWN_FROM.. => (national.get(..1), national.get(len - 2..)),
            _ => (None, None),
        };
        let (first, last) = (first.unwrap_or_default(), last.unwrap_or_default());
        write!(f, "+{}{first}*****{last}", self.code)
    }
}

/// As `Display`.
impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PhoneNumber({self})")
    }
}

#[cfg(test)]
mod tests {
    use std::format;

    use super::*;

    fn parse(text: &str, country: u16) -> Result<PhoneNumber, Error> {
        let country = (country != 0).then(|| CallingCode::new(country).unwrap());
        PhoneNumber::parse(text, country)
    }

    #[test]
    fn is_split_after_the_country_code() {
        let number = parse("+39 0669812345", 0).unwrap();
        assert_eq!(number.as_str(), "+390669812345");
        assert_eq!(number.digits(), "390669812345");
        assert_eq!(number.calling_code().get(), 39);
        assert_eq!(number.national(), "0669812345");
    }

    #[test]
    fn is_one_integer() {
        for text in ["+24762889", "+966500000000", "+498912345678901"] {
            let number = parse(text, 0).unwrap();
            assert_eq!(PhoneNumber::from_u64(number.to_u64()), Ok(number));
        }
        assert_eq!(PhoneNumber::from_u64(0), Err(Error::NumberEmpty));
        assert_eq!(PhoneNumber::from_u64(u64::MAX), Err(Error::NumberTooLong));
    }

    #[test]
    fn masks_itself() {
        for (text, masked) in [
            ("+966500000067", "+9665*****67"),
            ("+12125550123", "+12*****23"),
            ("+4721234567", "+472*****67"),
            ("+6831234", "+683*****"),
            ("+24762889", "+247*****"),
        ] {
            let number = parse(text, 0).unwrap();
            assert_eq!(format!("{number}"), masked);
            assert_eq!(format!("{number:?}"), format!("PhoneNumber({masked})"));
        }
    }

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

    #[test]
    fn hashes_differ_by_kind_key_and_number() {
        let number = parse("+966500000000", 0).unwrap();
        let other = parse("+966500000001", 0).unwrap();
        assert_ne!(number, other);
        assert_ne!(number.sha256_hex(), number.sha256_hex_without_plus());
        assert_ne!(number.sha256_hex(), other.sha256_hex());
        assert_ne!(number.keyed_hash(&[1; 32]), number.keyed_hash(&[2; 32]));
        assert_ne!(number.keyed_hash(&[1; 32]), other.keyed_hash(&[1; 32]));
    }

    #[test]
    fn digests_are_read_in_either_case() {
        let digest = parse("+966500000000", 0).unwrap().sha256_hex();
        let upper = digest.as_str().to_uppercase();
        assert_eq!(HexDigest::parse(&upper), Ok(digest));
        assert_eq!(format!("{digest:?}"), "HexDigest(…)");
        for text in [
            "",
            &upper[1..],
            &upper[2..],
            &format!("{upper}00"),
            &upper.replace('2', "g"),
        ] {
            assert_eq!(HexDigest::parse(text), Err(Error::InvalidHex));
        }
    }
}
