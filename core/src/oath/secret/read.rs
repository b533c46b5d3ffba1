//! Reading of base32 and hexadecimal.

use base32ct::{Base32UpperUnpadded, Encoding};
use zeroize::Zeroize;

use super::bytes::Bytes;
use super::fault::{Place, SecretFault};
use crate::Error;
use crate::typed::{Character, classify};

/// Letters that are decoded together: 8 of base32 are 5 bytes, 8 hexadecimal
/// digits are 4.
const GROUP: usize = 8;

/// The alphabet of a text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Alphabet {
    Base32,
    Hex,
}

/// Reads the letters of a text. White space, dashes and format characters are
/// passed over, in base32 also padding at the end, in hexadecimal colons.
///
/// # Errors
/// The first character that is not in the alphabet, and
/// [`Error::SecretEmpty`], [`Error::SecretTooLong`].
pub(super) fn read<E: From<SecretFault>>(
    letters: impl Iterator<Item = Result<char, E>>,
    alphabet: Alphabet,
) -> Result<Bytes, E> {
    let mut bytes = Bytes::empty();
    let mut group = Group::new(alphabet);
    let mut place = Place::FIRST;
    let mut padding = 0;
    for letter in letters {
        let letter = letter?;
        match meaning(letter, alphabet) {
            Meaning::Passed => {}
            Meaning::Padding => padding += 1,
            Meaning::Letter(letter) if padding == 0 => group.push(letter, place, &mut bytes)?,
            Meaning::Letter(_) | Meaning::Other => {
                return Err(SecretFault::at(alphabet.error(), place).into());
            }
        }
        place = place.after(letter);
    }
    if padding >= GROUP {
        return Err(SecretFault::from(alphabet.error()).into());
    }
    group.finish(&mut bytes)?;
    let filled = bytes.filled().map_err(SecretFault::from);
    Ok(filled?)
}

impl Alphabet {
    const fn error(self) -> Error {
        match self {
            Self::Base32 => Error::InvalidBase32,
            Self::Hex => Error::InvalidHex,
        }
    }

    /// Whether the alphabet has an upper-case letter. Depends on the letter:
    /// only for texts that are refused.
    const fn has(self, letter: u8) -> bool {
        match self {
            Self::Base32 => matches!(letter, b'A'..=b'Z' | b'2'..=b'7'),
            Self::Hex => matches!(letter, b'0'..=b'9' | b'A'..=b'F'),
        }
    }
}

/// What a character of a text means.
enum Meaning {
    /// An ASCII letter or digit, of the alphabet or not, in upper case.
    Letter(u8),
    Passed,
    Padding,
    Other,
}

/// Does not depend on which ASCII letter or digit it is.
fn meaning(letter: char, alphabet: Alphabet) -> Meaning {
    match (letter, alphabet) {
        ('=', Alphabet::Base32) => Meaning::Padding,
        (':', Alphabet::Hex) | (' ' | '-' | '\t'..='\r', _) => Meaning::Passed,
        ('!'..='~', _) => match u8::try_from(letter) {
            Ok(letter) => Meaning::Letter(letter.to_ascii_uppercase()),
            Err(_) => Meaning::Other,
        },
        // What keyboards of Chinese and Japanese write in full width.
        ('\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}', _) => {
            let [.., low] = (u32::from(letter) - 0xff00).to_be_bytes();
            Meaning::Letter((low + 0x20).to_ascii_uppercase())
        }
        _ => match classify(letter) {
            Character::Digit(value) => Meaning::Letter(b'0' + value),
            Character::Passed => Meaning::Passed,
            Character::Other => Meaning::Other,
        },
    }
}

/// Letters that are collected until they can be decoded.
struct Group {
    alphabet: Alphabet,
    letters: [u8; GROUP],
    places: [Place; GROUP],
    len: usize,
}

impl Group {
    fn new(alphabet: Alphabet) -> Self {
        Self {
            alphabet,
            letters: [0; GROUP],
            places: [Place::FIRST; GROUP],
            len: 0,
        }
    }

    fn push(&mut self, letter: u8, place: Place, bytes: &mut Bytes) -> Result<(), SecretFault> {
        self.letters[self.len] = letter;
        self.places[self.len] = place;
        self.len += 1;
        if self.len == GROUP {
            self.finish(bytes)?;
        }
        Ok(())
    }

    fn finish(&mut self, bytes: &mut Bytes) -> Result<(), SecretFault> {
        let mut decoded = [0; GROUP];
        let letters = &self.letters[..self.len];
        let len = match self.alphabet {
            Alphabet::Base32 => Base32UpperUnpadded::decode(letters, &mut decoded)
                .map(<[u8]>::len)
                .ok(),
            Alphabet::Hex => base16ct::mixed::decode(letters, &mut decoded)
                .map(<[u8]>::len)
                .ok(),
        };
        let pushed = match len {
            Some(len) => bytes.push(&decoded[..len]).map_err(SecretFault::from),
            None => Err(self.fault()),
        };
        decoded.zeroize();
        self.len = 0;
        pushed
    }

    /// Why the letters do not decode: the first one that is not in the alphabet,
    /// or their number.
    fn fault(&self) -> SecretFault {
        let letters = self.letters[..self.len].iter().zip(&self.places);
        let mut outside = letters.filter(|(letter, _)| !self.alphabet.has(**letter));
        match outside.next() {
            None => self.alphabet.error().into(),
            Some((digit @ b'0'..=b'9', place)) => SecretFault::digit(char::from(*digit), *place),
            Some((_, place)) => SecretFault::at(self.alphabet.error(), *place),
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.letters.zeroize();
    }
}
