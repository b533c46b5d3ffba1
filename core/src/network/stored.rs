//! Records in a store.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::net::IpAddr;

use super::address::Address;
use super::endpoint::Endpoint;
use super::key::{NasKey, SessionKey};
use super::nas::Nas;
use super::session::Session;
use super::wire::{self, Written};
use crate::Error;
use crate::challenge::{Document, DocumentWrite, Keyring, Opened, sealing_key};
use crate::labels::{self, Label};
use crate::store::{Change, Decision, Kind, Moment, StoreKey};

const fn document(format: u8, label: Label<labels::StoreKeys>) -> Document {
    Document {
        format,
        label,
        plain: None,
    }
}

const SESSION: Document = document(0x61, labels::NETWORK_SESSION);
const ADDRESS: Document = document(0x62, labels::NETWORK_ADDRESS);
const NAS: Document = document(0x63, labels::NETWORK_NAS);

/// The records of a network in a store.
///
/// They are values of [`Kind::Document`], encrypted. A host keeps them in a store
/// of their own, because there are many and a store lists all its documents where
/// tenants are administered. The swaps are safe to repeat. A value expires when
/// nothing depends on it any more, but a store should drop it some hours later
/// than that, in case a clock is ahead.
#[derive(Clone, Copy, Debug)]
pub struct StoredRecords<'a> {
    keyring: &'a Keyring,
    restored_at_ms: Option<u64>,
    ahead_ms: u64,
}

/// A record that was read from a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRecord {
    /// When it was written, by the clock of the table at that time.
    pub table_ms: u64,
    /// The record.
    pub record: OpenedRecord,
}

/// A record with its key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OpenedRecord {
    /// A session.
    Session(SessionKey, Session),
    /// A NAS.
    Nas(NasKey, Nas),
}

impl<'a> StoredRecords<'a> {
    /// The records under a keyring. Sessions that were written until
    /// `restored_at_ms` ([`Header::restored_at_ms`](crate::challenge::Header)) are
    /// void: the network has gone on since the backup. `ahead_ms` is how far the
    /// clock of the table is ahead of Unix time.
    #[must_use]
    pub fn new(keyring: &'a Keyring, restored_at_ms: Option<u64>, ahead_ms: u64) -> Self {
        Self {
            keyring,
            restored_at_ms,
            ahead_ms,
        }
    }

