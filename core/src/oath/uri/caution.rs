//! Known limitations of authenticator apps.

use super::key_uri::KeyUri;
use super::kind::{DEFAULT_PERIOD, Kind};
use crate::list::list;
use crate::oath::{Algorithm, Digits};

list! {
    /// A property of a key URI that some authenticator apps mishandle or
    /// reject. All apps agree on TOTP with SHA-1, six digits, 30 seconds, a
    /// secret of 20 bytes and an issuer (surveys of 2019, 2023 and 2025).
    #[non_exhaustive]
    pub enum Caution: u8 {
        /// Not TOTP: several apps do not support HOTP.
        Counter = 1, "Counter";
        /// Not SHA-1: Authy, Duo and Microsoft Authenticator accept SHA-256 but
        /// compute SHA-1, 1Password rejects it, and older versions of Google
        /// Authenticator ignore the parameter.
        Algorithm = 2, "Algorithm";
        /// Not six digits: older versions of Google Authenticator always show
        /// six.
        Digits = 3, "Digits";
        /// Not 30 seconds: older versions of Google Authenticator always use
        /// 30.
        Period = 4, "Period";
        /// Below 5 seconds: FreeOTP rejects the key.
        PeriodBelowFive = 5, "PeriodBelowFive";
        /// A secret that is not 20 bytes (32 base32 letters) long: Google
        /// Authenticator on iOS rejected longer ones with SHA-1.
        SecretLength = 6, "SecretLength";
        /// No issuer: accounts with the same name cannot be distinguished.
        NoIssuer = 7, "NoIssuer";
    }
}

impl KeyUri<'_> {
    /// The properties of the URI that some apps mishandle. Empty if all apps
    /// handle it correctly.
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
