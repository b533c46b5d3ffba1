//! Logins: both factors, counted before they are compared.

use core::net::IpAddr;

use mpass_core::Error;
use mpass_core::challenge::{Keyring, Token, TokenPolicy, Verdict};
use mpass_core::documents::Next;
use mpass_core::oath::{Algorithm, Digits, Key, Totp};
use mpass_core::store::{Kind, MemoryStore};
use zeroize::Zeroizing;

use super::account::Account;
use super::directory::Administrators;
use super::password::Busy;
use super::problem::Problem;
use super::recovery;
use super::session::{Session, Sessions};
use super::throttle::{Counter, Throttle};
use crate::clock;
use crate::entropy::System;

/// The tenant of the tokens of administrators. No tenant's name has a space.
const TENANT: &[u8] = b"mpass administrators";

/// A second factor.
#[derive(Debug)]
pub enum Factor {
    /// A code of the authenticator.
    Code(Zeroizing<String>),
    /// A recovery code.
    Recovery(Zeroizing<String>),
}

/// What somebody who logs in gives.
#[derive(Debug)]
pub struct Credentials {
    /// The name.
    pub name: String,
    /// The password.
    pub password: Zeroizing<String>,
    /// The second factor.
    pub factor: Factor,
}

/// Why nobody was logged in. It does not say which part was wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LoginError {
    /// The name, the password or the code is wrong.
    Wrong,
    /// Too many attempts failed: the time of the next possible one in milliseconds
    /// of Unix time, if it is known.
    Wait(Option<u64>),
    /// Too many logins at a time.
    Busy,
    /// The store failed.
    Store(Error),
}

impl From<Error> for LoginError {
    fn from(error: Error) -> Self {
        Self::Store(error)
    }
}

impl From<Busy> for LoginError {
    fn from(_: Busy) -> Self {
        Self::Busy
    }
}

/// Logs administrators in.
#[derive(Clone, Copy, Debug)]
pub struct Login<'a> {
    /// The administrators.
    pub administrators: Administrators<'a>,
    /// Their sessions.
    pub sessions: Sessions<'a>,
    /// The limit by network.
    pub throttle: &'a Throttle,
    /// When the store was restored, if it was.
    pub restored_at_ms: Option<u64>,
}