    /// Merges what an event says about a session into its record. The outcome is
    /// the merged record; afterwards, each of its endpoints is to be merged with
    /// [`Self::merging_address`].
    pub fn merging_session(self, key: SessionKey, event: Session) -> Change<'a, Session> {
        self.merging(SessionPlace(key), event)
    }

    /// Merges a record of a NAS, such as that of a restart.
    pub fn merging_nas(self, key: NasKey, event: Nas) -> Change<'a, Nas> {
        self.merging(NasPlace(key), event)
    }

    /// Merges a record of an address, such as one of a single session.
    pub fn merging_address(
        self,
        realm: Arc<str>,
        endpoint: Endpoint,
        event: Address,
    ) -> Change<'a, Address> {
        self.merging(AddressPlace { realm, endpoint }, event)
    }

    /// Opens a value that was listed; `None` for the record of an address, which
    /// follows from those of sessions, and for one that is void.
    ///
    /// # Errors
    /// [`Error::RecordFormat`], [`Error::RecordForged`] or
    /// [`Error::UnknownRecordKey`] if it is not an authentic record of this place
    /// and keyring.
    pub fn open(self, store_key: &StoreKey, value: &[u8]) -> Result<Option<StoredRecord>, Error> {
        let (written, record) = match value.first() {
            Some(&format) if SESSION.has_format(format) => {
                let opened = SESSION.open(self.keyring, store_key, value)?;
                let (written, key, session) = wire::decode_session(&opened.contents)?;
                if self.is_void(written) {
                    return Ok(None);
                }
                (written, OpenedRecord::Session(key, session))
            }
            Some(&format) if NAS.has_format(format) => {
                let opened = NAS.open(self.keyring, store_key, value)?;
                let (written, key, nas) = wire::decode_nas(&opened.contents)?;
                (written, OpenedRecord::Nas(key, nas))
            }
            Some(&format) if ADDRESS.has_format(format) => return Ok(None),
            _ => return Err(Error::RecordFormat),
        };
        Ok(Some(StoredRecord {
            table_ms: written.table_ms,
            record,
        }))
    }

    /// The time by the clock of the table.
    pub(super) fn table_ms(self, now_ms: u64) -> u64 {
        now_ms.saturating_add(self.ahead_ms)
    }

    pub(super) fn address_key(self, realm: &Arc<str>, endpoint: Endpoint) -> StoreKey {
        let realm = Arc::clone(realm);
        AddressPlace { realm, endpoint }.store_key(self.keyring)
    }

    pub(super) fn nas_key(self, nas: &NasKey) -> StoreKey {
        NasPlace(nas.clone()).store_key(self.keyring)
    }

    pub(super) fn open_address(
        self,
        realm: &Arc<str>,
        endpoint: Endpoint,
        value: Option<&[u8]>,
    ) -> Result<Option<Address>, Error> {
        let realm = Arc::clone(realm);
        self.standing(&AddressPlace { realm, endpoint }, value)
    }

    pub(super) fn open_nas(self, key: &NasKey, value: Option<&[u8]>) -> Result<Option<Nas>, Error> {
        self.standing(&NasPlace(key.clone()), value)
    }

    fn is_void(self, written: Written) -> bool {
        let restored_at_ms = self.restored_at_ms;
        restored_at_ms.is_some_and(|restored_at_ms| written.at_ms <= restored_at_ms)
    }

    /// The record that stands in a place. One that cannot be decrypted because its
    /// key was removed is none.
    fn standing<P: Place>(
        self,
        place: &P,
        value: Option<&[u8]>,
    ) -> Result<Option<P::Record>, Error> {
        let Some(value) = value else {
            return Ok(None);
        };
        let store_key = place.store_key(self.keyring);
        let opened = match P::DOCUMENT.open(self.keyring, &store_key, value) {
            Err(Error::UnknownRecordKey) => return Ok(None),
            opened => opened?,
        };
        let (written, record) = place.decode(&opened.contents)?;
        let is_void = P::IS_OF_SESSIONS && self.is_void(written);
        Ok((!is_void).then_some(record))
    }

    fn merging<P: Place>(self, place: P, event: P::Record) -> Change<'a, P::Record> {
        let store_key = place.store_key(self.keyring);
        let decide = move |current: Option<&[u8]>, moment: Moment<'_>| {
            let table_ms = self.table_ms(moment.now_ms);
            let standing = self.standing(&place, current)?;
            let is_live =
                |record: &P::Record| P::until(record).is_none_or(|until| table_ms < until);
            let mut merged = match standing.clone().filter(is_live) {
                Some(mut merged) => {
                    P::merge(&mut merged, event.clone());
                    merged
                }
                None => event.clone(),
            };
            P::forget(&mut merged, table_ms);
            let is_newest_key = current.and_then(sealing_key) == Some(self.keyring.newest());
            if is_newest_key && standing.as_ref() == Some(&merged) {
                return Ok(Decision::Keep(merged));
            }
            let written = Written {
                at_ms: moment.now_ms,
                table_ms,
            };
            let life_ms = P::until(&merged).map(|until| until.saturating_sub(table_ms));
            let opened = Opened {
                contents: place.encode(&merged, written)?.into(),
                expires_at_ms: life_ms.map(|life| moment.now_ms.saturating_add(life)),
            };
            let write = DocumentWrite {
                keyring: self.keyring,
                store_key: &store_key,
                current,
                now_ms: moment.now_ms,
                entropy: moment.entropy,
            };
            Ok(Decision::Write(P::DOCUMENT.seal(write, &opened)?, merged))
        };
        Change::new(Kind::Document, store_key, decide)
    }
}

