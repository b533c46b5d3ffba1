//! The writing thread, which shares one sync to disk among all queued swaps.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;

use mpass_core::Error;
use mpass_core::store::{Kind, StoreKey, Swap, Swapped};
use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::job::{Job, Work};
use super::layout;
use super::network_table;
use super::queues::Queues;
use super::recent::RecentStates;
use super::statements::{self as sqlite, Expiry};
use super::write_failure::WriteFailure;

/// States examined for expiry per swap of a commit. Every swap adds at most one
/// state, and a walk over `n` of them takes `n / 8` swaps, so the states that
/// could be dropped are always fewer than a seventh of the others.
const LOOKS: usize = 8;

pub(super) struct Writer {
    path: PathBuf,
    /// `None` after a failure: the next batch opens a new connection.
    db: Option<(Connection, Expiry)>,
    recent: Arc<RecentStates>,
    /// The last state examined for expiry.
    cursor: Option<StoreKey>,
    /// The same among the records of the network.
    network_cursor: Option<StoreKey>,
}

impl Writer {
    pub(super) fn new(
        path: PathBuf,
        db: Connection,
        recent: Arc<RecentStates>,
    ) -> rusqlite::Result<Self> {
        let expiry = Expiry::load(&db)?;
        Ok(Self {
            path,
            db: Some((db, expiry)),
            recent,
            cursor: None,
            network_cursor: None,
        })
    }

    /// Commits and answers queued swaps, until every sender is dropped and the
    /// queue is empty. Records why the last commit failed, or that it did not.
    pub(super) fn run(mut self, mut queues: Queues, failure: &WriteFailure) {
        let mut batch = Vec::new();
        while queues.next(&mut batch) {
            let mut answers = self.commit(&batch).map(Vec::into_iter).inspect_err(|e| {
                tracing::error!(error = %e, swaps = batch.len(), "cannot commit to the store");
            });
            if answers.is_err() {
                self.recent.clear();
            }
            failure.set(answers.as_ref().err().map(ToString::to_string));
            for job in batch.drain(..) {
                let answer = answers.as_mut().ok().and_then(Iterator::next);
                // If the receiver is gone, no verdict has been released.
                let _ = job.answer.send(answer.ok_or(Error::StoreFailed));
            }
        }
        // Closing the last connection moves the log into the database; if that
        // fails, the log is recovered at the next start.
        drop(self.db);
    }

    /// Performs a job in a transaction that has `changed` these states.
    fn perform(
        &self,
        write: &Transaction<'_>,
        job: &Job,
        changed: &mut HashSet<StoreKey>,
        expiry: &mut Expiry,
    ) -> rusqlite::Result<Swapped> {
        match &job.work {
            Work::Swap(swap, _) => {
                let is_first = swap.kind == Kind::State && changed.insert(swap.key);
                let known = is_first.then(|| self.recent.get(&swap.key)).flatten();
                return sqlite::swap(write, swap, known, expiry);
            }
            Work::SwapNetwork(swap, _) => return network_table::swap(write, swap),
            Work::ForgetDropped => expiry.forget_dropped(write)?,
            Work::DropUntil(kind, until_ms) => expiry.drop_until(write, *kind, *until_ms)?,
            Work::Touch => layout::touch(write)?,
        }
        Ok(Swapped::Stored)
    }

    /// Commits a batch completely or not at all.
    fn commit(&mut self, batch: &[Job]) -> rusqlite::Result<Vec<Swapped>> {
        let (mut db, mut expiry) = match self.db.take() {
            Some(open) => open,
            None => {
                let db = sqlite::connect(&self.path)?;
                let expiry = Expiry::load(&db)?;
                (db, expiry)
            }
        };
        let write = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut answers = Vec::with_capacity(batch.len());
        let mut changed = HashSet::new();
        for job in batch {
            answers.push(self.perform(&write, job, &mut changed, &mut expiry)?);
        }
        // The earliest time of this batch alone: once a clock that jumped ahead
        // is set back, nothing more is deleted early.
        let times = batch.iter().filter_map(|job| match job.work {
            Work::Swap(_, now_ms) | Work::SwapNetwork(_, now_ms) => Some(now_ms),
            Work::ForgetDropped | Work::DropUntil(..) | Work::Touch => None,
        });
        let now_ms = times.min().unwrap_or(0);
        let is_network = |job: &&Job| matches!(job.work, Work::SwapNetwork(..));
        let network = batch.iter().filter(is_network).count();
        let looks = (batch.len() - network) * LOOKS;
        let mut dropped = Vec::new();
        let cursor = match looks {
            0 => self.cursor,
            _ => {
                let from = self.cursor;
                sqlite::drop_expired(&write, &mut expiry, from, looks, now_ms, &mut dropped)?
            }
        };
        let looks = network * LOOKS;
        let network_cursor = match looks {
            0 => self.network_cursor,
            _ => network_table::drop_expired(&write, self.network_cursor, looks, now_ms)?,
        };
        write.commit()?;
        self.recent
            .committed(stored_states(batch, &answers), &dropped);
        self.cursor = cursor;
        self.network_cursor = network_cursor;
        self.db = Some((db, expiry));
        Ok(answers)
    }
}

/// The states that a batch has stored.
fn stored_states<'a>(
    batch: &'a [Job],
    answers: &'a [Swapped],
) -> impl Iterator<Item = (&'a StoreKey, &'a [u8])> {
    let stored = |(job, answer): (&'a Job, &Swapped)| match &job.work {
        Work::Swap(
            Swap {
                kind, key, value, ..
            },
            _,
        ) if *kind == Kind::State && *answer == Swapped::Stored => Some((key, &value[..])),
        _ => None,
    };
    batch.iter().zip(answers).filter_map(stored)
}

#[cfg(test)]
#[path = "writer_tests.rs"]
mod tests;
