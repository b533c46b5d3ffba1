//! National prefixes that move, change or carry the code of a carrier.
//!
//! In most countries a trunk prefix precedes a national number and is dropped
//! (`Plan::trunk`). The others are listed here. Sources are libphonenumber's
//! metadata 9.0.43 (`national_prefix_for_parsing`,
//! `national_prefix_transform_rule`) and, for prefixes that went out of use and are
//! still written, its metadata of earlier versions and the countries' notices to the
//! ITU.
//!
//! A country is known by its calling code here. Rules of a territory that shares
//! the code of another country are therefore omitted: the local numbers of
//! seven digits on the islands of the North American plan, of six in Guernsey,
//! Jersey and the Isle of Man, and those of Australia's islands.

use arrayvec::ArrayVec;

use super::argentina;
use super::digits::MOST_TYPED;
use super::plans::Plan;

const MEXICO: u16 = 52;
const ARGENTINA: u16 = 54;

/// How a national number is written in a country, and what it is in canonical
/// form: `prefix`, a carrier's code if the rule has any, and the rest, before
/// which `put` takes their place.
struct Rule {
    code: u16,
    prefix: &'static str,
    /// The codes of carriers, all of `carrier_len` digits, one after the other. A
    /// dot is any digit.
    carriers: &'static str,
    carrier_len: usize,
    put: &'static str,
    /// Bit n is set if the rest may have n digits.
    lengths: u16,
    /// Bit n is set if the rest may begin with n.
    first: u16,
    /// Whether it applies after the country code even if other numbers of the
    /// country are as long.
    is_abroad: bool,
}

const fn rule(code: u16, prefix: &'static str, lengths: &[u8]) -> Rule {
    Rule {
        code,
        prefix,
        carriers: "",
        carrier_len: 0,
        put: "",
        lengths: Plan::lengths(lengths),
        first: 0b11_1111_1111,
        is_abroad: false,
    }
}

impl Rule {
    const fn carriers(mut self, len: usize, carriers: &'static str) -> Self {
        self.carrier_len = len;
        self.carriers = carriers;
        self
    }

    /// Digits that the rest begins with.
    const fn first(mut self, digits: &[u8]) -> Self {
        self.first = Plan::lengths(digits);
        self
    }

    /// Digits before the rest. Since a number without them is no other one, they
    /// are put after the country code as well.
    const fn put(self, digits: &'static str) -> Self {
        let mut abroad = self.abroad();
        abroad.put = digits;
        abroad
    }

    const fn abroad(mut self) -> Self {
        self.is_abroad = true;
        self
    }

    /// The rest of a number that is written in this way.
    fn rest<'a>(&self, digits: &'a [u8]) -> Option<&'a [u8]> {
        let rest = digits.strip_prefix(self.prefix.as_bytes())?;
        let (carrier, rest) = rest.split_at_checked(self.carrier_len)?;
        let is_known = |listed: &[u8]| {
            let mut pairs = listed.iter().zip(carrier);
            pairs.all(|(listed, digit)| *listed == b'.' || listed == digit)
        };
        let mut carriers = self.carriers.as_bytes().chunks(self.carrier_len.max(1));
        if self.carrier_len > 0 && !carriers.any(is_known) {
            return None;
        }
        let first = rest.first()?.checked_sub(b'0')?;
        let fits =
            rest.len() < 16 && self.lengths >> rest.len() & 1 == 1 && self.first >> first & 1 == 1;
        fits.then_some(rest)
    }
}

