//! The node of a store behind a network: compared before anything is decided on it.

use core::sync::atomic::Ordering;
use core::time::Duration;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};
use mpass_core::Error;
use mpass_core::challenge::{Header, Keyring};
use mpass_stores::copy::Mark;
use mpass_stores::postgres::{PostgresStore, migrate};
use mpass_stores::redis::RedisStore;
use mpass_stores::remote::Node;

use crate::clock;
use crate::entropy::System;
use crate::state::State;
use crate::store::AnyStore;
use crate::store_config::StoreKind;

/// The file in the data directory with the identity of the last node.
const FILE: &str = "store-node";
/// How often a node is looked for, and the header read.
const INTERVAL: Duration = Duration::from_millis(500);
/// How long the file vouches that the node is used, in milliseconds; it is written
/// again when half of it has passed.
const LEASE_MS: u64 = 30_000;
/// The end of the text of a node that a restart may have lost records of: what the next
/// one is configured to keep says nothing about that.
const LOSES: char = '*';

/// The node that this machine used last.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Last {
    /// What [`text`] makes of it.
    id: String,
    /// Until when it was used, or later, in milliseconds of Unix time. `None` if that is
    /// not known.
    until_ms: Option<u64>,
}

/// Where the last node is kept: a line with its identity, one with the time until
/// which it is used, and one with the store that it is of.
#[derive(Debug)]
pub(crate) struct NodeFile {
    path: PathBuf,
    store: String,
}

impl NodeFile {
    pub(crate) fn of(data_dir: &Path, kind: &StoreKind) -> Self {
        Self {
            path: data_dir.join(FILE),
            store: kind.location(),
        }
    }

    /// `None` if there is none, or for another store.
    fn read(&self) -> Option<Last> {
        let text = fs::read_to_string(&self.path).ok()?;
        let mut lines = text.lines().map(str::trim);
        let last = Last {
            id: lines.next()?.to_owned(),
            until_ms: lines.next().and_then(|line| line.parse().ok()),
        };
        let is_same = lines.next().is_none_or(|store| store == self.store);
        is_same.then_some(last)
    }

    fn write(&self, id: &str, until_ms: u64) -> anyhow::Result<()> {
        let write = || {
            if let Some(directory) = self.path.parent() {
                fs::create_dir_all(directory)?;
            }
            fs::write(&self.path, format!("{id}\n{until_ms}\n{}\n", self.store))
        };
        write().with_context(|| format!("cannot write {}", self.path.display()))
    }

    /// Says that a node is used, at first or when half of the lease has passed.
    fn renew(&self, id: &str) -> anyhow::Result<()> {
        let until_ms = clock::now_ms().saturating_add(LEASE_MS);
        let last = self.read().filter(|last| last.id == id);
        let is_late = |at_ms| until_ms.saturating_sub(at_ms) > LEASE_MS / 2;
        match last.and_then(|last| last.until_ms).is_none_or(is_late) {
            true => self.write(id, until_ms),
            false => Ok(()),
        }
    }
}

/// Opens the store that is configured, which is behind a network.
///
/// # Errors
/// For settings that cannot be used.
pub(crate) fn open(kind: &StoreKind) -> anyhow::Result<AnyStore> {
    let opened = match kind {
        StoreKind::Redis(config) => RedisStore::open(config.settings()?)
            .map(AnyStore::Redis)
            .map_err(anyhow::Error::new),
        StoreKind::Postgres(config) => PostgresStore::open(config.settings()?)
            .map(AnyStore::Postgres)
            .map_err(anyhow::Error::new),
        StoreKind::Embedded | StoreKind::Memory => bail!("the store is not behind a network"),
    };
    opened.context("store.url")
}

/// Creates the tables of a store in PostgreSQL.
///
/// # Errors
/// When the database refuses it, or for another store.
pub(crate) async fn create_tables(kind: &StoreKind) -> anyhow::Result<()> {
    match kind {
        StoreKind::Postgres(config) => migrate(config.settings()?)
            .await
            .map_err(anyhow::Error::msg),
        StoreKind::Redis(_) => Ok(()),
        StoreKind::Embedded | StoreKind::Memory => bail!("the store is not behind a network"),
    }
}

