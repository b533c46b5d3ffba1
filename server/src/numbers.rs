//! The operator's rules for numbers, which come before the numbering plans.

use core::fmt;

use anyhow::ensure;
use mpass_core::number::{CallingCode, PhoneNumber};
use mpass_core::service::Assessment;
use serde::{Deserialize, Deserializer, Serialize};

use crate::assess::{assess, has_possible_length};

/// The fewest digits of an IMSI (3GPP TS 23.003 section 2.2).
const FEWEST_OF_IMSI: usize = 14;

/// Prefixes of numbers in international form with `+`; a whole number is a
/// prefix, too. Spaces in them are left out. `Debug` shows only how many there are.
#[derive(Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct NumbersConfig {
    /// The operator's own numbers; empty when every number is. They are valid in
    /// ranges that their country's plan does not know, if they have one of its
    /// lengths.
    #[serde(deserialize_with = "prefixes")]
    pub own: Vec<String>,
    /// Numbers that are valid whatever their country's plan contains.
    #[serde(deserialize_with = "prefixes")]
    pub valid: Vec<String>,
    /// Numbers that are barred from receiving messages.
    #[serde(deserialize_with = "prefixes")]
    pub barred: Vec<String>,
}

impl fmt::Debug for NumbersConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NumbersConfig")
            .field("own", &self.own.len())
            .field("valid", &self.valid.len())
            .field("barred", &self.barred.len())
            .finish()
    }
}

impl NumbersConfig {
    /// Refuses malformed prefixes. An error names the setting but not the number.
    pub(crate) fn checks(&self) -> Vec<anyhow::Result<()>> {
        let lists = [
            ("own", &self.own),
            ("valid", &self.valid),
            ("barred", &self.barred),
        ];
        let checks = lists.map(|(name, prefixes)| {
            ensure!(
                prefixes.iter().all(|text| is_prefix(text)),
                "numbers.{name} has a malformed prefix: expected `+` and 1 to 15 digits that begin with a country code"
            );
            Ok(())
        });
        checks.into()
    }

    #[cfg(test)]
    fn check(&self) -> anyhow::Result<()> {
        self.checks().into_iter().collect()
    }

    /// Whether a number that a network reports can be a subscriber's: it is in its
    /// country's plan, or the operator's word makes it valid. IMSIs have 14 or 15
    /// digits; a number of as many must be a mobile by the plan.
    pub(crate) fn is_subscriber(&self, number: &PhoneNumber) -> bool {
        if self.is_valid_by_word(number) {
            return true;
        }
        match assess(number) {
            Assessment::Valid { mobile } => {
                mobile == Some(true) || number.digits().len() < FEWEST_OF_IMSI
            }
            _ => false,
        }
    }

    /// Whether the operator's word makes a number valid that its plan does not know.
    fn is_valid_by_word(&self, number: &PhoneNumber) -> bool {
        has_prefix(&self.valid, number)
            || has_prefix(&self.own, number) && has_possible_length(number)
    }

    /// The prefix of a number among the operator's own numbers.
    pub(crate) fn own_prefix(&self, number: &PhoneNumber) -> Option<&str> {
        prefix_of(&self.own, number)
    }

    /// The prefix of a number among those that the operator makes valid.
    pub(crate) fn valid_prefix(&self, number: &PhoneNumber) -> Option<&str> {
        prefix_of(&self.valid, number)
    }

    /// The prefix of a number among those that are barred.
    pub(crate) fn barred_prefix(&self, number: &PhoneNumber) -> Option<&str> {
        prefix_of(&self.barred, number)
    }

    /// Assesses a number.
    pub(crate) fn assess(&self, number: &PhoneNumber) -> Assessment {
        let is_own = has_prefix(&self.own, number);
        let mut assessment = assess(number);
        // A plan that is compiled in is older than the operator's word. It knows no
        // kind of such numbers. Those that charge the sender stay refused.
        if assessment == Assessment::Invalid && self.is_valid_by_word(number) {
            assessment = Assessment::Valid { mobile: None };
        }
        if !matches!(assessment, Assessment::Valid { .. }) {
            assessment
        } else if !self.own.is_empty() && !is_own {
            Assessment::Foreign
        } else if has_prefix(&self.barred, number) {
            Assessment::Blocked
        } else {
            assessment
        }
    }
}

/// Whether a number begins with one of the prefixes.
fn has_prefix(prefixes: &[String], number: &PhoneNumber) -> bool {
    prefix_of(prefixes, number).is_some()
}

/// The first of the prefixes that a number begins with.
fn prefix_of<'a>(prefixes: &'a [String], number: &PhoneNumber) -> Option<&'a str> {
    let mut prefixes = prefixes.iter().map(String::as_str);
    prefixes.find(|prefix| number.as_str().starts_with(prefix))
}

/// Whether it is a plus sign and 1 to 15 digits that numbers can begin with: an
/// assigned country code, with or without more digits, or the beginning of one.
fn is_prefix(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        (1..=15).contains(&digits.len())
            && digits.bytes().all(|digit| digit.is_ascii_digit())
            && (1..1000).any(|code| {
                let text = code.to_string();
                (digits.starts_with(&text) || text.starts_with(digits))
                    && CallingCode::new(code).is_ok()
            })
    })
}

