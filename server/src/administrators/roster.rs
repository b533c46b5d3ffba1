//! The roster of those who can make administrators: one of them always stays.
//!
//! Who has the role is in the accounts, and a store swaps one document at a time. Two
//! administrators who take each other's role away at the same time change two accounts,
//! so that a look at the accounts beforehand would let both pass. The roster is the one
//! document at which they meet:
//!
//! - An account has an epoch, which changes with its role. The roster has an entry for
//!   an account at an epoch: it *stays*, or it is *leaving*.
//! - Before an account loses the role, its entry becomes leaving, by a swap which
//!   demands that another entry stays whose account has the role at that very epoch.
//!   The account is then changed only if it still has the epoch.
//! - An entry that is leaving never stays again at its epoch.
//!
//! Thus there is always an account with the role that is not leaving: it could only lose
//! the role after a swap that has seen another one. A process that ends between both
//! swaps leaves an account that has the role and counts as leaving; after a minute it is
//! taken back with a new epoch when it is needed.

use std::collections::BTreeMap;

use mpass_core::Error;
use mpass_core::challenge::Keyring;
use mpass_core::documents::{Contents, Family, HostDocument, Next};
use mpass_core::store::Stamp;
use serde::{Deserialize, Serialize};

use super::account::Account;
use super::directory::Administrators;
use super::problem::Problem;
use crate::clock;
use crate::entropy::System;

/// The most entries. Others with the role are not counted as staying.
const MOST: usize = 64;
/// How often a swap is tried again after another writer's.
const ROUNDS: usize = 64;
/// After which time a change that was begun has been given up.
const GIVEN_UP_MS: u64 = 60_000;

/// The entries by the ids of accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Roster {
    entries: BTreeMap<String, Entry>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    name: String,
    epoch: u64,
    /// Since when it is leaving, in milliseconds of Unix time; `None` if it stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    leaving_since_ms: Option<u64>,
}

impl Roster {
    /// No name of an administrator has two parts.
    fn document(keyring: &Keyring) -> HostDocument<&Keyring> {
        HostDocument::new(keyring, Family::Administrator, [&b"roster"[..], b""])
    }

    fn read(contents: &Contents) -> Result<Self, Error> {
        serde_json::from_slice(contents.bytes()).map_err(|_| Error::RecordFormat)
    }

    fn entry_at(&self, account: &Account) -> Option<&Entry> {
        let entry = self.entries.get(&account.id);
        entry.filter(|entry| entry.epoch >= account.epoch)
    }
}

