//! The file `.google_authenticator` of google-authenticator-libpam.
//!
//! Its first line is the secret in base32. Lines that begin with a quotation mark
//! are options; lines of digits are emergency codes.

use super::lines::Line;
use super::stated::StatedCodes;
use crate::Error;
use crate::oath::uri::Kind;
use crate::oath::{Algorithm, Digits, Secret, SecretFault};

/// The step of a file without `STEP_SIZE`, in seconds.
const DEFAULT_STEP: u64 = 30;

pub(super) fn read(text: &str) -> Result<(Secret, StatedCodes), SecretFault> {
    let mut lines = Line::all(text);
    let first = lines.next().ok_or(Error::SecretEmpty)?;
    let secret = Secret::from_base32(first.text).map_err(|fault| fault.in_line(first.place))?;
    let (mut counter, mut period) = (0, DEFAULT_STEP);
    for line in lines {
        let unknown = SecretFault::at(Error::UnknownSecretForm, line.place);
        let Some(option) = line.text.strip_prefix('"') else {
            match line.text.bytes().all(|byte| byte.is_ascii_digit()) {
                true => continue,
                false => return Err(unknown),
            }
        };
        let mut words = option.split_ascii_whitespace();
        let (name, value) = (words.next(), words.next());
        let number = || value.and_then(|value| value.parse().ok()).ok_or(unknown);
        match name {
            Some("HOTP_COUNTER") => counter = number()?,
            Some("STEP_SIZE") => period = number()?,
            Some(_) => {}
            None => return Err(unknown),
        }
    }
    // As the PAM module decides: a counter above 0 counts, whatever else is said.
    let kind = match (counter, period) {
        (1.., _) => Kind::Hotp { counter },
        (0, 0) => return Err(Error::InvalidStep.into()),
        (0, period) => Kind::Totp { period },
    };
    let codes = StatedCodes {
        kind,
        algorithm: Algorithm::Sha1,
        digits: Digits::SIX,
    };
    Ok((secret, codes))
}
