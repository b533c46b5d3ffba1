//! Appending to the chain, reading it, and removing its oldest part.

use mpass_core::Error;
use mpass_core::challenge::Keyring;
use mpass_core::documents::Next;

use super::chain::{self, Link};
use super::entry::Entry;
use super::head::Head;
use super::segment::Segment;
use crate::clock;
use crate::entropy::System;
use crate::store::AnyStore;

/// The audit log of a store.
#[derive(Clone, Copy, Debug)]
pub struct AuditLog<'a> {
    pub(super) store: &'a AnyStore,
    pub(super) keyring: &'a Keyring,
}

/// What became of an attempt to append to a segment.
enum Appended {
    Written(Link),
    /// The segment is full and ends with this entry.
    Closed(Link),
    /// The segment is not what the head has seen.
    Damaged,
}

impl<'a> AuditLog<'a> {
    /// The log of a store with this keyring.
    #[must_use]
    pub fn new(store: &'a AnyStore, keyring: &'a Keyring) -> Self {
        Self { store, keyring }
    }

    /// Appends an entry. When this returns, it is stored.
    ///
    /// Entries that were removed from the store are not brought back, but they do
    /// not stop administration: the chain goes on behind the last one that the head
    /// knows, and [`Self::verify`] finds the gap.
    ///
    /// # Errors
    /// When the store fails; the entry may be stored then.
    pub async fn append(&self, entry: &Entry) -> Result<Link, Error> {
        let entry = entry.bounded();
        let head = self.head().await.unwrap_or(Head::START);
        let (mut segment, mut after, mut at_least) = (head.segment, Link::START, head.last);
        let link = loop {
            match self.append_to(segment, after, at_least, &entry).await? {
                Appended::Written(link) => break link,
                Appended::Closed(last) => (segment, after) = (segment + 1, last),
                Appended::Damaged => {
                    tracing::error!(target: "mpass", after = head.last.number, "the audit log is damaged: see mpass audit verify");
                    (segment, after) = (segment + 1, head.last);
                }
            }
            at_least = Link::START;
        };
        self.raise(|head| {
            head.segment = head.segment.max(segment);
            if head.last.number < link.number {
                head.last = link;
            }
        })
        .await?;
        Ok(link)
    }

    /// Appends an entry to a segment, which is created behind `after` if it is
    /// absent and must otherwise go at least to `at_least`.
    async fn append_to(
        &self,
        number: u64,
        after: Link,
        at_least: Link,
        entry: &Entry,
    ) -> Result<Appended, Error> {
        let document = Segment::document(self.keyring, number);
        let change = document.changing(|current, moment| {
            let mut segment = match current {
                Some(contents) => Segment::read(contents).ok_or(Error::RecordFormat)?,
                None => Segment::new(number, after),
            };
            if segment.first.last.number < at_least.number {
                return Ok(Next::Keep(Appended::Damaged));
            }
            if segment.first.is_closed {
                return Ok(Next::Keep(Appended::Closed(segment.first.last)));
            }
            let last = segment.first.last;
            let (line, link) = chain::write(self.keyring, &last, moment.now_ms, entry)
                .map_err(|_| Error::RecordFormat)?;
            segment.push(&line, link);
            let contents = segment.write().map_err(|_| Error::RecordFormat)?;
            Ok::<_, Error>(Next::Write(contents, Appended::Written(link)))
        });
        let changed = change.run_async(self.store, &System).await;
        match changed {
            Ok(changed) => Ok(changed.outcome),
            Err(Error::RecordForged | Error::RecordFormat) => Ok(Appended::Damaged),
            Err(error) => Err(error),
        }
    }

    /// Changes the head.
    async fn raise(&self, change: impl Fn(&mut Head) + Send + Sync) -> Result<(), Error> {
        let document = Head::document(self.keyring);
        let change = document.changing(|current, _| {
            let present = current.and_then(Head::read);
            let mut head = present.unwrap_or(Head::START);
            change(&mut head);
            if present == Some(head) {
                return Ok(Next::Keep(()));
            }
            let contents = head.write().map_err(|_| Error::RecordFormat)?;
            Ok::<_, Error>(Next::Write(contents, ()))
        });
        change.run_async(self.store, &System).await?;
        Ok(())
    }

