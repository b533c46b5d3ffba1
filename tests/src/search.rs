//! A search of stored bytes for texts and secrets, in every encoding in which one
//! may have been written.

use std::collections::BTreeSet;

use aho_corasick::AhoCorasick;
use base64ct::{Base64, Base64Unpadded, Base64UrlUnpadded, Encoding};

/// Shorter encodings are not searched for: they occur by chance in a file of some
/// megabytes.
const SHORTEST: usize = 6;

/// A search for several texts at once.
pub struct Search {
    needles: Vec<(Vec<u8>, String)>,
    automaton: AhoCorasick,
}

impl Search {
    /// A search for texts of at least 6 characters, in all their encodings.
    ///
    /// # Panics
    /// For a shorter text.
    #[must_use]
    pub fn new(texts: &[String]) -> Self {
        let mut needles = BTreeSet::new();
        for text in texts {
            assert!(text.len() >= SHORTEST, "{text} occurs by chance");
            let encodings = encodings(text).into_iter();
            let long = encodings.filter(|encoding| encoding.len() >= SHORTEST);
            needles.extend(long.map(|encoding| (encoding, text.clone())));
        }
        let needles: Vec<_> = needles.into_iter().collect();
        let automaton = AhoCorasick::new(needles.iter().map(|(needle, _)| needle));
        Self {
            needles,
            automaton: automaton.unwrap_or_else(|error| unreachable!("{error}")),
        }
    }

    /// The first text that occurs in `bytes`, and its encoding.
    #[must_use]
    pub fn find(&self, bytes: &[u8]) -> Option<(&str, &[u8])> {
        let found = self.automaton.find(bytes)?;
        let (needle, text) = self.needles.get(found.pattern().as_usize())?;
        Some((text, needle))
    }
}

/// The encodings of a text: as it is, in UTF-16, in hexadecimal and in base64 at
/// any position; the bytes that it encodes itself; and, of digits, the number in
/// both byte orders and packed decimals.
#[must_use]
pub fn encodings(text: &str) -> Vec<Vec<u8>> {
    let mut raw = vec![text.as_bytes().to_vec()];
    raw.extend(decoded(text));
    if let Ok(number) = text.parse::<u64>() {
        raw.push(number.to_be_bytes().to_vec());
        raw.push(number.to_le_bytes().to_vec());
        raw.extend(packed_decimals(text));
    }
    let mut encodings: Vec<Vec<u8>> = raw
        .iter()
        .flat_map(|bytes| {
            let lower = base16ct::lower::encode_string(bytes).into_bytes();
            let upper = base16ct::upper::encode_string(bytes).into_bytes();
            [lower, upper].into_iter().chain(in_base64(bytes))
        })
        .collect();
    for to_bytes in [u16::to_le_bytes, u16::to_be_bytes] {
        encodings.push(text.encode_utf16().flat_map(to_bytes).collect());
    }
    encodings.extend(raw);
    encodings
}

/// The bytes that a text may be the hexadecimal or base64 of.
fn decoded(text: &str) -> Vec<Vec<u8>> {
    let attempts = [
        base16ct::mixed::decode_vec(text).ok(),
        Base64UrlUnpadded::decode_vec(text).ok(),
        Base64::decode_vec(text).ok(),
    ];
    attempts.into_iter().flatten().collect()
}

/// Digits, two to a byte, the first one in the upper or in the lower half, an odd
/// one padded with 15 (as in telephony).
fn packed_decimals(digits: &str) -> [Vec<u8>; 2] {
    let halves: Vec<u8> = digits.bytes().map(|digit| digit & 15).collect();
    let pack = |is_upper_first: bool| {
        let pairs = halves.chunks(2).map(|pair| {
            let (first, second) = (pair[0], pair.get(1).copied().unwrap_or(15));
            match is_upper_first {
                true => first << 4 | second,
                false => second << 4 | first,
            }
        });
        pairs.collect()
    };
    [pack(true), pack(false)]
}

/// What base64 of any text that contains `bytes` contains: one form for each
/// position modulo 3, in both alphabets, without the characters that depend on
/// the neighbours.
fn in_base64(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut forms = Vec::new();
    for before in 0..3 {
        let shifted = [&[0; 2][..before.min(2)], bytes].concat();
        // Characters before this one depend on the bytes before.
        let first = (before * 8_usize).div_ceil(6);
        let last = shifted.len() * 8 / 6;
        for text in [
            Base64Unpadded::encode_string(&shifted),
            Base64UrlUnpadded::encode_string(&shifted),
        ] {
            forms.push(text.as_bytes()[first..last.max(first)].to_vec());
        }
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    const NUMBER: &str = "966512345678";

    fn is_found(text: &str, bytes: &[u8]) -> bool {
        Search::new(&[text.to_owned()]).find(bytes).is_some()
    }

    #[test]
    fn every_encoding_is_found_among_other_bytes() {
        let number: u64 = NUMBER.parse().unwrap();
        let utf16 = |to_bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
            NUMBER.encode_utf16().flat_map(to_bytes).collect()
        };
        for planted in [
            NUMBER.as_bytes().to_vec(),
            b"393636353132333435363738".to_vec(),
            utf16(u16::to_le_bytes),
            utf16(u16::to_be_bytes),
            number.to_be_bytes().to_vec(),
            number.to_le_bytes().to_vec(),
            vec![0x96, 0x65, 0x12, 0x34, 0x56, 0x78],
            vec![0x69, 0x56, 0x21, 0x43, 0x65, 0x87],
            // In hexadecimal, as it may be written of a blob.
            format!("{number:016X}").into_bytes(),
        ] {
            let bytes = [&[7; 50][..], &planted, &[8; 50]].concat();
            assert!(is_found(NUMBER, &bytes), "{planted:02x?}");
            let mut changed = bytes.clone();
            changed[50 + planted.len() / 2] ^= 1;
            assert!(!is_found(NUMBER, &changed), "{planted:02x?}");
        }
    }

    #[test]
    fn base64_is_found_at_every_position() {
        let secret = "sécret~~~>>>???\u{7ff}";
        for before in 0..6 {
            for after in 0..6 {
                let text = [&"x".repeat(before), secret, &"y".repeat(after)].concat();
                let standard = Base64::encode_string(text.as_bytes());
                let url = Base64UrlUnpadded::encode_string(text.as_bytes());
                assert!(is_found(secret, standard.as_bytes()), "{standard}");
                assert!(is_found(secret, url.as_bytes()), "{url}");
            }
        }
    }

    #[test]
    fn the_bytes_of_a_key_are_found() {
        let key = [0x5a; 32];
        let hex = base16ct::lower::encode_string(&key);
        assert!(is_found(&hex, &key));
        assert!(is_found(&hex, Base64::encode_string(&key).as_bytes()));
        assert!(is_found(&Base64UrlUnpadded::encode_string(&key), &key));
        assert!(!is_found(&hex, &[0x5b; 64]));
    }
}
