//! The header of the store, the check of its contents, and its restoration from
//! a backup.

pub mod check;

use mpass_core::Error;
use mpass_core::challenge::{Header, Keyring, sealing_key, written_at};
use mpass_core::documents::Family;
use mpass_core::service::settings::{Field, Value};
use mpass_core::service::{AnyTenant, CutOffs};
use mpass_core::store::{Change, Kind, Store, StoreKey};

use super::described::{Restored, RestoredTenant};
use super::failure::Failure;
use super::kind::TenantKind;
use crate::clock;
use crate::entropy::System;
use crate::store::{AnyStore, States, documents};

/// States read at a time.
const PAGE: u32 = 4096;
/// Documents read at a time.
const DOCUMENTS: u32 = 256;

/// What became of the header when a store was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// It was there.
    No,
    /// It was written into a new store.
    New,
    /// It was written into a store of a version without headers.
    Adopted,
}

/// Compares a store with a keyring, before anything is written. A store without
/// a header matches if the keyring opens its tenants.
///
/// # Errors
/// [`Failure`] for another keyring, or when the store cannot be read.
pub fn compare(store: &impl Store, keyring: &Keyring) -> Result<Option<Header>, Failure> {
    if let Some(value) = store.load(Kind::Document, &Header::KEY)? {
        return open(&value, keyring).map(Some);
    }
    let (mut readable, mut unknown) = (0, 0);
    for (store_key, value) in tenant_documents(store, keyring)? {
        match find(keyring, &store_key, &value) {
            Ok(_) => readable += 1,
            Err(Error::UnknownRecordKey) => unknown += 1,
            Err(_) => return Err(with_advice(Error::OtherKeyring.into())),
        }
    }
    match (readable, unknown) {
        (0, 1..) => Err(with_advice(Error::OtherKeyring.into())),
        _ => Ok(None),
    }
}

/// Reads a header and compares it with the keyring.
fn open(value: &[u8], keyring: &Keyring) -> Result<Header, Failure> {
    Header::open(value, keyring).map_err(|error| {
        with_advice(match error {
            Error::RecordFormat | Error::RecordForged => Failure {
                message: format!("the header of the store is damaged: {error}"),
                ..error.into()
            },
            Error::UnknownRecordKey => Failure {
                message: match Header::active_key_of(value, keyring) {
                    Ok(id) => format!("the keyring lacks the store's active record key {id}"),
                    Err(_) => error.to_string(),
                },
                ..error.into()
            },
            other => other.into(),
        })
    })
}

/// Adds what to do about another keyring.
fn with_advice(failure: Failure) -> Failure {
    let keyrings = [
        Error::OtherKeyring,
        Error::OtherRecordKey,
        Error::UnknownRecordKey,
    ];
    let numbers = keyrings.map(|error| error.number());
    match numbers.contains(&failure.number) {
        true => Failure {
            message: format!("{}: set --keyring or --config", failure.message),
            ..failure
        },
        false => failure,
    }
}

/// Opens a document that must be a tenant at its place.
fn find(
    keyring: &Keyring,
    store_key: &StoreKey,
    value: &[u8],
) -> Result<(TenantKind, AnyTenant), Error> {
    let mut error = Error::RecordFormat;
    for kind in TenantKind::ALL.iter().copied() {
        match AnyTenant::open(keyring, kind.group(), store_key, value) {
            Ok(tenant) => {
                let place = AnyTenant::store_key(keyring, kind.group(), &name(&tenant))?;
                return match place == *store_key {
                    true => Ok((kind, tenant)),
                    false => Err(Error::OtherKeyring),
                };
            }
            Err(Error::RecordFormat) => {}
            Err(other) => error = other,
        }
    }
    Err(error)
}

fn name(tenant: &AnyTenant) -> String {
    match tenant.settings().get(Field::Name) {
        Some(Value::Text(name)) => name.clone(),
        _ => String::new(),
    }
}

