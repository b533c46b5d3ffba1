//! The credential of a tenant and its predecessor: comparing and replacing them.

use subtle::ConstantTimeEq;

use super::credential::TenantKey;
use super::rotation::{KeyVersion, Overlap, Predecessor, Validity};
use super::settings::TenantSettings;
use super::stored::Tenant;
use crate::Error;
use crate::challenge::Keyring;

impl<S: TenantSettings> Tenant<S> {
    /// The time from which the credential that was replaced last does not work
    /// any more, in milliseconds of Unix time; `None` if there is none. It may be
    /// in the past.
    #[must_use]
    pub fn predecessor_until_ms(&self) -> Option<u64> {
        self.predecessor
            .map(|predecessor| predecessor.validity.until_ms)
    }

    /// Whether `key` is the tenant's credential, or its predecessor within the
    /// overlap: see [`Self::authenticate`].
    #[must_use]
    pub fn has_key(&self, keyring: &Keyring, key: &TenantKey, now_ms: u64) -> bool {
        self.authenticate(keyring, key, now_ms).is_some()
    }

    /// The version of the tenant's credential that `key` is: the current one, or
    /// its predecessor within the overlap. Compared in constant time. `now_ms`
    /// is the current time in milliseconds of Unix time.
    #[must_use]
    pub fn authenticate(
        &self,
        keyring: &Keyring,
        key: &TenantKey,
        now_ms: u64,
    ) -> Option<KeyVersion> {
        let hash = key.hash(keyring);
        // Without a predecessor, the comparison is made with the current hash.
        let previous = self.predecessor.map_or(self.key_hash, |one| one.key_hash);
        let is_current = bool::from(self.key_hash.ct_eq(&hash));
        let is_previous = bool::from(previous.ct_eq(&hash));
        match (is_current, is_previous, self.predecessor) {
            (true, _, _) => self.valid_version(self.key_version, now_ms),
            (false, true, Some(previous)) => self.valid_version(previous.key_version, now_ms),
            _ => None,
        }
    }

    /// Whether a version of the credential is valid at a time: the current one,
    /// or its predecessor within the overlap. `now_ms` is the current time in
    /// milliseconds of Unix time.
    #[must_use]
    pub fn valid_version(&self, number: u32, now_ms: u64) -> Option<KeyVersion> {
        if number == self.key_version {
            let until_ms = None;
            return Some(KeyVersion { number, until_ms });
        }
        let predecessor = self.predecessor?;
        let is_valid = predecessor.key_version == number && predecessor.validity.contains(now_ms);
        is_valid.then_some(KeyVersion {
            number,
            until_ms: Some(predecessor.validity.until_ms),
        })
    }

    /// The version of the predecessor, if it is valid at a time.
    pub(super) fn valid_predecessor(&self, now_ms: u64) -> Option<KeyVersion> {
        self.valid_version(self.predecessor?.key_version, now_ms)
    }

    /// Whether the tenant's value contains the hash of a key, as its credential
    /// or as the predecessor, valid or not.
    pub(super) fn contains_key(&self, keyring: &Keyring, key: &TenantKey) -> bool {
        let hash = key.hash(keyring);
        self.key_hash == hash || self.predecessor.is_some_and(|one| one.key_hash == hash)
    }

    /// Whether a text is the tenant's credential or its predecessor within the
    /// overlap, in the form that its requests contain. `now_ms` is the current
    /// time in milliseconds of Unix time.
    ///
    /// # Errors
    /// [`Error::InvalidCredential`] for a text that is not a credential.
    pub fn has_credential(
        &self,
        keyring: &Keyring,
        text: &str,
        now_ms: u64,
    ) -> Result<bool, Error> {
        let key = Self::parse_key(keyring, self.settings.name(), text)?;
        Ok(self.has_key(keyring, &key, now_ms))
    }

    /// Parses the credential of the tenant with a name, in the form that its
    /// requests contain: [`TenantKey::expose`] for a channel,
    /// [`TenantKey::expose_secret`] for a customer or client.
    ///
    /// # Errors
    /// [`Error::InvalidCredential`] for a text that is not a credential.
    pub fn parse_key(keyring: &Keyring, name: &str, text: &str) -> Result<TenantKey, Error> {
        match S::IS_NAMED_BY_CREDENTIAL {
            true => TenantKey::parse(text),
            false => TenantKey::parse_secret(Self::store_key(keyring, name), text),
        }
    }

    /// Replaces the credential. The old one becomes the only predecessor; a
    /// predecessor of it ends.
    pub(super) fn set_key(
        &mut self,
        keyring: &Keyring,
        key: &TenantKey,
        overlap: Overlap,
        now_ms: u64,
    ) {
        let validity = Validity::begin(overlap, now_ms);
        self.predecessor = validity.map(|validity| Predecessor {
            key_hash: self.key_hash,
            key_version: self.key_version,
            validity,
        });
        self.key_hash = key.hash(keyring);
        self.key_version = self.key_version.saturating_add(1);
        self.is_revoked = false;
    }

    /// Gives a new tenant this credential, and what it takes over from the
    /// stored one.
    pub(super) fn provision_over(
        &mut self,
        keyring: &Keyring,
        stored: Option<&Self>,
        key: &TenantKey,
    ) -> Result<(), Error> {
        if key.store_key != Self::store_key(keyring, self.settings.name()) {
            return Err(Error::InvalidCredential);
        }
        if let Some(stored) = stored {
            self.id = stored.id;
            self.created_at_ms = stored.created_at_ms;
            self.key_hash = stored.key_hash;
            self.key_version = stored.key_version;
            self.has_credits = stored.has_credits;
            if !stored.is_revoked && bool::from(stored.key_hash.ct_eq(&key.hash(keyring))) {
                return Ok(());
            }
        }
        self.set_key(keyring, key, Overlap::NONE, 0);
        Ok(())
    }
}
