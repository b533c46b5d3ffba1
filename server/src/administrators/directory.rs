//! The administrators of a store.

use mpass_core::Error;
use mpass_core::challenge::Keyring;
use mpass_core::documents::{Family, HostDocument, Next};
use mpass_core::store::Stamp;
use zeroize::Zeroizing;

use super::account::{Account, Enrolment};
use super::password::Hasher;
use super::problem::Problem;
use super::role::Role;
use super::second_factor::Secrets;
use super::secret;
use crate::clock;
use crate::entropy::{self, System};
use crate::store::AnyStore;

/// The longest name, in bytes.
const LONGEST_NAME: usize = 64;
/// How often a change is tried again after another writer's.
const ROUNDS: usize = 16;

/// The administrators of a store.
#[derive(Clone, Copy, Debug)]
pub struct Administrators<'a> {
    pub(super) store: &'a AnyStore,
    pub(super) keyring: &'a Keyring,
    pub(super) hasher: &'a Hasher,
}

/// An administrator to create.
#[derive(Debug)]
pub struct NewAdministrator {
    /// The name: 1 to 64 letters, digits, dots, dashes, underscores and at signs.
    pub name: String,
    /// The role.
    pub role: Role,
    /// The password; the server makes one if it is absent.
    pub password: Option<Zeroizing<String>>,
}

impl<'a> Administrators<'a> {
    /// The administrators of a store with this keyring.
    #[must_use]
    pub fn new(store: &'a AnyStore, keyring: &'a Keyring, hasher: &'a Hasher) -> Self {
        Self {
            store,
            keyring,
            hasher,
        }
    }

    /// Creates an administrator.
    ///
    /// # Errors
    /// [`Problem`].
    pub async fn create(&self, new: NewAdministrator) -> Result<Enrolment, Problem> {
        let NewAdministrator {
            name,
            role,
            password,
        } = new;
        if !is_name(&name) {
            return Err(Problem::InvalidName);
        }
        let made = match &password {
            Some(_) => None,
            None => Some(secret::generate("")?),
        };
        let text = password
            .as_ref()
            .or(made.as_ref())
            .ok_or(Problem::Entropy)?;
        let id = base16ct::lower::encode_string(&entropy::fresh()?[..16]);
        let password = self.stored(text, &name).await?;
        let Secrets {
            totp,
            uri,
            recovery,
            recovery_codes,
        } = Secrets::new(self.keyring, &name, &id)?;
        let account = Account {
            id,
            name: name.clone(),
            role,
            is_disabled: false,
            created_at_ms: clock::now_ms(),
            generation: 1,
            epoch: 1,
            identity: None,
            password,
            totp,
            recovery,
            pending: None,
            stamp: None,
        };
        let change = Account::document(self.keyring, &name).changing(|current, _| match current {
            Some(_) => Err(Problem::Exists),
            None => {
                let contents = account.write().map_err(|_| Error::RecordFormat)?;
                Ok(Next::Write(contents, ()))
            }
        });
        let stamp = change.run_async(self.store, &System).await?.stamp;
        let account = Account { stamp, ..account };
        self.join(&account).await?;
        Ok(Enrolment {
            account,
            password: made,
            uri: Some(uri),
            recovery_codes,
        })
    }

    /// Reads an administrator.
    ///
    /// # Errors
    /// When the store fails or the document is damaged.
    pub async fn read(&self, name: &str) -> Result<Option<Account>, Error> {
        let reading = Account::document(self.keyring, name).reading();
        let read = reading.run_async(self.store, &System).await?;
        let account = read.map(|contents| Account::read(&contents).ok_or(Error::RecordFormat));
        account.transpose()
    }

    /// Every administrator, by name.
    ///
    /// # Errors
    /// When the store fails. Damaged documents are left out.
    pub fn list(&self) -> Result<Vec<Account>, Error> {
        let (mut found, now_ms) = (Vec::new(), clock::now_ms());
        for (key, value) in self.store.documents_of(Family::Administrator)? {
            let document = HostDocument::listed(self.keyring, Family::Administrator, key);
            let opened = document.open(Some(&value), now_ms);
            found.extend(opened.ok().flatten().as_ref().and_then(Account::read));
        }
        found.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(found)
    }