/// In ascending order of the code; the first rule that applies to a number
/// decides.
#[rustfmt::skip]
const RULES: &[Rule] = &[
    // Text relay.
    rule(44, "180020", &[9, 10]),
    // Mexico had 01 before national numbers and 044 or 045 before those of mobiles
    // until 2019, and 1 after the country code, which people also write alone.
    rule(MEXICO, "1", &[10]).first(&[2, 3, 4, 5, 6, 7, 8, 9]).abroad(),
    rule(MEXICO, "01", &[10]).first(&[2, 3, 4, 5, 6, 7, 8, 9]),
    rule(MEXICO, "044", &[10]).first(&[2, 3, 4, 5, 6, 7, 8, 9]),
    rule(MEXICO, "045", &[10]).first(&[2, 3, 4, 5, 6, 7, 8, 9]),
    // Brazil: 0 and the carrier, 90 for a call that the called person pays.
    rule(55, "0", &[10, 11]).carriers(2, "12141521222325314143556599"),
    rule(55, "90", &[10, 11]).carriers(2, "12141521222325314143556599"),
    rule(55, "90", &[10, 11]),
    // Chile: 0 before numbers of mobiles until 2016, and codes of carriers.
    rule(56, "0", &[9]),
    rule(56, "", &[9]).carriers(3, concat!(
        "110111112113114115116119120122125151153154155158",
        "169170171176177180188",
    )),
    rule(57, "0", &[10]).carriers(1, "3579"),
    rule(57, "0", &[10]).carriers(3, "414444456"),
    rule(61, "", &[9]).carriers(4, "18311832"),
    rule(61, "", &[9]).carriers(5, "1831018320"),
    rule(82, "0", &[8, 9, 10]).carriers(2, "81828384868788"),
    rule(82, "0", &[8, 9, 10]).carriers(4, "85.."),
    rule(86, "", &[10, 11]).carriers(5, "11...12...179.."),
    // Benin put 01 before all numbers on 30 November 2024 (ARCEP Bénin).
    rule(229, "", &[8]).first(&[2, 4, 5, 6, 9]).put("01"),
    // Gabon: numbers that have no 0 of their own.
    rule(241, "0", &[8]).first(&[1, 6, 7]),
    // Madagascar: local numbers of land lines.
    rule(261, "", &[7]).first(&[2, 4, 5, 6, 7, 8, 9]).put("20"),
    rule(298, "", &[6]).carriers(4, "1001101010201088"),
    rule(352, "", &[8, 9]).carriers(5, concat!(
        "1500.1506.1511.1512.1535.1555.1540.1544.1562.1566.1577.1588.",
        "1599.",
    )),
    // The successors of the Soviet Union had 8, and some have it, after which 0 was
    // dialled for other towns (ITU-T, list of dialling procedures).
    rule(370, "8", &[8]),
    rule(373, "8", &[8]).first(&[2, 3, 5, 6, 7]),
    rule(374, "8", &[8]).first(&[1, 2, 3, 4, 5, 6, 7, 8, 9]),
    rule(375, "80", &[9]).abroad(),
    // Not 8 before what may be the rest of a number that begins with 8.
    rule(375, "8", &[9]).first(&[2, 3, 4]).abroad(),
    rule(375, "8", &[10]).first(&[8, 9]).abroad(),
    rule(375, "815", &[7]).put("15"),
    rule(375, "816", &[7]).put("16"),
    rule(375, "817", &[7]).put("17"),
    rule(375, "8", &[9, 10]).first(&[1, 2, 3, 4, 5, 6, 7, 8, 9]),
    rule(375, "0", &[9]),
    // San Marino: numbers without the 0549 that all of them begin with.
    rule(378, "", &[6]).first(&[8, 9]).put("0549"),
    rule(380, "80", &[9]).first(&[3, 4, 5, 6, 7, 8, 9]),
    rule(423, "", &[7, 9]).carriers(4, "1001"),
    rule(506, "", &[8, 10]).carriers(4, "190019011902190419061908191019191920196619771999"),
    rule(591, "0", &[8, 9]).carriers(2, "1."),
    // Norfolk Island: numbers without their first digit.
    rule(672, "", &[5]).first(&[0, 1, 2, 5, 8]).put("3"),
    rule(992, "8", &[9]),
    rule(994, "8", &[9]).first(&[1, 2, 3, 4, 5, 6, 7, 8, 9]),
    rule(995, "8", &[9]).first(&[3, 4, 5, 7]),
    rule(996, "8", &[9]).first(&[2, 3, 5, 6, 7, 8, 9]).abroad(),
    rule(998, "8", &[9]),
];

