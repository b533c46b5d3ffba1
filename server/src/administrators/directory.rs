//! The administrators of a store.

use mpass_core::Error;
use mpass_core::challenge::Keyring;
use mpass_core::documents::{Family, HostDocument, Next};
use mpass_core::oath::uri::{KeyUri, Kind};
use mpass_core::oath::{Algorithm, Secret, exposed};
use zeroize::Zeroizing;

use super::account::{Account, Enrolment};
use super::password::{Busy, Hasher, LONGEST, SHORTEST, StoredPassword};
use super::recovery;
use super::role::Role;
use super::secret;
use crate::clock;
use crate::entropy::{self, System};
use crate::store::{AnyStore, documents};

/// The issuer in key URIs.
const ISSUER: &str = "mPass";
/// The longest name, in bytes.
const LONGEST_NAME: usize = 64;

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

/// Why an operation on administrators failed.
#[derive(Debug)]
#[non_exhaustive]
pub enum Problem {
    /// The name is not one.
    InvalidName,
    /// The password is shorter than 12 characters, longer than 256 bytes, or the name.
    WeakPassword,
    /// There is one of this name.
    Exists,
    /// There is none of this name.
    Missing,
    /// It is the only one that is left with the role of an administrator.
    LastOne,
    /// Too many passwords are computed at a time.
    Busy,
    /// The store failed.
    Store(Error),
    /// The system's random source failed.
    Entropy,
}

impl core::fmt::Display for Problem {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::InvalidName => {
                "the name of an administrator has 1 to 64 ASCII letters, digits or . - _ @"
            }
            Self::WeakPassword => {
                "a password has at least 12 characters and at most 256 bytes, and is not the name"
            }
            Self::Exists => "there is an administrator of this name already",
            Self::Missing => "administrator not found",
            Self::LastOne => "it is the last administrator that can make others: create one first",
            Self::Busy => "too many logins at a time: try again in a moment",
            Self::Store(error) => return error.fmt(f),
            Self::Entropy => "the system's random source failed",
        })
    }
}

impl core::error::Error for Problem {}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self::Store(error)
    }
}

impl From<Busy> for Problem {
    fn from(_: Busy) -> Self {
        Self::Busy
    }
}

impl From<anyhow::Error> for Problem {
    fn from(_: anyhow::Error) -> Self {
        Self::Entropy
    }
}

