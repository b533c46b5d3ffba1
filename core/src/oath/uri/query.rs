//! The query of a key URI.

use super::caution::{Caution, Cautions};
use super::kind::Kind;
use super::names::{self, OF_PAGE};
use super::separator;
use super::text::{Form, Split, Text, split_once};
use crate::Error;

/// The maximum number of parameters: each is compared with all before it.
const MOST_PARAMETERS: usize = 32;

/// Parameters that apps write and that do not change the codes: FreeOTP, Ente and
/// others.
const HARMLESS: &str = "codedisplay color icon image issueralt issuerext issuerint lock logo \
                        namealt";

/// The part of a URI after the question mark.
#[derive(Clone, Copy)]
pub(super) struct Query<'a>(pub(super) &'a str);

impl<'a> Query<'a> {
    pub(super) const NONE: Self = Self("");

    /// The name and value of every parameter, known or not. A parameter without
    /// `=` has an empty value.
    fn pieces(self) -> Pieces<'a> {
        Pieces(Split::new(self.0, b'&'))
    }

    /// All parameters, each once.
    pub(super) fn parameters(self) -> impl Iterator<Item = (Text<'a>, Text<'a>)> {
        let unescaped = self.pieces().map(|(name, value)| (unescape(name), value));
        unescaped
            .enumerate()
            .filter(move |(slot, (name, _))| self.before(*slot, *name).is_none())
            .map(|(_, parameter)| parameter)
    }

    /// The value of a parameter among the first `slot` ones.
    fn before(self, slot: usize, name: Text<'a>) -> Option<Text<'a>> {
        let mut earlier = self.pieces().take(slot);
        earlier.find_map(|(earlier, value)| same_name(unescape(earlier), name).then_some(value))
    }

    pub(super) fn check(self) -> Result<Cautions, Error> {
        let mut cautions = Cautions::default();
        for (slot, (given, value)) in self.pieces().enumerate() {
            if slot == MOST_PARAMETERS {
                return Err(Error::InvalidUri);
            }
            let (given, value) = (given.check()?, value.check()?);
            let name = unescape(given);
            cautions.add(Caution::EscapedAmpersand, name.is_shorter_than(given));
            let known = OF_PAGE.iter().find(|known| name.is(known));
            if known.is_none() {
                check_unknown(given, name, value)?;
            }
            if separator::is_within_value(value) {
                return Err(Error::UriSeparator);
            }
            cautions.add(Caution::Spelling, known.is_some_and(|known| name != *known));
            if let Some(earlier) = self.before(slot, name) {
                cautions.add(Caution::RepeatedParameter, true);
                if earlier != value {
                    return Err(Error::UriRepeatedParameter);
                }
            }
        }
        Ok(cautions)
    }

    pub(super) fn get(self, wanted: &str) -> Option<Text<'a>> {
        let mut parameters = self.pieces();
        parameters.find_map(|(name, value)| unescape(name).is(wanted).then_some(value))
    }
}

/// The parameters of a query.
struct Pieces<'a>(Split<'a>);

impl<'a> Iterator for Pieces<'a> {
    type Item = (Text<'a>, Text<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let piece = self.0.find(|piece| !piece.is_empty())?;
        let (name, value) = split_once(piece, b'=').unwrap_or((piece, ""));
        Some((Text::new(name, Form::Query), Text::new(value, Form::Query)))
    }
}

/// Refuses a parameter that is not one of the page if it changes the codes, or if
/// it may be the rest of a value: in `issuer=AT&amp;T`, the ampersand is one of the
/// issuer.
fn check_unknown(given: Text<'_>, name: Text<'_>, value: Text<'_>) -> Result<(), Error> {
    if separator::is_within_name(name) {
        return Err(Error::UriSeparator);
    }
    if let Some(error) = names::refused(name, value) {
        return Err(error);
    }
    let is_escaped = name.is_shorter_than(given);
    let is_harmless = Split::new(HARMLESS, b' ').any(|harmless| name.is(harmless));
    match is_escaped && !is_harmless {
        true => Err(Error::UriSeparator),
        false => Ok(()),
    }
}

/// The name without the rest of `&amp;` before it.
fn unescape(mut name: Text<'_>) -> Text<'_> {
    while let Some(rest) = name.strip_letters("amp;") {
        name = rest;
    }
    name
}

/// Whether two names are the same parameter.
fn same_name(one: Text<'_>, other: Text<'_>) -> bool {
    let is_same = |known: &&str| one.is(known) && other.is(known);
    one == other || OF_PAGE.iter().any(is_same)
}

/// Whether this engine uses a parameter.
pub(super) fn is_known(kind: Kind, name: &Text<'_>) -> bool {
    let of_other_kind = match kind {
        Kind::Hotp { .. } => "period",
        Kind::Totp { .. } => "counter",
    };
    !name.is(of_other_kind) && OF_PAGE.iter().any(|known| name.is(known))
}
