//! Resealing of documents.

use super::channel::ChannelSettings;
use super::client::ClientSettings;
use super::customer::CustomerSettings;
use super::settings::sealed::Sealed;
use crate::Error;
use crate::challenge::{Document, DocumentWrite, Keyring};
use crate::documents::Family;
use crate::service::cut_off;
use crate::store::{StoreKey, Swap};

/// Every kind of document of the engine's own.
const DOCUMENTS: [Document; 4] = [
    ChannelSettings::DOCUMENT,
    CustomerSettings::DOCUMENT,
    ClientSettings::DOCUMENT,
    cut_off::DOCUMENT,
];

/// The swap that encrypts a document with the newest record key and leaves its
/// contents unchanged; `None` if it already is.
///
/// A document is encrypted only when it is written, which is rare. Before a
/// record key is removed from the keyring, every value of
/// [`Kind::Document`](crate::store::Kind::Document) must be resealed. Values
/// that an older version wrote, which were not encrypted, are encrypted by it
/// whatever their key is.
///
/// # Errors
/// [`Error::RecordFormat`], [`Error::RecordForged`] or
/// [`Error::UnknownRecordKey`] if `current` is not an authentic document for
/// this store key and keyring.
pub fn reseal_document(
    keyring: &Keyring,
    store_key: &StoreKey,
    current: &[u8],
    now_ms: u64,
    entropy: &[u8; 32],
) -> Result<Option<Swap>, Error> {
    let format = *current.first().ok_or(Error::RecordFormat)?;
    let own = DOCUMENTS.iter().copied();
    let mut kinds = own.chain(Family::ALL.iter().map(|family| family.document()));
    let document = kinds.find(|kind| kind.has_format(format));
    document.ok_or(Error::RecordFormat)?.reseal(DocumentWrite {
        keyring,
        store_key,
        current: Some(current),
        now_ms,
        entropy,
    })
}

/// Whether the keyring opens a value as a document of any kind.
pub(super) fn is_readable(keyring: &Keyring, store_key: &StoreKey, value: &[u8]) -> bool {
    let host = Family::of(value).map(Family::document);
    let mut kinds = DOCUMENTS.iter().chain(&host);
    kinds.any(|kind| kind.open(keyring, store_key, value).is_ok())
}
