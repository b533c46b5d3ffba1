//! The keys of a deployment and the keys derived from them.

#[cfg(feature = "alloc")]
mod fingerprint;
mod framing;
#[cfg(all(test, feature = "alloc"))]
mod label_tests;
mod text;

use core::fmt;

use zeroize::Zeroizing;

use crate::Error;
use crate::kernel::{Digest, Prepared};
use crate::labels::{self, Label};
use crate::oath::Algorithm;
use crate::store::StoreKey;

pub(super) use framing::framed_mac;
#[cfg(feature = "alloc")]
pub(super) use framing::framed_mac_of_all;

/// The maximum number of record keys in a keyring.
const MOST_RECORD_KEYS: usize = 8;

/// The keys of a deployment: one locator key, which never changes, and up to
/// eight record keys with ids.
///
/// Store keys and the hashes of credentials are derived from the locator key;
/// authentication of records, encryption of documents and codes from the newest
/// record key. To rotate,
/// distribute a new record key to every machine first, then make it the newest;
/// records are resealed as they are written. An old key may be removed once
/// nothing sealed with it is alive: challenges and limits have expired 31 days
/// after the newer key was made the newest; tenants and tokens do not expire
/// and must be resealed first. Wiped on drop.
///
/// Its text form has one line each for `mpass-keyring 2`, `locator HEX`,
/// `record ID HEX` (one per record key), `newest ID` and `check HEX`. Keys are
/// 32 bytes, the check is 8.
#[derive(Clone)]
pub struct Keyring {
    locator: LocatorKey,
    records: [Option<RecordKey>; MOST_RECORD_KEYS],
    newest: u16,
}

#[derive(Clone)]
struct LocatorKey {
    secret: Zeroizing<[u8; 32]>,
    store_keys: Prepared,
    #[cfg(feature = "alloc")]
    credentials: Prepared,
}

#[derive(Clone)]
pub(super) struct RecordKey {
    pub(super) id: u16,
    secret: Zeroizing<[u8; 32]>,
    /// Authenticates records.
    seal: Prepared,
    /// Derives the HOTP secrets of codes.
    codes: Prepared,
    /// Seals the subjects in alias records.
    aliases: Prepared,
    /// Derives the keys of tokens.
    #[cfg(feature = "alloc")]
    tokens: Prepared,
    /// Derives the keys of documents.
    #[cfg(feature = "alloc")]
    documents: Prepared,
}

/// The key for one purpose, derived from `secret`.
fn purpose<R>(secret: &[u8; 32], label: Label<R>) -> Prepared {
    let derived = Prepared::new(Algorithm::Sha256, secret).mac(&[label.bytes()]);
    Prepared::new(Algorithm::Sha256, derived.as_bytes())
}

impl LocatorKey {
    fn new(secret: Zeroizing<[u8; 32]>) -> Self {
        Self {
            store_keys: purpose(&secret, labels::STORE_KEYS),
            #[cfg(feature = "alloc")]
            credentials: purpose(&secret, labels::CREDENTIALS),
            secret,
        }
    }
}

impl RecordKey {
    fn new(id: u16, secret: Zeroizing<[u8; 32]>) -> Self {
        Self {
            id,
            seal: purpose(&secret, labels::SEAL),
            codes: purpose(&secret, labels::CODES),
            aliases: purpose(&secret, labels::ALIASES),
            #[cfg(feature = "alloc")]
            tokens: purpose(&secret, labels::TOKENS),
            #[cfg(feature = "alloc")]
            documents: purpose(&secret, labels::DOCUMENTS),
            secret,
        }
    }

    /// The authentication tag of a record under a store key.
    pub(super) fn seal_tag(&self, store_key: &StoreKey, body: &[u8]) -> Digest {
        framed_mac(&self.seal, labels::RECORD_TAG, [&store_key.0, body])
    }

    /// The mask that seals the number of an alias, applied by XOR. `salt` must
    /// never repeat.
    pub(super) fn alias_seal(&self, store_key: &StoreKey, salt: &[u8; 16]) -> [u8; 8] {
        framed_mac(&self.aliases, labels::ALIAS_MASK, [&store_key.0, salt]).truncated()
    }

    /// The key that encrypts the one document written under a store key with a
    /// stamp.
    #[cfg(feature = "alloc")]
    pub(super) fn document_key(
        &self,
        store_key: &StoreKey,
        stamp: &[u8; 8],
    ) -> Zeroizing<[u8; 32]> {
        let key = framed_mac(&self.documents, labels::DOCUMENT, [&store_key.0, stamp]);
        Zeroizing::new(key.first_32())
    }

    /// Applies the mask that seals the subject of an alias, by XOR; applied
    /// twice, it restores the bytes. `salt` must never repeat.
    pub(super) fn mask_subject<const N: usize>(
        &self,
        store_key: &StoreKey,
        salt: &[u8; 16],
        bytes: &mut [u8; N],
    ) {
        for (block, chunk) in (0_u8..).zip(bytes.chunks_mut(32)) {
            let label = labels::SUBJECT_MASK;
            let mask = framed_mac(&self.aliases, label, [&store_key.0, salt, &[block]]);
            for (byte, mask) in chunk.iter_mut().zip(mask.as_bytes()) {
                *byte ^= mask;
            }
        }
    }

    /// The 32-byte secret of a challenge's code, among codes of the kind
    /// `label`.
    pub(super) fn code_secret<const N: usize>(
        &self,
        label: Label<labels::Codes>,
        parts: [&[u8]; N],
    ) -> Digest {
        framed_mac(&self.codes, label, parts)
    }
}

