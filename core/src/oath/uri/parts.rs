//! Parts of texts in key URIs: without white space, before and after a separator.

use super::text::{Form, Text};
use crate::typed::is_unseen;

/// A colon in a label.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Colon {
    /// `:`
    Literal,
    /// `%3A`
    Encoded,
}

impl Colon {
    const fn len(self) -> usize {
        match self {
            Self::Literal => 1,
            Self::Encoded => 3,
        }
    }

    fn is(self, bytes: &[u8]) -> bool {
        match self {
            Self::Literal => bytes == b":",
            Self::Encoded => bytes.eq_ignore_ascii_case(b"%3A"),
        }
    }
}

impl<'a> Text<'a> {
    /// The text before and after the first colon of a kind.
    pub(super) fn first(self, colon: Colon) -> Option<(Self, Self)> {
        let mut places = self.raw.as_bytes().windows(colon.len());
        let at = places.position(|bytes| colon.is(bytes))?;
        let (before, after) = (self.raw.get(..at)?, self.raw.get(at + colon.len()..)?);
        Some((Self::new(before, self.form), Self::new(after, self.form)))
    }

    /// What follows a colon of a kind at the start.
    pub(super) fn strip_colon(self, colon: Colon) -> Option<Self> {
        let (start, rest) = self.raw.split_at_checked(colon.len())?;
        let is_colon = colon.is(start.as_bytes());
        is_colon.then_some(Self::new(rest, self.form))
    }

    /// What follows another text at the start.
    pub(super) fn strip_start(self, start: Self) -> Option<Self> {
        self.strip(start, false)
    }

    /// What follows ASCII letters at the start, in either case.
    pub(super) fn strip_letters(self, start: &str) -> Option<Self> {
        self.strip(Text::new(start, Form::Plain), true)
    }

    /// The text without white space and format characters at the start.
    pub(super) fn without_leading_spaces(self) -> Self {
        let mut rest = self;
        while let Some((letter, after)) = rest.split_letter()
            && is_unseen(letter)
        {
            rest = after;
        }
        rest
    }

    /// The text without white space and format characters at both ends.
    pub(super) fn trimmed(self) -> Self {
        let start = self.without_leading_spaces();
        let (mut rest, mut end) = (start, 0);
        while let Some((letter, after)) = rest.split_letter() {
            rest = after;
            if !is_unseen(letter) {
                end = start.raw.len() - rest.raw.len();
            }
        }
        Self::new(start.raw.get(..end).unwrap_or(start.raw), self.form)
    }

    /// Whether there is more to drop at the ends than spaces.
    pub(super) fn has_marks_at_ends(self) -> bool {
        let trimmed = self.trimmed();
        let is_mark = |letter: &char| *letter != ' ' && is_unseen(*letter);
        self.chars().filter(is_mark).count() > trimmed.chars().filter(is_mark).count()
    }

    /// Whether something of another text is missing, of which this is a part.
    pub(super) const fn is_shorter_than(self, whole: Self) -> bool {
        self.raw.len() < whole.raw.len()
    }

    /// Whether the decoded text has a percent sign with two hexadecimal digits.
    pub(super) fn has_escape(self) -> bool {
        let mut digits = None;
        self.chars().any(|letter| {
            digits = match (letter, digits) {
                ('%', _) => Some(0),
                (_, Some(count)) if letter.is_ascii_hexdigit() => Some(count + 1),
                _ => None,
            };
            digits == Some(2)
        })
    }

    /// Whether a plus sign is read as a space.
    pub(super) fn has_plus(self) -> bool {
        self.form == Form::Query && self.raw.bytes().any(|byte| byte == b'+')
    }

    /// The text with its plus signs read as plus signs.
    pub(super) const fn with_literal_plus(self) -> Self {
        Self::new(self.raw, Form::Path)
    }

    /// What stands before each equals sign that is not encoded.
    pub(super) fn before_equals_signs(self) -> impl Iterator<Item = &'a str> {
        let bytes = self.raw.bytes().enumerate();
        bytes.filter_map(move |(at, byte)| self.raw.get(..at).filter(|_| byte == b'='))
    }
}

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use super::*;

    #[test]
    fn spaces_at_the_ends() {
        for (raw, form, trimmed) in [
            (" %20 a b%20", Form::Path, "a b"),
            ("+a+", Form::Path, "+a+"),
            ("+ a+", Form::Query, "a"),
            ("%20", Form::Query, ""),
            ("%e2%80%ae\u{a0}-a-\u{200f}%C2%A0", Form::Path, "-a-"),
            ("a\u{202c}b\u{202c}", Form::Query, "a\u{202c}b"),
        ] {
            assert_eq!(Text::new(raw, form).trimmed().to_string(), trimmed);
        }
    }
}
