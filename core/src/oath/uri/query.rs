//! The query of a key URI.

use super::kind::Kind;
use super::text::{Form, Text};
use crate::Error;

/// The maximum number of parameters: each is compared with all before it.
const MOST_PARAMETERS: usize = 32;

/// The part of a URI after the question mark.
#[derive(Clone, Copy)]
pub(super) struct Query<'a>(pub(super) &'a str);

impl<'a> Query<'a> {
    pub(super) const NONE: Self = Self("");

    /// All parameters, known or not. A parameter without `=` has an empty
    /// value.
    pub(super) fn parameters(self) -> impl Iterator<Item = (Text<'a>, Text<'a>)> {
        let pieces = self.0.split('&').filter(|piece| !piece.is_empty());
        pieces.map(|piece| {
            let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
            (Text::new(name, Form::Query), Text::new(value, Form::Query))
        })
    }

    pub(super) fn check(self) -> Result<(), Error> {
        for (slot, (name, value)) in self.parameters().enumerate() {
            if slot == MOST_PARAMETERS {
                return Err(Error::InvalidUri);
            }
            let (name, _) = (name.check()?, value.check()?);
            if self
                .parameters()
                .take(slot)
                .any(|(before, _)| before == name)
            {
                return Err(Error::UriRepeatedParameter);
            }
        }
        Ok(())
    }

    pub(super) fn get(self, wanted: &str) -> Option<Text<'a>> {
        let mut parameters = self.parameters();
        parameters.find_map(|(name, value)| (name == wanted).then_some(value))
    }
}

/// Whether this engine uses a parameter.
pub(super) fn is_known(kind: Kind, name: &Text<'_>) -> bool {
    let of_kind = match kind {
        Kind::Hotp { .. } => "counter",
        Kind::Totp { .. } => "period",
    };
    ["secret", "issuer", "algorithm", "digits", of_kind]
        .iter()
        .any(|known| *name == *known)
}
