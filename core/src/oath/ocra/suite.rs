//! OCRA suites (RFC 6287 section 6).

use core::fmt;
use core::str::FromStr;

use crate::Error;
use crate::oath::{Algorithm, Digits};

/// Length in bytes of the longest HMAC of a suite.
pub(super) const LONGEST_MAC: usize = 64;

/// The format of questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// `QA`: ASCII letters and digits, encoded as they are.
    Alphanumeric,
    /// `QN`: decimal digits, encoded as an integer.
    Numeric,
    /// `QH`: hexadecimal digits of either case.
    Hexadecimal,
}

/// The unit of a time step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Unit {
    Seconds,
    Minutes,
    Hours,
}

/// The length of a time step as written in a suite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Granularity {
    count: u8,
    unit: Unit,
}

/// An OCRA suite (RFC 6287 section 6), such as
/// `OCRA-1:HOTP-SHA256-8:C-QN08-PSHA1`: the hash, the number of digits and the
/// inputs.
///
/// The text is part of the HMAC input, so only the canonical text of a suite is
/// accepted, in upper case and without superfluous zeros; `Display` returns it.
/// Two forms that the grammar allows are rejected because they have no meaning:
/// `T0H`, a time step of zero, and `S000`, session information of zero bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Suite {
    algorithm: Algorithm,
    digits: Option<Digits>,
    counter: bool,
    format: Format,
    question_len: u8,
    pin: Option<Algorithm>,
    session: Option<u16>,
    time: Option<Granularity>,
}

impl Suite {
    /// The hash of the HMAC.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The number of digits of a response. `None` if a response is the whole
    /// HMAC.
    #[must_use]
    pub fn digits(&self) -> Option<Digits> {
        self.digits
    }

    /// Whether a counter is an input (`C`).
    #[must_use]
    pub fn has_counter(&self) -> bool {
        self.counter
    }

    /// The format of questions (`QA`, `QN`, `QH`).
    #[must_use]
    pub fn format(&self) -> Format {
        self.format
    }

    /// The maximum length of one party's question in characters, 4 to 64.
    #[must_use]
    pub fn question_len(&self) -> usize {
        usize::from(self.question_len)
    }

    /// The hash applied to the PIN, if a PIN is an input (`P`).
    #[must_use]
    pub fn pin_algorithm(&self) -> Option<Algorithm> {
        self.pin
    }

    /// The length of the session information in bytes, 1 to 999, if it is an
    /// input (`S`).
    #[must_use]
    pub fn session_len(&self) -> Option<usize> {
        self.session.map(usize::from)
    }

    /// The length of a time step in seconds, if the time is an input (`T`).
    #[must_use]
    pub fn time_step_seconds(&self) -> Option<u64> {
        self.time.map(|Granularity { count, unit }| {
            u64::from(count)
                * match unit {
                    Unit::Seconds => 1,
                    Unit::Minutes => 60,
                    Unit::Hours => 3600,
                }
        })
    }

    /// Parses the part after the last colon.
    fn parse_inputs(mut self, text: &str) -> Option<Self> {
        let mut fields = text.split('-').peekable();
        self.counter = fields.next_if_eq(&"C").is_some();
        let question = fields.next()?.strip_prefix('Q')?;
        self.format = match question.get(..1)? {
            "A" => Format::Alphanumeric,
            "N" => Format::Numeric,
            "H" => Format::Hexadecimal,
            _ => return None,
        };
        self.question_len = match number(question.get(1..)?) {
            Some(len @ 4..=64) if question.len() == 3 => u8::try_from(len).ok()?,
            _ => return None,
        };
        let mut field = fields.next();
        if let Some(pin) = field.and_then(|field| field.strip_prefix('P')) {
            self.pin = Some(algorithm(pin)?);
            field = fields.next();
        }
        if let Some(session) = field.and_then(|field| field.strip_prefix('S')) {
            self.session = match number(session) {
                Some(len @ 1..=999) if session.len() == 3 => Some(len),
                _ => return None,
            };
            field = fields.next();
        }
        if let Some(time) = field.and_then(|field| field.strip_prefix('T')) {
            self.time = Some(Granularity::parse(time)?);
            field = fields.next();
        }
        match field {
            None => Some(self),
            Some(_) => None,
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix("OCRA-1:HOTP-")?;
        let (function, inputs) = rest.split_once(':')?;
        let (hash, digits) = function.split_once('-')?;
        let suite = Self {
            algorithm: algorithm(hash)?,
            digits: match digits {
                "0" => None,
                _ if digits.starts_with('0') => return None,
                _ => Some(Digits::new(u8::try_from(number(digits)?).ok()?).ok()?),
            },
            counter: false,
            format: Format::Numeric,
            question_len: 0,
            pin: None,
            session: None,
            time: None,
        };
        suite.parse_inputs(inputs)
    }
}

impl Granularity {
    /// `1S` to `59S`, `1M` to `59M`, `1H` to `48H`.
    fn parse(text: &str) -> Option<Self> {
        let (unit, most) = match text.as_bytes().last()? {
            b'S' => (Unit::Seconds, 59),
            b'M' => (Unit::Minutes, 59),
            b'H' => (Unit::Hours, 48),
            _ => return None,
        };
        let count = text.get(..text.len() - 1)?;
        match number(count) {
            Some(steps) if (1..=most).contains(&steps) && !count.starts_with('0') => Some(Self {
                count: u8::try_from(steps).ok()?,
                unit,
            }),
            _ => None,
        }
    }
}

/// One to three decimal digits.
fn number(text: &str) -> Option<u16> {
    let is_number = (1..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_number)
}

/// Parses the name of a hash.
fn algorithm(text: &str) -> Option<Algorithm> {
    match text {
        "SHA1" => Some(Algorithm::Sha1),
        "SHA256" => Some(Algorithm::Sha256),
        "SHA512" => Some(Algorithm::Sha512),
        _ => None,
    }
}

/// # Errors
/// [`Error::InvalidSuite`].
impl FromStr for Suite {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text).ok_or(Error::InvalidSuite)
    }
}