/// The place of a record in a store.
trait Place: Send + Sync + 'static {
    type Record: Clone + PartialEq + Send + Sync + 'static;
    const DOCUMENT: Document;
    /// Whether the record is void once the store was restored. A NAS is no
    /// session: what its record says only ends sessions.
    const IS_OF_SESSIONS: bool;

    fn store_key(&self, keyring: &Keyring) -> StoreKey;
    fn encode(&self, record: &Self::Record, written: Written) -> Result<Vec<u8>, Error>;
    fn decode(&self, contents: &[u8]) -> Result<(Written, Self::Record), Error>;
    fn merge(record: &mut Self::Record, event: Self::Record);
    /// Forgets what has ended.
    fn forget(record: &mut Self::Record, table_ms: u64);
    /// When nothing depends on the record any more; `None` for never.
    fn until(record: &Self::Record) -> Option<u64>;
}

struct SessionPlace(SessionKey);
struct NasPlace(NasKey);
struct AddressPlace {
    realm: Arc<str>,
    endpoint: Endpoint,
}

/// The octets of an address; those of IPv4 are mapped.
fn octets(address: IpAddr) -> [u8; 16] {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped().octets(),
        IpAddr::V6(address) => address.octets(),
    }
}

impl Place for SessionPlace {
    type Record = Session;
    const DOCUMENT: Document = SESSION;
    const IS_OF_SESSIONS: bool = true;

    fn store_key(&self, keyring: &Keyring) -> StoreKey {
        let SessionKey { nas, id } = &self.0;
        let source = octets(nas.source);
        let parts = [nas.realm.as_bytes(), &source, nas.name.bytes(), id.bytes()];
        Self::DOCUMENT.store_key(keyring, parts)
    }

    fn encode(&self, record: &Session, written: Written) -> Result<Vec<u8>, Error> {
        wire::encode_session(&self.0, record, written)
    }

    fn decode(&self, contents: &[u8]) -> Result<(Written, Session), Error> {
        let (written, _, session) = wire::decode_session(contents)?;
        Ok((written, session))
    }

    fn merge(record: &mut Session, event: Session) {
        record.merge(&event);
    }

    fn forget(record: &mut Session, table_ms: u64) {
        record.forget(table_ms);
    }

    fn until(record: &Session) -> Option<u64> {
        let (_, until) = record.state(&Nas::default());
        Some(until)
    }
}

impl Place for NasPlace {
    type Record = Nas;
    const DOCUMENT: Document = NAS;
    const IS_OF_SESSIONS: bool = false;

    fn store_key(&self, keyring: &Keyring) -> StoreKey {
        let NasKey {
            source,
            realm,
            name,
        } = &self.0;
        let source = octets(*source);
        Self::DOCUMENT.store_key(keyring, [realm.as_bytes(), &source, name.bytes()])
    }

    fn encode(&self, record: &Nas, written: Written) -> Result<Vec<u8>, Error> {
        wire::encode_nas(&self.0, record, written)
    }

    fn decode(&self, contents: &[u8]) -> Result<(Written, Nas), Error> {
        let (written, _, nas) = wire::decode_nas(contents)?;
        Ok((written, nas))
    }

    fn merge(record: &mut Nas, event: Nas) {
        record.merge(&event);
    }

    fn forget(_: &mut Nas, _: u64) {}

    fn until(record: &Nas) -> Option<u64> {
        // Once a NAS has signed its packets, it always must.
        (!record.signs).then_some(record.restart_until)
    }
}

impl Place for AddressPlace {
    type Record = Address;
    const DOCUMENT: Document = ADDRESS;
    const IS_OF_SESSIONS: bool = true;

    fn store_key(&self, keyring: &Keyring) -> StoreKey {
        let octets = match self.endpoint {
            Endpoint::V4(address) => address.octets().to_vec(),
            Endpoint::V6(network) => network.to_vec(),
        };
        Self::DOCUMENT.store_key(keyring, [self.realm.as_bytes(), &octets])
    }

    fn encode(&self, record: &Address, written: Written) -> Result<Vec<u8>, Error> {
        wire::encode_address(record, written)
    }

    fn decode(&self, contents: &[u8]) -> Result<(Written, Address), Error> {
        wire::decode_address(&self.realm, contents)
    }

    fn merge(record: &mut Address, event: Address) {
        record.merge(event);
    }

    fn forget(record: &mut Address, table_ms: u64) {
        record.forget(table_ms);
    }

    fn until(record: &Address) -> Option<u64> {
        Some(record.until())
    }
}
