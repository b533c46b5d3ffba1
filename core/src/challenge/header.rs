//! The header of a store: which keyring and which formats it belongs to.

use alloc::vec::Vec;

use subtle::ConstantTimeEq;

use super::header_content::{Content, Fingerprint};
use super::keyring::Keyring;
use crate::Error;
use crate::number::TABLE_VERSION;
use crate::store::StoreKey;

/// Format byte (kind and version) of a header.
const FORMAT: u8 = 0x71;
/// The layout of a store that this version writes, and the newest that it reads.
const LAYOUT: u16 = 1;
/// The newest formats of values that this version writes and reads.
const NEWEST_WRITE_FORMAT: u16 = 1;
/// The longest name of the store that this one was moved to, in bytes.
const LONGEST_MOVED_TO: usize = 64;
/// The longest identity of a node, in bytes.
const LONGEST_NODE: usize = 8192;
/// The most record keys whose fingerprints a header has.
const MOST_FINGERPRINTS: usize = 64;

/// Format, record key id (0) and stamp.
const BEGINNING_LEN: usize = 11;
const CHECK_LEN: usize = 16;
const TAG_LEN: usize = 16;

/// The header of a store, a value of [`Kind::Document`](crate::store::Kind) under
/// [`Header::KEY`].
///
/// It names the keyring that the store belongs to without revealing keys, so that
/// a host with another keyring, or with a changed digit in a key, notices before
/// it writes anything. It is authenticated and not encrypted. A host reads it
/// before the first write on each connection and then at least every second.
///
/// Each method that changes it returns the changed header; write it with
/// [`Self::seal`] in a swap that expects the value that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header(Content);

impl Header {
    /// The key of the header: the same in every store, because a store key that
    /// is derived from another locator key would find nothing.
    pub const KEY: StoreKey = StoreKey([0; 16]);

    /// The newest layout of a store that this version reads, which is also the one
    /// that it writes.
    pub const NEWEST_LAYOUT: u16 = LAYOUT;

    /// The newest format of values that this version reads.
    pub const NEWEST_WRITE_FORMAT: u16 = NEWEST_WRITE_FORMAT;

    /// The header of a new store.
    ///
    /// # Errors
    /// [`Error::UnknownRecordKey`] if the keyring lacks its newest key.
    pub fn new(keyring: &Keyring) -> Result<Self, Error> {
        let mut header = Self(Content {
            layout: LAYOUT,
            write_format: NEWEST_WRITE_FORMAT,
            number_table: TABLE_VERSION,
            active: keyring.newest(),
            fingerprints: Vec::new(),
            restored_at_ms: None,
            confirmed_at_ms: None,
            moved_to: None,
            node: None,
        });
        header.add_fingerprints(keyring)?;
        Ok(header)
    }

    /// Reads a header and compares it with the keyring. A record key that the
    /// header does not know, such as one just added, is no error.
    ///
    /// This does not check whether the store is in use: see [`Self::admit`].
    ///
    /// # Errors
    /// [`Error::OtherKeyring`] if the store belongs to a keyring with another
    /// locator key; [`Error::OtherRecordKey`] if a record key differs from the
    /// store's with the same id; [`Error::UnknownRecordKey`] if the keyring lacks
    /// the active record key; [`Error::StoreTooNew`] for a layout, format or
    /// number table that this version does not know; [`Error::RecordFormat`] or
    /// [`Error::RecordForged`] for a value that is no authentic header.
    pub fn open(value: &[u8], keyring: &Keyring) -> Result<Self, Error> {
        let header = Self::authentic(value, keyring)?;
        header.check_record_keys(keyring)?;
        Ok(header)
    }

    /// As [`Self::open`], without comparing record keys.
    fn authentic(value: &[u8], keyring: &Keyring) -> Result<Self, Error> {
        let format = *value.first().ok_or(Error::RecordFormat)?;
        if format >> 4 != FORMAT >> 4 || format < FORMAT {
            return Err(Error::RecordFormat);
        }
        if format > FORMAT {
            return Err(Error::StoreTooNew);
        }
        let check = value.get(BEGINNING_LEN..BEGINNING_LEN + CHECK_LEN);
        let check = check.ok_or(Error::RecordFormat)?;
        // First, because the tag's key depends on the locator key as well.
        if !bool::from(keyring.locator_fingerprint().ct_eq(check)) {
            return Err(Error::OtherKeyring);
        }
        let (body, tag) = value
            .split_last_chunk::<TAG_LEN>()
            .ok_or(Error::RecordFormat)?;
        if !bool::from(keyring.header_tag(body).ct_eq(tag)) {
            return Err(Error::RecordForged);
        }
        let payload = body.get(BEGINNING_LEN + CHECK_LEN..);
        let payload = payload.ok_or(Error::RecordFormat)?;
        let header = Self(Content::read(payload).ok_or(Error::RecordFormat)?);
        header.check_versions()?;
        Ok(header)
    }

