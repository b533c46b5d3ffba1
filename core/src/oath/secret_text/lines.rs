//! The lines of a text.

use crate::oath::Place;
use crate::typed::{Character, classify, is_unseen};

/// A line of a text without what is passed over at its ends.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    pub(super) text: &'a str,
    /// The same with what follows it, up to the end of the line.
    pub(super) to_end: &'a str,
    /// The place of its first character in the text.
    pub(super) place: Place,
}

impl<'a> Line<'a> {
    /// The lines of a text that are not empty.
    pub(super) fn all(text: &'a str) -> impl Iterator<Item = Self> {
        let lines = text.split('\n').enumerate().map(|(index, line)| {
            let trimmed = line.trim_start_matches(is_passed);
            let before = &line[..line.len() - trimmed.len()];
            Self {
                text: trimmed.trim_end_matches(is_unseen),
                to_end: trimmed.trim_end_matches(char::is_whitespace),
                place: Place {
                    line: index + 1,
                    character: before.chars().count() + 1,
                },
            }
        });
        lines.filter(|line| !line.text.is_empty())
    }
}

fn is_passed(letter: char) -> bool {
    classify(letter) == Character::Passed
}
