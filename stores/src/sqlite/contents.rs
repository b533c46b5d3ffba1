//! The whole contents of an embedded store, for a copy.

use mpass_core::Error;
use mpass_core::store::{Kind, Store, StoreKey, Swap, Swapped};
use rusqlite::{Connection, params};

use super::embedded::EmbeddedStore;
use super::job::Work;
use super::statements::stored_ms;
use crate::copy::{Contents, Dropped, Record};

/// A page of the values of a kind, in the order of their keys.
fn records(
    db: &Connection,
    kind: Kind,
    after: Option<&StoreKey>,
    limit: u32,
) -> rusqlite::Result<Vec<Record>> {
    let mut select = db.prepare_cached(match kind {
        Kind::State => {
            "SELECT key, value, expires_at_ms FROM state WHERE key > ?1 ORDER BY key LIMIT ?2"
        }
        Kind::Document => {
            "SELECT key, value, expires_at_ms FROM document WHERE key > ?1 ORDER BY key LIMIT ?2"
        }
    })?;
    // The empty key sorts before all others.
    let from = after.map_or(&[][..], |key| &key.0);
    let rows = select.query_map(params![from, limit], |row| {
        let end: Option<i64> = row.get(2)?;
        Ok(Record {
            key: StoreKey(row.get(0)?),
            value: row.get(1)?,
            expires_at_ms: end.map(|end| u64::try_from(end).unwrap_or(0)),
        })
    })?;
    rows.collect()
}

/// The highest expiry of a dropped value, by kind.
fn dropped(db: &Connection) -> rusqlite::Result<Dropped> {
    let mut select = db.prepare_cached("SELECT max(until_ms) FROM dropped WHERE kind = ?1")?;
    let mut of = |kind: Kind| -> rusqlite::Result<Option<u64>> {
        let until: Option<i64> = select.query_row([kind.number()], |row| row.get(0))?;
        Ok(until.and_then(|until| u64::try_from(until).ok()))
    };
    Ok(Dropped {
        state_ms: of(Kind::State)?,
        document_ms: of(Kind::Document)?,
    })
}

impl Contents for EmbeddedStore {
    async fn load(&self, kind: Kind, key: StoreKey) -> Result<Option<Vec<u8>>, Error> {
        Store::load(self, kind, &key)
    }

    async fn swap(&self, swap: Swap, now_ms: u64) -> Result<Swapped, Error> {
        Self::swap(self, swap, now_ms).await
    }

    async fn records(
        &self,
        kind: Kind,
        after: Option<StoreKey>,
        limit: u32,
    ) -> Result<Vec<Record>, Error> {
        self.read(|db| records(db, kind, after.as_ref(), limit))
    }

    async fn dropped(&self, _: u64) -> Result<Dropped, Error> {
        self.read(dropped)
    }

    async fn raise_dropped(&self, dropped: Dropped) -> Result<bool, Error> {
        let kinds = [
            (Kind::State, dropped.state_ms),
            (Kind::Document, dropped.document_ms),
        ];
        for (kind, until_ms) in kinds {
            if let Some(until_ms) = until_ms {
                let work = Work::DropUntil(kind, stored_ms(until_ms));
                self.perform(work).await?;
            }
        }
        Ok(true)
    }

    fn drops_by_itself(&self, _: Kind) -> bool {
        false
    }
}