/// The node that a store is connected to.
///
/// # Errors
/// Why there is none.
pub(crate) async fn node(store: &AnyStore) -> anyhow::Result<Node> {
    let node = match store {
        AnyStore::Redis(store) => store.node().await,
        AnyStore::Postgres(store) => store.node().await,
        AnyStore::Embedded(_) | AnyStore::Memory(_) => bail!("the store is not behind a network"),
    };
    node.map_err(anyhow::Error::msg)
}

/// Answers from a node from now on.
pub(crate) fn admit(store: &AnyStore, node: &Node) -> bool {
    match store {
        AnyStore::Redis(store) => store.admit(node),
        AnyStore::Postgres(store) => store.admit(node),
        AnyStore::Embedded(_) | AnyStore::Memory(_) => true,
    }
}

/// Answers no more, until a node is admitted again.
fn leave(store: &AnyStore) {
    match store {
        AnyStore::Redis(store) => store.leave(),
        AnyStore::Postgres(store) => store.leave(),
        AnyStore::Embedded(_) | AnyStore::Memory(_) => {}
    }
}

/// Whether the store answers from its node.
fn is_admitted(store: &AnyStore) -> bool {
    match store {
        AnyStore::Redis(store) => store.is_admitted(),
        AnyStore::Postgres(store) => store.is_admitted(),
        AnyStore::Embedded(_) | AnyStore::Memory(_) => true,
    }
}

/// Refuses a store whose contents are, or are to be, in another one.
///
/// # Errors
/// For a store that was moved, and for the target of a copy that was not finished.
pub(crate) fn refuse_moved(header: &Header) -> anyhow::Result<()> {
    match header.moved_to() {
        None => Ok(()),
        Some(to) if Mark::read(to).is_some_and(|mark| mark.is_unfinished()) => {
            bail!("a copy to the store was not finished: run mpass store copy again")
        }
        Some(to) => bail!("the contents of the store were moved to {to}"),
    }
}

/// Reads the header of the node that the store is connected to, also before the node
/// is admitted.
///
/// # Errors
/// When the store has no header or belongs to another keyring.
pub(crate) async fn header(store: &AnyStore, keyring: &Keyring) -> anyhow::Result<Header> {
    let reading = Header::reading(keyring);
    let header = match store {
        AnyStore::Redis(store) => reading.run_async(&store.inspect(), &System).await,
        AnyStore::Postgres(store) => reading.run_async(&store.inspect(), &System).await,
        AnyStore::Embedded(_) | AnyStore::Memory(_) => reading.run_async(store, &System).await,
    };
    header.map_err(|error| match error {
        Error::StoreNotInitialized => anyhow::anyhow!(
            "the store has no header: it may be the wrong one; mpass store init writes it"
        ),
        other => other.into(),
    })
}

/// A store behind a network that is only read, although it may be closed or moved, and
/// with whichever node answers.
///
/// # Errors
/// As [`node()`] and [`header()`].
pub(crate) async fn open_to_read(
    kind: &StoreKind,
    keyring: &Keyring,
) -> anyhow::Result<(AnyStore, Header, Node)> {
    let store = open(kind)?;
    let node = node(&store).await?;
    let header = header(&store, keyring).await?;
    if !admit(&store, &node) {
        bail!("the connection was made again");
    }
    Ok((store, header, node))
}

/// Reads the header of the node that the store is connected to, and compares its
/// identity with those of the last node of all machines, which the header has, and of
/// this one. After a change that the configuration does not cover, what was issued
/// before is void. Once the header is applied, the store answers: until then, requests
/// would be decided by the time of the restore of before.
///
/// # Errors
/// When there is no node, the store has no header or belongs to another keyring, or
/// the header cannot be written.
pub(crate) async fn compare(
    store: &AnyStore,
    keyring: &Keyring,
    covers_promotion: bool,
    file: &NodeFile,
    apply: impl FnOnce(&Header),
) -> anyhow::Result<Header> {
    let node = node(store).await?;
    let id = text(&node);
    let own = file.read().map(|last| match node.used_until_ms {
        // This process has used it since.
        Some(until_ms) => Last {
            until_ms: Some(until_ms),
            ..last
        },
        None => last,
    });
    let change = Header::changing(keyring, |header: Header, now_ms, _: &Keyring| {
        settled(header, &node, own.as_ref(), covers_promotion, now_ms)
    });
    let before = header(store, keyring).await?;
    refuse_moved(&before)?;
    let header = match store {
        AnyStore::Redis(store) => change.run_async(&store.inspect(), &System).await,
        AnyStore::Postgres(store) => change.run_async(&store.inspect(), &System).await,
        AnyStore::Embedded(_) | AnyStore::Memory(_) => change.run_async(store, &System).await,
    }?;
    if header.restored_at_ms() != before.restored_at_ms() {
        tracing::error!(
            node = id,
            "another node of the store: records may be missing, so that codes, tokens and \
             sessions issued before are void"
        );
    }
    file.renew(&id)?;
    for finding in &node.findings {
        tracing::warn!("store: {finding}");
    }
    apply(&header);
    if !admit(store, &node) {
        bail!("the connection was made again");
    }
    Ok(header)
}

