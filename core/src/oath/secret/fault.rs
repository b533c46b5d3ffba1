//! What is wrong with the text of a secret, and where.

use core::fmt;

use crate::Error;

/// A place in a text. Both numbers start at 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The line; lines end with a line feed.
    pub line: usize,
    /// The character of the line: a Unicode code point, of any kind.
    pub character: usize,
}

impl Place {
    /// The first character of a text.
    pub(crate) const FIRST: Self = Self {
        line: 1,
        character: 1,
    };

    /// The place after a character.
    pub(crate) const fn after(self, letter: char) -> Self {
        match letter {
            '\n' => Self {
                line: self.line + 1,
                character: 1,
            },
            _ => Self {
                line: self.line,
                character: self.character + 1,
            },
        }
    }
}

/// For example `character 5`, or `line 2, character 5`.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 1 {
            write!(f, "line {}, ", self.line)?;
        }
        write!(f, "character {}", self.character)
    }
}

/// Why the text of a secret was refused: the error and the place of the fault.
///
/// `Display` names the place, and the digit of [`Error::Base32Digit`], which
/// cannot be part of the secret. It shows no other part of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecretFault {
    /// The error, with its stable number.
    pub error: Error,
    /// Where the fault is; `None` if the text as a whole is at fault, for
    /// example because a letter is missing.
    pub place: Option<Place>,
    /// The digit of [`Error::Base32Digit`]: `0`, `1`, `8` or `9`.
    pub digit: Option<char>,
}

impl SecretFault {
    pub(crate) const fn at(error: Error, place: Place) -> Self {
        Self {
            error,
            place: Some(place),
            digit: None,
        }
    }

    /// The fault of a line as a text as a fault of the text that has the line at
    /// `start`.
    pub(crate) fn in_line(self, start: Place) -> Self {
        let place = self.place.map(|place| Place {
            line: start.line,
            character: start.character + place.character - 1,
        });
        Self { place, ..self }
    }

    pub(crate) const fn digit(digit: char, place: Place) -> Self {
        Self {
            error: Error::Base32Digit,
            place: Some(place),
            digit: Some(digit),
        }
    }
}

impl From<Error> for SecretFault {
    fn from(error: Error) -> Self {
        Self {
            error,
            place: None,
            digit: None,
        }
    }
}

impl From<SecretFault> for Error {
    fn from(fault: SecretFault) -> Self {
        fault.error
    }
}

/// For example `character 5 of the secret is 1, which base32 does not have: I or
/// L is often typed as 1`.
impl fmt::Display for SecretFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(place) = self.place else {
            return match self.error {
                Error::InvalidBase32 => {
                    write!(
                        f,
                        "{}: a letter is missing, or there is one too many",
                        self.error
                    )
                }
                Error::InvalidHex => write!(f, "{}: a digit is missing", self.error),
                error => error.fmt(f),
            };
        };
        let Some(digit) = self.digit else {
            return write!(f, "{}: {place}", self.error);
        };
        write!(
            f,
            "{place} of the secret is {digit}, which base32 does not have"
        )?;
        match digit {
            '0' => f.write_str(": O is often typed as 0"),
            '1' => f.write_str(": I or L is often typed as 1"),
            '8' => f.write_str(": B is often typed as 8"),
            _ => Ok(()),
        }
    }
}

impl core::error::Error for SecretFault {}

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use super::*;

    #[test]
    fn a_fault_names_the_place_and_the_digit() {
        let place = Place {
            line: 2,
            character: 5,
        };
        assert_eq!(
            SecretFault::digit('1', place).to_string(),
            "line 2, character 5 of the secret is 1, which base32 does not have: \
             I or L is often typed as 1"
        );
        assert_eq!(
            SecretFault::at(Error::InvalidHex, Place::FIRST).to_string(),
            std::format!("{}: character 1", Error::InvalidHex)
        );
        assert_eq!(
            SecretFault::from(Error::InvalidBase32).to_string(),
            std::format!(
                "{}: a letter is missing, or there is one too many",
                Error::InvalidBase32
            )
        );
        assert_eq!(
            SecretFault::from(Error::SecretEmpty).to_string(),
            Error::SecretEmpty.to_string()
        );
    }
}
