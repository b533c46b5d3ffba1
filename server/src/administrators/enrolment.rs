//! The credentials of administrators, and their replacement.

use mpass_core::Error;
use mpass_core::store::Stamp;

use super::account::{Account, Enrolment, ResetOf};
use super::directory::Administrators;
use super::password::{LONGEST, SHORTEST, StoredPassword};
use super::problem::Problem;
use super::second_factor::Secrets;
use super::secret;
use crate::entropy;

/// How often a change is tried again after another writer's.
const ROUNDS: usize = 16;

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
        Ok(Enrolment {
            account,
            password,
            uri: what.has_second_factor().then_some(secrets.uri),
            recovery_codes: match what.has_recovery_codes() {
                true => secrets.recovery_codes,
                false => Vec::new(),
            },
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
    pub(super) async fn change(
        &self,
        mut present: Account,
        stamp: Option<Stamp>,
        change: impl Fn(&mut Account) + Send + Sync,
    ) -> Result<Account, Problem> {
        for _ in 0..ROUNDS {
            let replaced = self.replace(&present, stamp, |account| {
                change(account);
                account.pending = None;
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
