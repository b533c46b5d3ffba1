//! The node of a store behind a network: compared before anything is decided on it.

use core::time::Duration;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};
use mpass_core::Error;
use mpass_core::challenge::{Header, Keyring};
use mpass_stores::postgres::{PostgresStore, migrate};
use mpass_stores::redis::RedisStore;
use mpass_stores::remote::Node;

use crate::entropy::System;
use crate::state::State;
use crate::store::AnyStore;
use crate::store_config::StoreKind;

/// The file in the data directory with the identity of the last node.
const FILE: &str = "store-node";
/// How often a node is looked for, and the header read.
const INTERVAL: Duration = Duration::from_millis(500);

/// The word after an identity in the file, of a node that a restart may have lost
/// records of.
const LOSES: &str = "loses";

/// Where the identity of the last node is kept, and what it was compared with.
#[derive(Debug)]
pub(crate) struct NodeFile(PathBuf);

/// The node that was used last.
#[derive(Debug, PartialEq, Eq)]
struct Last {
    id: String,
    /// Whether a restart of it keeps every value: what the next node is configured to
    /// keep says nothing about what this one has lost.
    survives_restart: bool,
}

impl NodeFile {
    pub(crate) fn of(data_dir: &Path) -> Self {
        Self(data_dir.join(FILE))
    }

    fn read(&self) -> Option<Last> {
        let text = fs::read_to_string(&self.0).ok()?;
        let mut words = text.split_whitespace();
        Some(Last {
            id: words.next()?.to_owned(),
            survives_restart: words.next() != Some(LOSES),
        })
    }

