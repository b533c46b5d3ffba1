//! An embedded store that is only read, in any layout.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use mpass_core::Error;
use mpass_core::store::{Kind, Listed, Store, StoreKey, Swap, Swapped};
use rusqlite::Connection;

use super::layout;
use super::statements as sqlite;
use crate::states::States;

/// An embedded store that cannot be changed: every swap fails.
#[derive(Debug)]
pub struct ReadOnlyStore {
    db: Mutex<Connection>,
    layout: i32,
}

impl ReadOnlyStore {
    pub(super) fn open(path: &Path, layout: i32) -> rusqlite::Result<Self> {
        Ok(Self {
            db: Mutex::new(layout::connect_to_read(path)?),
            layout,
        })
    }

    fn read<T>(&self, read: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, Error> {
        let db = self.db.lock().unwrap_or_else(PoisonError::into_inner);
        read(&db).map_err(sqlite::unreadable)
    }
}

impl Store for ReadOnlyStore {
    fn load(&self, kind: Kind, key: &StoreKey) -> Result<Option<Vec<u8>>, Error> {
        self.read(|db| sqlite::load(db, self.layout, kind, key))
    }

    /// Always [`Error::StoreFailed`].
    fn swap(&self, _: &Swap, _: u64) -> Result<Swapped, Error> {
        Err(Error::StoreFailed)
    }

    fn list(&self, after: Option<&StoreKey>, limit: u32) -> Result<Vec<Listed>, Error> {
        self.read(|db| sqlite::list(db, self.layout, after, limit))
    }
}

impl States for ReadOnlyStore {
    fn states(&self, after: Option<&StoreKey>, limit: u32) -> Result<Vec<Listed>, Error> {
        self.read(|db| sqlite::states(db, after, limit))
    }

    fn layout(&self) -> Option<i32> {
        Some(self.layout)
    }
}