impl Administrators<'_> {
    /// Counts an account with the role among those that stay.
    pub(super) async fn join(&self, account: &Account) -> Result<(), Error> {
        for _ in 0..ROUNDS {
            let (mut roster, stamp) = self.roster().await?;
            if !account.makes_others() || roster.entry_at(account).is_some() {
                return Ok(());
            }
            self.prune(&mut roster).await?;
            if roster.entries.len() >= MOST {
                return Ok(());
            }
            roster.entries.insert(
                account.id.clone(),
                Entry {
                    name: account.name.clone(),
                    epoch: account.epoch,
                    leaving_since_ms: None,
                },
            );
            if self.swap_roster(&roster, stamp).await? {
                return Ok(());
            }
        }
        Err(Error::StoreFailed)
    }

    /// Marks an account as leaving, which has the role and is about to lose it.
    ///
    /// # Errors
    /// [`Problem::LastOne`] if no other one stays.
    pub(super) async fn leave(&self, account: &Account) -> Result<(), Problem> {
        for _ in 0..ROUNDS {
            let (mut roster, stamp) = self.roster().await?;
            if !self.prune(&mut roster).await?.stays_without(account) {
                if self.take_back(account, &roster).await? {
                    continue;
                }
                return Err(Problem::LastOne);
            }
            let entry = Entry {
                name: account.name.clone(),
                epoch: account.epoch,
                leaving_since_ms: Some(clock::now_ms()),
            };
            // One of a later epoch says that the account was changed meanwhile.
            let present = roster.entries.get(&account.id);
            if present.is_none_or(|present| present.epoch <= account.epoch) {
                roster.entries.insert(account.id.clone(), entry);
            }
            if self.swap_roster(&roster, stamp).await? {
                return Ok(());
            }
        }
        Err(Error::StoreFailed.into())
    }

    /// Takes an account that was marked as leaving, and has kept the role, back among
    /// those that stay.
    pub(super) async fn stay(&self, account: &Account) -> Result<(), Problem> {
        let renewed = self.replace(account, None, |account| account.epoch += 1);
        match renewed.await? {
            Some(account) => Ok(self.join(&account).await?),
            None => Ok(()),
        }
    }

    /// Looks for accounts with the role that are not counted: those of a store without
    /// a roster, and those of changes that were given up. Returns whether there are any.
    async fn take_back(&self, leaving: &Account, roster: &Roster) -> Result<bool, Problem> {
        let mut is_found = false;
        let others = self.list()?.into_iter().filter(|it| it.id != leaving.id);
        for account in others.filter(Account::makes_others) {
            match roster.entry_at(&account).map(|it| it.leaving_since_ms) {
                None => self.join(&account).await?,
                Some(Some(since)) if clock::now_ms().saturating_sub(since) >= GIVEN_UP_MS => {
                    self.stay(&account).await?;
                }
                Some(_) => continue,
            }
            is_found = true;
        }
        Ok(is_found)
    }

    #[cfg(test)]
    pub(super) async fn forget_roster(&self) {
        let document = Roster::document(self.keyring);
        let change = document.changing(|_, _| Ok::<_, Error>(Next::Remove(())));
        change.run_async(self.store, &System).await.unwrap();
    }

    async fn roster(&self) -> Result<(Roster, Option<Stamp>), Error> {
        let reading = Roster::document(self.keyring).reading();
        let read = reading.run_async(self.store, &System).await?;
        let stamp = read.as_ref().and_then(Contents::stamp);
        let roster = read.as_ref().map(Roster::read).transpose()?;
        Ok((roster.unwrap_or_default(), stamp))
    }

    /// Replaces the roster if it still has the stamp; returns whether it had.
    async fn swap_roster(&self, roster: &Roster, stamp: Option<Stamp>) -> Result<bool, Error> {
        let document = Roster::document(self.keyring);
        let change = document.changing(|current, _| {
            if current.and_then(Contents::stamp) != stamp {
                return Ok(Next::Keep(false));
            }
            let bytes = serde_json::to_vec(roster).map_err(|_| Error::RecordFormat)?;
            Ok::<_, Error>(Next::Write(Contents::new(bytes), true))
        });
        Ok(change.run_async(self.store, &System).await?.outcome)
    }

    /// Removes the entries of accounts that are gone or have a later epoch, which never
    /// count again; returns the ids of those whose accounts have the role and stay.
    async fn prune(&self, roster: &mut Roster) -> Result<Staying, Error> {
        let mut staying = Vec::new();
        let mut gone = Vec::new();
        for (id, entry) in &roster.entries {
            let account = match self.read(&entry.name).await {
                Ok(account) => account.filter(|it| it.id == *id && it.epoch <= entry.epoch),
                Err(Error::RecordForged | Error::RecordFormat | Error::UnknownRecordKey) => {
                    continue;
                }
                Err(error) => return Err(error),
            };
            match account {
                None => gone.push(id.clone()),
                Some(account) => {
                    let is_at = account.epoch == entry.epoch && account.makes_others();
                    if is_at && entry.leaving_since_ms.is_none() {
                        staying.push(id.clone());
                    }
                }
            }
        }
        for id in gone {
            roster.entries.remove(&id);
        }
        Ok(Staying(staying))
    }
}

/// The ids of the accounts that stay.
struct Staying(Vec<String>);

impl Staying {
    fn stays_without(&self, account: &Account) -> bool {
        self.0.iter().any(|id| *id != account.id)
    }
}
