//! The message of the unit tests.

use mpass_core::number::PhoneNumber;
use mpass_core::service::{Alphabet, Language, Sms};

/// A message with every character that needs escaping.
pub(super) fn sms() -> Sms {
    Sms {
        to: PhoneNumber::parse("+966500000000", None).unwrap(),
        text: String::from("12 \"<&\né").into(),
        sender: None,
        language: Language::English,
        alphabet: Alphabet::Gsm7,
        segments: 1,
    }
}
