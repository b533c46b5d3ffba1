//! Administrators whom an identity provider has identified.

use core::net::IpAddr;

use base64ct::{Base64UrlUnpadded, Encoding};
use mpass_core::Error;
use mpass_core::challenge::Keyring;
use mpass_core::documents::HostHash;
use mpass_core::store::Stamp;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::account::Account;
use super::directory::Administrators;
use super::identity::Identity;
use super::login::{Factor, Login, LoginError};
use super::problem::Problem;
use super::session::Session;
use super::throttle::Counter;
use crate::clock;

/// How long somebody may take for the code after the provider, in milliseconds.
const HALF_LIFE_MS: u64 = 5 * 60_000;

/// What a browser keeps between the provider and the code. It is authenticated.
#[derive(Serialize, Deserialize)]
struct Half {
    name: String,
    account: String,
    generation: u64,
    at_ms: u64,
}

impl Half {
    /// Its text, of letters of base64url and a dot.
    fn write(&self, keyring: &Keyring) -> Result<Zeroizing<String>, Error> {
        let json = serde_json::to_vec(self).map_err(|_| Error::RecordFormat)?;
        let encode = Base64UrlUnpadded::encode_string;
        let tag = Self::tag(keyring, &json);
        Ok(Zeroizing::new(format!(
            "{}.{}",
            encode(&json),
            encode(&*tag)
        )))
    }

    /// `None` if this server has not written it, or a while ago.
    fn read(keyring: &Keyring, text: &str) -> Option<Self> {
        let (json, tag) = text.split_once('.')?;
        let [json, tag] = [json, tag].map(Base64UrlUnpadded::decode_vec);
        let (json, tag) = (json.ok()?, tag.ok()?);
        let is_own = bool::from(Self::tag(keyring, &json).ct_eq(tag.as_slice()));
        let half: Self = is_own.then(|| serde_json::from_slice(&json).ok())??;
        let age_ms = clock::now_ms().checked_sub(half.at_ms)?;
        (age_ms <= HALF_LIFE_MS).then_some(half)
    }

    fn tag(keyring: &Keyring, json: &[u8]) -> Zeroizing<[u8; 32]> {
        HostHash::Session.of(keyring, &[b"after the provider", json])
    }
}

impl Administrators<'_> {
    /// Binds an administrator to a person at an identity provider, or to nobody, and
    /// ends its sessions.
    ///
    /// # Errors
    /// [`Problem`]; [`Problem::InvalidIdentity`], [`Problem::IdentityTaken`] if another
    /// administrator is bound to it, and [`Error::Changed`] if the administrator has
    /// another stamp than an expected one.
    pub async fn bind(
        &self,
        name: &str,
        identity: Option<Identity>,
        stamp: Option<Stamp>,
    ) -> Result<Account, Problem> {
        if !identity.as_ref().is_none_or(Identity::is_valid) {
            return Err(Problem::InvalidIdentity);
        }
        let present = self.present(name, stamp).await?;
        if let Some(identity) = &identity {
            let others = self.bound_to(identity)?;
            if others.iter().any(|other| other.name != name) {
                return Err(Problem::IdentityTaken);
            }
        }
        self.change(present, stamp, |account| {
            account.identity.clone_from(&identity)
        })
        .await
    }

    /// Ends the sessions of an administrator.
    ///
    /// # Errors
    /// [`Problem`].
    pub async fn end_sessions(&self, name: &str) -> Result<Account, Problem> {
        let present = self.present(name, None).await?;
        self.change(present, None, |_| {}).await
    }

    fn bound_to(&self, identity: &Identity) -> Result<Vec<Account>, Error> {
        let mut all = self.list()?;
        all.retain(|account| account.identity.as_ref() == Some(identity));
        Ok(all)
    }
}

impl Login<'_> {
    /// Counts an attempt of an address to sign in with the provider.
    ///
    /// # Errors
    /// [`LoginError::Wait`].
    pub fn admit(&self, from: IpAddr) -> Result<(), LoginError> {
        match self.throttle.count(from) {
            true => Ok(()),
            false => Err(LoginError::Wait(None)),
        }
    }

    /// The administrator that is bound to a person whom the provider has identified.
    ///
    /// # Errors
    /// [`LoginError::Wrong`] if there is none, or it may not log in. If two were bound
    /// to one person at the same moment, neither is meant.
    pub async fn identified(&self, identity: &Identity) -> Result<Account, LoginError> {
        let mut bound = self.administrators.bound_to(identity)?;
        match (bound.pop(), bound.is_empty()) {
            (Some(account), true) if !account.is_disabled => Ok(account),
            _ => Err(LoginError::Wrong),
        }
    }

    /// Begins a session of an administrator whose second factor the provider has
    /// compared. What needs a fresh second factor asks for ours.
    ///
    /// # Errors
    /// When the store or the random source fails.
    pub async fn begin_identified(
        &self,
        account: &Account,
        from: IpAddr,
    ) -> Result<(Zeroizing<String>, Session), LoginError> {
        let begun = self.sessions.begin(account, from, 0).await;
        begun.map_err(|_| Error::StoreFailed.into())
    }

    /// What an administrator needs for [`Self::complete`], whom the provider has
    /// identified by one factor.
    ///
    /// # Errors
    /// Never for what an account has.
    pub fn half(&self, account: &Account) -> Result<Zeroizing<String>, Error> {
        let half = Half {
            name: account.name.clone(),
            account: account.id.clone(),
            generation: account.generation,
            at_ms: clock::now_ms(),
        };
        half.write(self.administrators.keyring)
    }

    /// Compares the second factor of an administrator whom the provider has identified
    /// a short time ago, and begins a session.
    ///
    /// # Errors
    /// [`LoginError`]. Every attempt is counted against the account.
    pub async fn complete(
        &self,
        half: &str,
        factor: &Factor,
        from: IpAddr,
    ) -> Result<(Zeroizing<String>, Session, Account), LoginError> {
        self.admit(from)?;
        let Administrators { store, keyring, .. } = self.administrators;
        let half = Half::read(keyring, half).ok_or(LoginError::Wrong)?;
        let account = self.administrators.read(&half.name).await?;
        let account = account.filter(|it| {
            it.id == half.account && it.generation == half.generation && !it.is_disabled
        });
        let account = account.ok_or(LoginError::Wrong)?;
        let counter = Counter::of_proofs(store, keyring, &account);
        if let Err(retry_at_ms) = counter.count().await? {
            return Err(LoginError::Wait(Some(retry_at_ms)));
        }
        if !self.has_factor(&account, factor).await? {
            return Err(LoginError::Wrong);
        }
        counter.clear().await?;
        let begun = self.sessions.begin(&account, from, clock::now_ms()).await;
        let (secret, session) = begun.map_err(|_| Error::StoreFailed)?;
        Ok((secret, session, account))
    }
}
