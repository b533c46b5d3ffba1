//! Parsing of phone numbers as people write them.

use super::abroad::after_prefixes;
use super::calling_code::CallingCode;
use super::digits::Digits;
use super::phone_number::PhoneNumber;
use super::plans::Plan;
use super::prefixes::{National, joined, moved, moved_abroad};
use crate::Error;

/// How a text was read as a number: the rule of [`PhoneNumber::parse`] that
/// applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reading {
    /// A country code and a national number follow a plus sign or 00.
    International,
    /// International without a plus sign or 00.
    Bare,
    /// As [`International`](Self::International) or [`Bare`](Self::Bare); a trunk
    /// prefix after the country code was dropped: `+44 (0)20…`.
    InternationalDropped,
    /// As [`International`](Self::International) or [`Bare`](Self::Bare); a prefix
    /// was moved as its country demands: `+54 11 15…`.
    InternationalMoved,
    /// National, without a prefix.
    National,
    /// National; the trunk prefix was dropped: `050…`.
    TrunkDropped,
    /// National; a prefix was moved, replaced or dropped with the code of a carrier
    /// as the country demands: `011 15…`.
    Moved,
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
    /// 1. Numbers that start with `+` or `00`, or with both, are international.
    /// 2. Without a `country`, the digits are international, unless they start
    ///    with 0, which means that they are national.
    /// 3. With a `country`, the prefixes before its national numbers are dropped:
    ///    `0500000000` is `+966500000000`. If national numbers may also begin with
    ///    the digits of the prefix (1, 8, and in some plans 0), it is dropped only
    ///    if the rest has the length of a mobile number of the country. Prefixes
    ///    that move in a country are moved: `011 15-2345-6789` is
    ///    `+5491123456789` in Argentina.
    /// 4. The country's own code followed by as many digits as its mobile
    ///    numbers have is international, also with a trunk prefix that begins with
    ///    0 between them: `966500000000`, `9660500000000`.
    /// 5. A number with as many digits as its mobile numbers have is national:
    ///    `500000000` is `+966500000000`, although 500 is also a country code.
    /// 6. The country's own code followed by as many digits as its other numbers
    ///    have is international.
    /// 7. The code of another country followed by as many digits as mobile numbers
    ///    have there is international: `447911123456`.
    /// 8. A number with as many digits as other numbers of the country have is
    ///    national.
    /// 9. Everything else is international.
    ///
    /// In international numbers, a national prefix after the country code is dropped
    /// (`+44 (0)20…`, `+52 1 55…`), unless numbers of the country may begin with it
    /// and are as long. Argentina's 15 becomes the 9 of international numbers
    /// (`+54 11 15…`). Prefixes are dropped and moved until the number stays the
    /// same, so that parsing a canonical number returns it.
    ///
    /// Not read are letters, extensions and prefixes for calls abroad other than
    /// `+` and `00`, such as 011 and 810. A number is refused if it may begin with
    /// such a prefix of the `country`: `009 1 650…` in Thailand, which would be a
    /// number of India after 00.
    ///
    /// # Errors
    /// [`Error::NumberEmpty`], [`Error::NumberCharacter`] for any other
    /// character, [`Error::NumberTooShort`], [`Error::NumberTooLong`],
    /// [`Error::UnknownCallingCode`], [`Error::NationalPrefix`] for a national
    /// number that begins with 0 after its prefixes in a plan without such numbers
    /// (`+34 0600…`, `+966 0050…`), [`Error::CountryMissing`] for a number in
    /// national form without a `country`, [`Error::PrefixAbroad`].
    pub fn parse(text: &str, country: Option<CallingCode>) -> Result<Self, Error> {
        Self::parse_explained(text, country).map(|(number, _)| number)
    }

    /// As [`parse`](Self::parse), with the rule that applied.
    ///
    /// # Errors
    /// Those of [`parse`](Self::parse).
    pub fn parse_explained(
        text: &str,
        country: Option<CallingCode>,
    ) -> Result<(Self, Reading), Error> {
        let typed = Digits::read(text)?;
        let digits = typed.as_bytes();
        if typed.plus {
            let digits = digits.strip_prefix(b"00").unwrap_or(digits);
            return international(digits, Reading::International);
        }
        let country = country.and_then(|country| Some((country, Plan::find(country.get())?)));
        let read = match (digits.strip_prefix(b"00"), country) {
            (Some(rest), _) => international(rest, Reading::International),
            (None, Some((country, plan))) => in_country(digits, country, plan),
            (None, None) if digits.starts_with(b"0") => Err(Error::CountryMissing),
            (None, None) => international(digits, Reading::Bare),
        };
        match country {
            Some((country, _)) => unless_abroad(read, digits, country),
            None => read,
        }
    }

    /// Combines a separate country code and national number, as in requests of
    /// VerifyNow. The digits are never interpreted as international. Prefixes are
    /// dropped and moved as in [`parse`](Self::parse).
    ///
    /// # Errors
    /// As [`parse`](Self::parse); a `+` is [`Error::NumberCharacter`].
    pub fn from_national(country: CallingCode, text: &str) -> Result<Self, Error> {
        let digits = Digits::read(text)?;
        if digits.plus {
            return Err(Error::NumberCharacter);
        }
        let plan = Plan::find(country.get()).ok_or(Error::UnknownCallingCode)?;
        let digits = digits.as_bytes();
        let (national, reading) = national(digits, plan);
        let read = Self::from_parts(country, plan, &national).and_then(settled);
        let read = read.map(|number| (number, reading));
        unless_abroad(read, digits, country).map(|(number, _)| number)
    }
}

