//! The operator's rules for numbers, which come before the numbering plans.

use core::fmt;

use anyhow::ensure;
use mpass_core::number::PhoneNumber;
use mpass_core::service::Assessment;
use serde::Deserialize;

use crate::assess::{assess, has_possible_length};

/// Prefixes of numbers in international form with `+`; a whole number is a
/// prefix, too. `Debug` shows only how many there are.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NumbersConfig {
    /// The operator's own numbers; empty when every number is. They are valid in
    /// ranges that their country's plan does not know, if they have one of its
    /// lengths.
    pub own: Vec<String>,
    /// Numbers that are valid whatever their country's plan contains.
    pub valid: Vec<String>,
    /// Numbers that are barred from receiving messages.
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
    /// Refuses a malformed prefix.
    ///
    /// # Errors
    /// An error that names the setting but not the number.
    pub(crate) fn check(&self) -> anyhow::Result<()> {
        for (name, prefixes) in [
            ("own", &self.own),
            ("valid", &self.valid),
            ("barred", &self.barred),
        ] {
            ensure!(
                prefixes.iter().all(|text| is_prefix(text)),
                "numbers.{name} has a malformed prefix: expected `+` and 1 to 15 digits"
            );
        }
        Ok(())
    }

    /// Assesses a number.
    pub(crate) fn assess(&self, number: &PhoneNumber) -> Assessment {
        let has_prefix = |prefixes: &[String]| {
            let has_prefix = |text: &String| number.as_str().starts_with(text.as_str());
            prefixes.iter().any(has_prefix)
        };
        let is_own = has_prefix(&self.own);
        let mut assessment = assess(number);
        // A plan that is compiled in is older than the operator's word. It knows no
        // kind of such numbers. Those that charge the sender stay refused.
        if assessment == Assessment::Invalid
            && (has_prefix(&self.valid) || is_own && has_possible_length(number))
        {
            assessment = Assessment::Valid { mobile: None };
        }
        if !matches!(assessment, Assessment::Valid { .. }) {
            assessment
        } else if !self.own.is_empty() && !is_own {
            Assessment::Foreign
        } else if has_prefix(&self.barred) {
            Assessment::Blocked
        } else {
            assessment
        }
    }
}

fn is_prefix(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        (1..=15).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit())
    })
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

    #[test]
    fn prefixes() {
        assert!(config(&["+9", "+966500000000"], &[]).check().is_ok());
        for text in ["", "+", "966", "+96 6", "+9665x", "+1234567890123456"] {
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
