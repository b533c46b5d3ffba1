//! The name of an application.

use alloc::string::{String, ToString};

use super::letters::{is_combining, is_invisible};
use crate::Error;

/// The longest application identifier, in characters.
const LONGEST_APP: usize = 32;

/// The name of an application: 1 to 32 letters, digits, spaces, hyphens, dots
/// and underscores, without leading or trailing spaces, and without four digits
/// in a row, so that it cannot be mistaken for a code. Inside, it may have the
/// combining marks, joiners and direction marks of its orthography.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct App(String);

impl App {
    /// Checks a name.
    ///
    /// # Errors
    /// [`Error::InvalidApp`] for another length or character.
    pub fn new(name: &str) -> Result<Self, Error> {
        // The fillers of Hangul are letters that nobody sees.
        let is_whole = |letter: char| {
            (letter.is_alphanumeric() || " -._".contains(letter)) && !is_invisible(letter)
        };
        let allowed =
            |letter: char| is_whole(letter) || is_combining(letter) || is_invisible(letter);
        // Digits with something invisible between them look like one number.
        let seen: String = name.chars().filter(|letter| is_whole(*letter)).collect();
        let long_number = seen
            .split(|letter: char| !letter.is_numeric())
            .any(|run| run.chars().count() >= 4);
        let length = name.chars().count();
        if !(1..=LONGEST_APP).contains(&length)
            || !name.chars().all(allowed)
            || long_number
            || name.trim() != name
            || !name.starts_with(is_whole)
            || name.ends_with(is_invisible)
        {
            return Err(Error::InvalidApp);
        }
        Ok(Self::restore(name))
    }

    /// A name that was checked when it was stored, by the rules of then.
    pub(in crate::service) fn restore(name: &str) -> Self {
        Self(name.to_string())
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for name in [
            "",
            " a",
            "a ",
            "code 1234",
            "a\nb",
            "a<b",
            "a@b",
            "a/b",
            "١٢٣٤",
            "abcdefgh-abcdefgh.abcdefgh_abcdefg",
            "a\u{202e}b",
            "a\u{2067}b",
            "a\u{200f}",
            "\u{200f}a",
            "\u{200d}",
            "\u{94d}a",
            "a\u{ad}b",
            "12\u{200d}34",
            "1\u{200e}2\u{301}34",
            // Fillers of Hangul and the combining grapheme joiner.
            "\u{3164}",
            "\u{115f}\u{1160}",
            "a\u{ffa0}",
            "a\u{34f}",
            "12\u{3164}34",
            "a\u{fffd}b",
        ] {
            assert_eq!(App::new(name), Err(Error::InvalidApp), "{name:?}");
        }
        for name in ["A", "Cool App 123", "بنك الرياض", "a.b_c-d"] {
            assert!(App::new(name).is_ok(), "{name:?}");
        }
    }
}
