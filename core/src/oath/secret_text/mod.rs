//! Secrets in texts and files whose form is not known.

mod google;
mod lines;
mod several;
mod stated;
#[cfg(test)]
mod tests;

use super::uri::{Caution, Cautions, KeyUri, NotStrict, begins_key_uri, other_form};
use super::{Secret, SecretFault};
use crate::Error;
use lines::Line;
pub use stated::StatedCodes;

/// The most bytes that are a secret without being declared as one: the block of
/// SHA-512, beyond which HMAC hashes its key.
const LONGEST_RAW: usize = 128;

/// Characters of base32 or hexadecimal in a row that a secret of random bytes
/// does not have: the probability for 128 bytes is below 10^-5.
const TEXT_RUN: usize = 12;

/// The form of a text or file with a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SecretForm {
    /// Base32, in any case and wrapping.
    Base32,
    /// Hexadecimal, in any case and wrapping.
    Hex,
    /// A line with a key URI (`otpauth://`), such as in a file of pass-otp.
    KeyUri,
    /// The file `.google_authenticator` of google-authenticator-libpam.
    GoogleAuthenticator,
    /// Bytes that are not text.
    Raw,
}

/// A secret from a text or file of unknown form.
///
/// A text is read as exactly one form, or it is refused: text is never taken for
/// raw bytes.
///
/// ```
/// use mpass_core::oath::{SecretForm, SecretText};
/// use mpass_core::Error;
///
/// let wrapped = SecretText::read("GEZDGNBVGY3TQOJQ\nGEZDGNBVGY3TQOJQ\n")?;
/// assert_eq!(wrapped.form, SecretForm::Base32);
/// assert_eq!(wrapped.secret.expose(), b"12345678901234567890");
///
/// let both = SecretText::read("23456723456723456723456723456723").unwrap_err();
/// assert_eq!(both.error, Error::AmbiguousSecret);
/// # Ok::<(), mpass_core::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct SecretText {
    /// The secret.
    pub secret: Secret,
    /// The form it was read in.
    pub form: SecretForm,
    /// What the text says about the codes. It must not be ignored: codes of
    /// another hash, length or step are wrong.
    pub codes: Option<StatedCodes>,
    cautions: Cautions,
}

impl SecretText {
    /// Reads a text.
    ///
    /// # Errors
    /// [`Error::AmbiguousSecret`] for a text that is both hexadecimal and base32,
    /// for two secrets on two lines, and for a secret beside a line of eight
    /// digits, as of an emergency code; [`Error::Base32Digit`], [`Error::InvalidHex`] and
    /// [`Error::InvalidBase32`] for a text that is otherwise of that form;
    /// [`Error::UriMigration`], [`Error::UriWithinText`] and [`Error::UriScheme`]
    /// for a line with a URI that is no key URI; [`Error::UnknownSecretForm`] for
    /// any other text; the errors of [`KeyUri::parse`]; [`Error::SecretEmpty`], [`Error::SecretTooLong`].
    pub fn read(text: &str) -> Result<Self, SecretFault> {
        if Line::all(text).any(|line| begins_key_uri(line.text)) {
            return key_uri(text);
        }
        if google::is_file(text) {
            let (secret, codes) = google::read(text)?;
            return Ok(Self {
                codes: Some(codes),
                ..Self::alone(secret, SecretForm::GoogleAuthenticator)
            });
        }
        let mut others =
            Line::all(text).filter_map(|line| Some((other_form(line.text)?, line.place)));
        if let Some((error, place)) = others.next() {
            return Err(SecretFault::at(error, place));
        }
        if let Some(place) = several::second(text) {
            return Err(SecretFault::at(Error::AmbiguousSecret, place));
        }
        let (secret, form) = match (Secret::from_hex(text), Secret::from_base32(text)) {
            (Ok(_), Ok(_)) => return Err(Error::AmbiguousSecret.into()),
            (Ok(secret), Err(_)) => (secret, SecretForm::Hex),
            (Err(_), Ok(secret)) => (secret, SecretForm::Base32),
            (Err(hex), Err(base32)) => return Err(nearest(hex, base32)),
        };
        Ok(Self::alone(secret, form))
    }

    const fn alone(secret: Secret, form: SecretForm) -> Self {
        Self {
            secret,
            form,
            codes: None,
            cautions: Cautions::NONE,
        }
    }

