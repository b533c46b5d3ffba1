//! The store on disk: SQLite behind one writing thread.

use core::fmt;
use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;

use mpass_core::Error;
use mpass_core::store::{
    Kind, Listed, MAX_DOCUMENT_LEN, MAX_STATE_LEN, Store, StoreKey, Swap, Swapped,
};
use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::layout::{self, Found, LAYOUT};
use super::sqlite;
use super::writer::{Job, Work, Writer};

/// The capacity of the writer's queue; further swaps wait.
const QUEUE: usize = 1024;
/// The maximum number of idle connections for reading.
const READERS: usize = 16;

const FILE: &str = "store.sqlite";
const LOCK: &str = "lock";

/// Why a store was not opened.
#[derive(Debug)]
#[non_exhaustive]
pub enum OpenError {
    /// The directory is in use by another process, or by another store of this
    /// process.
    InUse(PathBuf),
    /// The file is not a store.
    Format(PathBuf),
    /// The file is a store of a layout that this version does not know.
    Layout(PathBuf, i32),
    /// The directory or a file in it cannot be created, opened or locked.
    Io(PathBuf, io::Error),
    /// The database failed.
    Database(PathBuf, rusqlite::Error),
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InUse(dir) => {
                write!(f, "the store in {} is in use", dir.display())
            }
            Self::Format(file) => {
                write!(f, "{} is not a store", file.display())
            }
            Self::Layout(file, layout) => write!(
                f,
                "the store {} has layout {layout}, and this version supports layouts up to {LAYOUT}: \
                 use a newer version",
                file.display()
            ),
            Self::Io(path, error) => write!(f, "{}: {error}", path.display()),
            Self::Database(path, error) => write!(f, "{}: {error}", path.display()),
        }
    }
}

impl core::error::Error for OpenError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::InUse(_) | Self::Format(_) | Self::Layout(..) => None,
            Self::Io(_, error) => Some(error),
            Self::Database(_, error) => Some(error),
        }
    }
}

/// A durable [`Store`] in one directory, for one process at a time.
///
/// A swap returns once it is synced to disk; concurrent swaps share a sync.
/// Loads read on the caller's thread and see every swap that has returned.
///
/// Values are dropped 24 hours after they expire or later, judged by the smallest
/// `now_ms` of the swaps in a commit, so that a clock that is ahead by less drops
/// nothing early. The file keeps the highest expiry of a dropped value, by kind:
/// an insert that expires no later is [`Swapped::Expired`].
///
/// While the disk is full or failing, swaps fail with [`Error::StoreFailed`];
/// once it works again, so do they.
pub struct EmbeddedStore {
    path: PathBuf,
    readers: Mutex<Vec<Connection>>,
    /// `None` only while being dropped.
    jobs: Option<mpsc::Sender<Job>>,
    writer: Option<JoinHandle<()>>,
    migrated_from: Option<i32>,
    /// Released after the writer has ended.
    _lock: File,
}

