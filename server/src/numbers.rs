//! The operator's rules for numbers, in addition to the numbering plans.

use core::fmt;

use anyhow::ensure;
use mpass_core::number::PhoneNumber;
use mpass_core::service::Assessment;
use serde::Deserialize;

use crate::assess::assess;

/// Prefixes of numbers in international form with `+`; a whole number is a
/// prefix, too. `Debug` shows only how many there are.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NumbersConfig {
    /// The operator's own numbers; empty when every number is.
    pub own: Vec<String>,
    /// Numbers that are barred from receiving messages.
    pub barred: Vec<String>,
}

impl fmt::Debug for NumbersConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NumbersConfig")
            .field("own", &self.own.len())
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
        for (name, prefixes) in [("own", &self.own), ("barred", &self.barred)] {
            ensure!(
                prefixes.iter().all(|text| is_prefix(text)),
                "numbers.{name} has a malformed prefix: expected `+` and 1 to 15 digits"
            );
        }
        Ok(())
    }

    /// Assesses a number.
    pub(crate) fn assess(&self, number: &PhoneNumber) -> Assessment {
        let assessment = assess(number);
        if !matches!(assessment, Assessment::Valid { .. }) {
            return assessment;
        }
        let has_prefix = |prefixes: &[String]| {
            let has_prefix = |text: &String| number.as_str().starts_with(text.as_str());
            prefixes.iter().any(has_prefix)
        };
        if !self.own.is_empty() && !has_prefix(&self.own) {
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

    #[test]
    fn prefixes() {
        assert!(config(&["+9", "+966500000000"], &[]).check().is_ok());
        for text in ["", "+", "966", "+96 6", "+9665x", "+1234567890123456"] {
            assert!(config(&[text], &[]).check().is_err(), "{text}");
            let error = config(&[], &[text]).check().unwrap_err().to_string();
            assert!(error.contains("numbers.barred"), "{error}");
        }
    }
}