/// The secrets of a new enrolment.
struct Secrets {
    totp: Zeroizing<String>,
    recovery: Vec<String>,
    enrolment: Enrolment,
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
        check_password(text, &name)?;
        let id = base16ct::lower::encode_string(&entropy::fresh()?[..16]);
        let password = self.stored(text).await?;
        let mut secrets = self.secrets(&name, &id)?;
        secrets.enrolment.password = made;
        let account = Account {
            id,
            name: name.clone(),
            role,
            is_disabled: false,
            created_at_ms: clock::now_ms(),
            generation: 1,
            password,
            totp: secrets.totp,
            recovery: secrets.recovery,
            stamp: None,
        };
        let change = Account::document(self.keyring, &name).changing(|current, _| match current {
            Some(_) => Err(Problem::Exists),
            None => {
                let contents = account.write().map_err(|_| Error::RecordFormat)?;
                Ok(Next::Write(contents, ()))
            }
        });
        change.run_async(self.store, &System).await?;
        Ok(secrets.enrolment)
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
        for (key, value) in documents(self.store)? {
            if Family::of(&value) == Some(Family::Administrator) {
                let document = HostDocument::listed(self.keyring, Family::Administrator, key);
                let opened = document.open(Some(&value), now_ms);
                found.extend(opened.ok().flatten().as_ref().and_then(Account::read));
            }
        }
        found.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(found)
    }

    /// Changes the role, or whether the administrator may log in.
    ///
    /// # Errors
    /// [`Problem`]; [`Problem::LastOne`] if nobody could make administrators then.
    pub async fn update(
        &self,
        name: &str,
        role: Option<Role>,
        is_disabled: Option<bool>,
    ) -> Result<Account, Problem> {
        let lowers =
            role.is_some_and(|role| role < Role::Administrator) || is_disabled == Some(true);
        if lowers {
            self.check_not_last(name)?;
        }
        self.change(name, move |account| {
            account.role = role.unwrap_or(account.role);
            account.is_disabled = is_disabled.unwrap_or(account.is_disabled);
        })
        .await
    }

    /// Sets another password, and ends every session.
    ///
    /// # Errors
    /// [`Problem`].
    pub async fn set_password(&self, name: &str, password: &str) -> Result<Account, Problem> {
        check_password(password, name)?;
        let stored = self.stored(password).await?;
        self.change(name, move |account| account.password = stored.clone())
            .await
    }

    /// Stores the same password with the present parameters: sessions stay.
    pub(super) async fn renew_password(&self, name: &str, password: &str) -> Result<(), Problem> {
        let stored = self.stored(password).await?;
        let change = Account::document(self.keyring, name).changing(|current, _| {
            let mut account = current.and_then(Account::read).ok_or(Problem::Missing)?;
            account.password = stored.clone();
            let contents = account.write().map_err(|_| Error::RecordFormat)?;
            Ok::<_, Problem>(Next::Write(contents, ()))
        });
        change.run_async(self.store, &System).await?;
        Ok(())
    }

    async fn stored(&self, password: &str) -> Result<StoredPassword, Problem> {
        let random = entropy::fresh()?;
        let salt = random[..16].try_into().unwrap_or_default();
        Ok(self.hasher.store(self.keyring, password, salt).await?)
    }

    /// Replaces the second factor and the recovery codes, and ends every session.
    ///
    /// # Errors
    /// [`Problem`].
    pub async fn enrol(&self, name: &str) -> Result<Enrolment, Problem> {
        let account = self.read(name).await?.ok_or(Problem::Missing)?;
        let Secrets {
            totp,
            recovery,
            enrolment,
        } = self.secrets(name, &account.id)?;
        self.change(name, move |account| {
            account.totp = totp.clone();
            account.recovery.clone_from(&recovery);
        })
        .await?;
        Ok(enrolment)
    }

    /// Removes an administrator. The API tokens that it made end with it.
    ///
    /// # Errors
    /// [`Problem`]; [`Problem::LastOne`] as in [`Self::update`].
    pub async fn remove(&self, name: &str) -> Result<(), Problem> {
        self.check_not_last(name)?;
        let change = Account::document(self.keyring, name).changing(|current, _| match current {
            Some(_) => Ok(Next::Remove(())),
            None => Err(Problem::Missing),
        });
        change.run_async(self.store, &System).await?;
        Ok(())
    }

    /// Changes the document of an administrator, and ends its sessions.
    async fn change(
        &self,
        name: &str,
        change: impl Fn(&mut Account) + Send + Sync,
    ) -> Result<Account, Problem> {
        let changing = Account::document(self.keyring, name).changing(|current, _| {
            let mut account = current.and_then(Account::read).ok_or(Problem::Missing)?;
            change(&mut account);
            account.generation += 1;
            let contents = account.write().map_err(|_| Error::RecordFormat)?;
            Ok::<_, Problem>(Next::Write(contents, account))
        });
        Ok(changing.run_async(self.store, &System).await?.outcome)
    }

    fn check_not_last(&self, name: &str) -> Result<(), Problem> {
        let all = self.list()?;
        let makes = |it: &&Account| it.role == Role::Administrator && !it.is_disabled;
        let others = all.iter().filter(makes).filter(|it| it.name != name);
        let is_one = all.iter().filter(makes).any(|it| it.name == name);
        match is_one && others.count() == 0 {
            true => Err(Problem::LastOne),
            false => Ok(()),
        }
    }

    fn secrets(&self, name: &str, id: &str) -> Result<Secrets, Problem> {
        let halves = [entropy::fresh()?, entropy::fresh()?];
        let mut random = Zeroizing::new([0; 64]);
        for (slot, byte) in random
            .iter_mut()
            .zip(halves.iter().flat_map(|half| half.iter()))
        {
            *slot = *byte;
        }
        let secret = Secret::generate(Algorithm::Sha1, &random);
        let totp = exposed(secret.expose_hex());
        let uri = KeyUri::new(Kind::Totp { period: 30 }, name, secret)?.with_issuer(ISSUER)?;
        let (recovery_codes, recovery) = recovery::generate(self.keyring, id)?;
        Ok(Secrets {
            totp,
            recovery,
            enrolment: Enrolment {
                name: name.to_owned(),
                password: None,
                uri: exposed(uri.expose()),
                recovery_codes,
            },
        })
    }
}

/// Whether a text is the name of an administrator: it is shown in logs and in the
/// audit log.
pub(super) fn is_name(text: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b".-_@".contains(&byte);
    (1..=LONGEST_NAME).contains(&text.len()) && text.bytes().all(is_letter)
}

fn check_password(password: &str, name: &str) -> Result<(), Problem> {
    let is_long = password.chars().count() >= SHORTEST && password.len() <= LONGEST;
    match is_long && !password.eq_ignore_ascii_case(name) {
        true => Ok(()),
        false => Err(Problem::WeakPassword),
    }
}
