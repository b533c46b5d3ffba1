//! The cautions of a key URI.

use super::caution::{Caution, Cautions};
use super::key_uri::KeyUri;
use super::kind::{DEFAULT_PERIOD, Kind};
use super::text::Text;
use crate::oath::{Algorithm, Digits};

impl KeyUri<'_> {
    /// What some apps mishandle, and what was chosen in reading, by number.
    /// Empty if the URI has one reading on which all apps agree.
    pub fn cautions(&self) -> impl Iterator<Item = Caution> + use<> {
        self.all_cautions().iter()
    }

    pub(in crate::oath) fn all_cautions(&self) -> Cautions {
        let period = match self.kind {
            Kind::Hotp { .. } => None,
            Kind::Totp { period } => Some(period),
        };
        let issuers = [self.issuer, self.label_issuer];
        let names = || issuers.into_iter().chain([Some(self.account)]).flatten();
        let mut cautions: Cautions = self.cautions;
        for (caution, applies) in [
            (Caution::Counter, period.is_none()),
            (Caution::Algorithm, self.algorithm != Algorithm::Sha1),
            (Caution::Digits, self.digits != Digits::SIX),
            (
                Caution::Period,
                period.is_some_and(|period| period != DEFAULT_PERIOD),
            ),
            (
                Caution::PeriodBelowFive,
                period.is_some_and(|period| period < 5),
            ),
            (
                Caution::PeriodAboveHour,
                period.is_some_and(|period| period > 3600),
            ),
            (Caution::SecretLength, self.secret.len() != 20),
            (Caution::NoIssuer, self.issuer.is_none()),
            (Caution::EmptyAccount, self.account.is_empty()),
            (
                Caution::UnknownParameter,
                self.parameters().next().is_some(),
            ),
            (
                Caution::SteamIssuer,
                period.is_some() && issuers.iter().flatten().any(|name| name.is("steam")),
            ),
            (Caution::ColonInName, names().any(|name| name.has_colon())),
            (Caution::EncodedTwice, names().any(Text::has_escape)),
        ] {
            cautions.add(caution, applies);
        }
        cautions
    }
}
