//! The keys of a deployment, and what is derived from them.

mod framing;
mod text;

use core::fmt;

use zeroize::Zeroizing;

use crate::Error;
use crate::kernel::{Digest, Prepared};
use crate::oath::Algorithm;
use crate::store::StoreKey;

pub(super) use framing::framed_mac;
#[cfg(feature = "alloc")]
pub(super) use framing::framed_mac_of_all;

/// Record keys that a keyring holds at most.
const MOST_RECORD_KEYS: usize = 8;

/// The keys of a deployment: one locator key, which never changes, and record
/// keys with ids.
///
/// Store keys, aliases and the hashes of credentials come from the locator
/// key; the authentication of records and the derivation of codes from the
/// newest record key. A new record key is first given to every machine, then
/// made the newest; records are sealed anew as they are written. An old key
/// may go once nothing under it lives: challenges and limits are gone 31 days
/// after the newer key was made the newest, tenants and tokens do not expire
/// and have to be sealed anew first. Wiped on drop.
///
/// Its text form is one line each: `mpass-keyring 1`, `locator HEX`,
/// `record ID HEX`, and `newest ID`; keys are 32 bytes.
#[derive(Clone)]
pub struct Keyring {
    locator: LocatorKey,
    records: [Option<RecordKey>; MOST_RECORD_KEYS],
    newest: u16,
}

#[derive(Clone)]
struct LocatorKey {
    secret: Zeroizing<[u8; 32]>,
    places: Prepared,
    #[cfg(feature = "alloc")]
    credentials: Prepared,
}

#[derive(Clone)]
pub(super) struct RecordKey {
    pub(super) id: u16,
    secret: Zeroizing<[u8; 32]>,
    /// Authenticates records.
    seal: Prepared,
    /// Derives the secrets of codes.
    codes: Prepared,
    /// Seals the numbers in alias records.
    aliases: Prepared,
    /// Derives the keys of tokens.
    #[cfg(feature = "alloc")]
    tokens: Prepared,
}

/// A key for one purpose, derived from `secret`.
fn purpose(secret: &[u8; 32], label: &[u8]) -> Prepared {
    let derived = Prepared::new(Algorithm::Sha256, secret).mac(&[label]);
    Prepared::new(Algorithm::Sha256, derived.as_bytes())
}

impl LocatorKey {
    fn new(secret: Zeroizing<[u8; 32]>) -> Self {
        Self {
            places: purpose(&secret, b"mpass store keys v1"),
            #[cfg(feature = "alloc")]
            credentials: purpose(&secret, b"mpass credentials v1"),
            secret,
        }
    }
}

impl RecordKey {
    fn new(id: u16, secret: Zeroizing<[u8; 32]>) -> Self {
        Self {
            id,
            seal: purpose(&secret, b"mpass record seal v1"),
            codes: purpose(&secret, b"mpass codes v1"),
            aliases: purpose(&secret, b"mpass aliases v1"),
            #[cfg(feature = "alloc")]
            tokens: purpose(&secret, b"mpass tokens v1"),
            secret,
        }
    }

    /// The authenticator of a record at a place.
    pub(super) fn seal_tag(&self, store_key: &StoreKey, body: &[u8]) -> Digest {
        framed_mac(&self.seal, b"record", [&store_key.0, body])
    }

    /// What the number of an alias is combined with; `salt` never repeats.
    pub(super) fn alias_seal(&self, store_key: &StoreKey, salt: &[u8; 16]) -> [u8; 8] {
        framed_mac(&self.aliases, b"alias", [&store_key.0, salt]).truncated()
    }

    /// The 32-byte secret of a challenge's code.
    pub(super) fn code_secret<const N: usize>(&self, binding: [&[u8]; N]) -> Digest {
        framed_mac(&self.codes, b"code", binding)
    }
}

impl Keyring {
    /// A new keyring with record key 1, from 32 bytes of the host's best
    /// entropy.
    #[must_use]
    pub fn generate(entropy: &[u8; 32]) -> Self {
        let source = Prepared::new(Algorithm::Sha256, entropy);
        let derive = |label: &[u8]| Zeroizing::new(source.mac(&[label]).first_32());
        let mut records = [const { None }; MOST_RECORD_KEYS];
        records[0] = Some(RecordKey::new(1, derive(b"mpass new record key")));
        Self {
            locator: LocatorKey::new(derive(b"mpass new locator key")),
            records,
            newest: 1,
        }
    }

