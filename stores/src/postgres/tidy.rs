//! The removal of expired rows, in slices of the keys.
//!
//! An index of `expires_at` would find them at once, but every update that changes the
//! expiry would then write to all indexes and leave a dead entry in each: such a row is
//! not updated within its page. Keys are evenly distributed, so a walk in their order
//! costs the same each second, whatever the size of the table.

use core::hash::BuildHasher as _;
use std::hash::RandomState;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use mpass_core::Error;
use mpass_core::store::Kind;
use tokio_postgres::{Client, Row};

use super::errors::failed;
use super::statements::Statements;
use crate::remote::Failed;

/// Rows that are looked at each second.
const ROWS: i64 = 1000;
/// The same while most of them are expired.
const MOST_ROWS: i64 = 16_000;

/// The walks over the tables.
pub(super) struct Tidying {
    states: Mutex<Walk>,
    documents: Mutex<Walk>,
}

/// A walk over a table, which begins anew at its end.
#[derive(Clone)]
struct Walk {
    /// The last key that was looked at; empty for the beginning.
    after: Vec<u8>,
    rows: i64,
    announced: Option<Slice>,
}

/// What is removed by the next call: it was announced by this one, so that no insert
/// which began earlier is still in progress.
#[derive(Clone)]
struct Slice {
    after: Vec<u8>,
    last: Vec<u8>,
    /// The highest expiry of a row to remove.
    until: SystemTime,
}

impl Walk {
    /// It begins anywhere, so that also short connections together look at every row.
    fn new() -> Self {
        let anywhere = RandomState::new().hash_one(0);
        Self {
            after: anywhere.to_be_bytes().to_vec(),
            rows: ROWS,
            announced: None,
        }
    }

    /// The walk after a slice of rows. Returns what is to be announced.
    fn advance(&mut self, found: &Found) -> Option<SystemTime> {
        let is_last = found.rows < self.rows;
        self.rows = match found.expired * 2 >= self.rows {
            true => (self.rows * 2).min(MOST_ROWS),
            false => ROWS,
        };
        let after = core::mem::take(&mut self.after);
        let last = found.last.clone();
        if !is_last {
            self.after.clone_from(last.as_ref()?);
        }
        let until = found.until?;
        let last = last?;
        self.announced = Some(Slice { after, last, until });
        Some(until)
    }
}

/// What a slice of rows has.
struct Found {
    rows: i64,
    last: Option<Vec<u8>>,
    expired: i64,
    /// The highest expiry of an expired row.
    until: Option<SystemTime>,
}

impl From<Row> for Found {
    fn from(row: Row) -> Self {
        Self {
            rows: row.get(0),
            last: row.get(1),
            expired: row.get(2),
            until: row.get(3),
        }
    }
}

impl Tidying {
    pub(super) fn new() -> Self {
        Self {
            states: Mutex::new(Walk::new()),
            documents: Mutex::new(Walk::new()),
        }
    }

    fn walk(&self, kind: Kind) -> std::sync::MutexGuard<'_, Walk> {
        let walk = match kind {
            Kind::State => &self.states,
            Kind::Document => &self.documents,
        };
        walk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Removes what was announced, and announces what expired among the next rows.
    pub(super) async fn step(
        &self,
        client: &Client,
        kind: Kind,
        statements: &Statements,
    ) -> Result<(), Failed> {
        let error = |error| failed(&error, Error::StoreFailed);
        let announced = self.walk(kind).announced.take();
        if let Some(slice) = announced {
            let Slice { after, last, until } = &slice;
            let removed = client
                .execute(&statements.remove, &[after, last, until])
                .await;
            removed.map_err(error)?;
        }
        let (after, rows) = {
            let walk = self.walk(kind);
            (walk.after.clone(), walk.rows)
        };
        let now = SystemTime::now();
        let found = client
            .query_one(&statements.slice, &[&after, &rows, &now])
            .await;
        let found = Found::from(found.map_err(error)?);
        let until = self.walk(kind).advance(&found);
        if let Some(until) = until {
            let raised = client.execute(&statements.raise, &[&until]).await;
            raised.map_err(error)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(rows: i64, expired: i64) -> Found {
        Found {
            rows,
            last: (rows > 0).then(|| vec![7]),
            expired,
            until: (expired > 0).then_some(SystemTime::UNIX_EPOCH),
        }
    }

    #[test]
    fn a_walk_goes_on_and_begins_anew() {
        let mut walk = Walk::new();
        assert_eq!(walk.advance(&found(ROWS, 0)), None);
        assert_eq!((&walk.after[..], walk.rows), (&[7][..], ROWS));
        // Most are expired: it looks at more.
        assert!(walk.advance(&found(ROWS, 600)).is_some());
        assert_eq!(walk.rows, 2 * ROWS);
        let slice = walk.announced.take().unwrap();
        assert_eq!((&slice.after[..], &slice.last[..]), (&[7][..], &[7][..]));
        for _ in 0..9 {
            let rows = walk.rows;
            walk.advance(&found(rows, rows));
        }
        assert_eq!(walk.rows, MOST_ROWS);
        // The end of the table, where something is left to remove.
        assert!(walk.advance(&found(3, 1)).is_some());
        assert_eq!((&walk.after[..], walk.rows), (&[][..], ROWS));
        assert!(walk.announced.take().is_some());
        // An empty table.
        assert_eq!(walk.advance(&found(0, 0)), None);
        assert!(walk.after.is_empty() && walk.announced.is_none());
    }
}