impl Login<'_> {
    /// Compares both factors, and begins a session.
    ///
    /// # Errors
    /// [`LoginError`]. Every attempt is counted, whatever comes of it.
    pub async fn login(
        &self,
        credentials: &Credentials,
        from: IpAddr,
    ) -> Result<(Zeroizing<String>, Session, Account), LoginError> {
        let Credentials {
            name,
            password,
            factor,
        } = credentials;
        if !self.throttle.count(from) {
            return Err(LoginError::Wait(None));
        }
        let Administrators {
            store,
            keyring,
            hasher,
        } = self.administrators;
        // Who is refused here has not tried anything.
        let place = hasher.reserve()?;
        let counter = Counter::of_logins(store, keyring, name);
        if let Err(retry_at_ms) = counter.count().await? {
            return Err(LoginError::Wait(Some(retry_at_ms)));
        }
        let account = self.administrators.read(name).await?;
        let account = account.filter(|it| !it.is_disabled);
        let stored = account.as_ref().map(|account| &account.password);
        let is_password = hasher.verify(place, keyring, stored, password).await;
        let Some(account) = account.filter(|_| is_password) else {
            self.has_nothing(name, factor).await?;
            return Err(LoginError::Wrong);
        };
        if !self.has_factor(&account, factor).await? {
            return Err(LoginError::Wrong);
        }
        counter.clear().await?;
        self.renew(&account, password).await;
        let begun = self.sessions.begin(&account, from, clock::now_ms()).await;
        let (secret, session) = begun.map_err(|_| Error::StoreFailed)?;
        Ok((secret, session, account))
    }

    /// Compares a second factor for a session that has been open for a while.
    ///
    /// # Errors
    /// [`LoginError`]. Every attempt is counted against the account, whatever comes of
    /// it, as for a login.
    pub async fn prove(
        &self,
        secret: &str,
        account: &Account,
        factor: &Factor,
        from: IpAddr,
    ) -> Result<(), LoginError> {
        let counter = self.count_proof(account, from).await?;
        if !self.has_factor(account, factor).await? {
            return Err(LoginError::Wrong);
        }
        counter.clear().await?;
        Ok(self.sessions.prove(secret).await?)
    }

    /// Compares the password of an administrator in a session, who is about to change
    /// it.
    ///
    /// # Errors
    /// [`LoginError`]. Every attempt is counted against the account.
    pub async fn confirm_password(
        &self,
        account: &Account,
        password: &str,
        from: IpAddr,
    ) -> Result<(), LoginError> {
        let Administrators {
            keyring, hasher, ..
        } = self.administrators;
        let place = hasher.reserve()?;
        let counter = self.count_proof(account, from).await?;
        let stored = Some(&account.password);
        if !hasher.verify(place, keyring, stored, password).await {
            return Err(LoginError::Wrong);
        }
        Ok(counter.clear().await?)
    }

    /// Compares a code of the authenticator for an API token, which has no session.
    ///
    /// # Errors
    /// [`LoginError`]. Every attempt is counted as in [`Self::prove`].
    pub async fn prove_without_session(
        &self,
        account: &Account,
        code: &str,
        from: IpAddr,
    ) -> Result<(), LoginError> {
        let counter = self.count_proof(account, from).await?;
        if !self.has_code(account, code).await? {
            return Err(LoginError::Wrong);
        }
        Ok(counter.clear().await?)
    }

    /// Counts an attempt of somebody who is signed in, by network and account.
    async fn count_proof(
        &self,
        account: &Account,
        from: IpAddr,
    ) -> Result<Counter<'_>, LoginError> {
        if !self.throttle.count(from) {
            return Err(LoginError::Wait(None));
        }
        let Administrators { store, keyring, .. } = self.administrators;
        let counter = Counter::of_proofs(store, keyring, account);
        match counter.count().await? {
            Ok(()) => Ok(counter),
            Err(retry_at_ms) => Err(LoginError::Wait(Some(retry_at_ms))),
        }
    }

    pub(super) async fn has_factor(
        &self,
        account: &Account,
        factor: &Factor,
    ) -> Result<bool, Error> {
        match factor {
            Factor::Code(code) => self.has_code(account, code).await,
            Factor::Recovery(code) => self.spend_recovery(account, code).await,
        }
    }

    /// As much as [`Self::has_factor`] of a wrong factor, so that nothing tells whether
    /// the password was right.
    async fn has_nothing(&self, name: &str, factor: &Factor) -> Result<(), Error> {
        let Administrators { store, keyring, .. } = self.administrators;
        let nothing = Counter::of_nothing(store, keyring, name);
        match factor {
            Factor::Code(code) => {
                let key = Key::new(Algorithm::Sha1, &[0; 20])?;
                let totp = Totp::new(key, Digits::SIX);
                let token = Token::new(keyring, TokenPolicy::default(), TENANT, b"nothing")?;
                let attempt = token.attempting_totp(&totp, code);
                let unused = MemoryStore::new(1);
                match attempt.run(&unused, &System)? {
                    // It costs no try, and nothing is written.
                    Verdict::Malformed => Ok(()),
                    _ => nothing.touch().await,
                }
            }
            Factor::Recovery(code) => match recovery::typed(keyring, name, code) {
                Some(_) => nothing.locked_until_ms().await.map(drop),
                None => Ok(()),
            },
        }
    }

    /// A code of the authenticator works once, and failures wait and lock as for any
    /// token of the engine.
    async fn has_code(&self, account: &Account, code: &str) -> Result<bool, Error> {
        let Administrators { store, keyring, .. } = self.administrators;
        let Some(totp) = account.totp() else {
            return Ok(false);
        };
        let token = authenticator(keyring, account, self.restored_at_ms)?;
        let attempt = token.attempting_totp(&totp, code);
        let verdict = attempt.run_async(store, &System).await?;
        Ok(verdict == Verdict::Accept)
    }

    /// A recovery code is removed by the swap that accepts it.
    async fn spend_recovery(&self, account: &Account, code: &str) -> Result<bool, Error> {
        let Administrators { store, keyring, .. } = self.administrators;
        let Some(hash) = recovery::typed(keyring, &account.id, code) else {
            return Ok(false);
        };
        let change = Account::document(keyring, &account.name).changing(|current, _| {
            let Some(mut account) = current.and_then(Account::read) else {
                return Ok(Next::Keep(None));
            };
            let before = account.recovery.len();
            account.recovery.retain(|stored| *stored != hash);
            if account.recovery.len() == before {
                return Ok(Next::Keep(None));
            }
            let contents = account.write().map_err(|_| Error::RecordFormat)?;
            Ok::<_, Error>(Next::Write(contents, Some(account.recovery.len())))
        });
        let change = change.at_most_once();
        let left = change.run_async(store, &System).await?.outcome;
        if let Some(left) = left {
            tracing::warn!(target: "mpass", administrator = account.name.as_str(), left, "a recovery code was used");
        }
        Ok(left.is_some())
    }

    /// Stores the password anew if it was stored with other parameters. The login does
    /// not depend on it.
    async fn renew(&self, account: &Account, password: &str) {
        if account.password.is_current() {
            return;
        }
        let renewed = self.administrators.renew_password(account, password).await;
        if let Err(error) = renewed {
            tracing::warn!(target: "mpass", %error, "a password could not be stored with newer parameters");
        }
    }
}