/// Runs an operation on the header.
async fn run<E>(store: &AnyStore, change: Change<'_, Header, E>) -> Result<Header, Failure>
where
    E: From<Error> + Into<Failure>,
{
    let outcome = change.run_async(store, &System).await;
    outcome.map_err(|error| with_advice(error.into()))
}

/// Writes the header of a store that has none, after [`compare`] has compared
/// it.
///
/// # Errors
/// [`Failure`] when the store fails.
pub async fn ensure(store: &AnyStore, keyring: &Keyring) -> Result<(Header, Written), Failure> {
    if let Some(value) = Store::load(store, Kind::Document, &Header::KEY)? {
        return Ok((open(&value, keyring)?, Written::No));
    }
    let written = match documents(store)?.is_empty() {
        true => Written::New,
        false => Written::Adopted,
    };
    let header = run(store, Header::adopting(keyring)).await?;
    Ok((header, written))
}

/// Refuses a store that has a header or a tenant.
///
/// # Errors
/// [`Failure`] for such a store, or when it cannot be read.
pub fn check_empty(store: &impl Store) -> Result<(), Failure> {
    match store.list(None, 1)?.is_empty() {
        true => Ok(()),
        false => Err(Failure::new("the store is not empty: it is initialized")),
    }
}

/// Which fingerprints [`follow`] leaves in the header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fingerprints {
    /// Those of keys that the keyring lacks, too.
    Keep,
    /// Only those of keys in the keyring, after a key was removed from it, and those
    /// that other machines have.
    Forget {
        /// The ids of the keys that other machines have.
        kept: Vec<u16>,
    },
}

/// Brings the header in line with the keyring: its active key, and the
/// fingerprints of its keys.
///
/// # Errors
/// [`Failure`] for another keyring, or when the store fails.
pub async fn follow(
    store: &AnyStore,
    keyring: &Keyring,
    fingerprints: Fingerprints,
) -> Result<Header, Failure> {
    let decide = move |present: Header, _, keyring: &Keyring| {
        let mut header = present.clone().activated(keyring, keyring.newest())?;
        if let Fingerprints::Forget { kept } = &fingerprints {
            let is_gone = |id: &u16| !keyring.ids().any(|known| known == *id) && !kept.contains(id);
            for id in present.known_keys().filter(is_gone) {
                header = header.without_key(id)?;
            }
        }
        Ok::<_, Error>(header)
    };
    run(store, Header::changing(keyring, decide)).await
}

/// After a backup was put back: closes the store, and lists the tenants in it.
/// Everything that it contains is void, also what was written later than the
/// clock shows.
///
/// # Errors
/// [`Failure`] for a store in memory, or when the store fails.
pub async fn restored(store: &AnyStore, keyring: &Keyring) -> Result<Restored, Failure> {
    if let AnyStore::Memory(_) = store {
        return Err(Failure::new("a store in memory has no backup"));
    }
    let before = Store::load(store, Kind::Document, &Header::KEY)?;
    let before = before.ok_or(Error::StoreNotInitialized)?;
    let before_ms = open(&before, keyring)?.restored_at_ms();
    let mut newest_ms = None;
    let mut tenants = Vec::new();
    each_document(store, |store_key, value| {
        if !is_of_tenant(keyring, store_key, value) {
            return;
        }
        tenants.push(match find(keyring, store_key, value) {
            Ok((kind, tenant)) => {
                newest_ms = newest_ms.max(Some(tenant.created_at_ms()));
                RestoredTenant {
                    kind: Some(kind),
                    name: name(&tenant),
                    key_version: tenant.key_version(),
                    is_revoked: tenant.is_revoked(),
                }
            }
            Err(_) => RestoredTenant::default(),
        });
    })
    .await?;
    tenants.sort();
    // A record that cannot be read is not accepted either.
    let newest = |written: Result<Option<u64>, Error>| {
        newest_ms = newest_ms.max(written.unwrap_or(None));
    };
    each_state(store, keyring, newest).await?;
    let header = run(store, Header::restoring_after(keyring, newest_ms)).await?;
    Ok(Restored {
        at_ms: header.restored_at_ms().unwrap_or(0),
        before_ms,
        now_ms: clock::now_ms(),
        tenants,
    })
}