type Read = Result<(PhoneNumber, Reading), Error>;

/// The most times that prefixes of a number are dropped or moved.
const MOST_STEPS: usize = 4;

/// The number that is read as itself: prefixes that are left after others were
/// dropped or moved are dropped or moved as well.
fn settled(mut number: PhoneNumber) -> Result<PhoneNumber, Error> {
    for _ in 0..MOST_STEPS {
        let (next, _) = step(number.digits().as_bytes(), Reading::International)?;
        if next == number {
            return Ok(number);
        }
        number = next;
    }
    Err(Error::NationalPrefix)
}

/// Digits without a plus sign or 00 before them, by the rules 3 to 9 of
/// [`PhoneNumber::parse`].
fn in_country(digits: &[u8], country: CallingCode, plan: &Plan) -> Read {
    let (national, reading) = national(digits, plan);
    if reading == Reading::National
        && !digits.starts_with(b"0")
        && is_international(digits, country, plan)
    {
        return international(digits, Reading::Bare);
    }
    let number = PhoneNumber::from_parts(country, plan, &national)?;
    Ok((settled(number)?, reading))
}

/// The fewest digits after a prefix for calls abroad that are read as a number.
const FEWEST_AFTER_PREFIX: usize = 8;

/// What was read, unless the digits begin with a prefix for calls abroad of the
/// country and what follows is as likely a number.
fn unless_abroad(read: Read, digits: &[u8], country: CallingCode) -> Read {
    let plausible = |read: &Read| read.as_ref().map_or(0, |(number, _)| plausible(number));
    let others = after_prefixes(country.get(), digits).map(|rest| match rest.len() {
        FEWEST_AFTER_PREFIX.. => plausible(&international(rest, Reading::International)),
        _ => 0,
    });
    let Some(other) = others.max() else {
        return read;
    };
    let is_kept = match &read {
        Ok((number, _)) if number.calling_code() == country => {
            let is_written_out = digits.starts_with(b"00");
            plausible(&read) > other.min(u8::from(!is_written_out))
        }
        Ok(_) => plausible(&read) > other,
        Err(_) => other == 0,
    };
    match is_kept {
        true => read,
        false => Err(Error::PrefixAbroad),
    }
}

/// 2 for a number with as many digits as mobile numbers of its country, 1 with as
/// many as others, and 0 otherwise.
fn plausible(number: &PhoneNumber) -> u8 {
    let len = number.national().len();
    match Plan::find(number.calling_code().get()) {
        Some(plan) if plan.has_mobile_length(len) => 2,
        Some(plan) => u8::from(plan.has_length(len)),
        None => 0,
    }
}

/// The fewest digits after another country's code of a number that is read as
/// international although it has no prefix that says so.
const FEWEST_ABROAD: usize = 7;