/// The identity of a node, and whether it may have lost records, as text.
fn text(node: &Node) -> String {
    let mut text = node.identity.to_string();
    if !node.survives_restart {
        text.push(LOSES);
    }
    text
}

/// The header after a node was compared: with its identity and, if records may be
/// missing, with the time of the restore. One of several machines changes it, because
/// each decides on the header that the others have left.
fn settled(
    header: Header,
    node: &Node,
    own: Option<&Last>,
    covers_promotion: bool,
    now_ms: u64,
) -> Result<Header, Error> {
    let is_covered = |last: &str| {
        let (last, kept) = match last.strip_suffix(LOSES) {
            Some(last) => (last, false),
            None => (last, true),
        };
        let survives = kept && node.survives_restart;
        node.identity.is_covered(last, covers_promotion, survives)
    };
    // What was stored for this machine on a node that others had left by then is
    // not covered by what they wrote.
    let restored_at_ms = header.restored_at_ms();
    let was_voided = |last: &Last| {
        last.until_ms
            .is_some_and(|until| restored_at_ms >= Some(until))
    };
    let others = header.node().is_none_or(is_covered);
    let own = own.is_none_or(|last| is_covered(&last.id) || was_voided(last));
    let header = header.on_node(&text(node))?;
    if others && own {
        return Ok(header);
    }
    let was_closed = header.is_closed();
    let restored = header.restored(now_ms);
    Ok(match was_closed {
        true => restored,
        false => restored.confirmed(now_ms),
    })
}

/// Follows the node and the header until `end`.
pub(crate) async fn watch(
    state: Arc<State>,
    covers_promotion: bool,
    file: NodeFile,
    end: impl Future<Output = ()>,
) {
    tokio::pin!(end);
    let mut last = None;
    loop {
        tokio::select! {
            () = &mut end => return,
            () = tokio::time::sleep(INTERVAL) => {}
        }
        let looked = look(&state, covers_promotion, &file).await;
        let applied = looked.and_then(|header| {
            state.apply(&header);
            state.follow_active_key(&header);
            // Requests that have begun and the server itself change nothing there.
            refuse_moved(&header).inspect_err(|_| leave(&state.store))
        });
        match applied {
            Ok(()) => {
                if last.take().is_some() {
                    tracing::info!("the store answers again");
                }
            }
            Err(error) => {
                let lacks_key = error.downcast_ref() == Some(&Error::UnknownRecordKey);
                if lacks_key {
                    state.lacks_active_key.store(true, Ordering::Relaxed);
                }
                let text = format!("{error:#}");
                if last.as_ref() != Some(&text) {
                    tracing::error!(reason = text, "the store does not answer");
                }
                last = Some(text);
            }
        }
    }
}

/// Reads the header, on a node that was compared.
async fn look(state: &State, covers_promotion: bool, file: &NodeFile) -> anyhow::Result<Header> {
    let keyring = state.engine.load().shared_keyring();
    if !is_admitted(&state.store) {
        let apply = |header: &Header| state.apply(header);
        return compare(&state.store, &keyring, covers_promotion, file, apply).await;
    }
    let reading = Header::reading(&*keyring);
    let header = reading.run_async(&state.store, &System).await?;
    if let Some(last) = file.read() {
        file.renew(&last.id)?;
    }
    Ok(header)
}

#[cfg(test)]
#[path = "store_node_tests.rs"]
mod tests;
