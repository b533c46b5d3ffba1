//! What the characters of a typed text are.

use core::hint::black_box;

use super::table::{PASSED, SUPPLEMENTARY_ZEROS, ZEROS};

/// What a character of a typed text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Character {
    /// A decimal digit of any script, with its value.
    Digit(u8),
    /// White space, a hyphen or dash, or a direction or other format character.
    /// Passed over.
    Passed,
    /// Anything else.
    Other,
}

/// What `letter` is. The time depends on the script of a digit, but not on its
/// value.
pub(crate) fn classify(letter: char) -> Character {
    match digit(letter) {
        Some(value) => Character::Digit(value),
        None if is_passed(letter) => Character::Passed,
        None => Character::Other,
    }
}

/// Whether it is a plus sign or a compatibility form of it: super- and
/// subscript, Hebrew, small and full-width.
pub(crate) fn is_plus(letter: char) -> bool {
    matches!(
        letter,
        '+' | '\u{207a}' | '\u{208a}' | '\u{fb29}' | '\u{fe62}' | '\u{ff0b}'
    )
}

/// The value of a decimal digit: its code point minus that of its script's zero.
fn digit(letter: char) -> Option<u8> {
    let point = u32::from(letter);
    let (zeros, plane): (&[u16], u32) = match point >> 16 {
        0 => (&ZEROS, 0),
        1 => (&SUPPLEMENTARY_ZEROS, 0x1_0000),
        _ => return None,
    };
    let point = point - plane;
    // The last zero at or below the code point, or the first one. The way to it
    // is the same for all digits of a script.
    let (first, mut rest) = zeros.split_first()?;
    let mut zero = u32::from(*first);
    while let [_, ..] = rest {
        let (lower, upper) = rest.split_at(rest.len() / 2);
        let [middle, above @ ..] = upper else { break };
        let middle = u32::from(*middle);
        // The sign of a difference and not a comparison, which valgrind could not
        // follow bit by bit; likewise below.
        if black_box(point.wrapping_sub(middle)) >> 31 == 0 {
            (zero, rest) = (middle, above);
        } else {
            rest = lower;
        }
    }
    let value = point.wrapping_sub(zero);
    // Not below the zero, but below what follows the nine.
    let from_end = point.wrapping_sub(black_box(zero + 10));
    let is_digit = black_box(!value & from_end) >> 31 == 1;
    is_digit.then_some(value.to_le_bytes()[0])
}

/// Whether the character is passed over.
fn is_passed(letter: char) -> bool {
    let point = u32::from(letter);
    let after = PASSED.partition_point(|range| range >> 8 <= point);
    after.checked_sub(1).is_some_and(|at| {
        let range = PASSED[at];
        point - (range >> 8) <= range & 0xff
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_have_values() {
        for zero in [
            '0',
            '\u{660}',
            '\u{966}',
            '\u{ff10}',
            '\u{1d7f6}',
            '\u{1fbf0}',
        ] {
            let zero = u32::from(zero);
            for value in 0..10 {
                let letter = char::from_u32(zero + u32::from(value)).unwrap();
                assert_eq!(classify(letter), Character::Digit(value), "{letter:?}");
            }
            let before = char::from_u32(zero - 1).unwrap();
            assert!(!matches!(classify(before), Character::Digit(value) if value != 9));
        }
    }

    #[test]
    fn between_digits() {
        for letter in " \t\r\n\u{a0}\u{2007}\u{202f}\u{3000}-\u{2011}\u{2212}\u{ad}\u{200e}\u{202a}\u{2066}\u{61c}\u{200b}\u{200c}\u{2060}\u{feff}".chars() {
            assert_eq!(classify(letter), Character::Passed, "{letter:?}");
        }
        // A letter, a combining mark, an emoji's selector, a numeral and a
        // superscript that are no decimal digits, and separators of numbers.
        for letter in "aO\u{301}\u{fe0f}\u{20e3}½²Ⅷ①.,/()+_\0\u{fffd}\u{10ffff}".chars() {
            assert_eq!(classify(letter), Character::Other, "{letter:?}");
        }
    }
}