/// Reads every state: the time of an authentic one, or why it is none.
async fn each_state(
    store: &impl States,
    keyring: &Keyring,
    mut take: impl FnMut(Result<Option<u64>, Error>),
) -> Result<(), Failure> {
    let mut after = None;
    loop {
        let page = store.states(after.as_ref(), PAGE)?;
        for (store_key, value) in &page {
            take(written_at(keyring, store_key, value));
        }
        after = page.last().map(|(key, _)| *key);
        if after.is_none() {
            return Ok(());
        }
        tokio::task::yield_now().await;
    }
}

/// Opens a restored store. What it had dropped is forgotten, because everything
/// that was issued before is void.
///
/// # Errors
/// [`Failure`] for a store that is not closed, or when the store fails.
pub async fn confirm(store: &AnyStore, keyring: &Keyring) -> Result<(), Failure> {
    let closed = Store::load(store, Kind::Document, &Header::KEY)?;
    let closed = closed.ok_or(Error::StoreNotInitialized)?;
    if !open(&closed, keyring)?.is_closed() {
        let message = "the store is not closed: run mpass store restored first";
        return Err(Failure::new(message));
    }
    if open(&closed, keyring)?.is_ahead(clock::now_ms()) {
        return Err(ahead());
    }
    match store {
        AnyStore::Embedded(store) => store.forget_dropped().await?,
        AnyStore::Postgres(store) => store.forget_dropped().await?,
        AnyStore::Redis(_) | AnyStore::Memory(_) => {}
    }
    run(store, Header::confirming(keyring)).await.map(|_| ())
}

/// The failure of a store that was restored at a time that is still to come.
fn ahead() -> Failure {
    let failure = Failure::from(Error::RestoredLater);
    let message = failure.message;
    Failure {
        message: format!("{message}: set the clock and run mpass store restored again"),
        ..failure
    }
}

/// The documents other than the header, the cut-offs and those of the host.
fn tenant_documents(
    store: &impl Store,
    keyring: &Keyring,
) -> Result<Vec<(StoreKey, Vec<u8>)>, Error> {
    let mut documents = documents(store)?;
    documents.retain(|(key, value)| is_of_tenant(keyring, key, value));
    Ok(documents)
}

/// Whether a document is neither the header, nor the cut-offs, nor one of the host.
fn is_of_tenant(keyring: &Keyring, store_key: &StoreKey, value: &[u8]) -> bool {
    let others = [Header::KEY, CutOffs::store_key(keyring)];
    !others.contains(store_key) && Family::of(value).is_none()
}

/// Reads every document, a page at a time.
async fn each_document(
    store: &impl Store,
    mut take: impl FnMut(&StoreKey, &[u8]),
) -> Result<(), Failure> {
    let mut after = None;
    loop {
        let page = store.list(after.as_ref(), DOCUMENTS)?;
        for (store_key, value) in &page {
            take(store_key, value);
        }
        after = page.last().map(|(key, _)| *key);
        if after.is_none() {
            return Ok(());
        }
        tokio::task::yield_now().await;
    }
}

/// Refuses a record key that seals a stored value: without it, the value could not be
/// read.
///
/// # Errors
/// [`Failure`] with the number of such values, or when the store cannot be read.
pub async fn check_unused(store: &impl States, id: u16) -> Result<(), Failure> {
    let is_of = |value: &[u8]| sealing_key(value) == Some(id);
    let documents = documents(store)?;
    let documents = documents
        .iter()
        .filter(|(key, value)| *key != Header::KEY && is_of(value))
        .count();
    let (mut states, mut after) = (0_u64, None);
    loop {
        let page = store.states(after.as_ref(), PAGE)?;
        let used = page.iter().filter(|(_, value)| is_of(value)).count();
        states += u64::try_from(used).unwrap_or(u64::MAX);
        after = page.last().map(|(key, _)| *key);
        if after.is_none() {
            break;
        }
        tokio::task::yield_now().await;
    }
    match (states, documents) {
        (0, 0) => Ok(()),
        _ => Err(Failure::new(format!(
            "record key {id} still seals {states} states and {documents} documents: keep it \
             until they have expired or were written again"
        ))),
    }
}
