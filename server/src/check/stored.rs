//! The data directory, the keyring, and whether the store belongs to it.

use std::path::Path;

use anyhow::{Context, anyhow};
use mpass_core::challenge::Keyring;

use super::Check;
use crate::admin::status::KeyringStatus;
use crate::admin::{Client, Operation, Outcome, store};
use crate::options::ServeOptions;
use crate::setup::{check_data_dir, check_keyring};
use crate::store::StoreDirectory;
use crate::store_config::StoreKind;
use crate::store_node;

impl Check<'_> {
    pub(super) async fn stored(&mut self, options: &ServeOptions) {
        let dir = &options.data_dir;
        // Of a directory that is not one, nothing more can be said.
        if self.one(check_data_dir(options)).is_none() && !dir.is_dir() {
            return;
        }
        let Some(Some(keyring)) = self.one(check_keyring(options)) else {
            return;
        };
        match &options.config.store {
            StoreKind::Memory => {}
            StoreKind::Embedded => {
                let compared = compare(dir, &keyring).await;
                if let Some(Some(note)) = self.one(compared) {
                    self.warning(note);
                }
            }
            kind @ (StoreKind::Redis(_) | StoreKind::Postgres(_)) => {
                self.behind_network(kind, &keyring).await;
            }
        }
    }

    /// Connects to a store behind a network, and compares its header.
    async fn behind_network(&mut self, kind: &StoreKind, keyring: &Keyring) {
        let read = store_node::open_to_read(kind, keyring).await;
        let Some((_, header, node)) = self.one(read.context("store")) else {
            return;
        };
        self.one(store_node::refuse_moved(&header).context("store"));
        for finding in &node.findings {
            self.warning(format!("store: {finding}"));
        }
    }
}

/// Compares the keyring with the store, or with the keyring of the server that has
/// it open. Returns why that was not possible.
async fn compare(dir: &Path, keyring: &Keyring) -> anyhow::Result<Option<String>> {
    if let Some(client) = Client::connect(dir).await? {
        return compare_running(client, keyring).await;
    }
    let compared = match StoreDirectory::peek(dir) {
        Ok(None) => return Ok(None),
        Ok(Some(store)) => match store::compare(&store, keyring) {
            Ok(header) => header.as_ref().map_or(Ok(()), store_node::refuse_moved),
            Err(failure) => Err(anyhow::Error::new(failure)),
        },
        Err(Some(error)) => Err(anyhow::Error::new(error)),
        Err(None) => {
            let note = "the store was not closed, and was not compared with the keyring: the next \
                        start recovers it";
            return Ok(Some(note.to_owned()));
        }
    };
    // A server that was starting meanwhile had the store.
    if compared.is_err()
        && let Some(client) = Client::connect(dir).await?
    {
        return compare_running(client, keyring).await;
    }
    compared.with_context(|| dir.display().to_string())?;
    Ok(None)
}

async fn compare_running(mut client: Client, keyring: &Keyring) -> anyhow::Result<Option<String>> {
    let Ok(Outcome::Status(status)) = client.perform(Operation::Status).await? else {
        let note = "the store was not compared with the keyring: the running server does not \
                    describe itself";
        return Ok(Some(note.to_owned()));
    };
    let (own, running) = (KeyringStatus::of(keyring, None), &status.keyring);
    let pairs = own.keys.iter().flat_map(|own| {
        let running = running.keys.iter();
        running.map(move |running| (own, running))
    });
    let mut same_ids = pairs.filter(|(own, running)| own.id == running.id);
    if own.locator != running.locator || same_ids.any(|(own, running)| own != running) {
        return Err(anyhow!(
            "the keyring is another one than that of the running server"
        ));
    }
    Ok(None)
}
