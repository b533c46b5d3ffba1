//! Opening a store with its keyring: nothing is created, migrated or written
//! before the two were compared.

use std::path::Path;

use anyhow::Context;
use mpass_core::challenge::{Header, Keyring};

use super::store::{self, Written};
use crate::store::{AnyStore, OpenError, StoreDirectory};
use crate::store_node;

/// A store that belongs to the keyring, with its header.
#[derive(Debug)]
pub struct Admitted {
    /// The store.
    pub store: AnyStore,
    /// Its header.
    pub header: Header,
    /// What was changed to open it, for the log or the terminal.
    pub notes: Vec<String>,
}

impl Admitted {
    /// Opens the embedded store in a directory.
    ///
    /// # Errors
    /// When the store cannot be opened or belongs to another keyring. An
    /// [`OpenError`] can be downcast to.
    pub async fn open(dir: &Path, keyring: &Keyring) -> anyhow::Result<Self> {
        Self::open_locked(StoreDirectory::lock(dir)?, dir, keyring).await
    }

    /// Opens the embedded store in a directory that is locked already.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub async fn open_locked(
        directory: StoreDirectory,
        dir: &Path,
        keyring: &Keyring,
    ) -> anyhow::Result<Self> {
        let present = directory.read_only()?;
        if let Some(present) = &present {
            store::compare(present, keyring).with_context(|| dir.display().to_string())?;
        }
        drop(present);
        let embedded = directory.open()?;
        let notes = embedded.migration().into_iter().collect();
        Self::of(AnyStore::Embedded(embedded), keyring, notes).await
    }

    /// Writes the header of a store that has none.
    ///
    /// # Errors
    /// When the store fails, and for one whose contents were moved.
    pub async fn of(
        store: AnyStore,
        keyring: &Keyring,
        mut notes: Vec<String>,
    ) -> anyhow::Result<Self> {
        let (header, written) = store::ensure(&store, keyring).await?;
        store_node::refuse_moved(&header)?;
        if written == Written::Adopted {
            notes.push("wrote the header of the store, which had none".to_owned());
        }
        Ok(Self {
            store,
            header,
            notes,
        })
    }
}

/// Whether an error of [`Admitted::open`] means that another process has the
/// store open.
#[must_use]
pub fn is_in_use(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(OpenError::InUse(_)))
}