impl fmt::Debug for EmbeddedStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmbeddedStore")
            .field("path", &self.path)
            .finish_non_exhaustive()
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
        make_dir(dir).map_err(|e| OpenError::Io(dir.to_owned(), e))?;
        let lock = lock(dir)?;
        let path = dir.join(FILE);
        let io = |e| OpenError::Io(path.clone(), e);
        // SQLite creates its other files with the mode of this one.
        drop(private_file(&path).map_err(io)?);
        let database = |e| OpenError::Database(path.clone(), e);
        match layout::inspect(&path).map_err(database)? {
            Found::Empty | Found::Store(1..=LAYOUT) => {}
            Found::Store(layout) => return Err(OpenError::Layout(path, layout)),
            Found::Other => return Err(OpenError::Format(path)),
        }
        let mut db = sqlite::connect(&path).map_err(database)?;
        let migrated_from = match layout::prepare(&mut db).map_err(database)? {
            Found::Store(layout) if layout < LAYOUT => Some(layout),
            _ => None,
        };
        // New files are durable only once their directory is synced.
        File::open(dir).and_then(|d| d.sync_all()).map_err(io)?;
        let (jobs, queued) = mpsc::channel(QUEUE);
        let writer = Writer::new(path.clone(), db);
        let writer = std::thread::Builder::new()
            .name("store writer".into())
            .spawn(move || writer.run(queued))
            .map_err(io)?;
        Ok(Self {
            path,
            readers: Mutex::new(Vec::new()),
            jobs: Some(jobs),
            writer: Some(writer),
            migrated_from,
            _lock: lock,
        })
    }

    /// Replaces a value if it is still the expected one, and returns once that
    /// is on disk.
    ///
    /// A swap that is dropped before it returns may or may not be stored.
    ///
    /// # Errors
    /// [`Error::StoreFailed`] when nothing was stored, also for a value longer
    /// than its kind allows; [`Error::StoreUnknown`] when it is unknown whether
    /// it was.
    pub async fn swap(&self, swap: Swap, now_ms: u64) -> Result<Swapped, Error> {
        let longest = match swap.kind {
            Kind::State => MAX_STATE_LEN,
            Kind::Document => MAX_DOCUMENT_LEN,
        };
        if swap.value.len() > longest {
            return Err(Error::StoreFailed);
        }
        self.perform(Work::Swap(swap, now_ms)).await
    }

    /// Forgets which values were dropped, so that no insert is
    /// [`Swapped::Expired`]. For a store whose earlier values are void.
    ///
    /// # Errors
    /// As [`Self::swap`].
    pub async fn forget_dropped(&self) -> Result<(), Error> {
        self.perform(Work::ForgetDropped).await.map(|_| ())
    }

    /// A line for the log or the terminal if opening the store has migrated its
    /// file.
    #[must_use]
    pub fn migration(&self) -> Option<String> {
        let from = self.migrated_from?;
        Some(format!(
            "migrated the store from layout {from} to layout {LAYOUT}"
        ))
    }

    async fn perform(&self, work: Work) -> Result<Swapped, Error> {
        let jobs = self.jobs.as_ref().ok_or(Error::StoreFailed)?;
        let (answer, answered) = oneshot::channel();
        let job = Job { work, answer };
        jobs.send(job).await.map_err(|_| Error::StoreFailed)?;
        // A writer that ends without answering may have stored it.
        answered.await.unwrap_or(Err(Error::StoreUnknown))
    }

    /// Closes the store: commits queued swaps and releases the directory.
    /// Dropping it does the same.
    pub fn close(self) {}

    fn read<T>(&self, read: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, Error> {
        let kept = self.readers().pop();
        let db = match kept {
            Some(db) => db,
            None => sqlite::connect(&self.path).map_err(unreadable)?,
        };
        // A failed connection is not reused.
        let value = read(&db).map_err(unreadable)?;
        let mut readers = self.readers();
        if readers.len() < READERS {
            readers.push(db);
        }
        Ok(value)
    }

    fn readers(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for EmbeddedStore {
    fn load(&self, kind: Kind, key: &StoreKey) -> Result<Option<Vec<u8>>, Error> {
        self.read(|db| sqlite::load(db, kind, key))
    }

    fn swap(&self, swap: &Swap, now_ms: u64) -> Result<Swapped, Error> {
        // Tokio's blocking calls would panic on a thread of the runtime.
        pollster::block_on(Self::swap(self, swap.clone(), now_ms))
    }

    fn list(&self, after: Option<&StoreKey>, limit: u32) -> Result<Vec<Listed>, Error> {
        self.read(|db| sqlite::list(db, after, limit))
    }
}

impl Drop for EmbeddedStore {
    fn drop(&mut self) {
        // Close these before the writer, whose connection, as the last one,
        // cleans up.
        self.readers().clear();
        drop(self.jobs.take());
        if let Some(writer) = self.writer.take() {
            // If the writer panicked, its jobs have failed already.
            let _ = writer.join();
        }
    }
}

fn unreadable(error: rusqlite::Error) -> Error {
    tracing::error!(%error, "cannot read the store");
    Error::StoreFailed
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
