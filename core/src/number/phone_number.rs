//! Phone numbers in canonical E.164 form.

use core::fmt;

use subtle::{Choice, ConstantTimeEq};

use super::calling_code::CallingCode;
use super::hash::{HexDigest, keyed};
use super::plans::Plan;
use crate::Error;
use crate::kernel::only_block_of_16;
use crate::oath::as_text::{Written, decimal, display, text};

/// The maximum number of digits in E.164.
pub(super) const MOST: usize = 15;
/// The fewest digits of any number in service, including the country code.
const FEWEST: usize = 5;
/// The fewest national digits of a number that is shown partially.
const SHOWN_FROM: usize = 7;

/// A phone number in canonical form (E.164): 5 to 15 digits that begin with an
/// assigned country code.
///
/// `Display` and `Debug` mask it (`+9665*****67`, always five asterisks); use
/// [`as_str`](Self::as_str) for the number itself. Comparison is constant-time.
#[derive(Clone, Copy)]
pub struct PhoneNumber {
    /// A plus sign and the digits, followed by zero bytes.
    text: [u8; MOST + 1],
    len: u8,
    code: CallingCode,
}

impl PhoneNumber {
    /// The digits as an integer, which is reversible because E.164 numbers
    /// never begin with 0.
    pub(crate) fn to_u64(self) -> u64 {
        self.digits()
            .bytes()
            .fold(0, |value, digit| value * 10 + u64::from(digit - b'0'))
    }

    /// The inverse of [`Self::to_u64`].
    pub(crate) fn from_u64(mut value: u64) -> Result<Self, Error> {
        let mut digits = [0; 20];
        let mut first = digits.len();
        while value > 0 {
            first -= 1;
            // A remainder modulo 10 fits a byte.
            #[allow(clippy::cast_possible_truncation)]
            let digit = (value % 10) as u8;
            digits[first] = b'0' + digit;
            value /= 10;
        }
        Self::exact(&digits[first..])
    }

    /// The number with exactly these digits, a country code and a national number.
    pub(super) fn exact(digits: &[u8]) -> Result<Self, Error> {
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
        // The length is at most 16.
        #[allow(clippy::cast_possible_truncation)]
        let len = digits.len() as u8 + 1;
        Ok(Self { text, len, code })
    }

    pub(super) fn from_parts(
        country: CallingCode,
        plan: &Plan,
        national: &[u8],
    ) -> Result<Self, Error> {
        // Checked before the length, because an extra prefix usually makes the
        // number too long as well.
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
            // A remainder modulo 10 fits a byte.
            #[allow(clippy::cast_possible_truncation)]
            let digit = (rest % 10) as u8;
            *slot = b'0' + digit;
            rest /= 10;
        }
        Self::exact(digits)
    }

    /// The number as E.164 with its plus sign: `+966500000000`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // ASCII by construction, so this never falls back.
        core::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    /// The padded block for SHA-256.
    pub(super) fn block(&self) -> [u8; 64] {
        only_block_of_16(&self.text, usize::from(self.len))
    }

    /// [`as_str`](Self::as_str) as bytes.
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

    /// SHA-256 of the E.164 text with its plus sign, in hexadecimal: the public
    /// hash of CAMARA Number Verification (version 1 and later) and of GSMA
    /// IDY.54.
    ///
    /// Anyone can compute it for every number of a country. Use it to compare
    /// with hashes that others send, not for storage; see
    /// [`keyed_hash`](Self::keyed_hash).
    #[must_use]
    pub fn sha256_hex(&self) -> HexDigest {
        HexDigest::of(&self.text, usize::from(self.len))
    }

    /// SHA-256 of the digits without the plus sign, which CAMARA Number
    /// Verification also allowed before version 1.
    #[must_use]
    pub fn sha256_hex_without_plus(&self) -> HexDigest {
        let [_, digits @ ..] = self.text;
        let mut text = [0; MOST + 1];
        text[..MOST].copy_from_slice(&digits);
        HexDigest::of(&text, usize::from(self.len).saturating_sub(1))
    }

    /// HMAC-SHA-256 of the number under the host's key: a hash for storage and
    /// lookup that reveals nothing without the key. The input is `mpass phone
    /// number`, a zero byte and the E.164 text.
    #[must_use]
    pub fn keyed_hash(&self, key: &[u8; 32]) -> [u8; 32] {
        keyed(key, self.as_bytes())
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

/// Shows the country code and, for numbers of seven or more national digits,
/// the first and the last two of them.
impl Written for PhoneNumber {
    fn write_to(&self, put: &mut dyn FnMut(char)) {
        let national = self.national();
        let (first, last) = match national.len() {
            len @ SHOWN_FROM.. => (national.get(..1), national.get(len - 2..)),
            _ => (None, None),
        };
        put('+');
        decimal(put, self.code.get().into());
        for part in [first.unwrap_or_default(), "*****", last.unwrap_or_default()] {
            text(put, part);
        }
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        display(self, f)
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
