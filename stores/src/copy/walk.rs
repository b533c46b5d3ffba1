//! The values of a store in the order of their keys, a page at a time.

use std::collections::VecDeque;

use mpass_core::Error;
use mpass_core::challenge::Header;
use mpass_core::store::{Kind, StoreKey};

use super::contents::{Contents, Record};

/// The number of values in a page. A document has up to 16 KiB.
pub(super) const fn page(kind: Kind) -> u32 {
    match kind {
        Kind::State => 1024,
        Kind::Document => 64,
    }
}

/// The values of a kind other than the header. Only one page is in memory, so that
/// values may be written before the one at the front.
pub(super) struct Walk<'a, S> {
    store: &'a S,
    kind: Kind,
    after: Option<StoreKey>,
    page: VecDeque<Record>,
    has_ended: bool,
}

impl<'a, S: Contents> Walk<'a, S> {
    pub(super) fn new(store: &'a S, kind: Kind) -> Self {
        Self {
            store,
            kind,
            after: None,
            page: VecDeque::new(),
            has_ended: false,
        }
    }

    /// The key of the value at the front.
    pub(super) async fn front(&mut self) -> Result<Option<StoreKey>, Error> {
        while self.page.is_empty() && !self.has_ended {
            let limit = page(self.kind);
            let records = self.store.records(self.kind, self.after, limit).await?;
            match records.last() {
                None => self.has_ended = true,
                Some(last) => self.after = Some(last.key),
            }
            self.page.extend(records);
            let is_header =
                |record: &Record| self.kind == Kind::Document && record.key == Header::KEY;
            self.page.retain(|record| !is_header(record));
        }
        Ok(self.page.front().map(|record| record.key))
    }

    /// The value at the front, without it.
    pub(super) async fn next(&mut self) -> Result<Option<Record>, Error> {
        self.front().await?;
        Ok(self.page.pop_front())
    }
}
