//! Resealing of documents, and values of tenants of the format of before.

use alloc::vec::Vec;

use super::channel::ChannelSettings;
use super::client::ClientSettings;
use super::customer::CustomerSettings;
use super::settings::TenantSettings;
use super::settings::sealed::Sealed;
use crate::Error;
use crate::challenge::{Document, DocumentWrite, Keyring, Plain};
use crate::labels::{self, Label};
use crate::service::message::{LanguageTag, Template, Texts};
use crate::store::{StoreKey, Swap};

/// Every kind of document.
const DOCUMENTS: [Document; 3] = [
    ChannelSettings::DOCUMENT,
    CustomerSettings::DOCUMENT,
    ClientSettings::DOCUMENT,
];

/// The kind of document that a tenant is stored as. `plain` is the format byte
/// of before documents were encrypted.
pub(super) const fn document<S: TenantSettings>(
    format: u8,
    label: Label<labels::StoreKeys>,
    plain: u8,
) -> Document {
    Document {
        format,
        label,
        plain: Some(Plain {
            format: plain,
            upgrade: upgrade::<S>,
        }),
    }
}

/// Converts the contents of a tenant's value from their form of before. The part
/// that every tenant has is the same in both.
fn upgrade<S: TenantSettings>(contents: &[u8]) -> Result<Vec<u8>, Error> {
    let mut decoder = minicbor::Decoder::new(contents);
    decoder.skip().map_err(|_| Error::RecordFormat)?;
    let (shared, plain) = contents
        .split_at_checked(decoder.position())
        .ok_or(Error::RecordFormat)?;
    let mut settings: S = minicbor::decode(plain).map_err(|_| Error::RecordFormat)?;
    settings.read_plain(plain)?;
    let mut upgraded = shared.to_vec();
    minicbor::encode(&settings, &mut upgraded).map_err(|_| Error::RecordFormat)?;
    Ok(upgraded)
}

/// The templates of a value of before.
pub(super) fn of_plain<const N: usize>(
    templates: [(&str, Option<Template>); N],
) -> Result<Texts, Error> {
    let mut texts = Texts::new();
    for (tag, template) in templates {
        if let Some(template) = template {
            texts.set(LanguageTag::new(tag)?, template)?;
        }
    }
    Ok(texts)
}

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
    let document = DOCUMENTS.iter().find(|kind| kind.has_format(format));
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
    let mut kinds = DOCUMENTS.iter();
    kinds.any(|kind| kind.open(keyring, store_key, value).is_ok())
}
