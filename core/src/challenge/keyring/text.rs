//! The text form of a keyring.

use core::fmt;
use core::str::FromStr;

use zeroize::{Zeroize, Zeroizing};

use super::{Keyring, LocatorKey, MOST_RECORD_KEYS, RecordKey};
use crate::Error;

/// The first line of keyring text.
const HEADING: &str = "mpass-keyring 1";

impl Keyring {
    /// The keyring as text, including the secrets, for the keyring file.
    #[must_use]
    pub fn expose(&self) -> impl fmt::Display + '_ {
        Exposed(self)
    }
}

struct Exposed<'a>(&'a Keyring);

impl fmt::Display for Exposed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut line = |start: fmt::Arguments<'_>, secret: &[u8; 32]| {
            let mut text = Zeroizing::new([0; 64]);
            let hex = base16ct::lower::encode_str(secret, &mut *text).map_err(|_| fmt::Error)?;
            writeln!(f, "{start}{hex}")
        };
        line(format_args!("{HEADING}\nlocator "), &self.0.locator.secret)?;
        for key in self.0.records.iter().flatten() {
            line(format_args!("record {} ", key.id), &key.secret)?;
        }
        writeln!(f, "newest {}", self.0.newest)
    }
}

/// Parses keyring text. Empty lines and lines that begin with `#` are ignored.
///
/// # Errors
/// [`Error::InvalidKeyring`], [`Error::KeyringFull`],
/// [`Error::DuplicateRecordKey`], or [`Error::UnknownRecordKey`] if the newest
/// id is not among the record keys.
impl FromStr for Keyring {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let mut lines = text
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty() && !line.starts_with('#'));
        if lines.next() != Some(HEADING) {
            return Err(Error::InvalidKeyring);
        }
        let mut words = lines.next().unwrap_or_default().split_whitespace();
        let locator = match (words.next(), words.next(), words.next()) {
            (Some("locator"), Some(hex), None) => LocatorKey::new(secret_from_hex(hex)?),
            _ => return Err(Error::InvalidKeyring),
        };
        let mut keyring = Self {
            locator,
            records: [const { None }; MOST_RECORD_KEYS],
            newest: 0,
        };
        let mut newest = None;
        for line in lines {
            let mut words = line.split_whitespace();
            match (words.next(), words.next(), words.next(), words.next()) {
                (Some("record"), Some(id), Some(hex), None) => {
                    keyring.insert(RecordKey::new(id_from(id)?, secret_from_hex(hex)?))?;
                }
                (Some("newest"), Some(id), None, None) if newest.is_none() => {
                    newest = Some(id_from(id)?);
                }
                _ => return Err(Error::InvalidKeyring),
            }
        }
        keyring.activate(newest.ok_or(Error::InvalidKeyring)?)?;
        Ok(keyring)
    }
}

fn id_from(text: &str) -> Result<u16, Error> {
    match text.parse() {
        Ok(0) | Err(_) => Err(Error::InvalidKeyring),
        Ok(id) => Ok(id),
    }
}

fn secret_from_hex(hex: &str) -> Result<Zeroizing<[u8; 32]>, Error> {
    let mut secret = Zeroizing::new([0; 32]);
    match base16ct::mixed::decode(hex, &mut *secret) {
        Ok(decoded) if decoded.len() == 32 => Ok(secret),
        _ => {
            secret.zeroize();
            Err(Error::InvalidKeyring)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;

    #[test]
    fn text_round_trip() {
        let mut keyring = Keyring::generate(&[7; 32]);
        assert_eq!(keyring.add(&[8; 32]), Ok(2));
        assert_eq!(keyring.newest(), 1);
        keyring.activate(2).unwrap();
        let text = keyring.expose().to_string();
        let read: Keyring = text.parse().unwrap();
        assert_eq!(read.expose().to_string(), text);
        assert_eq!(read.newest(), 2);
        assert_eq!(
            read.store_key(b"x", [b"a", b"bc"]),
            keyring.store_key(b"x", [b"a", b"bc"])
        );
    }

    #[test]
    fn broken_text_is_refused() {
        let good = Keyring::generate(&[7; 32]).expose().to_string();
        let hex = "00".repeat(32);
        for (text, error) in [
            (std::string::String::new(), Error::InvalidKeyring),
            (
                good.replace("keyring 1", "keyring 2"),
                Error::InvalidKeyring,
            ),
            (good.replace("locator ", "locator 0"), Error::InvalidKeyring),
            (
                good.replace("newest 1", "newest 2"),
                Error::UnknownRecordKey,
            ),
            (good.replace("newest 1", ""), Error::InvalidKeyring),
            (std::format!("{good}newest 1"), Error::InvalidKeyring),
            (std::format!("{good}record 0 {hex}"), Error::InvalidKeyring),
            (
                std::format!("{good}record 1 {hex}"),
                Error::DuplicateRecordKey,
            ),
        ] {
            assert_eq!(text.parse::<Keyring>().err(), Some(error), "{text}");
        }
    }
}
