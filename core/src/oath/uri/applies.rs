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
        ] {
            cautions.add(caution, applies);
        }
        for issuer in [self.issuer, self.label_issuer].into_iter().flatten() {
            let is_steams = period.is_some() && issuer.is("steam");
            cautions.add(Caution::SteamIssuer, is_steams);
            cautions.add_of_name(issuer);
        }
        cautions.add_of_name(self.account);
        cautions
    }
}

impl Cautions {
    /// Adds what applies to an issuer or an account.
    fn add_of_name(&mut self, name: Text<'_>) {
        self.add(Caution::ColonInName, name.has_colon());
        self.add(Caution::EncodedTwice, name.has_escape());
    }
}
