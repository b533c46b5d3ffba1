//! Documents: values of any length, encrypted and authenticated.
//!
//! A value is the format byte (kind and version), the id of a record key (2
//! bytes), the stamp of the write (8), the ciphertext, and a tag (16). The
//! cipher is AES-256-GCM. Its key is derived for each value from the record key,
//! the store key and the stamp, so that the nonce can be constant; its
//! associated data are the store key, the format, the key id and the stamp. The
//! plaintext begins with the time from which the document has expired (6 bytes,
//! 0 if it does not expire), because a store does not return it.

use alloc::vec::Vec;

use aes_gcm::aead::{AeadInOut, KeyInit};
use aes_gcm::{Aes256Gcm, Nonce, Tag};
use zeroize::Zeroizing;

use super::keyring::{Keyring, RecordKey};
use super::record::{Stamp, TAG_LEN, fresh, open_plain, to_the_minute};
use crate::Error;
use crate::labels::{self, Label};
use crate::store::{Kind, StoreKey, Swap};

const FORMAT_LEN: usize = 1;
const KEY_ID_LEN: usize = 2;
const HEAD_LEN: usize = FORMAT_LEN + KEY_ID_LEN + size_of::<Stamp>();
/// The time from which the document has expired, as in records.
const EXPIRY_LEN: usize = 6;
/// The latest time that fits, in the year 10889.
const LATEST_MS: u64 = (1 << (8 * EXPIRY_LEN)) - 1;

/// A kind of document.
#[derive(Clone, Copy, Debug)]
pub struct Document {
    /// The format byte of its values: kind and version.
    pub(crate) format: u8,
    /// The label of the kind in the derivation of store keys.
    pub(crate) label: Label<labels::StoreKeys>,
    /// The format of before, if values of it may still be stored.
    pub(crate) plain: Option<Plain>,
}

/// The format of documents before they were encrypted: authenticated only.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plain {
    pub(crate) format: u8,
    /// Converts the contents of a value to their present form.
    pub(crate) upgrade: fn(&[u8]) -> Result<Vec<u8>, Error>,
}

/// The contents of a document.
pub(crate) struct Opened {
    /// The contents in their present form, wiped on drop.
    pub(crate) contents: Zeroizing<Vec<u8>>,
    /// The time from which the document has expired, in milliseconds of Unix
    /// time. `None` if it does not expire.
    pub(crate) expires_at_ms: Option<u64>,
}

/// The inputs of a write: the place, the value loaded from it, the time, and
/// fresh entropy.
#[derive(Clone, Copy)]
pub(crate) struct DocumentWrite<'a> {
    pub(crate) keyring: &'a Keyring,
    pub(crate) store_key: &'a StoreKey,
    pub(crate) current: Option<&'a [u8]>,
    pub(crate) now_ms: u64,
    pub(crate) entropy: &'a [u8; 32],
}

impl Document {
    /// How much longer a value is than its contents, in bytes.
    pub(crate) const OVERHEAD: usize = HEAD_LEN + EXPIRY_LEN + TAG_LEN;

    /// The store key of the document identified by `parts`.
    pub(crate) fn store_key<const N: usize>(
        &self,
        keyring: &Keyring,
        parts: [&[u8]; N],
    ) -> StoreKey {
        keyring.store_key(self.label, parts)
    }

    /// The swap that stores these contents, encrypted with the newest record
    /// key.
    ///
    /// # Errors
    /// [`Error::UnknownRecordKey`] if the keyring lacks its newest key.
    pub(crate) fn seal(&self, write: DocumentWrite<'_>, opened: &Opened) -> Result<Swap, Error> {
        Ok(Swap {
            kind: Kind::Document,
            key: *write.store_key,
            expected: write.current.map(<[u8]>::to_vec),
            value: self.encrypt(write, opened)?,
            expires_at_ms: opened.expires_at_ms.map(to_the_minute),
        })
    }

