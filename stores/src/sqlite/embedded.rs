//! The store on disk: SQLite behind one writing thread.

use core::fmt;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use mpass_core::Error;
use mpass_core::store::{
    Kind, Listed, MAX_DOCUMENT_LEN, MAX_STATE_LEN, Store, StoreKey, Swap, Swapped,
};
use rusqlite::Connection;
use tokio::sync::{Mutex as AsyncMutex, mpsc, oneshot};

use super::gathering::Gathering;
use super::job::{Job, Work};
use super::layout::{self, Found, LAYOUT};
use super::open_error::OpenError;
use super::queues::Queues;
use super::recent::RecentStates;
use super::statements as sqlite;
use super::write_failure::WriteFailure;
use super::writer::Writer;
use crate::states::States;

/// The capacity of the writer's queue; further swaps wait.
const QUEUE: usize = 1024;
/// The maximum number of idle connections for reading.
const READERS: usize = 16;

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
    recent: Arc<RecentStates>,
    /// `None` only while being dropped.
    jobs: Option<mpsc::Sender<Job>>,
    /// The same of the network, which has a share of each commit.
    network: Option<Gathering>,
    writer: Option<JoinHandle<()>>,
    migrated_from: Option<i32>,
    failure: Arc<WriteFailure>,
    trying: AsyncMutex<()>,
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
    /// Opens the file of a locked directory.
    pub(super) fn start(path: &Path, lock: File) -> Result<Self, OpenError> {
        let database = |e| OpenError::Database(path.to_owned(), e);
        let mut db = sqlite::connect(path).map_err(database)?;
        let migrated_from = match layout::prepare(&mut db).map_err(database)? {
            Found::Store(layout) if layout < LAYOUT => Some(layout),
            _ => None,
        };
        let (jobs, queued) = mpsc::channel(QUEUE);
        let (network, groups) = Gathering::new();
        let queues = Queues::new(queued, groups);
        let recent = Arc::<RecentStates>::default();
        let writer = Writer::new(path.to_owned(), db, Arc::clone(&recent)).map_err(database)?;
        let failure = Arc::<WriteFailure>::default();
        let recorded = Arc::clone(&failure);
        let writer = std::thread::Builder::new()
            .name("store writer".into())
            .spawn(move || writer.run(queues, &recorded))
            .map_err(|e| OpenError::Io(path.to_owned(), e))?;
        Ok(Self {
            path: path.to_owned(),
            readers: Mutex::new(Vec::new()),
            recent,
            jobs: Some(jobs),
            network: Some(network),
            writer: Some(writer),
            migrated_from,
            failure,
            trying: AsyncMutex::default(),
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

    /// Why the last write failed, such as that the disk is full; `None` if it did
    /// not. In one line without a value.
    #[must_use]
    pub fn write_failure(&self) -> Option<String> {
        self.failure.get()
    }

    /// As [`Self::write_failure`], after another try if it failed: without requests
    /// there is no other write. One caller tries at a time.
    pub async fn try_to_write(&self) -> Option<String> {
        self.failure.get()?;
        if let Ok(_trying) = self.trying.try_lock() {
            // The writer records how it ends.
            let _ = self.perform(Work::Touch).await;
        }
        self.failure.get()
    }

    /// As [`Store::list`], only of documents that begin with the byte `format`, which is
    /// 0x80 or higher: none is found for a lower one. It takes as long as what it lists,
    /// however many other documents there are.
    ///
    /// # Errors
    /// [`Error::StoreFailed`] when the store cannot be read.
    pub fn list_format(
        &self,
        format: u8,
        after: Option<&StoreKey>,
        limit: u32,
    ) -> Result<Vec<Listed>, Error> {
        self.read(|db| sqlite::of_format(db, format, after, limit))
    }

    /// When an expired value was last dropped, or earlier, in milliseconds of Unix
    /// time.
    #[must_use]
    pub fn dropped_at_ms(&self) -> Option<u64> {
        self.read(sqlite::dropped_at_ms).ok().flatten()
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

    pub(super) async fn perform(&self, work: Work) -> Result<Swapped, Error> {
        let jobs = self.jobs.as_ref().ok_or(Error::StoreFailed)?;
        let place = jobs.reserve().await.map_err(|_| Error::StoreFailed)?;
        let (answer, answered) = oneshot::channel();
        place.send(Job { work, answer });
        // A writer that ends without answering may have stored it.
        answered.await.unwrap_or(Err(Error::StoreUnknown))
    }

    /// As [`Self::perform`], together with the swaps of the network that are
    /// requested at the same time.
    pub(super) async fn perform_of_network(&self, work: Work) -> Result<Swapped, Error> {
        let network = self.network.as_ref().ok_or(Error::StoreFailed)?;
        network.perform(work).await
    }

    /// Closes the store: commits queued swaps and releases the directory.
    /// Dropping it does the same.
    pub fn close(self) {}

    pub(super) fn read<T>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, Error> {
        let kept = self.readers().pop();
        let db = match kept {
            Some(db) => db,
            None => sqlite::connect(&self.path).map_err(sqlite::unreadable)?,
        };
        // A failed connection is not reused.
        let value = read(&db).map_err(sqlite::unreadable)?;
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
        if kind == Kind::State
            && let Some(value) = self.recent.get(key)
        {
            return Ok(Some(value));
        }
        self.read(|db| sqlite::load(db, LAYOUT, kind, key))
    }

    fn swap(&self, swap: &Swap, now_ms: u64) -> Result<Swapped, Error> {
        // Tokio's blocking calls would panic on a thread of the runtime.
        pollster::block_on(Self::swap(self, swap.clone(), now_ms))
    }

    fn list(&self, after: Option<&StoreKey>, limit: u32) -> Result<Vec<Listed>, Error> {
        self.read(|db| sqlite::list(db, LAYOUT, after, limit))
    }
}

impl States for EmbeddedStore {
    fn states(&self, after: Option<&StoreKey>, limit: u32) -> Result<Vec<Listed>, Error> {
        self.read(|db| sqlite::states(db, after, limit))
    }

    fn layout(&self) -> Option<i32> {
        Some(LAYOUT)
    }
}

impl Drop for EmbeddedStore {
    fn drop(&mut self) {
        // Close these before the writer, whose connection, as the last one,
        // cleans up.
        self.readers().clear();
        drop((self.jobs.take(), self.network.take()));
        if let Some(writer) = self.writer.take() {
            // If the writer panicked, its jobs have failed already.
            let _ = writer.join();
        }
    }
}