    /// The [cautions](KeyUri::cautions) of the key URI that the text has.
    pub fn cautions(&self) -> impl Iterator<Item = Caution> + use<> {
        self.cautions.iter()
    }

    /// Refuses a text with a key URI that strict reading refuses.
    ///
    /// # Errors
    /// [`NotStrict`] as for [`KeyUri::check_strict`].
    pub fn check_strict(&self) -> Result<(), NotStrict> {
        NotStrict::check(self.cautions)
    }

    /// Reads the bytes of a file: [`read`](Self::read) if they are text, or else
    /// the bytes themselves.
    ///
    /// Text is valid UTF-8 without control characters other than white space.
    /// Other bytes are a secret of at most 128 bytes, unless they look like a
    /// damaged text or one in another encoding: 12 letters, digits, spaces or
    /// hyphens in a row, zero bytes between them not counted, as in UTF-16.
    ///
    /// # Errors
    /// As [`read`](Self::read), and [`Error::UnknownSecretForm`] for bytes that
    /// look like text or are longer.
    pub fn read_file(bytes: &[u8]) -> Result<Self, SecretFault> {
        let is_control = |letter: char| letter.is_control() && !letter.is_whitespace();
        let text = core::str::from_utf8(bytes).ok();
        if let Some(text) = text.filter(|text| !text.contains(is_control)) {
            return Self::read(text);
        }
        if looks_like_text(bytes) || bytes.len() > LONGEST_RAW {
            return Err(Error::UnknownSecretForm.into());
        }
        Ok(Self::alone(Secret::from_bytes(bytes)?, SecretForm::Raw))
    }
}

/// The fault of a text that is neither hexadecimal nor base32: that of the form
/// that it keeps to longer.
fn nearest(hex: SecretFault, base32: SecretFault) -> SecretFault {
    let is_of_length =
        |fault: &SecretFault| matches!(fault.error, Error::SecretEmpty | Error::SecretTooLong);
    if let Some(fault) = [hex, base32].into_iter().find(is_of_length) {
        return fault;
    }
    let reached = |fault: SecretFault| fault.place.map(|place| (place.line, place.character));
    match (reached(hex), reached(base32)) {
        (None, None) => Error::UnknownSecretForm.into(),
        (None, Some(_)) => hex,
        (Some(_), None) => base32,
        (Some(of_hex), Some(of_base32)) if of_hex > of_base32 => hex,
        (Some(_), Some(_)) if base32.error == Error::Base32Digit => base32,
        (Some(_), Some(_)) => SecretFault {
            error: Error::UnknownSecretForm,
            ..base32
        },
    }
}

/// The secret of a text with a key URI in one of its lines. Other lines are
/// ignored, as pass-otp has them, unless they are a secret or a key URI too.
fn key_uri(text: &str) -> Result<SecretText, SecretFault> {
    let mut found = None;
    for line in Line::all(text) {
        if begins_key_uri(line.text) {
            if found.is_some() {
                return Err(SecretFault::at(Error::UriSeveral, line.place));
            }
            let uri = KeyUri::parse_explained(line.to_end);
            found = Some(uri.map_err(|fault| SecretFault {
                place: fault.place.or(Some(line.place)),
                ..fault
            })?);
            continue;
        }
        if matches!(
            other_form(line.text),
            Some(Error::UriMigration | Error::UriWithinText)
        ) {
            return Err(SecretFault::at(Error::UriSeveral, line.place));
        }
        if several::is_strong(line.text) {
            return Err(SecretFault::at(Error::AmbiguousSecret, line.place));
        }
    }
    let uri = found.ok_or(Error::UnknownSecretForm)?;
    Ok(SecretText {
        secret: uri.secret().clone(),
        form: SecretForm::KeyUri,
        codes: Some(StatedCodes {
            kind: uri.kind(),
            algorithm: uri.algorithm(),
            digits: uri.digits(),
        }),
        cautions: uri.all_cautions(),
    })
}

fn looks_like_text(bytes: &[u8]) -> bool {
    let mut run = 0;
    bytes.iter().any(|byte| {
        run = match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b' ' | b'-' | b'\t'..=b'\r' => run + 1,
            0 => run,
            _ => 0,
        };
        run >= TEXT_RUN
    })
}