/// National digits after their prefixes.
pub(super) type National = ArrayVec<u8, MOST_TYPED>;

/// The canonical national number of one that is written as its country does,
/// with prefixes that move. `None` for a number in another form.
pub(super) fn moved(code: u16, digits: &[u8]) -> Option<National> {
    by_rules(code, digits, |_| true).or_else(|| of_argentina(code, digits))
}

/// As [`moved`], for a number that follows its country code. Only what cannot be
/// another number of the country is moved, whatever its length.
pub(super) fn moved_abroad(code: u16, digits: &[u8]) -> Option<National> {
    by_rules(code, digits, |rule| rule.is_abroad).or_else(|| of_argentina(code, digits))
}

fn by_rules(code: u16, digits: &[u8], applies: impl Fn(&Rule) -> bool) -> Option<National> {
    let mut rules = RULES
        .iter()
        .filter(|rule| rule.code == code && applies(rule));
    rules.find_map(|rule| Some(joined(rule.put.as_bytes(), rule.rest(digits)?, b"")))
}

fn of_argentina(code: u16, digits: &[u8]) -> Option<National> {
    if code != ARGENTINA {
        return None;
    }
    let (area, local) = argentina::mobile(digits)?;
    Some(joined(b"9", area, local))
}

/// The parts one after the other. They fit: a rule puts a few digits before a
/// short number, and all others drop more digits than they add.
pub(super) fn joined(first: &[u8], second: &[u8], third: &[u8]) -> National {
    let mut national = National::new();
    for part in [first, second, third] {
        let _ = national.try_extend_from_slice(part);
    }
    national
}

#[cfg(test)]
mod tests {
    use std::string::String;
    use std::vec::Vec;

    use super::*;
    use crate::number::{CallingCode, PhoneNumber, Reading};

    /// Numbers that each rule applies to, one for each length and carrier.
    fn written(rule: &Rule) -> Vec<String> {
        let carriers = rule.carriers.as_bytes().chunks(rule.carrier_len.max(1));
        let carriers: Vec<_> = match rule.carrier_len {
            0 => std::vec![String::new()],
            _ => carriers
                .map(|carrier| core::str::from_utf8(carrier).unwrap().replace('.', "3"))
                .collect(),
        };
        let first = (1..10).find(|digit| rule.first >> digit & 1 == 1).unwrap();
        let rests = (1..16).filter(|len| rule.lengths >> len & 1 == 1);
        let rests = rests.map(|len| std::format!("{first}{}", &"234567890123456"[..len - 1]));
        rests
            .flat_map(|rest| {
                let written = |carrier| std::format!("{}{carrier}{rest}", rule.prefix);
                carriers.iter().map(written).collect::<Vec<_>>()
            })
            .collect()
    }

    #[test]
    fn every_rule_applies_and_ends() {
        assert!(RULES.is_sorted_by_key(|rule| rule.code));
        for rule in RULES {
            let country = CallingCode::new(rule.code).unwrap();
            assert_eq!(
                rule.carriers.len() % rule.carrier_len.max(1),
                0,
                "{}",
                rule.code
            );
            for text in written(rule) {
                let (number, reading) = PhoneNumber::parse_explained(&text, Some(country)).unwrap();
                assert_eq!(reading, Reading::Moved, "{} {text}", rule.code);
                assert_eq!(number.calling_code(), country);
                for country in [None, Some(country)] {
                    let again = PhoneNumber::parse(number.as_str(), country);
                    assert_eq!(again, Ok(number), "{} {text}", rule.code);
                }
            }
        }
    }
}
