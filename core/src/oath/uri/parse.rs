//! Parsing of key URIs.

use super::caution::{Caution, Cautions};
use super::key_uri::KeyUri;
use super::kind::{DEFAULT_PERIOD, Kind, check_period};
use super::label::Names;
use super::query::Query;
use super::scheme;
use super::separator;
use super::strict::NotStrict;
use super::text::{Form, Text, split_once};
use crate::Error;
use crate::oath::{Algorithm, Digits, Secret, SecretFault};

/// The longest name of an algorithm, `HMAC-SHA-512`.
const LONGEST_ALGORITHM: usize = 12;

impl<'a> KeyUri<'a> {
    /// Reads a key URI as tolerantly as other readers where nothing is
    /// ambiguous; the table of the module lists how. What was chosen or
    /// repaired is among the [cautions](Self::cautions); nothing that changes
    /// the codes is ignored.
    ///
    /// # Errors
    /// - [`Error::UriScheme`] for another scheme or none, [`Error::UriMigration`]
    ///   for an export of Google Authenticator, [`Error::UriWithinText`] and
    ///   [`Error::UriSeveral`] for a text or link with key URIs in it
    /// - [`Error::UriType`] for a type other than `totp` and `hotp`, with a user
    ///   or a port, too
    /// - [`Error::UriFragment`] for a `#`
    /// - [`Error::InvalidUri`] for text that does not decode, control characters,
    ///   or more than 32 parameters
    /// - [`Error::UriWithoutSecret`], [`Error::UriWithoutCounter`]
    /// - [`Error::UriRepeatedParameter`] for a parameter with two values
    /// - [`Error::UriEncoder`], [`Error::UriPin`], [`Error::UriTimeOrigin`] and
    ///   [`Error::UriParameterChangesCode`] for parameters that change the
    ///   codes
    /// - [`Error::UriSeparator`] for parameters within the value of another or
    ///   the label
    /// - [`Error::InvalidBase32`], [`Error::SecretEmpty`],
    ///   [`Error::SecretTooLong`], [`Error::InvalidAlgorithm`],
    ///   [`Error::InvalidDigits`], [`Error::InvalidPeriod`] and
    ///   [`Error::InvalidCounter`] for the parameters of these names
    /// - [`Error::StepInMilliseconds`] for a period such as 30000
    pub fn parse(uri: &'a str) -> Result<Self, Error> {
        Self::parse_explained(uri).map_err(Error::from)
    }

    /// [`parse`](Self::parse), with the place of a wrong character of the secret.
    /// It is counted within the secret's value.
    ///
    /// # Errors
    /// Those of [`parse`](Self::parse).
    pub fn parse_explained(uri: &'a str) -> Result<Self, SecretFault> {
        let given = uri.len();
        let uri = Text::new(uri, Form::Plain).trimmed().raw;
        let rest = scheme::strip(uri)?;
        let (path, query) = split_once(rest, b'?').unwrap_or((rest, ""));
        let (kind, label) = split_once(path, b'/').unwrap_or((path, ""));
        let is_hotp = is_hotp(kind)?;
        let query = Query(query);
        let mut cautions = query.check()?;
        cautions.add(Caution::Trimmed, uri.len() < given);
        let label = Text::new(label, Form::Path).check()?;
        let issuer = query.get("issuer");
        if [Some(label), issuer]
            .into_iter()
            .flatten()
            .any(separator::is_within_label)
        {
            return Err(Error::UriSeparator.into());
        }
        let names = Names::read(label, issuer, &mut cautions);
        let secret = query.get("secret").ok_or(Error::UriWithoutSecret)?;
        cautions.add(Caution::SecretForm, !has_canonical_letters(secret));
        Ok(Self {
            kind: match is_hotp {
                true => {
                    check_period_of_hotp(query)?;
                    Kind::Hotp {
                        counter: read_counter(query, &mut cautions)?,
                    }
                }
                false => Kind::Totp {
                    period: read_period(query, &mut cautions)?,
                },
            },
            issuer: names.issuer,
            label_issuer: names.label_issuer,
            account: names.account,
            secret: read_secret(secret)?,
            algorithm: read_algorithm(query, &mut cautions)?,
            digits: read_digits(query, &mut cautions)?,
            query,
            cautions,
        })
    }

    /// Reads a key URI that has one reading only.
    ///
    /// # Errors
    /// Those of [`parse`](Self::parse), and [`Error::UriNotStrict`] for a URI
    /// with a caution of reading ([`Caution::is_of_reading`]).
    pub fn parse_strict(uri: &'a str) -> Result<Self, Error> {
        let uri = Self::parse(uri)?;
        uri.check_strict()?;
        Ok(uri)
    }