    fn encrypt(&self, write: DocumentWrite<'_>, opened: &Opened) -> Result<Vec<u8>, Error> {
        let key = write.keyring.newest_record()?;
        let expiry = opened.expires_at_ms.map_or(0, |at| at.clamp(1, LATEST_MS));
        // The capacity is exact, so that no copy of the contents is left behind.
        let len = opened.contents.len() + Self::OVERHEAD;
        let mut value = Vec::with_capacity(len);
        value.push(self.format);
        value.extend_from_slice(&key.id.to_be_bytes());
        value.extend_from_slice(&[0; size_of::<Stamp>()]);
        value.extend_from_slice(&expiry.to_be_bytes()[8 - EXPIRY_LEN..]);
        value.extend_from_slice(&opened.contents);
        // The stamp depends on format and contents, so that a key encrypts one
        // value only, even if the host's entropy repeats.
        let (now_ms, current) = (write.now_ms, write.current);
        let stamp: Stamp = fresh(
            labels::STAMP,
            write.entropy,
            now_ms,
            write.store_key,
            current,
            &value,
        );
        let (head, contents) = value.split_at_mut(HEAD_LEN);
        head[FORMAT_LEN + KEY_ID_LEN..].copy_from_slice(&stamp);
        let cipher = cipher(key, write.store_key, &stamp)?;
        let tag = cipher
            .encrypt_inout_detached(
                &Nonce::default(),
                &associated(write.store_key, head),
                contents.into(),
            )
            .map_err(|_| Error::RecordFormat)?;
        value.extend_from_slice(&tag);
        Ok(value)
    }

    /// Decrypts a value of this kind.
    ///
    /// # Errors
    /// [`Error::RecordFormat`] for a value of another kind,
    /// [`Error::RecordForged`] for one that is not authentic,
    /// [`Error::UnknownRecordKey`] for one encrypted with a key that the keyring
    /// does not have.
    pub(crate) fn open(
        &self,
        keyring: &Keyring,
        store_key: &StoreKey,
        value: &[u8],
    ) -> Result<Opened, Error> {
        match (value.first(), self.plain) {
            (Some(format), Some(plain)) if *format == plain.format => {
                let contents = open_plain(keyring, store_key, plain.format, value)?;
                Ok(Opened {
                    contents: Zeroizing::new((plain.upgrade)(contents)?),
                    expires_at_ms: None,
                })
            }
            (Some(format), _) if *format == self.format => decrypt(keyring, store_key, value),
            _ => Err(Error::RecordFormat),
        }
    }

    /// The swap that encrypts a value with the newest record key and leaves its
    /// contents unchanged; `None` if it already is. `write.current` is the value.
    ///
    /// # Errors
    /// As [`Self::open`]; [`Error::RecordFormat`] without a value.
    pub(crate) fn reseal(&self, write: DocumentWrite<'_>) -> Result<Option<Swap>, Error> {
        let current = write.current.ok_or(Error::RecordFormat)?;
        let opened = self.open(write.keyring, write.store_key, current)?;
        let is_encrypted = current.first() == Some(&self.format);
        if is_encrypted && super::sealing_key(current) == Some(write.keyring.newest()) {
            return Ok(None);
        }
        self.seal(write, &opened).map(Some)
    }

    /// Whether a value's first byte is a format of this kind.
    pub(crate) fn has_format(&self, format: u8) -> bool {
        self.format == format || self.plain.is_some_and(|plain| plain.format == format)
    }
}

fn decrypt(keyring: &Keyring, store_key: &StoreKey, value: &[u8]) -> Result<Opened, Error> {
    let (value, tag) = value
        .split_last_chunk::<TAG_LEN>()
        .ok_or(Error::RecordFormat)?;
    let (head, encrypted) = value
        .split_first_chunk::<HEAD_LEN>()
        .ok_or(Error::RecordFormat)?;
    let [_, id_high, id_low, stamp @ ..] = head;
    let key = keyring.record(u16::from_be_bytes([*id_high, *id_low]))?;
    let mut contents = Zeroizing::new(encrypted.to_vec());
    cipher(key, store_key, stamp)?
        .decrypt_inout_detached(
            &Nonce::default(),
            &associated(store_key, head),
            contents.as_mut_slice().into(),
            &Tag::from(*tag),
        )
        .map_err(|_| Error::RecordForged)?;
    let [a, b, c, d, e, f] = *contents.first_chunk().ok_or(Error::RecordFormat)?;
    let expiry = u64::from_be_bytes([0, 0, a, b, c, d, e, f]);
    contents.drain(..EXPIRY_LEN);
    Ok(Opened {
        contents,
        expires_at_ms: (expiry > 0).then_some(expiry),
    })
}

fn cipher(key: &RecordKey, store_key: &StoreKey, stamp: &Stamp) -> Result<Aes256Gcm, Error> {
    let key = key.document_key(store_key, stamp);
    Aes256Gcm::new_from_slice(&*key).map_err(|_| Error::RecordFormat)
}

/// The associated data of a value: its store key and the bytes before the
/// ciphertext.
fn associated(store_key: &StoreKey, head: &[u8]) -> [u8; 16 + HEAD_LEN] {
    let mut data = [0; 16 + HEAD_LEN];
    let (place, rest) = data.split_at_mut(16);
    place.copy_from_slice(&store_key.0);
    rest.copy_from_slice(head);
    data
}
