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
    /// The tag by which a tenant's template is chosen.
    pub(crate) const fn tag(self) -> &'static str {
        match self {
            Self::English => "en-US",
            Self::Arabic => "ar-SA",
        }
    }

    /// Guesses the language of a text: Arabic if it contains a character of the
    /// Arabic block.
    pub(crate) fn of(text: &str) -> Self {
        if text.contains(|letter| ('\u{600}'..='\u{6ff}').contains(&letter)) {
            Self::Arabic
        } else {
            Self::English
        }
    }
}

/// A message for the gateway. `Debug` masks the number and does not show the
/// text.
#[derive(Clone, PartialEq, Eq)]
pub struct Sms {
    /// The recipient.
    pub to: PhoneNumber,
    /// The text, which contains the code in ASCII digits.
    pub text: Zeroizing<String>,
    /// The sender from the tenant's settings, if any.
    pub sender: Option<String>,
    /// The language of the text.
    pub language: Language,
    /// The alphabet in which the text is sent.
    pub alphabet: Alphabet,
    /// The number of segments in which the text is sent.
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
