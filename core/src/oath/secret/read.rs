//! Reading of base32 and hexadecimal.

use zeroize::Zeroize;

use super::bytes::Bytes;
use super::fault::{Place, SecretFault};
use crate::Error;
use crate::oath::alphabet::{Alphabet, BASE32, HEX};
use crate::typed::{Character, classify};

/// As many letters of padding are never needed.
const MOST_PADDING: usize = 8;

/// The form of a text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
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
    form: Form,
) -> Result<Bytes, E> {
    let mut reader = Reader {
        form,
        bytes: Bytes::empty(),
        held: 0,
        count: 0,
        padding: 0,
        place: Place::FIRST,
    };
    for letter in letters {
        reader.push(letter?)?;
    }
    Ok(reader.finish()?)
}

impl Form {
    const fn alphabet(self) -> &'static Alphabet {
        match self {
            Self::Base32 => &BASE32,
            Self::Hex => &HEX,
        }
    }

    const fn error(self) -> Error {
        match self {
            Self::Base32 => Error::InvalidBase32,
            Self::Hex => Error::InvalidHex,
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
fn meaning(letter: char, form: Form) -> Meaning {
    match (letter, form) {
        ('=', Form::Base32) => Meaning::Padding,
        (':', Form::Hex) | (' ' | '-' | '\t'..='\r', _) => Meaning::Passed,
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

/// A text that has been read in part.
struct Reader {
    form: Form,
    bytes: Bytes,
    /// The last bits, and how many of them are not in `bytes`.
    held: u32,
    count: u32,
    padding: usize,
    /// The place of the next character.
    place: Place,
}

impl Reader {
    fn push(&mut self, letter: char) -> Result<(), SecretFault> {
        match meaning(letter, self.form) {
            Meaning::Passed => {}
            Meaning::Padding => self.padding += 1,
            Meaning::Letter(letter) if self.padding == 0 => {
                let alphabet = self.form.alphabet();
                let value = alphabet.value(letter).ok_or_else(|| self.fault(letter))?;
                self.held = self.held << alphabet.bits | u32::from(value);
                self.count += alphabet.bits;
                if self.count >= 8 {
                    self.count -= 8;
                    let [byte, ..] = (self.held >> self.count).to_le_bytes();
                    self.bytes.push(&[byte])?;
                }
            }
            Meaning::Letter(_) | Meaning::Other => {
                return Err(SecretFault::at(self.form.error(), self.place));
            }
        }
        self.place = self.place.after(letter);
        Ok(())
    }

    /// Why a letter or digit of ASCII is not one of the text.
    fn fault(&self, letter: u8) -> SecretFault {
        match (self.form, letter) {
            (Form::Base32, b'0'..=b'9') => SecretFault::digit(char::from(letter), self.place),
            _ => SecretFault::at(self.form.error(), self.place),
        }
    }

    fn finish(mut self) -> Result<Bytes, SecretFault> {
        self.held.zeroize();
        // With as many bits left as a letter has, one is missing or too many.
        if self.padding >= MOST_PADDING || self.count >= self.form.alphabet().bits {
            return Err(self.form.error().into());
        }
        Ok(self.bytes.filled()?)
    }
}
