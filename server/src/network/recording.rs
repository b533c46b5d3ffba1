//! The records of the table in the store.

use std::sync::Arc;

use futures_util::future::{try_join, try_join_all};
use mpass_core::Error;
use mpass_core::challenge::Keyring;
use mpass_core::network::{Address, Session, SessionKey, StoredRecords};
use mpass_core::store::{AsyncStore, Decision, Environment, Kind, Moment};

use super::table::{Changes, NetworkTable};
use crate::clock;
use crate::entropy::System;
use crate::store::NetworkRecords;

/// Records read at a time.
const PAGE: u32 = 256;

/// What the records are encrypted with, and since when they are valid.
pub(crate) struct Keys {
    pub(crate) keyring: Arc<Keyring>,
    pub(crate) restored_at_ms: Option<u64>,
}

/// Stores changes of the table.
pub(crate) struct Recorder<'a, S> {
    /// `None` for a store that does not outlive the table.
    pub(crate) store: Option<S>,
    /// The keys at present.
    pub(crate) keys: &'a (dyn Fn() -> Keys + Send + Sync),
}

impl<S: AsyncStore + Sync> Recorder<'_, S> {
    /// Merges changes into the records in the store; returns once that is stored.
    ///
    /// # Errors
    /// When the store fails. Some of the changes may be stored.
    pub(super) async fn store(&self, changes: Changes) -> Result<(), Error> {
        let Some(store) = &self.store else {
            return Ok(());
        };
        if changes.is_empty() {
            return Ok(());
        }
        let Keys {
            keyring,
            restored_at_ms,
        } = (self.keys)();
        let records = StoredRecords::new(&keyring, restored_at_ms, changes.ahead_ms);
        let nases = changes.nases.into_iter().map(|(key, nas)| {
            let merging = records.merging_nas(key, nas);
            merging.run_async(store, &System)
        });
        let session = async {
            match changes.session {
                Some((key, event)) => merge_session(store, records, key, event).await,
                None => Ok(()),
            }
        };
        try_join(try_join_all(nases), session).await.map(|_| ())
    }
}

/// Merges an event of a session into its record and those of its addresses. They
/// are stored together, and share a commit: what the addresses need is known from a
/// read. If another event comes between, they are merged again.
async fn merge_session<S: AsyncStore + Sync>(
    store: &S,
    records: StoredRecords<'_>,
    key: SessionKey,
    event: Session,
) -> Result<(), Error> {
    let merging = records.merging_session(key.clone(), event.clone());
    let standing = store.load(Kind::Document, merging.key()).await?;
    let moment = Moment {
        now_ms: clock::now_ms(),
        entropy: &System.entropy()?,
    };
    let expected = match merging.decide(standing.as_deref(), moment)? {
        Decision::Keep(session) | Decision::Write(_, session) => session,
    };
    let merging = records.merging_session(key.clone(), event);
    let key = Arc::new(key);
    let (session, ()) = try_join(
        merging.run_async(store, &System),
        merge_addresses(store, records, &key, &expected),
    )
    .await?;
    if session != expected {
        merge_addresses(store, records, &key, &session).await?;
    }
    Ok(())
}

/// Merges a session into the records of its addresses.
async fn merge_addresses<S: AsyncStore + Sync>(
    store: &S,
    records: StoredRecords<'_>,
    key: &Arc<SessionKey>,
    session: &Session,
) -> Result<(), Error> {
    let addresses = session.endpoints().filter_map(|endpoint| {
        let address = Address::of(Arc::clone(key), session.at(endpoint)?);
        let realm = Arc::clone(&key.nas.realm);
        let merging = records.merging_address(realm, endpoint, address);
        Some(merging.run_async(store, &System))
    });
    try_join_all(addresses).await.map(|_| ())
}

/// Reads the records of a store into the table.
///
/// # Errors
/// When the store cannot be read.
pub(crate) async fn load(
    table: &NetworkTable,
    store: NetworkRecords<'_>,
    keys: &Keys,
) -> Result<(), Error> {
    let stored = StoredRecords::new(&keys.keyring, keys.restored_at_ms, 0);
    let (mut records, mut unreadable) = (Vec::new(), 0_usize);
    let mut after = None;
    loop {
        let page = store.list(after, PAGE).await?;
        for (store_key, value) in &page {
            match stored.open(store_key, value) {
                Ok(record) => records.extend(record),
                Err(_) => unreadable += 1,
            }
        }
        after = page.last().map(|(key, _)| *key);
        if after.is_none() {
            break;
        }
        tokio::task::yield_now().await;
    }
    let read = records.len();
    let left_out = table.restore(records, clock::now_ms());
    if left_out > 0 {
        tracing::warn!(
            left_out,
            "network.entries is too small for the stored table"
        );
    }
    if unreadable > 0 {
        tracing::warn!(unreadable, "network records cannot be decrypted");
    }
    if read > 0 {
        let sessions = table.tidy(clock::now_ms());
        tracing::info!(sessions, "read the network table");
    }
    Ok(())
}

#[cfg(test)]
#[path = "recording_tests.rs"]
mod tests;
