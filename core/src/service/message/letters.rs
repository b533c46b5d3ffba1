//! The characters of a text that is shown.
//!
//! Orthography needs some that have no shape of their own. Those that reorder
//! what is around them (U+202A to U+202E, U+2066 to U+2069) are not among them: a
//! reader would see another text than the one that was checked.

use unicode_general_category::{GeneralCategory, get_general_category};

/// Whether a character may be part of a text that is shown: a visible one, a
/// space, or one of [`is_invisible`].
pub(in crate::service) fn is_shown(letter: char) -> bool {
    use GeneralCategory as Category;
    match get_general_category(letter) {
        // What stands for a character that was lost: invalid bytes, or half of a
        // surrogate pair.
        _ if letter == char::REPLACEMENT_CHARACTER => false,
        Category::Format => is_invisible(letter) || is_prepended(letter),
        Category::Control
        | Category::PrivateUse
        | Category::Surrogate
        | Category::Unassigned
        | Category::LineSeparator
        | Category::ParagraphSeparator => false,
        _ => true,
    }
}

/// Whether a character is invisible but part of an orthography.
pub(in crate::service) const fn is_invisible(letter: char) -> bool {
    matches!(
        letter,
        // ZWNJ and ZWJ: Persian, Sinhala, Nepali and others, and emoji
        // (Unicode 17.0 section 23.2).
        '\u{200c}' | '\u{200d}'
        // LRM, RLM and ALM: the direction of the punctuation beside them (UAX 9
        // section 2.6). They end by themselves.
        | '\u{200e}' | '\u{200f}' | '\u{61c}'
        // ZWSP and word joiner: between and inside words of scripts without
        // spaces, such as Khmer and Thai (section 23.2).
        | '\u{200b}' | '\u{2060}'
        // Mongolian vowel separator (section 13.5).
        | '\u{180e}'
        // Combining grapheme joiner (section 23.2), and the inherent vowels of
        // Khmer (section 16.4). Their category is that of a mark.
        | '\u{34f}' | '\u{17b4}' | '\u{17b5}'
        // Fillers of Hangul (section 18.6) and the blank of Braille (section
        // 21.1). Their category is that of a letter or a symbol.
        | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' | '\u{2800}'
    )
}

/// Whether a format character is visible: the signs of Unicode's property
/// `Prepended_Concatenation_Mark`, such as the Arabic number sign.
const fn is_prepended(letter: char) -> bool {
    matches!(
        letter,
        '\u{600}'
            ..='\u{605}'
                | '\u{6dd}'
                | '\u{70f}'
                | '\u{890}'
                | '\u{891}'
                | '\u{8e2}'
                | '\u{110bd}'
                | '\u{110cd}'
    )
}

/// Whether a character is a mark that combines with the letter before it, such
/// as a virama.
pub(super) fn is_combining(letter: char) -> bool {
    matches!(
        get_general_category(letter),
        GeneralCategory::NonspacingMark | GeneralCategory::SpacingMark
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown() {
        for letter in "aé ر०४😀\u{fe0f}\u{94d}\u{a0}\u{200b}\u{200c}\u{200d}\u{200e}\u{200f}\u{61c}\u{2060}\u{180e}\u{600}\u{6dd}\u{34f}\u{3164}".chars()
        {
            assert!(is_shown(letter), "{letter:?}");
        }
        for letter in "\0\u{7}\t\n\r\u{b}\u{c}\u{1b}\u{7f}\u{85}\u{ad}\u{2028}\u{2029}\u{2061}\u{206a}\u{e000}\u{feff}\u{fff9}\u{fffd}\u{fffe}\u{e0067}\u{10ffff}".chars()
        {
            assert!(!is_shown(letter), "{letter:?}");
        }
        // Embeddings, overrides and isolates (cht-core #7654).
        for letter in ('\u{202a}'..='\u{202e}').chain('\u{2066}'..='\u{2069}') {
            assert!(!is_shown(letter), "{letter:?}");
        }
    }
}
