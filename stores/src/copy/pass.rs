//! One walk over the source and the target: it writes what is missing, or only compares.

use mpass_core::store::{Environment, Kind, StoreKey, Swapped};

use super::compared::{Compared, Progress};
use super::contents::{CLOCKS_MS, Contents, MARGIN_MS, Record};
use super::error::CopyError;
use super::walk::{Walk, page};

/// What a walk does about a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// Writes what is missing.
    Fill,
    /// Writes what is missing, and replaces what differs.
    Overwrite,
    /// Writes nothing.
    Compare,
}

/// A walk over a source and a target.
pub(super) struct Pass<'a, S, T, E> {
    pub(super) source: &'a S,
    pub(super) target: &'a T,
    pub(super) environment: &'a E,
    pub(super) mode: Mode,
    pub(super) compared: Compared,
}

impl<S: Contents, T: Contents, E: Environment> Pass<'_, S, T, E> {
    /// Walks over both kinds.
    pub(super) async fn run(
        mut self,
        progress: &mut impl FnMut(Progress),
    ) -> Result<Compared, CopyError> {
        for kind in [Kind::Document, Kind::State] {
            self.kind(kind, progress).await?;
        }
        Ok(self.compared)
    }

    async fn kind(
        &mut self,
        kind: Kind,
        progress: &mut impl FnMut(Progress),
    ) -> Result<(), CopyError> {
        let mut from = Walk::new(self.source, kind);
        let mut to = Walk::new(self.target, kind);
        let mut missing = Vec::new();
        let mut count = 0_u32;
        while let Some(record) = from.next().await.map_err(CopyError::Source)? {
            count += 1;
            self.skip(&mut to, kind, Some(record.key)).await?;
            let is_there = to.front().await.map_err(CopyError::Target)? == Some(record.key);
            let there = match is_there {
                true => to.next().await.map_err(CopyError::Target)?,
                false => None,
            };
            self.compare(kind, record, there, &mut missing).await?;
            if count == page(kind) {
                self.write(kind, &mut missing).await?;
                progress(self.progress());
                count = 0;
            }
        }
        self.write(kind, &mut missing).await?;
        self.skip(&mut to, kind, None).await?;
        progress(self.progress());
        Ok(())
    }

    fn progress(&self) -> Progress {
        let compared = &self.compared;
        Progress {
            compares: self.mode == Mode::Compare,
            values: compared.states + compared.documents + compared.differing + compared.missing,
        }
    }

    /// Passes over values of the target that stand before `key`, or over all.
    async fn skip(
        &mut self,
        to: &mut Walk<'_, T>,
        kind: Kind,
        key: Option<StoreKey>,
    ) -> Result<(), CopyError> {
        loop {
            let front = to.front().await.map_err(CopyError::Target)?;
            if front.is_none() || key.is_some_and(|key| front >= Some(key)) {
                return Ok(());
            }
            let extra = to.next().await.map_err(CopyError::Target)?;
            let may_be_gone = |extra: &Record| self.may_be_gone(kind, extra);
            self.compared.extra += u64::from(!extra.as_ref().is_some_and(may_be_gone));
        }
    }

    /// Whether the source may have dropped a value since it was copied.
    fn may_be_gone(&self, kind: Kind, extra: &Record) -> bool {
        let margin = |drops: bool| if drops { MARGIN_MS } else { 0 };
        let shown_later = margin(self.target.drops_by_itself(kind));
        let kept_longer = margin(!self.source.drops_by_itself(kind));
        let now_ms = self.environment.now_ms().saturating_add(CLOCKS_MS);
        extra.end().is_some_and(|end| {
            let gone_ms = end.saturating_sub(shown_later).saturating_add(kept_longer);
            gone_ms <= now_ms
        })
    }

    /// Compares a value of the source with the one of the target.
    async fn compare(
        &mut self,
        kind: Kind,
        record: Record,
        there: Option<Record>,
        missing: &mut Vec<Record>,
    ) -> Result<(), CopyError> {
        if record.has_expired(self.environment.now_ms()) {
            self.compared.expired += 1;
            self.compared.left_out = self.compared.left_out.with(kind, record.end());
            return Ok(());
        }
        match there {
            None => missing.push(record),
            Some(there) if self.is_same(kind, &record, &there) => self.compared.is_there(kind),
            Some(there) if self.mode == Mode::Overwrite => {
                let swap = record.swap(kind, Some(there.value));
                let now_ms = self.environment.now_ms();
                let swapped = self.target.swap(swap, now_ms).await;
                match swapped.map_err(CopyError::Target)? {
                    Swapped::Stored => {
                        self.compared.written += 1;
                        self.compared.is_there(kind);
                    }
                    _ => self.compared.differing += 1,
                }
            }
            Some(_) => self.compared.differing += 1,
        }
        Ok(())
    }

    /// Whether a value is the same in the target, which may show a later end.
    fn is_same(&self, kind: Kind, record: &Record, there: &Record) -> bool {
        let latest_ms = match self.target.drops_by_itself(kind) {
            // The margin, and as much between the clocks.
            true => 2 * MARGIN_MS,
            false => 0,
        };
        let is_end = match (record.end(), there.end()) {
            (None, None) => true,
            (Some(end), Some(shown)) => (end..=end.saturating_add(latest_ms)).contains(&shown),
            _ => false,
        };
        record.value == there.value && is_end
    }

    /// Writes what is missing.
    async fn write(&mut self, kind: Kind, missing: &mut Vec<Record>) -> Result<(), CopyError> {
        let records = core::mem::take(missing);
        let all = u64::try_from(records.len()).unwrap_or(u64::MAX);
        if self.mode == Mode::Compare || all == 0 {
            self.compared.missing += all;
            return Ok(());
        }
        let now_ms = self.environment.now_ms();
        let written = self.target.insert(kind, records, now_ms).await;
        let written = written.map_err(CopyError::Target)?;
        self.compared.written += written;
        match kind {
            Kind::State => self.compared.states += written,
            Kind::Document => self.compared.documents += written,
        }
        // Something else has been written there, or the target has dropped later values.
        self.compared.missing += all.saturating_sub(written);
        Ok(())
    }
}
