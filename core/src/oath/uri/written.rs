//! Writing of key URIs.

use core::fmt;

use super::key_uri::KeyUri;
use super::kind::{DEFAULT_PERIOD, Kind};
use crate::oath::{Algorithm, Digits, Written};

impl<'a> KeyUri<'a> {
    /// The URI as text, including the secret. Default values are omitted, for
    /// smaller QR codes and for readers that mishandle them.
    #[must_use]
    pub fn expose(&self) -> ExposedUri<'_, 'a> {
        ExposedUri(self)
    }
}

/// Formats a key URI. Returned by [`KeyUri::expose`].
pub struct ExposedUri<'u, 'a>(&'u KeyUri<'a>);

impl fmt::Display for ExposedUri<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_to(f)
    }
}

impl Written for ExposedUri<'_, '_> {
    fn write_to(&self, f: &mut dyn fmt::Write) -> fmt::Result {
        let uri = self.0;
        f.write_str(match uri.kind {
            Kind::Hotp { .. } => "otpauth://hotp/",
            Kind::Totp { .. } => "otpauth://totp/",
        })?;
        match uri.label_issuer.or(uri.issuer) {
            Some(issuer) => {
                issuer.encode(f)?;
                f.write_str(":")?;
            }
            // Readers take the first colon, even an encoded one, for the
            // separator.
            None if uri.account.has_colon() => f.write_str(":")?,
            None => {}
        }
        uri.account.encode(f)?;
        f.write_str("?secret=")?;
        uri.secret.expose_base32().write_to(f)?;
        if let Some(issuer) = uri.issuer {
            f.write_str("&issuer=")?;
            issuer.encode(f)?;
        }
        if uri.algorithm != Algorithm::Sha1 {
            f.write_str("&algorithm=")?;
            f.write_str(uri.algorithm.name())?;
        }
        if uri.digits != Digits::SIX {
            number(f, "&digits=", uri.digits.get().into())?;
        }
        match uri.kind {
            Kind::Hotp { counter } => number(f, "&counter=", counter)?,
            Kind::Totp {
                period: DEFAULT_PERIOD,
            } => {}
            Kind::Totp { period } => number(f, "&period=", period)?,
        }
        for (name, value) in uri.parameters() {
            f.write_str("&")?;
            name.encode(f)?;
            f.write_str("=")?;
            value.encode(f)?;
        }
        Ok(())
    }
}

/// Writes a parameter with a number. Without the tables and options of the
/// formatting of numbers, which nothing else in a small build uses.
fn number(f: &mut dyn fmt::Write, name: &str, number: u64) -> fmt::Result {
    f.write_str(name)?;
    let mut place = 1;
    while number / place >= 10 {
        place *= 10;
    }
    while place > 0 {
        let [digit, ..] = (number / place % 10).to_le_bytes();
        f.write_char(char::from(b'0' + digit))?;
        place /= 10;
    }
    Ok(())
}
