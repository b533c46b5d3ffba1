//! Sessions: what a login yields.

use core::net::IpAddr;

use mpass_core::Error;
use mpass_core::challenge::Keyring;
use mpass_core::documents::{Contents, Family, HostDocument, HostHash, Next};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::account::Account;
use super::directory::Administrators;
use super::secret;
use crate::clock;
use crate::entropy::System;
use crate::store::AnyStore;

/// How long a session lasts, however much it is used.
const LONGEST_MS: u64 = 12 * 3_600_000;
/// How long a session lasts without use.
const IDLE_MS: u64 = 30 * 60_000;
/// How often its use is written.
const SEEN_EACH_MS: u64 = 60_000;
/// How long a second factor counts as fresh.
const FRESH_MS: u64 = 5 * 60_000;
/// In front of the secrets of sessions.
const PREFIX: &str = "mps_";

/// A session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// The administrator's name.
    pub name: String,
    /// When it began, in milliseconds of Unix time.
    pub began_at_ms: u64,
    /// The address that it began at.
    pub from: IpAddr,
    /// When the second factor was last proved, in milliseconds of Unix time.
    pub proved_at_ms: u64,
    /// The administrator's id and generation.
    account: String,
    generation: u64,
    seen_at_ms: u64,
}

impl Session {
    /// Whether the second factor was proved a short time ago: what touches secrets
    /// needs that.
    #[must_use]
    pub fn is_fresh(&self) -> bool {
        clock::now_ms().saturating_sub(self.proved_at_ms) < FRESH_MS
    }

    /// When it was last used, in milliseconds of Unix time, to within a minute.
    #[must_use]
    pub const fn seen_at_ms(&self) -> u64 {
        self.seen_at_ms
    }

    /// Whether it is one of an account as it is now.
    fn is_of(&self, account: &Account, restored_at_ms: Option<u64>) -> bool {
        let is_void = restored_at_ms.is_some_and(|at| self.began_at_ms <= at);
        let is_same = self.account == account.id && self.generation == account.generation;
        is_same && !account.is_disabled && !is_void
    }

    fn read(contents: &Contents) -> Option<Self> {
        serde_json::from_slice(contents.bytes()).ok()
    }

    fn write(&self) -> Option<Contents> {
        let contents = Contents::new(serde_json::to_vec(self).ok()?);
        let idle = self.seen_at_ms.saturating_add(IDLE_MS);
        Some(contents.until(idle.min(self.began_at_ms.saturating_add(LONGEST_MS))))
    }
}

/// The sessions of a store.
#[derive(Clone, Copy, Debug)]
pub struct Sessions<'a> {
    administrators: Administrators<'a>,
    /// Sessions from before the store was restored have ended.
    restored_at_ms: Option<u64>,
}

impl<'a> Sessions<'a> {
    /// The sessions of administrators.
    #[must_use]
    pub fn new(administrators: Administrators<'a>, restored_at_ms: Option<u64>) -> Self {
        Self {
            administrators,
            restored_at_ms,
        }
    }

