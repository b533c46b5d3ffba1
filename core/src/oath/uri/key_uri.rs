//! A key URI and its parts.

use core::fmt;

use super::kind::{DEFAULT_PERIOD, Kind};
use super::query::{self, Query};
use super::text::{Form, Text};
use crate::Error;
use crate::oath::{Algorithm, Digits, Secret};

/// A key URI. `Debug` shows neither the secret nor the names.
#[derive(Clone)]
pub struct KeyUri<'a> {
    pub(super) kind: Kind,
    pub(super) issuer: Option<Text<'a>>,
    pub(super) account: Text<'a>,
    pub(super) secret: Secret,
    pub(super) algorithm: Algorithm,
    pub(super) digits: Digits,
    pub(super) query: Query<'a>,
}

impl<'a> KeyUri<'a> {
    /// Creates a URI for an account, with SHA-1 and six digits.
    ///
    /// # Errors
    /// [`Error::InvalidLabel`] for a name that is empty, contains a colon or a
    /// control character, or begins or ends with a space;
    /// [`Error::InvalidStep`] for a period of 0.
    pub fn new(kind: Kind, account: &'a str, secret: Secret) -> Result<Self, Error> {
        if kind == (Kind::Totp { period: 0 }) {
            return Err(Error::InvalidStep);
        }
        Ok(Self {
            kind,
            issuer: None,
            account: name(account)?,
            secret,
            algorithm: Algorithm::Sha1,
            digits: Digits::SIX,
            query: Query::NONE,
        })
    }

    /// Sets the issuer, which every reader expects. It is written both before
    /// the account and as a parameter.
    ///
    /// # Errors
    /// [`Error::InvalidLabel`] as for an account.
    pub fn with_issuer(self, issuer: &'a str) -> Result<Self, Error> {
        Ok(Self {
            issuer: Some(name(issuer)?),
            ..self
        })
    }

    /// Sets the hash.
    #[must_use]
    pub fn with_algorithm(self, algorithm: Algorithm) -> Self {
        Self { algorithm, ..self }
    }

    /// Sets the number of digits.
    #[must_use]
    pub fn with_digits(self, digits: Digits) -> Self {
        Self { digits, ..self }
    }

    /// The kind: HOTP with its counter, or TOTP with its period.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The issuer of the key.
    #[must_use]
    pub fn issuer(&self) -> Option<Text<'a>> {
        self.issuer
    }

    /// The account.
    #[must_use]
    pub fn account(&self) -> Text<'a> {
        self.account
    }

    /// The secret. It may be shorter than the 128 bits of RFC 4226.
    #[must_use]
    pub fn secret(&self) -> &Secret {
        &self.secret
    }

    /// The hash of the codes.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The number of digits of the codes.
    #[must_use]
    pub fn digits(&self) -> Digits {
        self.digits
    }

    /// The parameters that this engine does not use, with their values, in the
    /// order of the URI. They include `period` for HOTP and `counter` for TOTP.
    pub fn parameters(&self) -> impl Iterator<Item = (Text<'a>, Text<'a>)> + use<'a> {
        let kind = self.kind;
        let parameters = self.query.parameters();
        parameters.filter(move |(name, _)| !query::is_known(kind, name))
    }

    /// The URI as text, including the secret. Default values are omitted, for
    /// smaller QR codes and for readers that mishandle them.
    #[must_use]
    pub fn expose(&self) -> ExposedUri<'_, 'a> {
        ExposedUri(self)
    }
}

/// Checks a name for use in a label.
fn name(text: &str) -> Result<Text<'_>, Error> {
    let refused = text.is_empty()
        || text.contains(|letter: char| letter == ':' || letter.is_control())
        || text.starts_with(' ')
        || text.ends_with(' ');
    match refused {
        true => Err(Error::InvalidLabel),
        false => Ok(Text::new(text, Form::Plain)),
    }
}

impl fmt::Debug for KeyUri<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyUri")
            .field("kind", &self.kind)
            .field("algorithm", &self.algorithm)
            .field("digits", &self.digits)
            .finish_non_exhaustive()
    }
}

/// Formats a key URI. Returned by [`KeyUri::expose`].
pub struct ExposedUri<'u, 'a>(&'u KeyUri<'a>);

impl fmt::Display for ExposedUri<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let uri = self.0;
        f.write_str(match uri.kind {
            Kind::Hotp { .. } => "otpauth://hotp/",
            Kind::Totp { .. } => "otpauth://totp/",
        })?;
        if let Some(issuer) = uri.issuer {
            issuer.encode(f)?;
            f.write_str(":")?;
        }
        uri.account.encode(f)?;
        write!(f, "?secret={}", uri.secret.expose_base32())?;
        if let Some(issuer) = uri.issuer {
            f.write_str("&issuer=")?;
            issuer.encode(f)?;
        }
        if uri.algorithm != Algorithm::Sha1 {
            write!(f, "&algorithm={}", uri.algorithm)?;
        }
        if uri.digits != Digits::SIX {
            write!(f, "&digits={}", uri.digits)?;
        }
        match uri.kind {
            Kind::Hotp { counter } => write!(f, "&counter={counter}")?,
            Kind::Totp {
                period: DEFAULT_PERIOD,
            } => {}
            Kind::Totp { period } => write!(f, "&period={period}")?,
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