    /// The head; `None` if there is none.
    pub(super) async fn head(&self) -> Option<Head> {
        let reading = Head::document(self.keyring).reading();
        let read = reading.run_async(self.store, &System).await;
        Head::read(&read.ok()??)
    }

    /// The segment of a number; `None` if it is absent.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(super) async fn segment(&self, number: u64) -> Result<Option<Segment>, Error> {
        let reading = Segment::document(self.keyring, number).reading();
        let read = reading.run_async(self.store, &System).await?;
        let segment = read.map(|contents| Segment::read(&contents).ok_or(Error::RecordFormat));
        segment.transpose()
    }

    /// The last entry: what an anchor is made of.
    pub async fn last(&self) -> Link {
        self.head().await.map_or(Link::START, |head| head.last)
    }

    /// The entries with numbers above `after`, oldest first: those of the next
    /// segment that has any, as lines of JSON. Empty at the end.
    ///
    /// # Errors
    /// When the store fails or a segment is damaged.
    pub async fn lines_after(&self, after: u64) -> Result<Vec<String>, Error> {
        let head = self.head().await.unwrap_or(Head::START);
        let mut number = head.kept_from;
        while let Some(segment) = self.segment(number).await? {
            if segment.first.last.number > after {
                let lines = segment.lines();
                let above = |line: &&str| chain::stated(line).is_some_and(|it| it.number > after);
                return Ok(lines.filter(above).map(str::to_owned).collect());
            }
            number += 1;
        }
        Ok(Vec::new())
    }

    /// The entries with numbers below `before`, newest first, at most `limit`, as
    /// lines of JSON. All of the newest for `u64::MAX`.
    ///
    /// # Errors
    /// When the store fails or a segment is damaged.
    pub async fn lines_before(&self, before: u64, limit: usize) -> Result<Vec<String>, Error> {
        let head = self.head().await.unwrap_or(Head::START);
        let mut number = head.segment;
        while self.segment(number + 1).await?.is_some() {
            number += 1;
        }
        let mut lines = Vec::new();
        while number >= head.kept_from && lines.len() < limit {
            let Some(segment) = self.segment(number).await? else {
                break;
            };
            number -= 1;
            if segment.first.after.number + 1 >= before {
                continue;
            }
            let below = |line: &&str| chain::stated(line).is_some_and(|it| it.number < before);
            let newest = segment.lines().rev().filter(below).map(str::to_owned);
            lines.extend(newest.take(limit - lines.len()));
        }
        Ok(lines)
    }

    /// Removes the segments whose entries are all older than `until_ms`; returns the
    /// last entry that was removed. The head remembers where the chain begins.
    ///
    /// # Errors
    /// When the store fails or a segment is damaged.
    pub async fn prune(&self, until_ms: u64) -> Result<Option<Link>, Error> {
        let head = self.head().await.unwrap_or(Head::START);
        let (mut number, mut removed) = (head.kept_from, None);
        while let Some(segment) = self.segment(number).await? {
            let is_old = segment.written_until_ms().is_some_and(|at| at < until_ms);
            if !segment.first.is_closed || !is_old {
                break;
            }
            removed = Some(segment.first.last);
            number += 1;
        }
        let Some(to) = removed else {
            return Ok(None);
        };
        self.raise(|head| {
            if head.removed_to.number < to.number {
                (head.kept_from, head.removed_to) = (number, to);
            }
        })
        .await?;
        for removed in head.kept_from..number {
            let document = Segment::document(self.keyring, removed);
            let remove = document.changing(|_, _| Ok::<_, Error>(Next::Remove(())));
            remove.run_async(self.store, &System).await?;
        }
        Ok(Some(to))
    }

    /// As [`Self::prune`], of what is older than `keep_ms`.
    ///
    /// # Errors
    /// As [`Self::prune`].
    pub async fn prune_older_than(&self, keep_ms: u64) -> Result<Option<Link>, Error> {
        self.prune(clock::now_ms().saturating_sub(keep_ms)).await
    }
}
