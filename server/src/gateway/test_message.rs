//! The message that tests a gateway.

use mpass_core::number::PhoneNumber;
use mpass_core::service::{Alphabet, Language, Sms};

/// Its text, which nobody can change: a test must not send what its sender writes.
const TEXT: &str = "This is a test message of mPass.";

/// The message that tests a gateway.
pub(crate) fn test_message(to: PhoneNumber) -> Sms {
    Sms {
        to,
        text: TEXT.to_owned().into(),
        sender: None,
        language: Language::English,
        alphabet: Alphabet::Gsm7,
        segments: 1,
    }
}

/// A message with every character that needs escaping.
#[cfg(test)]
pub(super) fn sms() -> Sms {
    Sms {
        text: String::from("12 \"<&\né").into(),
        ..test_message(PhoneNumber::parse("+966500000000", None).unwrap())
    }
}
