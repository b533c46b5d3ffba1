//! One document of the host.

use alloc::vec::Vec;
use core::borrow::Borrow;

use super::contents::{Changed, Contents, Next};
use super::family::Family;
use crate::Error;
use crate::challenge::{Document, DocumentWrite, Keyring};
use crate::store::{Change, Decision, Kind, MAX_DOCUMENT_LEN, Moment, Stamp, StoreKey};

/// How long the value of a removed document is kept, so that a swap that a store
/// performs late does not bring it back.
const REMOVED_FOR_MS: u64 = 24 * 3_600_000;

/// A document of the host: its place in the store, and the keyring. The keyring is
/// borrowed or owned.
#[derive(Clone, Copy, Debug)]
pub struct HostDocument<K> {
    keyring: K,
    document: Document,
    store_key: StoreKey,
}

impl<'a, K: Borrow<Keyring> + Clone + Send + Sync + 'a> HostDocument<K> {
    /// The most bytes of contents.
    pub const MOST_BYTES: usize = MAX_DOCUMENT_LEN - Document::OVERHEAD;

    /// The document of a family that `name` identifies, part by part.
    #[must_use]
    pub fn new<const N: usize>(keyring: K, family: Family, name: [&[u8]; N]) -> Self {
        let document = family.document();
        Self {
            store_key: document.store_key(keyring.borrow(), name),
            document,
            keyring,
        }
    }

    /// A document whose store key was listed.
    #[must_use]
    pub fn listed(keyring: K, family: Family, store_key: StoreKey) -> Self {
        Self {
            keyring,
            document: family.document(),
            store_key,
        }
    }

    /// Its store key. Values are of [`Kind::Document`].
    #[must_use]
    pub fn store_key(&self) -> StoreKey {
        self.store_key
    }

    /// Opens a value. `None` for no value, one that has expired at `now_ms`, and that
    /// of a removed document.
    ///
    /// # Errors
    /// [`Error::RecordFormat`] for a value of another family,
    /// [`Error::RecordForged`] for one that is not authentic or not of this place,
    /// [`Error::UnknownRecordKey`] for one encrypted with a key that the keyring
    /// does not have.
    pub fn open(&self, value: Option<&[u8]>, now_ms: u64) -> Result<Option<Contents>, Error> {
        let Some(value) = value else {
            return Ok(None);
        };
        let keyring = self.keyring.borrow();
        let opened = self.document.open(keyring, &self.store_key, value)?;
        let is_over = opened.expires_at_ms.is_some_and(|at| at <= now_ms);
        if is_over || opened.contents.is_empty() {
            return Ok(None);
        }
        Ok(Some(Contents::read(opened, Stamp::of(value)?)))
    }

    /// Reads the document.
    ///
    /// # Errors
    /// Those of [`Self::open`].
    pub fn reading(&self) -> Change<'a, Option<Contents>> {
        let this = self.clone();
        Change::new(Kind::Document, self.store_key, move |current, moment| {
            this.open(current, moment.now_ms).map(Decision::Keep)
        })
    }

    /// Changes the document by `decide`, which is called again after each conflict
    /// with the contents that another writer has stored.
    ///
    /// # Errors
    /// Those of `decide` and of [`Self::open`], and [`Error::DocumentTooLarge`] for more than
    /// [`Self::MOST_BYTES`].
    pub fn changing<T, E: From<Error>>(
        &self,
        mut decide: impl FnMut(Option<&Contents>, Moment<'_>) -> Result<Next<T>, E> + Send + Sync + 'a,
    ) -> Change<'a, Changed<T>, E> {
        let this = self.clone();
        Change::new(Kind::Document, self.store_key, move |current, moment| {
            let present = this.open(current, moment.now_ms)?;
            let (contents, outcome, is_removed) = match decide(present.as_ref(), moment)? {
                Next::Keep(outcome) => {
                    let stamp = present.and_then(|present| present.stamp());
                    return Ok(Decision::Keep(Changed { outcome, stamp }));
                }
                Next::Write(contents, outcome) => (contents, outcome, false),
                Next::Remove(outcome) => {
                    let until_ms = moment.now_ms.saturating_add(REMOVED_FOR_MS);
                    (Contents::new(Vec::new()).until(until_ms), outcome, true)
                }
            };
            if contents.bytes().len() > Self::MOST_BYTES {
                return Err(Error::DocumentTooLarge.into());
            }
            let write = DocumentWrite {
                keyring: this.keyring.borrow(),
                store_key: &this.store_key,
                current,
                now_ms: moment.now_ms,
                entropy: moment.entropy,
            };
            let swap = this.document.seal(write, &contents.into_opened())?;
            let stamp = match is_removed {
                true => None,
                false => Some(Stamp::of(&swap.value)?),
            };
            Ok(Decision::Write(swap, Changed { outcome, stamp }))
        })
    }
}
