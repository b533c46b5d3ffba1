//! OCRA suites (RFC 6287 section 6).

#[cfg(test)]
mod tests;

use core::fmt;
use core::str::FromStr;

use arrayvec::ArrayString;

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

/// The maximum length of a question of the suite's `Q`, in characters.
const DEFAULT_QUESTION: u8 = 8;

/// The length of the session information of the suite's `S`, in bytes.
const DEFAULT_SESSION: u16 = 64;

/// The longest suite is `OCRA-1:HOTP-SHA512-10:C-QN64-PSHA512-S999-T59M`.
const LONGEST_TEXT: usize = 48;

/// An OCRA suite (RFC 6287 section 6), such as
/// `OCRA-1:HOTP-SHA256-8:C-QN08-PSHA1`: the hash, the number of digits and the
/// inputs.
///
/// An input without its parameters has the defaults of section 6.3: `Q` is
/// `QN08`, `P` is `PSHA1`, `S` is `S064` and `T` is `T1M`. The text is part of
/// the HMAC input. It is therefore kept as it was given: `Display` returns it,
/// and two suites are equal if their texts are. Two suites that differ only in a
/// default that one of them omits have different responses.
///
/// Texts in lower case or with superfluous zeros are not suites. Two forms that
/// the grammar allows are rejected because they have no meaning: `T0H`, a time
/// step of zero, and `S000`, session information of zero bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Suite {
    text: ArrayString<LONGEST_TEXT>,
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
    /// The text as it was given, which is the first input of the HMAC.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

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
    fn parse_inputs(mut self, text: &str) -> Result<Self, Error> {
        let mut fields = text.split('-').peekable();
        self.counter = fields.next_if_eq(&"C").is_some();
        let question = fields.next().and_then(|field| field.strip_prefix('Q'));
        (self.format, self.question_len) = question
            .and_then(self::question)
            .ok_or(Error::SuiteQuestion)?;
        self.parse_data(fields).ok_or(Error::SuiteInput)
    }

    /// Parses the inputs after the question.
    fn parse_data<'a>(mut self, mut fields: impl Iterator<Item = &'a str>) -> Option<Self> {
        let mut field = fields.next();
        if let Some(pin) = field.and_then(|field| field.strip_prefix('P')) {
            self.pin = Some(match pin {
                "" => Algorithm::Sha1,
                pin => algorithm(pin)?,
            });
            field = fields.next();
        }
        if let Some(session) = field.and_then(|field| field.strip_prefix('S')) {
            self.session = match (session, number(session)) {
                ("", _) => Some(DEFAULT_SESSION),
                (_, Some(len @ 1..=999)) if session.len() == 3 => Some(len),
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

    fn parse(text: &str) -> Result<Self, Error> {
        let rest = text.strip_prefix("OCRA-1:").ok_or(Error::InvalidSuite)?;
        let (function, inputs) = rest.split_once(':').ok_or(Error::InvalidSuite)?;
        if inputs.contains(':') {
            return Err(Error::InvalidSuite);
        }
        let (algorithm, digits) = self::function(function).ok_or(Error::SuiteFunction)?;
        let empty = Self {
            text: ArrayString::new(),
            algorithm,
            digits,
            counter: false,
            format: Format::Numeric,
            question_len: 0,
            pin: None,
            session: None,
            time: None,
        };
        let suite = empty.parse_inputs(inputs)?;
        // No text that was parsed is longer.
        let text = ArrayString::from(text).map_err(|_| Error::InvalidSuite)?;
        Ok(Self { text, ..suite })
    }
}

impl Granularity {
    /// The default of RFC 6287 section 6.3, one minute.
    const DEFAULT: Self = Self {
        count: 1,
        unit: Unit::Minutes,
    };

    /// `1S` to `59S`, `1M` to `59M`, `1H` to `48H`; nothing is the default.
    fn parse(text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self::DEFAULT);
        }
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

/// The hash and the number of digits of a function, such as `HOTP-SHA1-6`.
fn function(text: &str) -> Option<(Algorithm, Option<Digits>)> {
    let (hash, digits) = text.strip_prefix("HOTP-")?.split_once('-')?;
    let digits = match digits {
        "0" => None,
        _ if digits.starts_with('0') => return None,
        _ => Some(Digits::new(u8::try_from(number(digits)?).ok()?).ok()?),
    };
    Some((algorithm(hash)?, digits))
}

/// The format and the maximum length of questions, such as `N08`; nothing is the
/// default of RFC 6287 section 6.3.
fn question(text: &str) -> Option<(Format, u8)> {
    if text.is_empty() {
        return Some((Format::Numeric, DEFAULT_QUESTION));
    }
    let format = match text.get(..1)? {
        "A" => Format::Alphanumeric,
        "N" => Format::Numeric,
        "H" => Format::Hexadecimal,
        _ => return None,
    };
    match number(text.get(1..)?) {
        Some(len @ 4..=64) if text.len() == 3 => Some((format, u8::try_from(len).ok()?)),
        _ => None,
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
/// The part that is at fault, the first one from the left:
/// [`Error::InvalidSuite`] for a text without the three parts,
/// [`Error::SuiteFunction`] for the function, [`Error::SuiteQuestion`] for the
/// question, and [`Error::SuiteInput`] for what follows it.
impl FromStr for Suite {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text)
    }
}

impl fmt::Display for Suite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
