//! Tenants as documents, and values of them in the format of before.

use alloc::vec::Vec;

use super::settings::TenantSettings;
use crate::Error;
use crate::challenge::{Document, Plain};
use crate::labels::{self, Label};
use crate::service::message::{LanguageTag, Template, Texts};

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
