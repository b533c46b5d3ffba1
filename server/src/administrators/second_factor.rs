//! New second factors: an authenticator and recovery codes.

use mpass_core::Error;
use mpass_core::challenge::Keyring;
use mpass_core::oath::uri::{KeyUri, Kind};
use mpass_core::oath::{Algorithm, Secret, exposed};
use zeroize::Zeroizing;

use super::account::Account;
use super::problem::Problem;
use super::recovery;
use crate::entropy;

/// The issuer in key URIs.
const ISSUER: &str = "mPass";

/// A new second factor, as it is shown and as it is stored.
pub(super) struct Secrets {
    pub(super) totp: Zeroizing<String>,
    pub(super) uri: Zeroizing<String>,
    pub(super) recovery: Vec<String>,
    pub(super) recovery_codes: Vec<Zeroizing<String>>,
}

impl Secrets {
    /// # Errors
    /// When the system's random source fails.
    pub(super) fn new(keyring: &Keyring, name: &str, id: &str) -> Result<Self, Problem> {
        let halves = [entropy::fresh()?, entropy::fresh()?];
        let mut random = Zeroizing::new([0; 64]);
        let bytes = halves.iter().flat_map(|half| half.iter());
        for (slot, byte) in random.iter_mut().zip(bytes) {
            *slot = *byte;
        }
        let secret = Secret::generate(Algorithm::Sha1, &random);
        let totp = exposed(secret.expose_hex());
        let uri = key_uri(name, secret)?;
        let (recovery_codes, recovery) = recovery::generate(keyring, id)?;
        Ok(Self {
            totp,
            uri,
            recovery,
            recovery_codes,
        })
    }
}

fn key_uri(name: &str, secret: Secret) -> Result<Zeroizing<String>, Error> {
    let uri = KeyUri::new(Kind::Totp { period: 30 }, name, secret)?;
    Ok(exposed(uri.with_issuer(ISSUER)?.expose()))
}

impl Account {
    /// The key URI for an authenticator. Only the demo shows it again.
    ///
    /// # Errors
    /// When the account is damaged.
    pub(crate) fn key_uri(&self) -> Result<Zeroizing<String>, Error> {
        key_uri(&self.name, Secret::from_hex(&self.totp)?)
    }
}