impl Keyring {
    /// Generates a keyring with record key 1, from 32 bytes of the host's
    /// cryptographic random source.
    #[must_use]
    pub fn generate(entropy: &[u8; 32]) -> Self {
        let source = Prepared::new(Algorithm::Sha256, entropy);
        let derive =
            |label: Label<labels::Entropy>| Zeroizing::new(source.mac(&[label.bytes()]).first_32());
        let mut records = [const { None }; MOST_RECORD_KEYS];
        records[0] = Some(RecordKey::new(1, derive(labels::NEW_RECORD_KEY)));
        Self {
            locator: LocatorKey::new(derive(labels::NEW_LOCATOR_KEY)),
            records,
            newest: 1,
        }
    }

    /// Adds a record key under the next free id and returns that id. The key is
    /// not used for writing before [`Self::activate`].
    ///
    /// # Errors
    /// [`Error::KeyringFull`] beyond eight record keys.
    pub fn add(&mut self, entropy: &[u8; 32]) -> Result<u16, Error> {
        let id = self.ids().max().unwrap_or(0).checked_add(1);
        let id = id.ok_or(Error::KeyringFull)?;
        let source = Prepared::new(Algorithm::Sha256, entropy);
        let secret = source.mac(&[labels::NEW_RECORD_KEY.bytes()]);
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

    /// Makes a record key the newest one, with which records are written.
    ///
    /// # Errors
    /// [`Error::UnknownRecordKey`] if the keyring has no such id.
    pub fn activate(&mut self, id: u16) -> Result<(), Error> {
        self.newest = self.record(id)?.id;
        Ok(())
    }

    /// Removes a record key that is not the newest. Records sealed with it can
    /// no longer be read.
    ///
    /// # Errors
    /// [`Error::ActiveRecordKey`] for the newest id, [`Error::UnknownRecordKey`] if
    /// the keyring has no such id.
    pub fn remove(&mut self, id: u16) -> Result<(), Error> {
        if id == self.newest {
            return Err(Error::ActiveRecordKey);
        }
        let mut slots = self.records.iter_mut();
        let held = slots.find(|slot| slot.as_ref().is_some_and(|key| key.id == id));
        *held.ok_or(Error::UnknownRecordKey)? = None;
        Ok(())
    }

    /// The id of the newest record key, with which records are written.
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

    /// The tag of a store's header.
    #[cfg(feature = "alloc")]
    pub(super) fn header_tag(&self, body: &[u8]) -> [u8; 16] {
        let key = purpose(&self.locator.secret, labels::HEADER);
        framed_mac(&key, labels::HEADER_TAG, [body]).truncated()
    }

    /// The store key of the object identified by `parts`, among objects of the
    /// kind `label`.
    pub(crate) fn store_key<const N: usize>(
        &self,
        label: Label<labels::StoreKeys>,
        parts: [&[u8]; N],
    ) -> StoreKey {
        StoreKey(framed_mac(&self.locator.store_keys, label, parts).truncated())
    }

    /// The 32-byte key for one kind of token under a record key or, with parts,
    /// for one token of that kind.
    ///
    /// # Errors
    /// [`Error::UnknownRecordKey`] if the keyring has no such id.
    #[cfg(feature = "alloc")]
    pub(crate) fn token_key<const N: usize>(
        &self,
        id: u16,
        kind: Label<labels::Tokens>,
        parts: [&[u8]; N],
    ) -> Result<Zeroizing<[u8; 32]>, Error> {
        let tokens = &self.record(id)?.tokens;
        Ok(Zeroizing::new(framed_mac(tokens, kind, parts).first_32()))
    }

    /// A 32-byte candidate for a signing key under a record key. The number of
    /// the attempt is the last byte of the label.
    ///
    /// # Errors
    /// [`Error::UnknownRecordKey`] if the keyring has no such id.
    #[cfg(feature = "login")]
    pub(crate) fn signing_key(
        &self,
        id: u16,
        label: Label<labels::Tokens>,
        attempt: u8,
    ) -> Result<Zeroizing<[u8; 32]>, Error> {
        let tokens = &self.record(id)?.tokens;
        let label = [label.bytes(), &[attempt]].concat();
        Ok(Zeroizing::new(
            framed_mac_of_all(tokens, &label, &[]).first_32(),
        ))
    }

    /// The keyed hash by which a credential is stored.
    #[cfg(feature = "alloc")]
    pub(crate) fn credential_hash<const N: usize>(
        &self,
        label: Label<labels::Credentials>,
        parts: [&[u8]; N],
    ) -> [u8; 32] {
        framed_mac(&self.locator.credentials, label, parts).first_32()
    }
}

/// Shows only the id of the newest record key.
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

    const X: Label<labels::StoreKeys> = Label::of_test("x");
    const Y: Label<labels::StoreKeys> = Label::of_test("y");

    #[test]
    fn parts_are_framed() {
        let keyring = Keyring::generate(&[7; 32]);
        assert_ne!(
            keyring.store_key(X, [b"a", b"bc"]),
            keyring.store_key(X, [b"ab", b"c"])
        );
        assert_ne!(
            keyring.store_key(X, [b"a", b"bc"]),
            keyring.store_key(Y, [b"a", b"bc"])
        );
    }

    #[test]
    fn only_the_newest_cannot_go() {
        let mut keyring = Keyring::generate(&[7; 32]);
        assert_eq!(keyring.remove(1), Err(Error::ActiveRecordKey));
        assert_eq!(keyring.remove(9), Err(Error::UnknownRecordKey));
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