/// Whether digits without any prefix are those of an international number, by the
/// rules 4 to 9 of [`PhoneNumber::parse`].
fn is_international(digits: &[u8], country: CallingCode, plan: &Plan) -> bool {
    let split = CallingCode::split(digits);
    let split = split.map(|(code, plan)| (code == country, plan, digits.len() - code.len()));
    if let Some((true, _, len)) = split {
        let trunk = plan.trunk.digits();
        let has_trunk = plan.trunk_begins_no_number() && digits[country.len()..].starts_with(trunk);
        if plan.has_mobile_length(len) || has_trunk && plan.has_mobile_length(len - trunk.len()) {
            return true;
        }
    }
    if plan.has_mobile_length(digits.len()) {
        return false;
    }
    match split {
        Some((true, _, len)) if plan.has_length(len) => true,
        Some((false, other, len))
            if len >= FEWEST_ABROAD
                && other.has_mobile_length(len)
                && PhoneNumber::exact(digits).is_ok() =>
        {
            true
        }
        _ => !plan.has_length(digits.len()),
    }
}

/// A number that begins with a country code.
fn international(digits: &[u8], reading: Reading) -> Read {
    let (number, reading) = step(digits, reading)?;
    Ok((settled(number)?, reading))
}

/// As [`international`], with at most one prefix dropped or moved.
fn step(digits: &[u8], reading: Reading) -> Read {
    let Some((code, plan)) = CallingCode::split(digits) else {
        return PhoneNumber::exact(digits).map(|number| (number, reading));
    };
    let written = digits.get(code.len()..).unwrap_or_default();
    if let Some(moved) = moved_abroad(code.get(), written) {
        let number = PhoneNumber::from_parts(code, plan, &moved)?;
        return Ok((number, Reading::InternationalMoved));
    }
    let (national, how) = national(written, plan);
    let begins_no_number = written.starts_with(b"0") && !plan.has_national_zeros();
    if how != Reading::National && (begins_no_number || !plan.has_length(written.len())) {
        let number = PhoneNumber::from_parts(code, plan, &national)?;
        return Ok((number, Reading::InternationalDropped));
    }
    PhoneNumber::exact(digits).map(|number| (number, reading))
}

/// The national number without its country's prefixes, and whether it had any.
fn national(digits: &[u8], plan: &Plan) -> (National, Reading) {
    if let Some(moved) = moved(plan.code, digits) {
        return (moved, Reading::Moved);
    }
    let rest = without_trunk(digits, plan);
    let reading = match rest.len() < digits.len() {
        true => Reading::TrunkDropped,
        false => Reading::National,
    };
    (joined(rest, b"", b""), reading)
}

/// The national number without the plan's trunk prefix, if it has one.
fn without_trunk<'a>(digits: &'a [u8], plan: &Plan) -> &'a [u8] {
    let trunk = plan.trunk.digits();
    match digits.strip_prefix(trunk) {
        Some(national) if !trunk.is_empty() => {
            let len = national.len();
            let is_longer = plan.has_length(len) && !plan.has_length(digits.len());
            if plan.trunk_begins_no_number() || is_longer || plan.has_mobile_length(len) {
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

    #[test]
    fn the_rule_that_applied() {
        for (text, country, e164, reading) in [
            ("+966500000000", 0, "+966500000000", Reading::International),
            (
                "00966500000000",
                966,
                "+966500000000",
                Reading::International,
            ),
            ("966500000000", 0, "+966500000000", Reading::Bare),
            ("966500000000", 966, "+966500000000", Reading::Bare),
            ("447911123456", 966, "+447911123456", Reading::Bare),
            (
                "+44 (0)7700 900123",
                0,
                "+447700900123",
                Reading::InternationalDropped,
            ),
            (
                "9660500000000",
                966,
                "+966500000000",
                Reading::InternationalDropped,
            ),
            (
                "+7 8 916 123 4567",
                0,
                "+79161234567",
                Reading::InternationalDropped,
            ),
            (
                "+54 11 15 2345 6789",
                0,
                "+5491123456789",
                Reading::InternationalMoved,
            ),
            ("500000000", 966, "+966500000000", Reading::National),
            ("0669812345", 39, "+390669812345", Reading::National),
            ("0500000000", 966, "+966500000000", Reading::TrunkDropped),
            ("011 15-2345-6789", 54, "+5491123456789", Reading::Moved),
        ] {
            let country = CallingCode::new(country).ok();
            let (number, how) = PhoneNumber::parse_explained(text, country).unwrap();
            assert_eq!((number.as_str(), how), (e164, reading), "{text}");
        }
    }

    #[test]
    fn at_most_64_characters() {
        let longest = std::format!("{:>64}", "+966500000000");
        assert!(PhoneNumber::parse(&longest, None).is_ok());
        let longer = std::format!(" {longest}");
        assert_eq!(PhoneNumber::parse(&longer, None), Err(Error::NumberTooLong));
    }
}
