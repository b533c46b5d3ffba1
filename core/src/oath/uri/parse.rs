//! Parsing of key URIs.

use super::key_uri::KeyUri;
use super::kind::{DEFAULT_PERIOD, Kind};
use super::query::Query;
use super::text::{Form, Text};
use crate::Error;
use crate::oath::{Algorithm, Digits, Secret};

/// The longest name of an algorithm, `SHA-512`.
const LONGEST_ALGORITHM: usize = 7;

impl<'a> KeyUri<'a> {
    /// Reads a key URI; the table of the module says how in doubt.
    ///
    /// # Errors
    /// [`Error::InvalidUri`] for another scheme or kind, text that does not
    /// decode, control characters, a fragment, a counter that is no number, or
    /// more than 32 parameters; [`Error::InvalidLabel`] for a label without an
    /// account, or with an empty issuer or one with a colon;
    /// [`Error::UriIssuerMismatch`]; [`Error::UriRepeatedParameter`];
    /// [`Error::UriWithoutSecret`]; [`Error::UriWithoutCounter`];
    /// [`Error::InvalidBase32`], [`Error::SecretEmpty`],
    /// [`Error::SecretTooLong`], [`Error::InvalidAlgorithm`],
    /// [`Error::InvalidDigits`], [`Error::InvalidStep`] for the parameters of
    /// these names.
    pub fn parse(uri: &'a str) -> Result<Self, Error> {
        const SCHEME: &str = "otpauth://";
        let (_, rest) = uri
            .split_at_checked(SCHEME.len())
            .filter(|(scheme, rest)| scheme.eq_ignore_ascii_case(SCHEME) && !rest.contains('#'))
            .ok_or(Error::InvalidUri)?;
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (kind, label) = path.split_once('/').ok_or(Error::InvalidUri)?;
        let is_hotp = kind.eq_ignore_ascii_case("hotp");
        if !is_hotp && !kind.eq_ignore_ascii_case("totp") {
            return Err(Error::InvalidUri);
        }
        let query = Query(query);
        query.check()?;
        let label = Text::new(label, Form::Path).check()?;
        let (issuer, account) = split_label(label, query.get("issuer"))?;
        let secret = query.get("secret").ok_or(Error::UriWithoutSecret)?;
        Ok(Self {
            kind: match is_hotp {
                true => Kind::Hotp {
                    counter: read_counter(query)?,
                },
                false => Kind::Totp {
                    period: read_period(query)?,
                },
            },
            issuer,
            account,
            secret: Secret::from_base32_letters(secret.decoded())?,
            algorithm: read_algorithm(query)?,
            digits: read_digits(query)?,
            query,
        })
    }
}

fn read_counter(query: Query<'_>) -> Result<u64, Error> {
    let counter = query.get("counter").ok_or(Error::UriWithoutCounter)?;
    counter.number().ok_or(Error::InvalidUri)
}

fn read_period(query: Query<'_>) -> Result<u64, Error> {
    match query.get("period").map(Text::number) {
        None => Ok(DEFAULT_PERIOD),
        Some(Some(period @ 1..)) => Ok(period),
        Some(_) => Err(Error::InvalidStep),
    }
}

fn read_digits(query: Query<'_>) -> Result<Digits, Error> {
    let Some(digits) = query.get("digits") else {
        return Ok(Digits::SIX);
    };
    let digits = digits.number().and_then(|digits| u8::try_from(digits).ok());
    Digits::new(digits.ok_or(Error::InvalidDigits)?)
}

fn read_algorithm(query: Query<'_>) -> Result<Algorithm, Error> {
    let Some(name) = query.get("algorithm") else {
        return Ok(Algorithm::Sha1);
    };
    let mut letters = [0; LONGEST_ALGORITHM];
    let mut len = 0;
    for letter in name.chars() {
        let slot = letters.get_mut(len).ok_or(Error::InvalidAlgorithm)?;
        *slot = u8::try_from(letter).map_err(|_| Error::InvalidAlgorithm)?;
        len += 1;
    }
    let name = core::str::from_utf8(&letters[..len]).map_err(|_| Error::InvalidAlgorithm)?;
    name.parse()
}

/// The issuer and account of a label and an `issuer` parameter.
fn split_label<'a>(
    label: Text<'a>,
    parameter: Option<Text<'a>>,
) -> Result<(Option<Text<'a>>, Text<'a>), Error> {
    let parameter = parameter
        .map(Text::trimmed)
        .filter(|issuer| !issuer.is_empty());
    if parameter.is_some_and(|issuer| issuer.split_colon().is_some()) {
        return Err(Error::InvalidLabel);
    }
    let (issuer, account) = match label.split_colon() {
        None => (parameter, label),
        Some((prefix, rest)) => {
            let prefix = prefix.trimmed();
            let more_colons = rest.split_colon().is_some();
            let is_issuer = parameter.is_none_or(|issuer| issuer == prefix);
            match (more_colons, is_issuer) {
                (false, false) => return Err(Error::UriIssuerMismatch),
                (false, true) => (Some(prefix), rest),
                (true, true) if parameter.is_some() => (Some(prefix), rest),
                (true, _) => (parameter, label),
            }
        }
    };
    let account = account.trimmed();
    if account.is_empty() || issuer.is_some_and(|issuer| issuer.is_empty()) {
        return Err(Error::InvalidLabel);
    }
    Ok((issuer, account))
}
