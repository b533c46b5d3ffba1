//! The text form of a keyring: version 2, which ends in a checksum, and version
//! 1, which has none and is only read.

use core::fmt;
use core::str::FromStr;

use arrayvec::ArrayVec;
use zeroize::{Zeroize, Zeroizing};

use super::{Keyring, LocatorKey, MOST_RECORD_KEYS, RecordKey, framed_mac, labels, purpose};
use crate::Error;
use crate::oath::alphabet::HEX;
use crate::oath::as_text::{Written, decimal, display, text};

/// The first line of the text that is written.
const HEADING: &str = "mpass-keyring 2";
/// The first line of text without a checksum, as older versions wrote it.
const HEADING_WITHOUT_CHECK: &str = "mpass-keyring 1";
const CHECK_LEN: usize = 8;
/// The id of a record key and the key.
const ENTRY_LEN: usize = 2 + 32;

impl Keyring {
    /// The checksum of the text form: a MAC over everything that the text
    /// contains, under a key derived from the locator key. It finds every
    /// accidental change with a probability of 1 - 2^-64 and, being a MAC under
    /// a key of 256 bits, reveals nothing about the keys. It does not protect
    /// against a person who can write the file, who has the keys.
    fn check(&self) -> [u8; CHECK_LEN] {
        let mut content = Zeroizing::new(ArrayVec::<u8, { MOST_RECORD_KEYS * ENTRY_LEN }>::new());
        for key in self.records.iter().flatten() {
            content.extend(key.id.to_be_bytes());
            content.extend(key.secret.iter().copied());
        }
        let key = purpose(&self.locator.secret, labels::KEYRING_CHECK);
        let newest = self.newest.to_be_bytes();
        framed_mac(&key, labels::KEYRING_TEXT, [&content, &newest]).truncated()
    }
}

impl Keyring {
    /// The keyring as text, including the secrets, for the keyring file.
    #[must_use]
    pub fn expose(&self) -> impl fmt::Display + Written + '_ {
        Exposed(self)
    }
}

struct Exposed<'a>(&'a Keyring);

impl Written for Exposed<'_> {
    fn write_to(&self, put: &mut dyn FnMut(char)) {
        text(put, HEADING);
        text(put, "\nlocator ");
        HEX.write(&*self.0.locator.secret, |digit| lower(put, digit));
        for key in self.0.records.iter().flatten() {
            text(put, "\nrecord ");
            decimal(put, key.id.into());
            put(' ');
            HEX.write(&*key.secret, |digit| lower(put, digit));
        }
        text(put, "\nnewest ");
        decimal(put, self.0.newest.into());
        text(put, "\ncheck ");
        HEX.write(&self.0.check(), |digit| lower(put, digit));
        put('\n');
    }
}

fn lower(put: &mut dyn FnMut(char), digit: u8) {
    put(char::from(digit.to_ascii_lowercase()));
}

impl fmt::Display for Exposed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        display(self, f)
    }
}

/// Parses keyring text of version 2, or of version 1, which has no checksum.
/// Empty lines and lines that begin with `#` are ignored.
///
/// # Errors
/// [`Error::KeyringChecksum`] if the checksum of version 2 does not fit;
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
        let has_check = match lines.next() {
            Some(HEADING) => true,
            Some(HEADING_WITHOUT_CHECK) => false,
            _ => return Err(Error::InvalidKeyring),
        };
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
        let (mut newest, mut check) = (None, None);
        for line in lines {
            if check.is_some() {
                return Err(Error::InvalidKeyring);
            }
            let mut words = line.split_whitespace();
            match (words.next(), words.next(), words.next(), words.next()) {
                (Some("record"), Some(id), Some(hex), None) => {
                    keyring.insert(RecordKey::new(id_from(id)?, secret_from_hex(hex)?))?;
                }
                (Some("newest"), Some(id), None, None) if newest.is_none() => {
                    newest = Some(id_from(id)?);
                }
                (Some("check"), Some(hex), None, None) if has_check => {
                    check = Some(check_from_hex(hex)?);
                }
                _ => return Err(Error::InvalidKeyring),
            }
        }
        keyring.newest = newest.ok_or(Error::InvalidKeyring)?;
        if check.is_some() != has_check {
            return Err(Error::InvalidKeyring);
        }
        if check.is_some_and(|check| check != keyring.check()) {
            return Err(Error::KeyringChecksum);
        }
        keyring.record(keyring.newest)?;
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