    fn write(&self, last: &Last) -> anyhow::Result<()> {
        let word = if last.survives_restart { "" } else { LOSES };
        let text = format!("{} {word}", last.id);
        let write = || {
            if let Some(directory) = self.0.parent() {
                fs::create_dir_all(directory)?;
            }
            fs::write(&self.0, format!("{}\n", text.trim_end()))
        };
        write().with_context(|| format!("cannot write {}", self.0.display()))
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

/// Whether the store answers from its node.
fn is_admitted(store: &AnyStore) -> bool {
    match store {
        AnyStore::Redis(store) => store.is_admitted(),
        AnyStore::Postgres(store) => store.is_admitted(),
        AnyStore::Embedded(_) | AnyStore::Memory(_) => true,
    }
}

/// Reads the header of the node that the store is connected to, and compares its
/// identity with that of the last one. After a change that the configuration does not
/// cover, what was issued before is void. Once the header is applied, the store answers:
/// until then, requests would be decided by the time of the restore of before.
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
    let reading = Header::reading(keyring);
    let header = match store {
        AnyStore::Redis(store) => reading.run_async(&store.inspect(), &System).await,
        AnyStore::Postgres(store) => reading.run_async(&store.inspect(), &System).await,
        AnyStore::Embedded(_) | AnyStore::Memory(_) => reading.run_async(store, &System).await,
    };
    let mut header = header.map_err(|error| match error {
        Error::StoreNotInitialized => anyhow::anyhow!(
            "the store has no header: it may be the wrong one; mpass store init writes it"
        ),
        other => other.into(),
    })?;
    if let Some(other) = header.moved_to() {
        bail!("the contents of the store were moved to {other}");
    }
    let last = file.read();
    if !is_covered(last.as_ref(), &node, covers_promotion) {
        header = void(store, keyring).await?;
        tracing::error!(
            node = %node.identity,
            "another node of the store: records may be missing, so that codes, tokens and \
             sessions issued before are void"
        );
    }
    let current = Last {
        id: node.identity.id.clone(),
        survives_restart: node.survives_restart,
    };
    if last.as_ref() != Some(&current) {
        file.write(&current)?;
    }
    for finding in &node.findings {
        tracing::warn!("store: {finding}");
    }
    apply(&header);
    if !admit(store, &node) {
        bail!("the connection was made again");
    }
    Ok(header)
}

/// Whether a node has every value that was reported as stored by the last one.
fn is_covered(last: Option<&Last>, node: &Node, covers_promotion: bool) -> bool {
    let Some(Last {
        id: last,
        survives_restart,
    }) = last
    else {
        return true;
    };
    let last = last.as_str();
    let (id, predecessor) = (&node.identity.id, node.identity.predecessor.as_deref());
    if id == last {
        return true;
    }
    match id.split_once('/') {
        // PostgreSQL: the same system, on another timeline.
        Some((system, _)) => {
            let is_same = last
                .split_once('/')
                .is_some_and(|(other, _)| other == system);
            is_same && covers_promotion
        }
        None if predecessor == Some(last) => covers_promotion,
        None => predecessor.is_none() && *survives_restart && node.survives_restart,
    }
}

/// Sets the time of the restore, and leaves the store open.
async fn void(store: &AnyStore, keyring: &Keyring) -> anyhow::Result<Header> {
    let restored = |header: Header, now_ms, _: &Keyring| {
        let was_closed = header.is_closed();
        let restored = header.restored(now_ms);
        Ok::<_, Error>(match was_closed {
            true => restored,
            false => restored.confirmed(now_ms),
        })
    };
    let change = Header::changing(keyring, restored);
    let changed = match store {
        AnyStore::Redis(store) => change.run_async(&store.inspect(), &System).await,
        AnyStore::Postgres(store) => change.run_async(&store.inspect(), &System).await,
        AnyStore::Embedded(_) | AnyStore::Memory(_) => change.run_async(store, &System).await,
    };
    Ok(changed?)
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
        match look(&state, covers_promotion, &file).await {
            Ok(header) => {
                if last.take().is_some() {
                    tracing::info!("the store answers again");
                }
                state.apply(&header);
            }
            Err(error) => {
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
    Ok(reading.run_async(&state.store, &System).await?)
}

#[cfg(test)]
mod tests {
    use mpass_stores::remote::Identity;

    use super::*;

    #[test]
    fn changes_of_the_node_that_are_covered() {
        let node = |id: &str, predecessor: Option<&str>, survives_restart| Node {
            link: 1,
            identity: Identity {
                id: id.to_owned(),
                predecessor: predecessor.map(str::to_owned),
            },
            survives_restart,
            findings: Vec::new(),
        };
        let is_covered = |last: Option<&str>, node: &Node, covers_promotion| {
            let last = last.map(|id| Last {
                id: id.trim_end_matches('*').to_owned(),
                survives_restart: !id.ends_with('*'),
            });
            is_covered(last.as_ref(), node, covers_promotion)
        };
        // The first node, and the same one.
        assert!(is_covered(None, &node("b", Some("x"), false), false));
        assert!(is_covered(Some("b"), &node("b", None, false), false));
        // A restart, with and without AOF always.
        assert!(is_covered(Some("a"), &node("b", None, true), false));
        assert!(!is_covered(Some("a"), &node("b", None, false), true));
        // The former one may have lost records before it was configured otherwise.
        assert!(!is_covered(Some("a*"), &node("b", None, true), true));
        // A promotion, with and without acknowledgement; of another primary.
        assert!(is_covered(Some("a"), &node("b", Some("a"), false), true));
        assert!(!is_covered(Some("a"), &node("b", Some("a"), true), false));
        assert!(!is_covered(Some("a"), &node("b", Some("x"), true), true));
        // PostgreSQL: another timeline, and another system.
        assert!(is_covered(Some("7/1"), &node("7/2", None, true), true));
        assert!(!is_covered(Some("7/1"), &node("7/2", None, true), false));
        assert!(!is_covered(Some("7/1"), &node("8/1", None, true), true));
    }

    #[test]
    fn the_last_node_is_kept() {
        let dir = tempfile::tempdir().unwrap();
        let file = NodeFile::of(dir.path());
        assert_eq!(file.read(), None);
        for survives_restart in [true, false] {
            let last = Last {
                id: "7/1".to_owned(),
                survives_restart,
            };
            file.write(&last).unwrap();
            assert_eq!(file.read(), Some(last));
        }
    }
}
