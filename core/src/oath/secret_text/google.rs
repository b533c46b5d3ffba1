//! The file `.google_authenticator` of google-authenticator-libpam.
//!
//! Its first line is the secret in base32. Lines that begin with a quotation mark
//! and a space are options; lines of eight digits are emergency codes.

use super::lines::Line;
use super::stated::StatedCodes;
use crate::Error;
use crate::oath::uri::Kind;
use crate::oath::{Algorithm, Digits, Secret, SecretFault};

/// The step of a file without `STEP_SIZE`, in seconds.
const DEFAULT_STEP: u64 = 30;

/// The longest step that the PAM module accepts, in seconds.
const LONGEST_STEP: u64 = 60;

/// The largest counter and skew of the PAM module, a `long`.
const LARGEST: u64 = i64::MAX as u64;

/// Whether a text is the file: a line after the first has an option.
pub(super) fn is_file(text: &str) -> bool {
    Line::all(text).skip(1).any(|line| option(line).is_some())
}

pub(super) fn read(text: &str) -> Result<(Secret, StatedCodes), SecretFault> {
    let mut lines = Line::all(text);
    let first = lines.next().ok_or(Error::SecretEmpty)?;
    let secret = Secret::from_base32(first.text).map_err(|fault| fault.in_line(first.place))?;
    let mut options = Options::default();
    for line in lines {
        let is_code = line.text.len() == 8 && line.text.bytes().all(|byte| byte.is_ascii_digit());
        if is_code {
            continue;
        }
        let read = option(line).and_then(|(name, value)| options.read(name, value));
        read.ok_or(SecretFault::at(Error::UnknownSecretForm, line.place))?;
    }
    // As the PAM module decides: a counter above 0 counts, whatever else is said.
    let kind = match (options.counter, options.step) {
        (Some(counter @ 1..), _) => Kind::Hotp { counter },
        (_, step) => Kind::Totp {
            period: step.unwrap_or(DEFAULT_STEP),
        },
    };
    let codes = StatedCodes {
        kind,
        algorithm: Algorithm::Sha1,
        digits: Digits::SIX,
    };
    Ok((secret, codes))
}

/// The name and the value of an option: `" NAME value`.
fn option(line: Line<'_>) -> Option<(&str, &str)> {
    let option = line.text.strip_prefix("\" ")?;
    let (name, value) = option.split_once([' ', '\t']).unwrap_or((option, ""));
    let is_name = |byte: u8| byte.is_ascii_uppercase() || byte == b'_';
    (!name.is_empty() && name.bytes().all(is_name)).then_some((name, value.trim()))
}

/// The options that change the codes.
#[derive(Default)]
struct Options {
    counter: Option<u64>,
    step: Option<u64>,
    skew: Option<u64>,
}

impl Options {
    /// Reads an option. `None` for a value that the PAM module refuses, a number
    /// with something after it, a repeated option that differs, and a skew.
    fn read(&mut self, name: &str, value: &str) -> Option<()> {
        let (slot, values) = match name {
            "HOTP_COUNTER" => (&mut self.counter, 0..=LARGEST),
            "STEP_SIZE" => (&mut self.step, 1..=LONGEST_STEP),
            // Time steps that are added to the clock's: not supported.
            "TIME_SKEW" => (&mut self.skew, 0..=0),
            _ => return Some(()),
        };
        let is_number = value.bytes().all(|byte| byte.is_ascii_digit());
        let number = value.parse().ok().filter(|_| is_number)?;
        let is_same = slot.is_none_or(|earlier| earlier == number);
        *slot = Some(number);
        (is_same && values.contains(&number)).then_some(())
    }
}
