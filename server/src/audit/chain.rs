//! The chain: lines, and the MACs that connect them.

use mpass_core::challenge::Keyring;
use mpass_core::documents::HostHash;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use super::entry::Entry;
use crate::time;

/// What precedes the MAC in a line: it is the last member of the object.
const BEFORE_MAC: &str = ",\"mac\":\"";
/// What follows it.
const AFTER_MAC: &str = "\"}";

/// An entry's number and MAC: the end of the chain up to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The entry's number; the first is 1.
    pub number: u64,
    /// Its MAC.
    #[serde(with = "hexadecimal")]
    pub mac: [u8; 32],
}

impl Link {
    /// What the first entry follows.
    pub(super) const START: Self = Self {
        number: 0,
        mac: [0; 32],
    };
}

/// As `NUMBER:MAC`, with the MAC in hexadecimal.
impl core::fmt::Display for Link {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let mac = base16ct::lower::encode_string(&self.mac);
        write!(f, "{}:{mac}", self.number)
    }
}

impl core::str::FromStr for Link {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = "an anchor is the number of an entry, a colon and 64 hexadecimal digits";
        let (number, digits) = text.split_once(':').ok_or(error)?;
        Ok(Self {
            number: number.parse().map_err(|_| error)?,
            mac: hexadecimal::read(digits).ok_or(error)?,
        })
    }
}

/// The members of a line in front of those of the entry.
#[derive(Serialize, Deserialize)]
pub(super) struct Line {
    /// The entry's number.
    pub(super) number: u64,
    /// When it was written, in RFC 3339 format.
    pub(super) at: String,
    /// The same in milliseconds of Unix time.
    pub(super) at_ms: u64,
    /// What it says.
    #[serde(flatten)]
    pub(super) entry: Entry,
}

/// The line of an entry that follows another one.
pub(super) fn write(
    keyring: &Keyring,
    before: &Link,
    at_ms: u64,
    entry: &Entry,
) -> serde_json::Result<(String, Link)> {
    let number = before.number + 1;
    let line = Line {
        number,
        at: time::millis(at_ms),
        at_ms,
        entry: entry.clone(),
    };
    let mut text = serde_json::to_string(&line)?;
    // The MAC takes the place of the closing brace.
    text.pop();
    let mac = mac(keyring, before, &text);
    text.push_str(BEFORE_MAC);
    text.push_str(&base16ct::lower::encode_string(&mac));
    text.push_str(AFTER_MAC);
    Ok((text, Link { number, mac }))
}

/// The number and the MAC that a line states.
pub(super) fn stated(line: &str) -> Option<Link> {
    let (_, mac) = split(line)?;
    let number = number(line)?;
    Some(Link { number, mac })
}

/// Whether a line follows a link, and its own link.
pub(super) fn check(keyring: &Keyring, before: &Link, line: &str) -> Option<Link> {
    let (text, stated) = split(line)?;
    let mac = mac(keyring, before, text);
    let is_authentic = bool::from(mac.ct_eq(&stated));
    let follows = number(line)? == before.number.checked_add(1)?;
    (is_authentic && follows).then_some(Link {
        number: before.number + 1,
        mac,
    })
}

/// The line in front of its MAC, and the MAC.
fn split(line: &str) -> Option<(&str, [u8; 32])> {
    let (text, rest) = line.rsplit_once(BEFORE_MAC)?;
    Some((text, hexadecimal::read(rest.strip_suffix(AFTER_MAC)?)?))
}

fn number(line: &str) -> Option<u64> {
    #[derive(Deserialize)]
    struct Numbered {
        number: u64,
    }
    let numbered: Numbered = serde_json::from_str(line).ok()?;
    Some(numbered.number)
}

fn mac(keyring: &Keyring, before: &Link, text: &str) -> [u8; 32] {
    *HostHash::AuditEntry.of(keyring, &[&before.mac, text.as_bytes()])
}

/// 32 bytes in hexadecimal.
pub(super) mod hexadecimal {
    use serde::de::{Deserialize, Deserializer, Error};
    use serde::ser::Serializer;

    pub(super) fn read(digits: &str) -> Option<[u8; 32]> {
        let mut bytes = [0; 32];
        let len = base16ct::mixed::decode(digits, &mut bytes).ok()?.len();
        (len == bytes.len()).then_some(bytes)
    }

    pub(super) fn serialize<S: Serializer>(bytes: &[u8; 32], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&base16ct::lower::encode_string(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<[u8; 32], D::Error> {
        let digits = String::deserialize(from)?;
        read(&digits).ok_or_else(|| D::Error::custom("not 32 bytes in hexadecimal"))
    }
}
