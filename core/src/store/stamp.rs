//! What identifies a write of a value.

use core::fmt;
use core::str::FromStr;

use super::in_flight::stamp_of;
use crate::Error;

/// Identifies one write of a value: every write has another stamp. As the ETag
/// of HTTP it is a text of 16 lower-case hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Stamp(pub [u8; 8]);

impl Stamp {
    /// The stamp of a stored value.
    ///
    /// # Errors
    /// [`Error::RecordFormat`] for bytes that are no stored value.
    pub fn of(value: &[u8]) -> Result<Self, Error> {
        stamp_of(value).map(Self).ok_or(Error::RecordFormat)
    }
}

/// As 16 lower-case hexadecimal digits.
impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// From 16 hexadecimal digits.
impl FromStr for Stamp {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let mut stamp = [0; 8];
        let decoded = base16ct::mixed::decode(text, &mut stamp);
        match decoded.map(<[u8]>::len) {
            Ok(8) => Ok(Self(stamp)),
            _ => Err(Error::InvalidHex),
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn stamps_as_text() {
        let stamp = Stamp([0, 1, 2, 3, 4, 5, 0xfe, 0xff]);
        assert_eq!(stamp.to_string(), "000102030405feff");
        assert_eq!("000102030405FEff".parse(), Ok(stamp));
        for text in ["", "0001", "000102030405feff00", "000102030405fefg"] {
            assert_eq!(text.parse::<Stamp>(), Err(Error::InvalidHex), "{text}");
        }
    }
}
