//! The credentials of administrators, and their replacement.

use mpass_core::Error;
use mpass_core::challenge::Keyring;
use mpass_core::oath::uri::{KeyUri, Kind};
use mpass_core::oath::{Algorithm, Secret, exposed};
use mpass_core::store::Stamp;
use zeroize::Zeroizing;

use super::account::{Account, Enrolment, ResetOf};
use super::directory::Administrators;
use super::password::{LONGEST, SHORTEST, StoredPassword};
use super::problem::Problem;
use super::recovery;
use super::secret;
use crate::entropy;

/// The issuer in key URIs.
const ISSUER: &str = "mPass";
/// How often a change is tried again after another writer's.
const ROUNDS: usize = 16;

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

impl Administrators<'_> {
    /// Whether this is the password of an account. Only the demo asks outside a login.
    ///
    /// # Errors
    /// [`Problem::Busy`].
    pub(crate) async fn has_password(
        &self,
        account: &Account,
        password: &str,
    ) -> Result<bool, Problem> {
        let place = self.hasher.reserve()?;
        let stored = Some(&account.password);
        Ok(self
            .hasher
            .verify(place, self.keyring, stored, password)
            .await)
    }

    /// Replaces credentials by new ones, and ends every session.
    ///
    /// # Errors
    /// [`Problem`]; [`Error::Changed`] if it has another stamp than an expected one.
    pub async fn reset(
        &self,
        name: &str,
        what: ResetOf,
        stamp: Option<Stamp>,
    ) -> Result<Enrolment, Problem> {
        let present = self.present(name, stamp).await?;
        let password = match what.has_password() {
            true => Some(secret::generate("")?),
            false => None,
        };
        let stored = match &password {
            Some(password) => Some(self.stored(password, name).await?),
            None => None,
        };
        let secrets = Secrets::new(self.keyring, name, &present.id)?;
        let change = |account: &mut Account| {
            if let Some(stored) = &stored {
                account.password = stored.clone();
            }
            if what.has_second_factor() {
                account.totp = secrets.totp.clone();
            }
            if what.has_recovery_codes() {
                account.recovery.clone_from(&secrets.recovery);
            }
        };
        let account = self.change(present, stamp, change).await?;
        let has_codes = what.has_recovery_codes();
        Ok(Enrolment {
            account,
            password,
            uri: what.has_second_factor().then_some(secrets.uri),
            recovery_codes: has_codes
                .then_some(secrets.recovery_codes)
                .unwrap_or_default(),
        })
    }

    /// Sets another password, and ends every session.
    ///
    /// # Errors
    /// [`Problem`].
    pub async fn set_password(&self, name: &str, password: &str) -> Result<Account, Problem> {
        let present = self.present(name, None).await?;
        let stored = self.stored(password, name).await?;
        self.change(present, None, |account| account.password = stored.clone())
            .await
    }

    /// Stores the same password with the present parameters: sessions stay.
    pub(super) async fn renew_password(
        &self,
        account: &Account,
        password: &str,
    ) -> Result<(), Problem> {
        let stored = self.stored_as_it_is(password).await?;
        let old = &account.password;
        self.replace(account, None, |account| {
            // It may have been replaced meanwhile.
            if account.password == *old {
                account.password = stored.clone();
            }
        })
        .await?;
        Ok(())
    }

    /// Changes an account without its role, and ends its sessions.
    async fn change(
        &self,
        mut present: Account,
        stamp: Option<Stamp>,
        change: impl Fn(&mut Account) + Send + Sync,
    ) -> Result<Account, Problem> {
        for _ in 0..ROUNDS {
            let replaced = self.replace(&present, stamp, |account| {
                change(account);
                account.generation += 1;
            });
            if let Some(account) = replaced.await? {
                return Ok(account);
            }
            let id = present.id;
            present = self.present(&present.name, stamp).await?;
            if present.id != id {
                return Err(Problem::Missing);
            }
        }
        Err(Error::StoreFailed.into())
    }

    pub(super) async fn stored(
        &self,
        password: &str,
        name: &str,
    ) -> Result<StoredPassword, Problem> {
        let is_long = password.chars().count() >= SHORTEST && password.len() <= LONGEST;
        match is_long && !password.eq_ignore_ascii_case(name) {
            true => self.stored_as_it_is(password).await,
            false => Err(Problem::WeakPassword),
        }
    }

    async fn stored_as_it_is(&self, password: &str) -> Result<StoredPassword, Problem> {
        let random = entropy::fresh()?;
        let salt = random[..16].try_into().unwrap_or_default();
        Ok(self.hasher.store(self.keyring, password, salt).await?)
    }
}
