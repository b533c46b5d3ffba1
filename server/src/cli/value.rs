//! The values of options. No error contains the value.

use core::convert::Infallible;
use core::fmt;
use core::str::FromStr;
use std::time::UNIX_EPOCH;

use clap::ValueEnum;
use mpass_core::number::CallingCode;
use mpass_core::oath::{Algorithm, Digits};
use zeroize::Zeroizing;

/// A value that is never shown: a secret, a PIN, a code or a phone number.
#[derive(Clone)]
pub(super) struct Hidden(Zeroizing<String>);

impl Hidden {
    pub(super) fn expose(&self) -> &str {
        &self.0
    }
}

/// Accepts any text; it is parsed later, where no error shows it.
impl FromStr for Hidden {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(Zeroizing::new(text.to_owned())))
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hidden")
    }
}

/// The hash algorithm of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum AlgorithmName {
    /// HMAC-SHA-1
    Sha1,
    /// HMAC-SHA-256
    Sha256,
    /// HMAC-SHA-512
    Sha512,
}

impl From<AlgorithmName> for Algorithm {
    fn from(name: AlgorithmName) -> Self {
        match name {
            AlgorithmName::Sha1 => Self::Sha1,
            AlgorithmName::Sha256 => Self::Sha256,
            AlgorithmName::Sha512 => Self::Sha512,
        }
    }
}

pub(super) fn digits(text: &str) -> Result<Digits, String> {
    let invalid = mpass_core::Error::InvalidDigits;
    let digits = text.parse().map_err(|_| invalid.to_string())?;
    Digits::new(digits).map_err(|error| error.to_string())
}

pub(super) fn calling_code(text: &str) -> Result<CallingCode, String> {
    let code = text.parse();
    code.map_err(|_| "expected a country code assigned by the ITU, such as 966".to_owned())
}

/// Parses seconds of Unix time, or an RFC 3339 time.
pub(super) fn unix_time(text: &str) -> Result<u64, String> {
    let invalid = || {
        "expected seconds since 1970-01-01 UTC, or a time such as 2009-02-13T23:31:30Z".to_owned()
    };
    if let Ok(seconds) = text.parse() {
        return match text.starts_with('+') {
            true => Err(invalid()),
            false => Ok(seconds),
        };
    }
    let time = humantime::parse_rfc3339_weak(text).map_err(|_| invalid())?;
    let since = time.duration_since(UNIX_EPOCH).map_err(|_| invalid())?;
    Ok(since.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        for (text, seconds) in [
            ("0", 0),
            ("59", 59),
            ("20000000000", 20_000_000_000),
            ("2009-02-13T23:31:30Z", 1_234_567_890),
            ("2009-02-13 23:31:30", 1_234_567_890),
            ("2603-10-11T11:33:20Z", 20_000_000_000),
        ] {
            assert_eq!(unix_time(text), Ok(seconds), "{text}");
        }
        for text in ["", "-1", "+1", "1.5", "now", "1969-12-31T23:59:59Z"] {
            assert!(unix_time(text).is_err(), "{text}");
        }
    }

    #[test]
    fn calling_codes() {
        assert_eq!(calling_code("966").map(CallingCode::get), Ok(966));
        assert_eq!(calling_code("+1").map(CallingCode::get), Ok(1));
        assert_eq!(calling_code("00966").map(CallingCode::get), Ok(966));
        for text in ["", "+", "999999", "-966", "++966", "sa", "0"] {
            assert!(calling_code(text).is_err(), "{text}");
        }
    }
}
