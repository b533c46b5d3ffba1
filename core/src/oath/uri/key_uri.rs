//! A key URI and its parts.

use core::fmt;

use super::caution::{Caution, Cautions};
use super::kind::{Kind, check_period};
use super::query::{self, Query};
use super::separator;
use super::text::{Form, Text};
use crate::Error;
use crate::oath::{Algorithm, Digits, Secret};

/// A key URI. `Debug` shows neither the secret nor the names.
#[derive(Clone)]
pub struct KeyUri<'a> {
    pub(super) kind: Kind,
    pub(super) issuer: Option<Text<'a>>,
    pub(super) label_issuer: Option<Text<'a>>,
    pub(super) account: Text<'a>,
    pub(super) secret: Secret,
    pub(super) algorithm: Algorithm,
    pub(super) digits: Digits,
    pub(super) query: Query<'a>,
    /// What was chosen in reading.
    pub(super) cautions: Cautions,
}

impl<'a> KeyUri<'a> {
    /// Creates a URI for an account, with SHA-1 and six digits.
    ///
    /// # Errors
    /// [`Error::InvalidLabel`] for a name that is empty, contains a control
    /// character or a parameter of a URI (`&digits=`), or begins or ends with
    /// white space or a format character, such as a direction mark;
    /// [`Error::InvalidPeriod`] for a period of 0 or above 2^63 - 1;
    /// [`Error::StepInMilliseconds`] for one such as 30000, as in
    /// [`Totp::with_step`](crate::oath::Totp::with_step).
    pub fn new(kind: Kind, account: &'a str, secret: Secret) -> Result<Self, Error> {
        if let Kind::Totp { period } = kind {
            check_period(period)?;
        }
        Ok(Self {
            kind,
            issuer: None,
            label_issuer: None,
            account: name(account)?,
            secret,
            algorithm: Algorithm::Sha1,
            digits: Digits::SIX,
            query: Query::NONE,
            cautions: Cautions::default(),
        })
    }

    /// Sets the issuer, which every reader expects. It is written both before
    /// the account and as a parameter.
    ///
    /// # Errors
    /// [`Error::InvalidLabel`] as for an account.
    pub fn with_issuer(self, issuer: &'a str) -> Result<Self, Error> {
        let about_issuer = [
            Caution::IssuerDiffers,
            Caution::EmptyIssuer,
            Caution::ColonInLabel,
            Caution::EncodedColon,
            Caution::PlusAsSpace,
        ];
        Ok(Self {
            issuer: Some(name(issuer)?),
            label_issuer: None,
            cautions: about_issuer
                .into_iter()
                .fold(self.cautions, Cautions::without),
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

    /// The issuer in the label, if the `issuer` parameter names another one
    /// ([`Caution::IssuerDiffers`]).
    #[must_use]
    pub fn label_issuer(&self) -> Option<Text<'a>> {
        self.label_issuer
    }

    /// The account. It may be empty ([`Caution::EmptyAccount`]).
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
    /// order of the URI, each name once. They include `period` for HOTP and
    /// `counter` for TOTP. Names are as in the URI: a program that shows them
    /// must not mix them with the URI's own facts.
    pub fn parameters(&self) -> impl Iterator<Item = (Text<'a>, Text<'a>)> + use<'a> {
        let kind = self.kind;
        let parameters = self.query.parameters();
        parameters.filter(move |(name, _)| !query::is_known(kind, name))
    }
}

/// Checks a name for use in a label.
fn name(text: &str) -> Result<Text<'_>, Error> {
    let name = Text::new(text, Form::Plain);
    let refused = text.is_empty()
        || separator::is_within_label(name)
        || name.check().is_err()
        || name.trimmed().is_shorter_than(name);
    match refused {
        true => Err(Error::InvalidLabel),
        false => Ok(name),
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
