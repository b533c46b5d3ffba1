//! The number of segments of an SMS: 3GPP TS 23.038 (alphabets) and TS 23.040
//! (concatenation with an 8-bit reference).

use crate::list::list;

/// The basic character set, without the escape.
const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// The extension table, whose characters take two septets each.
const EXTENDED: &str = "\u{c}^{}\\[~]|€";

list! {
    /// The alphabet in which a text is sent.
    pub enum Alphabet: u8 {
        /// GSM 7-bit: 160 septets in a single segment, 153 in each of several.
        Gsm7 = 1, "gsm7";
        /// UCS-2, for texts with any character outside GSM 7-bit: 70 UTF-16 units in a single segment, 67 in each of several.
        Ucs2 = 2, "ucs2";
    }
}

/// The septets of each ASCII character, 0 if it is not in GSM 7-bit. Most
/// messages consist almost entirely of ASCII.
const ASCII: [u8; 128] = {
    let mut septets = [0; 128];
    let tables = [(BASIC.as_bytes(), 1), (EXTENDED.as_bytes(), 2)];
    let mut table = 0;
    while table < tables.len() {
        let (letters, width) = tables[table];
        let mut at = 0;
        while at < letters.len() {
            if letters[at].is_ascii() {
                septets[letters[at] as usize] = width;
            }
            at += 1;
        }
        table += 1;
    }
    septets
};

/// The septets of a character; `None` if it is not in GSM 7-bit.
fn septets(letter: char) -> Option<usize> {
    match u8::try_from(letter).ok().filter(u8::is_ascii) {
        Some(letter) => Some(usize::from(ASCII[usize::from(letter)])).filter(|width| *width > 0),
        None if BASIC.contains(letter) => Some(1),
        None if EXTENDED.contains(letter) => Some(2),
        None => None,
    }
}

/// The alphabet of a text, and the number of segments it is sent in.
#[must_use]
pub fn segments(text: &str) -> (Alphabet, usize) {
    let widths = text.chars().map(septets);
    if widths.clone().all(|width| width.is_some()) {
        (Alphabet::Gsm7, parts(widths.flatten(), 160, 153))
    } else {
        (
            Alphabet::Ucs2,
            parts(text.chars().map(char::len_utf16), 70, 67),
        )
    }
}

/// Counts the segments that texts with these character widths fill. A character
/// of two units is never split.
fn parts(widths: impl Iterator<Item = usize> + Clone, single: usize, each: usize) -> usize {
    if widths.clone().sum::<usize>() <= single {
        return 1;
    }
    let mut parts = 1;
    let mut filled = 0;
    for width in widths {
        if filled + width > each {
            parts += 1;
            filled = 0;
        }
        filled += width;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::String;

    fn repeated(letter: &str, times: usize) -> String {
        letter.repeat(times)
    }

    #[test]
    fn edges_of_every_alphabet() {
        for (text, alphabet, expected) in [
            (String::new(), Alphabet::Gsm7, 1),
            (repeated("a", 160), Alphabet::Gsm7, 1),
            (repeated("a", 161), Alphabet::Gsm7, 2),
            (repeated("a", 306), Alphabet::Gsm7, 2),
            (repeated("a", 307), Alphabet::Gsm7, 3),
            (repeated("€", 80), Alphabet::Gsm7, 1),
            (repeated("€", 81), Alphabet::Gsm7, 2),
            // 153 is odd: an escape pair does not straddle two segments.
            (repeated("€", 153), Alphabet::Gsm7, 3),
            (repeated("ر", 70), Alphabet::Ucs2, 1),
            (repeated("ر", 71), Alphabet::Ucs2, 2),
            (repeated("ر", 135), Alphabet::Ucs2, 3),
            (repeated("😀", 35), Alphabet::Ucs2, 1),
            (repeated("😀", 67), Alphabet::Ucs2, 3),
            (repeated("`", 1), Alphabet::Ucs2, 1),
        ] {
            assert_eq!(segments(&text), (alphabet, expected), "{text}");
        }
    }

    #[test]
    fn every_character_of_the_tables_has_its_width() {
        assert!(BASIC.chars().all(|letter| septets(letter) == Some(1)));
        assert!(EXTENDED.chars().all(|letter| septets(letter) == Some(2)));
        for letter in ['`', '\0', '\t', '\x7f', '\u{80}', 'ç', 'ر', '😀'] {
            assert_eq!(septets(letter), None, "{letter:?}");
        }
    }

    #[test]
    fn the_basic_set_has_127_characters_and_the_escape() {
        assert_eq!(BASIC.chars().count(), 127);
        assert_eq!(EXTENDED.chars().count(), 10);
    }
}