    fn store(&self) -> &'a AnyStore {
        self.administrators.store
    }

    fn document(&self, secret: &str) -> HostDocument<&'a Keyring> {
        let keyring = self.administrators.keyring;
        let hash = secret::hash(keyring, HostHash::Session, secret);
        HostDocument::new(keyring, Family::Session, [&hash])
    }

    /// Begins a session of an administrator who has logged in; returns its secret, which
    /// is not stored. `proved_at_ms` is when our second factor was compared, or 0.
    ///
    /// # Errors
    /// When the store or the random source fails.
    pub(super) async fn begin(
        &self,
        account: &Account,
        from: IpAddr,
        proved_at_ms: u64,
    ) -> anyhow::Result<(Zeroizing<String>, Session)> {
        let secret = secret::generate(PREFIX)?;
        let now_ms = clock::now_ms();
        let session = Session {
            name: account.name.clone(),
            began_at_ms: now_ms,
            from,
            proved_at_ms,
            account: account.id.clone(),
            generation: account.generation,
            seen_at_ms: now_ms,
        };
        let change = self.document(&secret).changing(|_, _| {
            let contents = session.write().ok_or(Error::RecordFormat)?;
            Ok::<_, Error>(Next::Write(contents, ()))
        });
        change.run_async(self.store(), &System).await?;
        Ok((secret, session))
    }

    /// The session of a secret, with its administrator as it is now.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn find(&self, secret: &str) -> Result<Option<(Session, Account)>, Error> {
        if !secret.starts_with(PREFIX) {
            return Ok(None);
        }
        let document = self.document(secret);
        let read = document.reading().run_async(self.store(), &System).await?;
        let Some(session) = read.as_ref().and_then(Session::read) else {
            return Ok(None);
        };
        let account = self.administrators.read(&session.name).await?;
        let account = account.filter(|it| session.is_of(it, self.restored_at_ms));
        let Some(account) = account else {
            return Ok(None);
        };
        let now_ms = clock::now_ms();
        if now_ms.saturating_sub(session.seen_at_ms) >= SEEN_EACH_MS {
            self.rewrite(secret, |session| session.seen_at_ms = now_ms)
                .await?;
        }
        Ok(Some((session, account)))
    }

    /// The sessions of an administrator, the newest first.
    ///
    /// # Errors
    /// When the store fails.
    pub fn list(&self, account: &Account) -> Result<Vec<Session>, Error> {
        let (mut found, now_ms) = (Vec::new(), clock::now_ms());
        for (key, value) in self.store().documents_of(Family::Session)? {
            let keyring = self.administrators.keyring;
            let document = HostDocument::listed(keyring, Family::Session, key);
            let opened = document.open(Some(&value), now_ms);
            found.extend(opened.ok().flatten().as_ref().and_then(Session::read));
        }
        found.retain(|session| session.is_of(account, self.restored_at_ms));
        found.sort_by_key(|session| core::cmp::Reverse(session.began_at_ms));
        Ok(found)
    }

    /// Records that the second factor was proved again.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) async fn prove(&self, secret: &str) -> Result<(), Error> {
        let now_ms = clock::now_ms();
        self.rewrite(secret, |session| {
            (session.proved_at_ms, session.seen_at_ms) = (now_ms, now_ms);
        })
        .await
    }

    async fn rewrite(
        &self,
        secret: &str,
        change: impl Fn(&mut Session) + Send + Sync,
    ) -> Result<(), Error> {
        let changing = self.document(secret).changing(|current, _| {
            let Some(mut session) = current.and_then(Session::read) else {
                return Ok(Next::Keep(()));
            };
            change(&mut session);
            let contents = session.write().ok_or(Error::RecordFormat)?;
            Ok::<_, Error>(Next::Write(contents, ()))
        });
        changing.run_async(self.store(), &System).await?;
        Ok(())
    }

    /// Ends a session.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn end(&self, secret: &str) -> Result<(), Error> {
        let change = self.document(secret).changing(|current, _| {
            Ok::<_, Error>(match current {
                Some(_) => Next::Remove(()),
                None => Next::Keep(()),
            })
        });
        change.run_async(self.store(), &System).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use mpass_core::store::{Kind, MemoryStore, Store};

    use super::*;

    const MINUTE: u64 = 60_000;
    const HOUR: u64 = 60 * MINUTE;

    /// The document of a session has ended without use, and after its longest life
    /// however much it is used.
    #[test]
    fn sessions_end() {
        let now_ms = clock::now_ms();
        let keyring = Keyring::generate(&[7; 32]);
        let is_there = |began_ago: u64, seen_ago: u64, ahead: u64| {
            let session = Session {
                name: "anna".into(),
                began_at_ms: now_ms - began_ago,
                from: [192, 0, 2, 1].into(),
                proved_at_ms: now_ms,
                account: "a".into(),
                generation: 1,
                seen_at_ms: now_ms - seen_ago,
            };
            let document = HostDocument::new(&keyring, Family::Session, [b"s"]);
            let store = MemoryStore::new(10);
            let change = document.changing(|_, _| {
                let contents = session.write().ok_or(Error::RecordFormat)?;
                Ok::<_, Error>(Next::Write(contents, ()))
            });
            change.run(&store, &System).unwrap();
            let value = store.load(Kind::Document, &document.store_key()).unwrap();
            let opened = document.open(value.as_deref(), now_ms + ahead).unwrap();
            opened.is_some()
        };
        assert!(is_there(0, 0, 29 * MINUTE));
        assert!(!is_there(0, 0, 31 * MINUTE));
        assert!(is_there(11 * HOUR, 0, 29 * MINUTE));
        assert!(is_there(11 * HOUR + 50 * MINUTE, 0, 9 * MINUTE));
        assert!(!is_there(11 * HOUR + 50 * MINUTE, 0, 11 * MINUTE));
    }
}
