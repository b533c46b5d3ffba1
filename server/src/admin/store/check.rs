//! The check of a store's contents, a page at a time.

use mpass_core::Error;
use mpass_core::challenge::{Header, Keyring};
use mpass_core::documents::{Family, HostDocument};
use mpass_core::store::Kind;

use super::{each_document, each_state, find, is_of_tenant, open};
use crate::admin::cut_offs;
use crate::admin::described::{HeaderInfo, StoreReport};
use crate::admin::failure::Failure;
use crate::admin::kind::TenantKind;
use crate::clock;
use crate::store::States;

/// Reads everything and changes nothing.
///
/// # Errors
/// [`Failure`] when the store cannot be read.
pub async fn check(store: &impl States, keyring: &Keyring) -> Result<StoreReport, Failure> {
    let header = match store.load(Kind::Document, &Header::KEY)? {
        Some(value) => Some(info(&open(&value, keyring)?)),
        None => None,
    };
    let mut report = StoreReport {
        layout: store.layout(),
        header,
        ..StoreReport::default()
    };
    each_document(store, |store_key, value| {
        if let Some(family) = Family::of(value) {
            let document = HostDocument::listed(keyring, family, *store_key);
            let opened = document.open(Some(value), clock::now_ms());
            report.unreadable_documents += u64::from(opened.is_err());
        } else if is_of_tenant(keyring, store_key, value) {
            match find(keyring, store_key, value) {
                Ok((TenantKind::Channel, _)) => report.channels += 1,
                Ok((TenantKind::Client, _)) => report.clients += 1,
                Ok((TenantKind::Customer, _)) => report.customers += 1,
                Err(_) => report.unreadable_documents += 1,
            }
        }
    })
    .await?;
    if cut_offs::read(store, keyring).is_err() {
        report.unreadable_documents += 1;
    }
    let count = |written: Result<Option<u64>, Error>| {
        report.states += 1;
        report.unreadable_states += u64::from(written.is_err());
    };
    each_state(store, keyring, count).await?;
    Ok(report)
}

fn info(header: &Header) -> HeaderInfo {
    HeaderInfo {
        active_key: header.active_key(),
        keys: header.known_keys().collect(),
        restored_at_ms: header.restored_at_ms(),
        is_closed: header.is_closed(),
        moved_to: header.moved_to().map(str::to_owned),
    }
}