    /// Changes the role, or whether the administrator may log in, and ends its sessions.
    ///
    /// # Errors
    /// [`Problem`]; [`Problem::LastOne`] if nobody could make administrators then, and
    /// [`Error::Changed`] if it has another stamp than an expected one.
    pub async fn update(
        &self,
        name: &str,
        role: Option<Role>,
        is_disabled: Option<bool>,
        stamp: Option<Stamp>,
    ) -> Result<Account, Problem> {
        for _ in 0..ROUNDS {
            let present = self.present(name, stamp).await?;
            let role = role.unwrap_or(present.role);
            let is_disabled = is_disabled.unwrap_or(present.is_disabled);
            let change = |account: &mut Account| {
                account.role = role;
                account.is_disabled = is_disabled;
                account.generation += 1;
                account.epoch += 1;
            };
            let stays = role == Role::Administrator && !is_disabled;
            if present.makes_others() && !stays {
                self.leave(&present).await?;
            }
            match self.replace(&present, stamp, change).await {
                Ok(Some(account)) => {
                    self.join(&account).await?;
                    return Ok(account);
                }
                // Another change came first.
                Ok(None) => {}
                Err(problem) => return Err(self.given_up(&present, problem).await),
            }
        }
        Err(Error::StoreFailed.into())
    }

    /// Removes an administrator, and returns what it was. The API tokens that it made end with it.
    ///
    /// # Errors
    /// As [`Self::update`].
    pub async fn remove(&self, name: &str, stamp: Option<Stamp>) -> Result<Account, Problem> {
        for _ in 0..ROUNDS {
            let present = self.present(name, stamp).await?;
            if present.makes_others() {
                self.leave(&present).await?;
            }
            let change = Account::document(self.keyring, name).changing(|current, _| {
                let current = current.ok_or(Problem::Missing)?;
                current.expect(stamp)?;
                Ok(match Account::read(current) {
                    Some(account) if !account.is_as(&present) => Next::Keep(false),
                    _ => Next::Remove(true),
                })
            });
            match change.run_async(self.store, &System).await {
                Ok(changed) if changed.outcome => return Ok(present),
                Ok(_) => {}
                Err(problem) => return Err(self.given_up(&present, problem).await),
            }
        }
        Err(Error::StoreFailed.into())
    }

    /// After an account was marked as leaving and could not be changed.
    async fn given_up(&self, account: &Account, problem: Problem) -> Problem {
        if account.makes_others() {
            // If this fails, it is done when it matters.
            let _ = self.stay(account).await;
        }
        problem
    }

    /// The account of a name, which must have a stamp where one is expected.
    pub(super) async fn present(
        &self,
        name: &str,
        stamp: Option<Stamp>,
    ) -> Result<Account, Problem> {
        let account = self.read(name).await?.ok_or(Problem::Missing)?;
        match stamp.is_none() || stamp == account.stamp {
            true => Ok(account),
            false => Err(Error::Changed.into()),
        }
    }

    /// Changes an account if its role is that of `present`; `None` if it is another
    /// account or its role has changed.
    pub(super) async fn replace(
        &self,
        present: &Account,
        stamp: Option<Stamp>,
        change: impl Fn(&mut Account) + Send + Sync,
    ) -> Result<Option<Account>, Problem> {
        let document = Account::document(self.keyring, &present.name);
        let changing = document.changing(|current, _| {
            let current = current.ok_or(Problem::Missing)?;
            current.expect(stamp)?;
            let mut account = Account::read(current).ok_or(Error::RecordFormat)?;
            if !account.is_as(present) {
                return Ok(Next::Keep(None));
            }
            change(&mut account);
            let contents = account.write().map_err(|_| Error::RecordFormat)?;
            Ok::<_, Problem>(Next::Write(contents, Some(account)))
        });
        let changed = changing.run_async(self.store, &System).await?;
        let with_stamp = |account| Account {
            stamp: changed.stamp,
            ..account
        };
        Ok(changed.outcome.map(with_stamp))
    }
}

/// Whether a text is the name of an administrator: it is shown in logs and in the
/// audit log.
pub(crate) fn is_name(text: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b".-_@".contains(&byte);
    (1..=LONGEST_NAME).contains(&text.len()) && text.bytes().all(is_letter)
}