    /// Adds a record key under the next free id, which is returned. It is not
    /// used for writing before [`Self::activate`].
    ///
    /// # Errors
    /// [`Error::KeyringFull`] beyond eight record keys.
    pub fn add(&mut self, entropy: &[u8; 32]) -> Result<u16, Error> {
        let id = self.ids().max().unwrap_or(0).checked_add(1);
        let id = id.ok_or(Error::KeyringFull)?;
        let secret = Prepared::new(Algorithm::Sha256, entropy).mac(&[b"mpass new record key"]);
        self.insert(RecordKey::new(id, Zeroizing::new(secret.first_32())))?;
        Ok(id)
    }

    fn insert(&mut self, key: RecordKey) -> Result<(), Error> {
        if self.record(key.id).is_ok() {
            return Err(Error::DuplicateRecordKey);
        }
        let free = self.records.iter_mut().find(|slot| slot.is_none());
        *free.ok_or(Error::KeyringFull)? = Some(key);
        Ok(())
    }

    /// Makes a record key the newest: the one that records are written with.
    ///
    /// # Errors
    /// [`Error::UnknownRecordKey`] for an id that the keyring does not hold.
    pub fn activate(&mut self, id: u16) -> Result<(), Error> {
        self.newest = self.record(id)?.id;
        Ok(())
    }

    /// Drops a record key that is not the newest. Records under it can no
    /// longer be read.
    ///
    /// # Errors
    /// [`Error::UnknownRecordKey`] for the newest id or one that is not held.
    pub fn remove(&mut self, id: u16) -> Result<(), Error> {
        let held = self
            .records
            .iter_mut()
            .find(|slot| slot.as_ref().is_some_and(|key| key.id == id));
        match held {
            Some(slot) if id != self.newest => {
                *slot = None;
                Ok(())
            }
            _ => Err(Error::UnknownRecordKey),
        }
    }

    /// The id of the record key that writes.
    #[must_use]
    pub fn newest(&self) -> u16 {
        self.newest
    }

    /// The ids of all record keys.
    pub fn ids(&self) -> impl Iterator<Item = u16> + '_ {
        self.records.iter().flatten().map(|key| key.id)
    }

    pub(super) fn record(&self, id: u16) -> Result<&RecordKey, Error> {
        self.records
            .iter()
            .flatten()
            .find(|key| key.id == id)
            .ok_or(Error::UnknownRecordKey)
    }

    pub(super) fn newest_record(&self) -> Result<&RecordKey, Error> {
        self.record(self.newest)
    }

    /// The place of what `parts` name, for one kind of thing (`label`).
    pub(crate) fn store_key<const N: usize>(&self, label: &[u8], parts: [&[u8]; N]) -> StoreKey {
        StoreKey(framed_mac(&self.locator.places, label, parts).truncated())
    }

    /// The 32-byte key of one kind of token under a record key.
    ///
    /// # Errors
    /// [`Error::UnknownRecordKey`] for an id that the keyring does not hold.
    #[cfg(feature = "alloc")]
    pub(crate) fn token_key(&self, id: u16, kind: &[u8]) -> Result<Zeroizing<[u8; 32]>, Error> {
        let tokens = &self.record(id)?.tokens;
        Ok(Zeroizing::new(framed_mac(tokens, kind, []).first_32()))
    }

    /// The keyed hash under which a credential is kept.
    #[cfg(feature = "alloc")]
    pub(crate) fn credential_hash<const N: usize>(
        &self,
        label: &[u8],
        parts: [&[u8]; N],
    ) -> [u8; 32] {
        framed_mac(&self.locator.credentials, label, parts).first_32()
    }
}

/// Shows the ids only.
impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keyring")
            .field("newest", &self.newest)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_framed() {
        let keyring = Keyring::generate(&[7; 32]);
        assert_ne!(
            keyring.store_key(b"x", [b"a", b"bc"]),
            keyring.store_key(b"x", [b"ab", b"c"])
        );
        assert_ne!(
            keyring.store_key(b"x", [b"a", b"bc"]),
            keyring.store_key(b"y", [b"a", b"bc"])
        );
    }

    #[test]
    fn only_the_newest_cannot_go() {
        let mut keyring = Keyring::generate(&[7; 32]);
        assert_eq!(keyring.remove(1), Err(Error::UnknownRecordKey));
        keyring.add(&[8; 32]).unwrap();
        keyring.activate(2).unwrap();
        assert_eq!(keyring.remove(1), Ok(()));
        assert_eq!(keyring.activate(1), Err(Error::UnknownRecordKey));
        for _ in 0..7 {
            keyring.add(&[9; 32]).unwrap();
        }
        assert_eq!(keyring.add(&[9; 32]), Err(Error::KeyringFull));
    }

    #[test]
    fn debug_shows_no_key() {
        let keyring = Keyring::generate(&[7; 32]);
        let shown = std::format!("{keyring:?}");
        assert_eq!(shown, "Keyring { newest: 1, .. }");
    }
}
