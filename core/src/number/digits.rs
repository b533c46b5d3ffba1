//! The digits of a phone number as people write it.

use super::phone_number::MOST;
use crate::Error;
use crate::typed::{Character, LONGEST, classify, is_plus};

/// The most digits that are read: a number and the prefixes before it.
pub(super) const MOST_TYPED: usize = MOST + 9;

/// The digits of a text, and what else matters in it.
pub(super) struct Digits {
    ascii: [u8; MOST_TYPED],
    len: usize,
    /// Whether a plus sign or several precede the digits.
    pub(super) plus: bool,
}

impl Digits {
    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.ascii[..self.len]
    }

    /// Reads digits and skips separators.
    pub(super) fn read(text: &str) -> Result<Self, Error> {
        let mut digits = Self {
            ascii: [0; MOST_TYPED],
            len: 0,
            plus: false,
        };
        let mut too_long = false;
        for (index, letter) in text.chars().enumerate() {
            if index == LONGEST {
                return Err(Error::NumberTooLong);
            }
            match classify(letter) {
                Character::Passed => {}
                Character::Digit(value) => match digits.ascii.get_mut(digits.len) {
                    Some(slot) => {
                        *slot = b'0' + value;
                        digits.len += 1;
                    }
                    None => too_long = true,
                },
                Character::Other if is_separator(letter) => {}
                Character::Other if is_plus(letter) && digits.len == 0 => {
                    digits.plus = true;
                }
                Character::Other => return Err(Error::NumberCharacter),
            }
        }
        match digits.len {
            0 => Err(Error::NumberEmpty),
            _ if too_long => Err(Error::NumberTooLong),
            _ => Ok(digits),
        }
    }
}

/// Whether it separates groups of digits. Spaces and dashes of every kind are passed
/// over as in all typed text. The list is libphonenumber's `VALID_PUNCTUATION` without
/// `x` and `~`, which also begin an extension, and with small forms.
fn is_separator(letter: char) -> bool {
    matches!(
        letter,
        '.' | '(' | ')' | '/' | '[' | ']'
            | '．' | '（' | '）' | '／' | '［' | '］'
            | '\u{fe52}' | '\u{fe59}' | '\u{fe5a}'
            // Tilde operator.
            | '∼'
            // The prolonged sound mark, which keyboards of Japanese write for a
            // hyphen, and its half-width form.
            | 'ー' | 'ｰ'
    )
}
