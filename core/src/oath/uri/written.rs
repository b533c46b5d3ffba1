//! Writing of key URIs.

use core::fmt;

use super::key_uri::KeyUri;
use super::kind::{DEFAULT_PERIOD, Kind};
use crate::oath::as_text::{Written, decimal, display, text};
use crate::oath::{Algorithm, Digits};

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
        display(self, f)
    }
}

impl Written for ExposedUri<'_, '_> {
    fn write_to(&self, put: &mut dyn FnMut(char)) {
        let uri = self.0;
        let begin = match uri.kind {
            Kind::Hotp { .. } => "otpauth://hotp/",
            Kind::Totp { .. } => "otpauth://totp/",
        };
        text(put, begin);
        match uri.label_issuer.or(uri.issuer) {
            Some(issuer) => {
                issuer.encode(put);
                text(put, ":");
            }
            // Readers take the first colon, even an encoded one, for the
            // separator.
            None if uri.account.has_colon() => text(put, ":"),
            None => {}
        }
        uri.account.encode(put);
        text(put, "?secret=");
        uri.secret.expose_base32().write_to(put);
        if let Some(issuer) = uri.issuer {
            text(put, "&issuer=");
            issuer.encode(put);
        }
        if uri.algorithm != Algorithm::Sha1 {
            text(put, "&algorithm=");
            text(put, uri.algorithm.name());
        }
        if uri.digits != Digits::SIX {
            number(put, "&digits=", uri.digits.get().into());
        }
        match uri.kind {
            Kind::Hotp { counter } => number(put, "&counter=", counter),
            Kind::Totp {
                period: DEFAULT_PERIOD,
            } => {}
            Kind::Totp { period } => number(put, "&period=", period),
        }
        for (name, value) in uri.parameters() {
            text(put, "&");
            name.encode(put);
            text(put, "=");
            value.encode(put);
        }
    }
}

/// Writes a parameter with a number.
fn number(put: &mut dyn FnMut(char), name: &str, number: u64) {
    text(put, name);
    decimal(put, number);
}