/// The authenticator of an account as a token of the engine, which has its failures.
pub(super) fn authenticator<'a>(
    keyring: &'a Keyring,
    account: &Account,
    restored_at_ms: Option<u64>,
) -> Result<Token<'a>, Error> {
    let id = format!("{}/{}", account.id, account.name);
    Ok(token(keyring, &id)?.restored_at(restored_at_ms))
}

/// An authenticator as a token of the engine. No name of an administrator has a slash.
pub(super) fn token<'a>(keyring: &'a Keyring, id: &str) -> Result<Token<'a>, Error> {
    let policy = TokenPolicy {
        delay_ms: 1000,
        lock_ms: 3_600_000,
        ..TokenPolicy::default()
    };
    Token::new(keyring, policy, TENANT, id.as_bytes())
}

impl Administrators<'_> {
    /// Forgets the failures of an administrator, in its logins and its second factor.
    ///
    /// # Errors
    /// [`Problem::Missing`], and when the store fails.
    pub async fn unlock(&self, name: &str) -> Result<(), Problem> {
        let account = self.present(name, None).await?;
        for counter in self.counters(&account) {
            counter.clear().await?;
        }
        let token = authenticator(self.keyring, &account, None)?;
        token.unlocking().run_async(self.store, &System).await?;
        Ok(())
    }

    /// When the next login or second factor of an administrator is possible, in
    /// milliseconds of Unix time; `None` if that is now.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn locked_until_ms(&self, account: &Account) -> Result<Option<u64>, Error> {
        let mut until_ms = None;
        for counter in self.counters(account) {
            until_ms = until_ms.max(counter.locked_until_ms().await?);
        }
        let token = authenticator(self.keyring, account, None)?;
        let value = self.store.load(Kind::State, token.key()).await?;
        let now_ms = clock::now_ms();
        let status = token.status(value.as_deref(), now_ms)?;
        Ok(until_ms.max(status.retry_at_ms.filter(|at_ms| *at_ms > now_ms)))
    }

    fn counters(&self, account: &Account) -> [Counter<'_>; 2] {
        [
            Counter::of_logins(self.store, self.keyring, &account.name),
            Counter::of_proofs(self.store, self.keyring, account),
        ]
    }
}