fn check_from_hex(hex: &str) -> Result<[u8; CHECK_LEN], Error> {
    let mut check = [0; CHECK_LEN];
    match base16ct::mixed::decode(hex, &mut check) {
        Ok(decoded) if decoded.len() == CHECK_LEN => Ok(check),
        _ => Err(Error::InvalidKeyring),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::{String, ToString};

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
            read.store_key(labels::TOKEN, [b"a", b"bc"]),
            keyring.store_key(labels::TOKEN, [b"a", b"bc"])
        );
    }

    /// The text of version 1, as it was written before there was a checksum.
    fn without_check(text: &str) -> String {
        let (text, _) = text.rsplit_once("check ").unwrap();
        text.replace("keyring 2", "keyring 1")
    }

    #[test]
    fn text_without_a_checksum_is_read_and_written_with_one() {
        let mut keyring = Keyring::generate(&[7; 32]);
        let text = keyring.expose().to_string();
        let mut old: Keyring = without_check(&text).parse().unwrap();
        assert_eq!(old.expose().to_string(), text);
        keyring.add(&[8; 32]).unwrap();
        old.add(&[8; 32]).unwrap();
        assert_eq!(old.expose().to_string(), keyring.expose().to_string());
        assert_ne!(keyring.check(), Keyring::generate(&[7; 32]).check());
    }

    #[test]
    fn every_changed_digit_is_refused() {
        let mut keyring = Keyring::generate(&[7; 32]);
        keyring.add(&[8; 32]).unwrap();
        keyring.activate(2).unwrap();
        let text = keyring.expose().to_string();
        let mut in_keys = 0;
        for (at, digit) in text.char_indices() {
            let Some(value) = digit.to_digit(16) else {
                continue;
            };
            for other in (0..16).filter(|other| *other != value) {
                let other = char::from_digit(other, 16).unwrap();
                let changed = std::format!("{}{other}{}", &text[..at], &text[at + 1..]);
                let error = changed.parse::<Keyring>().err();
                assert!(error.is_some(), "{at}");
                in_keys += usize::from(error == Some(Error::KeyringChecksum));
            }
        }
        // Three keys, the check and the newest id, at least.
        assert!(in_keys > 15 * (3 * 64 + 16), "{in_keys}");
    }

    #[test]
    fn broken_text_is_refused() {
        let with_check = Keyring::generate(&[7; 32]).expose().to_string();
        let (without, check) = with_check.rsplit_once("check ").unwrap();
        for (text, error) in [
            (
                with_check.replace("keyring 2", "keyring 3"),
                Error::InvalidKeyring,
            ),
            (
                with_check.replace("keyring 2", "keyring 1"),
                Error::InvalidKeyring,
            ),
            (without.into(), Error::InvalidKeyring),
            (
                std::format!("{with_check}check {check}"),
                Error::InvalidKeyring,
            ),
            (std::format!("{with_check}newest 1"), Error::InvalidKeyring),
            (std::format!("{without}check 0"), Error::InvalidKeyring),
            (
                std::format!("{without}check 0123456789abcdef"),
                Error::KeyringChecksum,
            ),
            (
                with_check.replace("newest 1", "newest 2"),
                Error::KeyringChecksum,
            ),
        ] {
            assert_eq!(text.parse::<Keyring>().err(), Some(error), "{text}");
        }
    }

    #[test]
    fn broken_text_without_a_checksum_is_refused() {
        let good = without_check(&Keyring::generate(&[7; 32]).expose().to_string());
        let hex = "00".repeat(32);
        for (text, error) in [
            (String::new(), Error::InvalidKeyring),
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
