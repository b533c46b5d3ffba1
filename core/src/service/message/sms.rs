//! A message for the gateway.

use alloc::string::String;
use core::fmt;

use zeroize::Zeroizing;

use super::letters::is_invisible;
use super::segments::Alphabet;
use super::texts::is_same_tag;
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

    /// The language that a tag names, in the spelling of BCP 47 or of POSIX and
    /// in any case: `ar-SA`, `ar_SA`, `AR_sa`.
    pub(crate) fn of_tag(tag: &str) -> Option<Self> {
        let is_of = |language: &&Self| is_same_tag(language.tag(), tag);
        Self::ALL.iter().find(is_of).copied()
    }

    /// Guesses the language of a text: Arabic if it contains a letter, digit or
    /// other visible character of the Arabic block.
    pub(crate) fn of(text: &str) -> Self {
        let is_arabic = |letter| ('\u{600}'..='\u{6ff}').contains(&letter) && !is_invisible(letter);
        if text.contains(is_arabic) {
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
    fn a_tag_in_either_spelling() {
        for tag in ["ar_SA", "ar-SA", "AR-sa", "Ar_Sa"] {
            assert_eq!(Language::of_tag(tag), Some(Language::Arabic), "{tag}");
        }
        assert_eq!(Language::of_tag("en-us"), Some(Language::English));
        for tag in [
            "ar", "en", "ar SA", "ar--SA", "arSA", "ar-SA-x", "fr_FR", "",
        ] {
            assert_eq!(Language::of_tag(tag), None, "{tag}");
        }
    }

    #[test]
    fn the_language_of_a_text() {
        assert_eq!(Language::of("{{code}} é €"), Language::English);
        assert_eq!(Language::of("code: {{code}} رمز"), Language::Arabic);
        // A direction mark is not a letter.
        assert_eq!(Language::of("{{code}}\u{61c}"), Language::English);
    }
}