impl fmt::Display for Suite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.digits.map_or(0, Digits::get);
        let counter = if self.counter { "C-" } else { "" };
        let format = match self.format {
            Format::Alphanumeric => 'A',
            Format::Numeric => 'N',
            Format::Hexadecimal => 'H',
        };
        write!(f, "OCRA-1:HOTP-{}-{digits}:{counter}", self.algorithm)?;
        write!(f, "Q{format}{:02}", self.question_len)?;
        if let Some(pin) = self.pin {
            write!(f, "-P{pin}")?;
        }
        if let Some(len) = self.session {
            write!(f, "-S{len:03}")?;
        }
        if let Some(Granularity { count, unit }) = self.time {
            let unit = match unit {
                Unit::Seconds => 'S',
                Unit::Minutes => 'M',
                Unit::Hours => 'H',
            };
            write!(f, "-T{count}{unit}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use super::*;

    #[test]
    fn every_part_is_read() {
        let suite: Suite = "OCRA-1:HOTP-SHA512-10:C-QH40-PSHA256-S128-T12H"
            .parse()
            .unwrap();
        assert_eq!(suite.algorithm(), Algorithm::Sha512);
        assert_eq!(suite.digits().map(Digits::get), Some(10));
        assert!(suite.has_counter());
        assert_eq!(suite.format(), Format::Hexadecimal);
        assert_eq!(suite.question_len(), 40);
        assert_eq!(suite.pin_algorithm(), Some(Algorithm::Sha256));
        assert_eq!(suite.session_len(), Some(128));
        assert_eq!(suite.time_step_seconds(), Some(12 * 3600));
        let least: Suite = "OCRA-1:HOTP-SHA1-0:QA04".parse().unwrap();
        assert_eq!(least.digits(), None);
        assert_eq!(least.time_step_seconds(), None);
        assert!(!least.has_counter());
    }

    #[test]
    fn one_text_for_each_suite() {
        for text in [
            "OCRA-1:HOTP-SHA1-6:QN08",
            "OCRA-1:HOTP-SHA256-0:C-QA64-S064",
            "OCRA-1:HOTP-SHA512-10:C-QN64-PSHA512-S999-T59M",
            "OCRA-1:HOTP-SHA1-4:QH04-T1S",
            "OCRA-1:HOTP-SHA1-4:QH10-PSHA1-T48H",
        ] {
            assert_eq!(text.parse::<Suite>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "OCRA-1",
            "OCRA-2:HOTP-SHA1-6:QN08",
            "ocra-1:hotp-sha1-6:qn08",
            "OCRA-1:TOTP-SHA1-6:QN08",
            "OCRA-1:HOTP-MD5-6:QN08",
            "OCRA-1:HOTP-SHA1:QN08",
            "OCRA-1:HOTP-SHA1-3:QN08",
            "OCRA-1:HOTP-SHA1-11:QN08",
            "OCRA-1:HOTP-SHA1-06:QN08",
            "OCRA-1:HOTP-SHA1-00:QN08",
            "OCRA-1:HOTP-SHA1-+6:QN08",
            "OCRA-1:HOTP-SHA1-6:",
            "OCRA-1:HOTP-SHA1-6:C",
            "OCRA-1:HOTP-SHA1-6:QN",
            "OCRA-1:HOTP-SHA1-6:QN8",
            "OCRA-1:HOTP-SHA1-6:QN03",
            "OCRA-1:HOTP-SHA1-6:QN65",
            "OCRA-1:HOTP-SHA1-6:QN008",
            "OCRA-1:HOTP-SHA1-6:QX08",
            "OCRA-1:HOTP-SHA1-6:Q٨08",
            "OCRA-1:HOTP-SHA1-6:QN08-C",
            "OCRA-1:HOTP-SHA1-6:QN08-",
            "OCRA-1:HOTP-SHA1-6:QN08-PSHA2",
            "OCRA-1:HOTP-SHA1-6:QN08-T1M-PSHA1",
            "OCRA-1:HOTP-SHA1-6:QN08-S64",
            "OCRA-1:HOTP-SHA1-6:QN08-S000",
            "OCRA-1:HOTP-SHA1-6:QN08-S0064",
            "OCRA-1:HOTP-SHA1-6:QN08-T",
            "OCRA-1:HOTP-SHA1-6:QN08-TM",
            "OCRA-1:HOTP-SHA1-6:QN08-T0H",
            "OCRA-1:HOTP-SHA1-6:QN08-T01M",
            "OCRA-1:HOTP-SHA1-6:QN08-T60M",
            "OCRA-1:HOTP-SHA1-6:QN08-T49H",
            "OCRA-1:HOTP-SHA1-6:QN08-T1D",
            "OCRA-1:HOTP-SHA1-6:QN08-T1M-T1M",
            "OCRA-1:HOTP-SHA1-6:QN08:QN08",
        ] {
            assert_eq!(text.parse::<Suite>(), Err(Error::InvalidSuite), "{text}");
        }
    }
}