    /// The id of the active record key of a header, also if the keyring lacks that
    /// key.
    ///
    /// # Errors
    /// As [`Self::open`], without those about record keys.
    pub fn active_key_of(value: &[u8], keyring: &Keyring) -> Result<u16, Error> {
        Self::authentic(value, keyring).map(|header| header.active_key())
    }

    fn check_versions(&self) -> Result<(), Error> {
        let header = &self.0;
        let is_known = header.layout <= LAYOUT
            && header.write_format <= NEWEST_WRITE_FORMAT
            && header.number_table <= TABLE_VERSION;
        is_known.then_some(()).ok_or(Error::StoreTooNew)
    }

    fn check_record_keys(&self, keyring: &Keyring) -> Result<(), Error> {
        for known in &self.0.fingerprints {
            match keyring.record(known.id) {
                Ok(key) if !bool::from(key.fingerprint().ct_eq(&known.bytes)) => {
                    return Err(Error::OtherRecordKey);
                }
                _ => {}
            }
        }
        keyring.record(self.0.active).map(|_| ())
    }

    /// The value to store. `stamp` is 8 fresh bytes.
    #[must_use]
    pub fn seal(&self, keyring: &Keyring, stamp: [u8; 8]) -> Vec<u8> {
        let mut value = alloc::vec![FORMAT, 0, 0];
        value.extend_from_slice(&stamp);
        value.extend_from_slice(&keyring.locator_fingerprint());
        // Writing to a vector does not fail.
        let _ = minicbor::encode(&self.0, &mut value);
        let tag = keyring.header_tag(&value);
        value.extend_from_slice(&tag);
        value
    }

    /// Checks that the store is in use.
    ///
    /// # Errors
    /// [`Error::StoreMoved`] if its contents were moved to another store;
    /// [`Error::StoreClosed`] if it was restored and an administrator has not
    /// confirmed its tenants yet.
    pub fn admit(&self) -> Result<(), Error> {
        if self.0.moved_to.is_some() {
            return Err(Error::StoreMoved);
        }
        if self.is_closed() {
            return Err(Error::StoreClosed);
        }
        Ok(())
    }

