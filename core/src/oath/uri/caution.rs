//! What authenticator apps get wrong.

use super::KeyUri;
use super::kind::{DEFAULT_PERIOD, Kind};
use crate::list::list;
use crate::oath::{Algorithm, Digits};

list! {
    /// Something in a key URI that an authenticator app in use gets wrong or
    /// refuses. The set that all of them read alike is TOTP with SHA-1, six
    /// digits, 30 seconds, a secret of 20 bytes and an issuer (surveys of 2019,
    /// 2023 and 2025).
    #[non_exhaustive]
    pub enum Caution: u8 {
        /// Not TOTP: several apps do not have HOTP.
        Counter = 1, "Counter";
        /// Not SHA-1: Authy, Duo and Microsoft Authenticator take SHA-256 and
        /// compute SHA-1, 1Password refuses it, Google Authenticator's older
        /// versions ignore the parameter.
        Algorithm = 2, "Algorithm";
        /// Not six digits: older Google Authenticators show six whatever is said.
        Digits = 3, "Digits";
        /// Not 30 seconds: older Google Authenticators take 30 whatever is said.
        Period = 4, "Period";
        /// Below 5 seconds: FreeOTP refuses the key.
        PeriodBelowFive = 5, "PeriodBelowFive";
        /// A secret of other than 20 bytes, 32 letters of base32: Google
        /// Authenticator on iOS refused longer ones with SHA-1.
        SecretLength = 6, "SecretLength";
        /// No issuer: accounts of the same name cannot be told apart.
        NoIssuer = 7, "NoIssuer";
    }
}

impl KeyUri<'_> {
    /// What keeps the URI from being read alike by all apps; nothing where it
    /// is safe everywhere.
    pub fn cautions(&self) -> impl Iterator<Item = Caution> + use<> {
        let period = match self.kind {
            Kind::Hotp { .. } => None,
            Kind::Totp { period } => Some(period),
        };
        [
            (period.is_none(), Caution::Counter),
            (self.algorithm != Algorithm::Sha1, Caution::Algorithm),
            (self.digits != Digits::SIX, Caution::Digits),
            (
                period.is_some_and(|period| period != DEFAULT_PERIOD),
                Caution::Period,
            ),
            (
                period.is_some_and(|period| period < 5),
                Caution::PeriodBelowFive,
            ),
            (self.secret.len() != 20, Caution::SecretLength),
            (self.issuer.is_none(), Caution::NoIssuer),
        ]
        .into_iter()
        .filter_map(|(applies, caution)| applies.then_some(caution))
    }
}