/// Reads prefixes without the spaces in them.
fn prefixes<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let mut prefixes = Vec::<String>::deserialize(from)?;
    for prefix in &mut prefixes {
        prefix.retain(|letter| !letter.is_whitespace());
    }
    Ok(prefixes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(own: &[&str], barred: &[&str]) -> NumbersConfig {
        let texts = |texts: &[&str]| texts.iter().map(ToString::to_string).collect();
        NumbersConfig {
            own: texts(own),
            barred: texts(barred),
            ..NumbersConfig::default()
        }
    }

    fn assessed(config: &NumbersConfig, number: &str) -> Assessment {
        config.assess(&PhoneNumber::parse(number, None).unwrap())
    }

    #[test]
    fn own_and_barred_numbers() {
        let config = config(&["+96650", "+96651"], &["+966500000001", "+44"]);
        for (number, expected) in [
            ("00966500000001", Assessment::Blocked),
            ("+966550000000", Assessment::Foreign),
            ("+447912345678", Assessment::Foreign),
            ("+966200000000", Assessment::Invalid),
        ] {
            assert_eq!(assessed(&config, number), expected, "{number}");
        }
        let valid = assessed(&config, "+966510000000");
        assert!(matches!(valid, Assessment::Valid { .. }));
        assert!(!format!("{config:?}").contains("966"));
        let everybody = NumbersConfig::default();
        let valid = assessed(&everybody, "+966550000000");
        assert!(matches!(valid, Assessment::Valid { .. }));
    }

    /// +33 71 is no range of the compiled-in plan (libphonenumber #748, #2057).
    #[test]
    fn the_operators_word_comes_before_the_plan() {
        let taken = Assessment::Valid { mobile: None };
        let refused = Assessment::Invalid;
        let (new, short) = ("+33712345678", "+3371234567");
        let valid = |prefix: &str| NumbersConfig {
            valid: vec![prefix.to_string()],
            ..NumbersConfig::default()
        };
        for (config, number, expected) in [
            (NumbersConfig::default(), new, refused),
            (config(&["+33"], &[]), new, taken),
            (config(&["+3371"], &[]), new, taken),
            (config(&["+3372", "+44"], &[]), new, refused),
            (config(&["+33"], &[]), short, refused),
            (config(&["+33"], &["+337123"]), new, Assessment::Blocked),
            (valid("+3371"), new, taken),
            (valid("+3371"), short, taken),
            (valid("+3372"), new, refused),
            // Premium rate.
            (
                config(&["+33"], &[]),
                "+33891123456",
                Assessment::NotAllowed,
            ),
            (valid("+33"), "+33891123456", Assessment::NotAllowed),
        ] {
            assert_eq!(assessed(&config, number), expected, "{config:?} {number}");
        }
        let (foreign, known) = (config(&["+44"], &[]), "+33612345678");
        assert_eq!(assessed(&foreign, known), Assessment::Foreign);
        // What the plan knows is kept.
        let mobile = Assessment::Valid { mobile: Some(true) };
        assert_eq!(assessed(&config(&["+33"], &[]), known), mobile);
    }

    /// A hardware address, IMSIs and a short number are nobody's (RFC 3580 section
    /// 3.21, 3GPP TS 23.003 section 2.2).
    #[test]
    fn subscribers_are_of_a_plan_or_of_the_operator() {
        let nobodys = [
            "+1122334455",
            "+310150123456789",
            "+404450123456789",
            "+204046000000001",
            "+432111234567890",
            "+12345",
        ];
        let is_subscriber = |config: &NumbersConfig, text| {
            config.is_subscriber(&PhoneNumber::parse(text, None).unwrap())
        };
        let nobody = NumbersConfig::default();
        for text in nobodys {
            assert!(!is_subscriber(&nobody, text), "{text}");
        }
        for text in ["+966500000000", "+3780549886377", "+15208782491"] {
            assert!(is_subscriber(&nobody, text), "{text}");
        }
        assert!(!is_subscriber(&nobody, "+33712345678"));
        assert!(is_subscriber(&config(&["+337"], &[]), "+33712345678"));
        assert!(!is_subscriber(&config(&["+31"], &[]), "+310150123456789"));
    }

    #[test]
    fn malformed_prefixes() {
        assert!(config(&["+9", "+966500000000"], &[]).check().is_ok());
        let spaced: NumbersConfig = toml::from_str("own = [\"+33 7\"]").unwrap();
        assert_eq!(spaced, config(&["+337"], &[]));
        for text in [
            "",
            "+",
            "966",
            "+96 6",
            "+9665x",
            "+1234567890123456",
            "+0",
            "+999",
            "+9996",
        ] {
            assert!(config(&[text], &[]).check().is_err(), "{text}");
            let error = config(&[], &[text]).check().unwrap_err().to_string();
            assert!(error.contains("numbers.barred"), "{error}");
            let valid = NumbersConfig {
                valid: vec![text.to_string()],
                ..NumbersConfig::default()
            };
            let error = valid.check().unwrap_err().to_string();
            assert!(error.contains("numbers.valid"), "{error}");
        }
    }
}
