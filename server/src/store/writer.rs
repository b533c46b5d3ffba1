//! The one thread that writes: it shares a sync to disk among all swaps that
//! wait for one.

use std::path::PathBuf;

use mpass_core::Error;
use mpass_core::store::{StoreKey, Swap, Swapped};
use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::{mpsc, oneshot};

use super::sqlite;

/// Swaps of one commit.
const BATCH: usize = 512;
/// States that are looked at for expiry, for each swap of a commit. Every swap
/// adds at most one state and a walk over `n` of them takes `n / 8` swaps, so
/// what is dead and not yet dropped stays below a seventh of what lives.
const LOOKS: usize = 8;

/// A swap that waits for its commit.
pub(super) struct Job {
    pub(super) swap: Swap,
    pub(super) now_ms: u64,
    pub(super) answer: oneshot::Sender<Result<Swapped, Error>>,
}

pub(super) struct Writer {
    path: PathBuf,
    /// Nothing after a failure: the next batch begins with a new connection.
    db: Option<Connection>,
    /// The last state looked at for expiry.
    cursor: Option<StoreKey>,
}

impl Writer {
    pub(super) fn new(path: PathBuf, db: Connection) -> Self {
        Self {
            path,
            db: Some(db),
            cursor: None,
        }
    }

    /// Takes what is queued, commits it, answers; until every sender is gone
    /// and the queue is empty.
    pub(super) fn run(mut self, mut jobs: mpsc::Receiver<Job>) {
        let mut batch = Vec::new();
        while let Some(first) = jobs.blocking_recv() {
            batch.push(first);
            while batch.len() < BATCH {
                let Ok(job) = jobs.try_recv() else { break };
                batch.push(job);
            }
            let mut answers = self.commit(&batch).map(Vec::into_iter).inspect_err(|e| {
                tracing::error!(error = %e, swaps = batch.len(), "the store did not commit");
            });
            for job in batch.drain(..) {
                let answer = answers.as_mut().ok().and_then(Iterator::next);
                // Whoever no longer waits for an answer has had no verdict.
                let _ = job.answer.send(answer.ok_or(Error::StoreFailed));
            }
        }
        // Closing the last connection moves the log into the file; what it
        // cannot move is in the log and will be found there.
        drop(self.db);
    }

    /// All or nothing: an answer exists only when all of the batch is on disk.
    fn commit(&mut self, batch: &[Job]) -> rusqlite::Result<Vec<Swapped>> {
        let mut db = match self.db.take() {
            Some(db) => db,
            None => sqlite::connect(&self.path)?,
        };
        let write = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let swaps = batch.iter().map(|job| sqlite::swap(&write, &job.swap));
        let answers = swaps.collect::<rusqlite::Result<Vec<_>>>()?;
        // The earliest time that anyone in this batch knows, and no time of
        // earlier ones: a clock that jumped ahead and came back drops
        // nothing more.
        let now_ms = batch.iter().map(|job| job.now_ms).min().unwrap_or(0);
        let looks = batch.len() * LOOKS;
        let cursor = sqlite::drop_expired(&write, self.cursor, looks, now_ms)?;
        write.commit()?;
        self.cursor = cursor;
        self.db = Some(db);
        Ok(answers)
    }
}

#[cfg(test)]
#[path = "writer_tests.rs"]
mod tests;