    /// Whether the store was restored and not confirmed since: tenants and
    /// administrators stay closed.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.0.restored_at_ms.is_some() && self.0.confirmed_at_ms.is_none()
    }

    /// The id of the record key with which all machines write.
    #[must_use]
    pub fn active_key(&self) -> u16 {
        self.0.active
    }

    /// A keyring that writes with the active record key of the header, whichever its
    /// text names: where machines share a store, a key is activated in the header.
    ///
    /// # Errors
    /// [`Error::UnknownRecordKey`] if the keyring lacks that key.
    pub fn aligned(&self, keyring: &Keyring) -> Result<Keyring, Error> {
        let mut keyring = keyring.clone();
        keyring.activate(self.active_key())?;
        Ok(keyring)
    }

    /// The ids of the record keys whose fingerprints the header has.
    pub fn known_keys(&self) -> impl Iterator<Item = u16> + '_ {
        self.0.fingerprints.iter().map(|known| known.id)
    }

    /// The layout of the store.
    #[must_use]
    pub fn layout(&self) -> u16 {
        self.0.layout
    }

    /// The newest format of values that machines may write.
    #[must_use]
    pub fn write_format(&self) -> u16 {
        self.0.write_format
    }

    /// The version of the table of numbering plans that numbers are canonical by.
    #[must_use]
    pub fn number_table(&self) -> u16 {
        self.0.number_table
    }

    /// When a backup was last put back, in milliseconds of Unix time.
    #[must_use]
    pub fn restored_at_ms(&self) -> Option<u64> {
        self.0.restored_at_ms
    }

    /// When an administrator confirmed the tenants of the restored store, in
    /// milliseconds of Unix time.
    #[must_use]
    pub fn confirmed_at_ms(&self) -> Option<u64> {
        self.0.confirmed_at_ms
    }

    /// The name of the store that the contents were moved to.
    #[must_use]
    pub fn moved_to(&self) -> Option<&str> {
        self.0.moved_to.as_deref()
    }

    /// The identity of the node that the contents were last known to be complete on, or
    /// void from [`Self::restored_at_ms`] on, as the hosts write it; `None` for a store
    /// without nodes. It is public.
    #[must_use]
    pub fn node(&self) -> Option<&str> {
        self.0.node.as_deref()
    }

    /// With the identity of the node that the contents are on, of at most 8,192 bytes.
    /// A host that finds another node writes it in the same swap as the time of the
    /// restore, so that one of several hosts does.
    ///
    /// # Errors
    /// [`Error::InvalidName`] for an empty or a longer one.
    pub fn on_node(mut self, node: &str) -> Result<Self, Error> {
        if !(1..=LONGEST_NODE).contains(&node.len()) {
            return Err(Error::InvalidName);
        }
        self.0.node = Some(node.into());
        Ok(self)
    }

    /// Without the identity of a node, for contents in another store.
    #[must_use]
    pub fn on_no_node(mut self) -> Self {
        self.0.node = None;
        self
    }

    /// After a backup was put back at `now_ms`: challenges, tokens and codes from
    /// before are void, and the store is closed until it is confirmed. The time
    /// never goes back.
    ///
    /// If the clock is behind, what the backup contains from later stays valid.
    /// For a store whose records can be listed, use [`Self::restored_after`].
    #[must_use]
    pub fn restored(self, now_ms: u64) -> Self {
        let latest = self.0.restored_at_ms.unwrap_or(0).max(now_ms);
        self.closed_at(latest)
    }

    /// As [`Self::restored`], for a store whose records have all been read.
    /// `newest_ms` is the latest of their times
    /// ([`written_at`](super::written_at)), `None` if none has one.
    ///
    /// The time of the restore is `now_ms`, or later than every record, so that a
    /// clock that is behind voids them, too. A time of an earlier restore by a
    /// clock that was ahead is corrected, which may be later than that.
    #[must_use]
    pub fn restored_after(self, newest_ms: Option<u64>, now_ms: u64) -> Self {
        let after = newest_ms.map_or(0, |newest| newest.saturating_add(1));
        self.closed_at(after.max(now_ms))
    }

    fn closed_at(mut self, restored_at_ms: u64) -> Self {
        self.0.restored_at_ms = Some(restored_at_ms);
        self.0.confirmed_at_ms = None;
        self
    }

    /// Whether the store was restored at a time that is still to come. Nothing
    /// can be issued until then.
    #[must_use]
    pub fn is_ahead(&self, now_ms: u64) -> bool {
        self.0.restored_at_ms.is_some_and(|at_ms| at_ms > now_ms)
    }

    /// After an administrator has listed and confirmed the tenants of a restored
    /// store.
    #[must_use]
    pub fn confirmed(mut self, now_ms: u64) -> Self {
        self.0.confirmed_at_ms = Some(now_ms);
        self
    }

    /// With another active record key, whose fingerprint is added.
    ///
    /// # Errors
    /// [`Error::UnknownRecordKey`] if the keyring has no such key.
    pub fn activated(mut self, keyring: &Keyring, id: u16) -> Result<Self, Error> {
        keyring.record(id)?;
        self.0.active = id;
        self.with_fingerprints(keyring)
    }

    /// With the fingerprints of all record keys of the keyring.
    ///
    /// # Errors
    /// [`Error::KeyringFull`] for more than 64 fingerprints.
    pub fn with_fingerprints(mut self, keyring: &Keyring) -> Result<Self, Error> {
        self.add_fingerprints(keyring)?;
        Ok(self)
    }

    fn add_fingerprints(&mut self, keyring: &Keyring) -> Result<(), Error> {
        keyring.record(self.0.active)?;
        for id in keyring.ids() {
            if self.known_keys().any(|known| known == id) {
                continue;
            }
            if self.0.fingerprints.len() == MOST_FINGERPRINTS {
                return Err(Error::KeyringFull);
            }
            let bytes = keyring.record(id)?.fingerprint();
            self.0.fingerprints.push(Fingerprint { id, bytes });
        }
        Ok(())
    }

    /// Without the fingerprint of a record key that was removed from the keyring.
    ///
    /// # Errors
    /// [`Error::ActiveRecordKey`] for the active record key.
    pub fn without_key(mut self, id: u16) -> Result<Self, Error> {
        if id == self.0.active {
            return Err(Error::ActiveRecordKey);
        }
        self.0.fingerprints.retain(|known| known.id != id);
        Ok(self)
    }

    /// With the newest format that this version writes, once every machine reads
    /// it.
    #[must_use]
    pub fn upgraded(mut self) -> Self {
        self.0.layout = LAYOUT;
        self.0.write_format = NEWEST_WRITE_FORMAT;
        self.0.number_table = TABLE_VERSION;
        self
    }

    /// After the contents were moved to the store with a name of at most 64
    /// bytes, which is on another node.
    ///
    /// # Errors
    /// [`Error::InvalidName`] for an empty or a longer name.
    pub fn moved(mut self, to: &str) -> Result<Self, Error> {
        if !(1..=LONGEST_MOVED_TO).contains(&to.len()) {
            return Err(Error::InvalidName);
        }
        self.0.moved_to = Some(to.into());
        self.0.node = None;
        Ok(self)
    }

    /// Without that name: for the complete target of a copy, or its source if it is given
    /// up. Two copies in use accept each code twice.
    #[must_use]
    pub fn not_moved(mut self) -> Self {
        self.0.moved_to = None;
        self
    }
}

#[cfg(test)]
#[path = "header_tests.rs"]
mod tests;
