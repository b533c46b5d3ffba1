//! A message for the gateway.

use alloc::string::String;
use core::fmt;

use zeroize::Zeroizing;

use super::segments::Alphabet;
use crate::list::list;
use crate::number::PhoneNumber;

list! {
    /// The language of a message.
    pub enum Language: u8 {
        /// English.
        English = 1, "en_US";
        /// Arabic.
        Arabic = 2, "ar_SA";
    }
}

impl Language {
    /// The language of a text that nobody has named: Arabic where a character
    /// is of the Arabic block.
    pub(crate) fn of(text: &str) -> Self {
        if text.contains(|letter| ('\u{600}'..='\u{6ff}').contains(&letter)) {
            Self::Arabic
        } else {
            Self::English
        }
    }
}

/// A message for the gateway. Its `Debug` masks the number and shows nothing
/// of the text.
#[derive(Clone, PartialEq, Eq)]
pub struct Sms {
    /// To whom.
    pub to: PhoneNumber,
    /// What: the code is in it, in ASCII digits.
    pub text: Zeroizing<String>,
    /// The sender that the tenant has registered, if any.
    pub sender: Option<String>,
    /// The language of the text.
    pub language: Language,
    /// The alphabet it is sent in.
    pub alphabet: Alphabet,
    /// The parts it is sent in.
    pub segments: usize,
}

impl fmt::Debug for Sms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sms")
            .field("to", &self.to)
            .field("segments", &self.segments)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_of_a_text() {
        assert_eq!(Language::of("{{code}} é €"), Language::English);
        assert_eq!(Language::of("code: {{code}} رمز"), Language::Arabic);
    }
}