    /// Refuses a URI with a caution of reading
    /// ([`Caution::is_of_reading`]), for which it is not strictly valid.
    ///
    /// # Errors
    /// [`NotStrict`] with these cautions.
    pub fn check_strict(&self) -> Result<(), NotStrict> {
        NotStrict::check(self.all_cautions())
    }
}

fn is_hotp(kind: &str) -> Result<bool, Error> {
    let kind = Text::new(kind, Form::Plain);
    match kind.is("hotp") {
        true => Ok(true),
        false if kind.is("totp") => Ok(false),
        false => Err(Error::UriType),
    }
}

/// Whether all letters of a secret are canonical. Does not branch on one.
fn has_canonical_letters(secret: Text<'_>) -> bool {
    let other = secret.chars().fold(false, |other, letter| {
        let code = u32::from(letter);
        let is_letter = code.wrapping_sub(u32::from('A')) < 26;
        let is_digit = code.wrapping_sub(u32::from('2')) < 6;
        other | !(is_letter | is_digit)
    });
    !other
}

fn read_secret(text: Text<'_>) -> Result<Secret, SecretFault> {
    let letters = text.decoded();
    Secret::from_base32_letters(letters.map(|letter| letter.map_err(SecretFault::from)))
}

fn read_number(text: Text<'_>, cautions: &mut Cautions) -> Option<u64> {
    let text = trimmed(text, cautions);
    // Some readers take 030 for an octal number.
    let has_zeros = text
        .split_letter()
        .is_some_and(|(first, rest)| first == '0' && !rest.is_empty());
    cautions.add(Caution::Spelling, has_zeros);
    text.number()
}

/// A value without what surrounds it and is not displayed.
fn trimmed<'a>(text: Text<'a>, cautions: &mut Cautions) -> Text<'a> {
    let trimmed = text.trimmed();
    let has_marks = text.has_marks_at_ends();
    cautions.add(Caution::Trimmed, has_marks);
    cautions.add(
        Caution::Spelling,
        !has_marks && trimmed.is_shorter_than(text),
    );
    trimmed
}

fn read_counter(query: Query<'_>, cautions: &mut Cautions) -> Result<u64, Error> {
    let counter = query.get("counter").ok_or(Error::UriWithoutCounter)?;
    read_number(counter, cautions).ok_or(Error::InvalidCounter)
}

/// FreeOTP writes the default period for HOTP, too. Another one means codes by
/// time.
fn check_period_of_hotp(query: Query<'_>) -> Result<(), Error> {
    let Some(period) = query.get("period") else {
        return Ok(());
    };
    match period.trimmed().number() {
        Some(DEFAULT_PERIOD) => Ok(()),
        _ => Err(Error::UriParameterChangesCode),
    }
}

fn read_period(query: Query<'_>, cautions: &mut Cautions) -> Result<u64, Error> {
    let Some(period) = query.get("period") else {
        return Ok(DEFAULT_PERIOD);
    };
    let period = read_number(period, cautions).ok_or(Error::InvalidPeriod)?;
    check_period(period)?;
    Ok(period)
}

fn read_digits(query: Query<'_>, cautions: &mut Cautions) -> Result<Digits, Error> {
    let Some(digits) = query.get("digits") else {
        return Ok(Digits::SIX);
    };
    let digits = read_number(digits, cautions).and_then(|digits| u8::try_from(digits).ok());
    Digits::new(digits.ok_or(Error::InvalidDigits)?)
}

fn read_algorithm(query: Query<'_>, cautions: &mut Cautions) -> Result<Algorithm, Error> {
    let Some(name) = query.get("algorithm") else {
        return Ok(Algorithm::Sha1);
    };
    let name = trimmed(name, cautions);
    if name.chars().count() > LONGEST_ALGORITHM {
        return Err(Error::InvalidAlgorithm);
    }
    // The names of Java and of the RFCs, `HmacSHA256` and `HMAC-SHA-256`.
    let mut hash = name;
    if let Some(mut rest) = name.strip_letters("hmac") {
        while let Some(('-' | '_', after)) = rest.split_letter() {
            rest = after;
        }
        hash = rest;
    }
    let hash = hash.strip_letters("sha").ok_or(Error::InvalidAlgorithm)?;
    let length = hash.strip_letters("-").unwrap_or(hash);
    let algorithm = match () {
        () if length.is("1") => Algorithm::Sha1,
        () if length.is("256") => Algorithm::Sha256,
        () if length.is("512") => Algorithm::Sha512,
        () => return Err(Error::InvalidAlgorithm),
    };
    cautions.add(Caution::Spelling, name != algorithm.name());
    Ok(algorithm)
}
