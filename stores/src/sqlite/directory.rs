//! The directory of an embedded store: its lock, and what its file is.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{
    DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _,
};
use std::path::{Path, PathBuf};

use super::embedded::EmbeddedStore;
use super::layout::{self, Found, LAYOUT};
use super::open_error::OpenError;
use super::read_only::ReadOnlyStore;
use crate::access;

const FILE: &str = "store.sqlite";
const LOCK: &str = "lock";
/// The permissions of the group and of all others to write.
const WRITABLE_BY_OTHERS: u32 = 0o022;

/// The directory of an embedded store, locked by this process, with the store
/// not yet open: its file can be examined before it is created or migrated.
#[derive(Debug)]
pub struct StoreDirectory {
    path: PathBuf,
    found: Option<Found>,
    lock: File,
}

impl StoreDirectory {
    /// Whether the directory contains a store's file, which is not empty.
    ///
    /// # Errors
    /// When the directory cannot be read.
    pub fn contains_store(dir: &Path) -> io::Result<bool> {
        match dir.join(FILE).metadata() {
            Ok(metadata) => Ok(metadata.len() > 0),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Refuses a directory that other users can change or replace, with the store or
    /// the admin socket in it. One that does not exist is private.
    ///
    /// # Errors
    /// [`OpenError::Foreign`], [`OpenError::Shared`] or [`OpenError::SharedAbove`];
    /// [`OpenError::Io`] when it cannot be examined.
    pub fn check_private(dir: &Path) -> Result<(), OpenError> {
        let io = |e| OpenError::Io(dir.to_owned(), e);
        match fs::metadata(dir) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(io(error)),
            Ok(metadata) if !metadata.is_dir() => {
                return Err(io(io::ErrorKind::NotADirectory.into()));
            }
            Ok(metadata) => {
                let mode = metadata.permissions().mode() & 0o7777;
                if metadata.uid() != rustix::process::geteuid().as_raw() {
                    return Err(OpenError::Foreign(dir.to_owned(), metadata.uid()));
                }
                if mode & WRITABLE_BY_OTHERS != 0 {
                    return Err(OpenError::Shared(dir.to_owned(), mode));
                }
            }
        }
        match access::above_that_everybody_changes(dir).map_err(io)? {
            Some((above, mode)) => Err(OpenError::SharedAbove(above, mode)),
            None => Ok(()),
        }
    }

    /// Refuses a directory that a server could not use, without creating or changing
    /// anything.
    ///
    /// # Errors
    /// Those of [`Self::check_private`]; [`OpenError::Io`] when the directory or a
    /// file in it cannot be created or written.
    pub fn check(dir: &Path) -> Result<(), OpenError> {
        Self::check_private(dir)?;
        access::create_in(dir).map_err(|e| OpenError::Io(dir.to_owned(), e))?;
        for name in [LOCK, FILE] {
            let file = dir.join(name);
            match access::read_write(&file) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(OpenError::Io(file, error));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Locks the directory, which is created with mode 0700 if it does not
    /// exist. The store's file is neither created nor changed.
    ///
    /// # Errors
    /// [`OpenError::InUse`] when the store is open already;
    /// [`OpenError::Shared`] when other users can write to the directory;
    /// [`OpenError::Layout`] for a file of a newer layout.
    pub fn lock(dir: &Path) -> Result<Self, OpenError> {
        Self::check_private(dir)?;
        make_dir(dir).map_err(|e| OpenError::Io(dir.to_owned(), e))?;
        let lock = lock(dir)?;
        let path = dir.join(FILE);
        let found = found(&path)?;
        Ok(Self { path, found, lock })
    }

    /// The store of a directory without a lock, to be read while no server is
    /// running on it; `None` if there is none. Nothing is created or changed, not
    /// even a lock. `Err(None)` for a store whose log has to be recovered first.
    ///
    /// # Errors
    /// As [`Self::lock`].
    pub fn peek(dir: &Path) -> Result<Option<ReadOnlyStore>, Option<OpenError>> {
        let path = dir.join(FILE);
        if layout::has_log(&path) {
            return Err(None);
        }
        let Some(Found::Store(layout)) = found(&path)? else {
            return Ok(None);
        };
        let store = ReadOnlyStore::open(&path, layout);
        store
            .map(Some)
            .map_err(|e| Some(OpenError::Database(path, e)))
    }

    /// The store without the possibility to change it, in whichever layout it
    /// has; `None` if there is none yet.
    ///
    /// # Errors
    /// [`OpenError::Database`].
    pub fn read_only(&self) -> Result<Option<ReadOnlyStore>, OpenError> {
        let Some(Found::Store(layout)) = self.found else {
            return Ok(None);
        };
        let store = ReadOnlyStore::open(&self.path, layout);
        let store = store.map_err(|e| OpenError::Database(self.path.clone(), e))?;
        Ok(Some(store))
    }

    /// Opens the store; creates its file, or migrates it in one transaction: see
    /// [`EmbeddedStore::migration`].
    ///
    /// # Errors
    /// [`OpenError::Database`] or [`OpenError::Io`].
    pub fn open(self) -> Result<EmbeddedStore, OpenError> {
        let Self { path, lock, .. } = self;
        let io = |e| OpenError::Io(path.clone(), e);
        // SQLite creates its other files with the mode of this one.
        drop(private_file(&path).map_err(io)?);
        let store = EmbeddedStore::start(&path, lock)?;
        // New files are durable only once their directory is synced.
        let dir = path.parent().unwrap_or(Path::new("."));
        File::open(dir).and_then(|d| d.sync_all()).map_err(io)?;
        Ok(store)
    }
}

impl EmbeddedStore {
    /// Opens the store in `dir`, or creates it. A new directory has mode 0700,
    /// and every file in it 0600. A file of an older layout is migrated in one
    /// transaction: see [`Self::migration`].
    ///
    /// # Errors
    /// [`OpenError::Layout`] for a file of a newer layout, which is not changed.
    /// [`OpenError::InUse`] when it is open already, usually in a running
    /// server, which accepts changes on its admin socket.
    pub fn open(dir: &Path) -> Result<Self, OpenError> {
        StoreDirectory::lock(dir)?.open()
    }
}

/// What the store's file is, if it exists and can be opened.
fn found(path: &Path) -> Result<Option<Found>, OpenError> {
    let exists = path.try_exists();
    if !exists.map_err(|e| OpenError::Io(path.to_owned(), e))? {
        return Ok(None);
    }
    let found = layout::inspect(path);
    match found.map_err(|e| OpenError::Database(path.to_owned(), e))? {
        found @ (Found::Empty | Found::Store(1..=LAYOUT)) => Ok(Some(found)),
        Found::Store(layout) => Err(OpenError::Layout(path.to_owned(), layout)),
        Found::Other => Err(OpenError::Format(path.to_owned())),
    }
}

fn make_dir(dir: &Path) -> io::Result<()> {
    if dir.is_dir() {
        return Ok(());
    }
    DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
    match dir.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => File::open(parent)?.sync_all(),
        _ => Ok(()),
    }
}

fn private_file(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)
}

fn lock(dir: &Path) -> Result<File, OpenError> {
    let path = dir.join(LOCK);
    let io = |e| OpenError::Io(path.clone(), e);
    let file = private_file(&path).map_err(io)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse(dir.to_owned())),
        Err(TryLockError::Error(e)) => Err(io(e)),
    }
}
