//! The statements and settings of the SQLite file.

use core::time::Duration;
use std::path::Path;

use mpass_core::Error;
use mpass_core::store::{Kind, Listed, StoreKey, Swap, Swapped};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, OptionalExtension as _, Transaction, params};

use super::layout::LAYOUT;

/// Values are dropped this long after they expire: a clock that is ahead by less
/// drops nothing early.
const DROP_MARGIN_MS: i64 = 24 * 60 * 60 * 1000;

/// The statement that lists the documents of a format. It repeats the condition of the
/// index, which would not be used otherwise.
pub(super) const OF_FORMAT: &str = "SELECT key, value FROM document \
     WHERE substr(value, 1, 1) >= x'80' AND substr(value, 1, 1) = ?1 AND key > ?2 \
     ORDER BY key LIMIT ?3";

/// The statement that replaces a value.
fn put(kind: Kind) -> &'static str {
    match kind {
        Kind::State => {
            "INSERT INTO state VALUES (?1, ?2, ?3) ON CONFLICT (key) DO UPDATE \
             SET value = excluded.value, expires_at_ms = excluded.expires_at_ms"
        }
        Kind::Document => {
            "INSERT INTO document VALUES (?1, ?2, ?3) ON CONFLICT (key) DO UPDATE \
             SET value = excluded.value, expires_at_ms = excluded.expires_at_ms"
        }
    }
}

/// Opens the file, which must exist.
pub(super) fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags)?;
    // Otherwise a statement is replanned whenever a limit or the end of a range
    // is bound.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // Readers wait for a lock only while a log is recovered or replaced.
    db.busy_timeout(Duration::from_secs(5))?;
    // A record and its key take 130 bytes: small pages make small commits.
    // Takes effect only before the first table is created.
    db.pragma_update(None, "page_size", 2048)?;
    db.pragma_update(None, "journal_mode", "WAL")?;
    // The log is synced before a commit returns, on macOS through the drive's
    // cache.
    db.pragma_update(None, "synchronous", "FULL")?;
    db.pragma_update(None, "fullfsync", true)?;
    db.pragma_update(None, "checkpoint_fullfsync", true)?;
    // After a burst the log shrinks again to about what a checkpoint takes.
    db.pragma_update(None, "journal_size_limit", 4 << 20)?;
    // What was deleted or replaced is overwritten, so that a copy of the file does
    // not contain tenants as they were before they were encrypted.
    db.pragma_update(None, "secure_delete", true)?;
    db.pragma_update(None, "trusted_schema", false)?;
    Ok(db)
}

/// The value at a key, in a file of a layout.
pub(super) fn load(
    db: &Connection,
    layout: i32,
    kind: Kind,
    key: &StoreKey,
) -> rusqlite::Result<Option<Vec<u8>>> {
    let mut select = db.prepare_cached(match (kind, layout) {
        (Kind::State, _) => "SELECT value FROM state WHERE key = ?1",
        (Kind::Document, 1) => "SELECT value FROM tenant WHERE key = ?1",
        (Kind::Document, _) => "SELECT value FROM document WHERE key = ?1",
    })?;
    let mut rows = select.query([key.0])?;
    rows.next()?.map(|row| row.get(0)).transpose()
}

/// At most `limit` documents after a key, in the order of their keys, in a file
/// of a layout.
pub(super) fn list(
    db: &Connection,
    layout: i32,
    after: Option<&StoreKey>,
    limit: u32,
) -> rusqlite::Result<Vec<Listed>> {
    let select = match layout {
        1 => "SELECT key, value FROM tenant WHERE key > ?1 ORDER BY key LIMIT ?2",
        _ => "SELECT key, value FROM document WHERE key > ?1 ORDER BY key LIMIT ?2",
    };
    page(db, select, after, limit)
}

/// At most `limit` documents that begin with a byte, 0x80 or higher, after a key, in the
/// order of their keys. Reads no others.
pub(super) fn of_format(
    db: &Connection,
    format: u8,
    after: Option<&StoreKey>,
    limit: u32,
) -> rusqlite::Result<Vec<Listed>> {
    let from = after.map_or(&[][..], |key| &key.0);
    let mut select = db.prepare_cached(OF_FORMAT)?;
    let rows = select.query_map(params![[format], from, limit], |row| {
        Ok((StoreKey(row.get(0)?), row.get(1)?))
    })?;
    rows.collect()
}

/// At most `limit` states after a key, in the order of their keys.
pub(super) fn states(
    db: &Connection,
    after: Option<&StoreKey>,
    limit: u32,
) -> rusqlite::Result<Vec<Listed>> {
    page(
        db,
        "SELECT key, value FROM state WHERE key > ?1 ORDER BY key LIMIT ?2",
        after,
        limit,
    )
}

/// The values of a statement that takes a key and a limit.
pub(super) fn page(
    db: &Connection,
    select: &str,
    after: Option<&StoreKey>,
    limit: u32,
) -> rusqlite::Result<Vec<Listed>> {
    // The empty key sorts before all others.
    let from = after.map_or(&[][..], |key| &key.0);
    let mut select = db.prepare_cached(select)?;
    let rows = select.query_map(params![from, limit], |row| {
        Ok((StoreKey(row.get(0)?), row.get(1)?))
    })?;
    rows.collect()
}

/// When an expired value was last dropped, or earlier: a value is dropped
/// [`DROP_MARGIN_MS`] after it expires.
pub(super) fn dropped_at_ms(db: &Connection) -> rusqlite::Result<Option<u64>> {
    let until_ms: Option<i64> =
        db.query_row("SELECT max(until_ms) FROM dropped", [], |row| row.get(0))?;
    let at_ms = until_ms.and_then(|until_ms| until_ms.checked_add(DROP_MARGIN_MS));
    Ok(at_ms.and_then(|at_ms| u64::try_from(at_ms).ok()))
}

/// What the file knows about expiry, kept beside its connection: the only
/// writer does not have to read it for every commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Expiry {
    /// The highest expiry of a dropped value, by kind.
    state_until_ms: i64,
    document_until_ms: i64,
    /// No document expires before; `None` if none expires.
    next_document_ms: Option<i64>,
}

impl Expiry {
    /// Reads it from the file.
    pub(super) fn load(db: &Connection) -> rusqlite::Result<Self> {
        let mut select = db.prepare_cached("SELECT until_ms FROM dropped WHERE kind = ?1")?;
        let mut until = |kind: Kind| -> rusqlite::Result<i64> {
            let until = select
                .query_row([kind.number()], |row| row.get(0))
                .optional()?;
            Ok(until.unwrap_or(i64::MIN))
        };
        Ok(Self {
            state_until_ms: until(Kind::State)?,
            document_until_ms: until(Kind::Document)?,
            next_document_ms: next_document_ms(db)?,
        })
    }

    /// Nothing was dropped.
    fn nothing_dropped(self) -> Self {
        Self {
            state_until_ms: i64::MIN,
            document_until_ms: i64::MIN,
            ..self
        }
    }

    #[cfg(test)]
    pub(super) fn has_dropped(self) -> bool {
        self != self.nothing_dropped()
    }

    fn until_ms(&mut self, kind: Kind) -> &mut i64 {
        match kind {
            Kind::State => &mut self.state_until_ms,
            Kind::Document => &mut self.document_until_ms,
        }
    }

    /// Takes into account that a value with this expiry is stored.
    fn stored(&mut self, kind: Kind, expires_at_ms: Option<i64>) {
        if let (Kind::Document, Some(at)) = (kind, expires_at_ms) {
            self.next_document_ms = Some(self.next_document_ms.map_or(at, |next| next.min(at)));
        }
    }

    /// Records that values with this expiry are dropped, in the transaction that
    /// drops them.
    pub(super) fn drop_until(
        &mut self,
        write: &Transaction<'_>,
        kind: Kind,
        at_ms: i64,
    ) -> rusqlite::Result<()> {
        let until_ms = self.until_ms(kind);
        *until_ms = at_ms.max(*until_ms);
        write
            .prepare_cached("INSERT OR REPLACE INTO dropped VALUES (?1, ?2)")?
            .execute(params![kind.number(), *until_ms])?;
        Ok(())
    }

    /// Forgets what was dropped.
    pub(super) fn forget_dropped(&mut self, write: &Transaction<'_>) -> rusqlite::Result<()> {
        write.execute("DELETE FROM dropped", [])?;
        *self = self.nothing_dropped();
        Ok(())
    }
}

/// The earliest expiry of a document.
fn next_document_ms(db: &Connection) -> rusqlite::Result<Option<i64>> {
    db.prepare_cached("SELECT min(expires_at_ms) FROM document WHERE expires_at_ms IS NOT NULL")?
        .query_row([], |row| row.get(0))
}

/// Performs one swap on the current value, which may come from an earlier swap
/// of the transaction. `known` is the current value if that is known.
pub(super) fn swap(
    write: &Transaction<'_>,
    swap: &Swap,
    known: Option<Vec<u8>>,
    expiry: &mut Expiry,
) -> rusqlite::Result<Swapped> {
    let standing = match known {
        Some(known) => Some(known),
        None => load(write, LAYOUT, swap.kind, &swap.key)?,
    };
    if standing != swap.expected {
        return Ok(Swapped::Conflict(standing));
    }
    let expires_at_ms = swap.expires_at_ms.map(stored_ms);
    let until_ms = *expiry.until_ms(swap.kind);
    if standing.is_none() && expires_at_ms.is_some_and(|at| at <= until_ms) {
        return Ok(Swapped::Expired);
    }
    write.prepare_cached(put(swap.kind))?.execute(params![
        swap.key.0,
        swap.value,
        expires_at_ms
    ])?;
    expiry.stored(swap.kind, expires_at_ms);
    Ok(Swapped::Stored)
}

/// A time as an integer of SQLite. The greatest one is in the year 292,278,994.
pub(super) fn stored_ms(ms: u64) -> i64 {
    i64::try_from(ms).unwrap_or(i64::MAX)
}

/// Values that expired by then are dropped.
pub(super) fn drop_until_ms(now_ms: u64) -> i64 {
    stored_ms(now_ms).saturating_sub(DROP_MARGIN_MS)
}

/// Drops expired values: of the states, the next `looks` after `cursor` are
/// examined, of the documents at most `looks` are dropped. Returns the next
/// cursor, `None` for the beginning, and adds the states to `dropped`.
pub(super) fn drop_expired(
    write: &Transaction<'_>,
    expiry: &mut Expiry,
    cursor: Option<StoreKey>,
    looks: usize,
    now_ms: u64,
    dropped: &mut Vec<StoreKey>,
) -> rusqlite::Result<Option<StoreKey>> {
    let until_ms = drop_until_ms(now_ms);
    let limit = i64::try_from(looks).unwrap_or(i64::MAX);
    if expiry.next_document_ms.is_some_and(|next| next <= until_ms) {
        drop_documents(write, expiry, limit, until_ms)?;
    }
    // The empty key sorts before all others.
    let from = cursor.as_ref().map_or(&[][..], |key| &key.0);
    let mut next = write.prepare_cached(
        "SELECT key, expires_at_ms FROM state WHERE key > ?1 ORDER BY key LIMIT ?2",
    )?;
    let seen: Vec<([u8; 16], Option<i64>)> = next
        .query_map(params![from, limit], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let mut delete = write.prepare_cached("DELETE FROM state WHERE key = ?1")?;
    let mut latest_ms = None;
    for (key, expires_at_ms) in &seen {
        if let Some(at) = expires_at_ms.filter(|at| *at <= until_ms) {
            delete.execute([key])?;
            dropped.push(StoreKey(*key));
            latest_ms = latest_ms.max(Some(at));
        }
    }
    if let Some(at) = latest_ms {
        expiry.drop_until(write, Kind::State, at)?;
    }
    let at_the_end = seen.len() < looks;
    Ok(seen
        .last()
        .filter(|_| !at_the_end)
        .map(|(key, _)| StoreKey(*key)))
}

/// Drops at most `limit` documents that expired by `until_ms`, the earliest
/// first.
fn drop_documents(
    write: &Transaction<'_>,
    expiry: &mut Expiry,
    limit: i64,
    until_ms: i64,
) -> rusqlite::Result<()> {
    let mut delete = write.prepare_cached(
        "DELETE FROM document WHERE key IN (\
             SELECT key FROM document WHERE expires_at_ms <= ?1 \
             ORDER BY expires_at_ms LIMIT ?2) \
         RETURNING expires_at_ms",
    )?;
    let dropped = delete.query_map([until_ms, limit], |row| row.get::<_, i64>(0))?;
    let dropped: Vec<i64> = dropped.collect::<rusqlite::Result<_>>()?;
    if let Some(at) = dropped.into_iter().max() {
        expiry.drop_until(write, Kind::Document, at)?;
    }
    expiry.next_document_ms = next_document_ms(write)?;
    Ok(())
}

/// The error of a store that cannot be read.
pub(super) fn unreadable(error: rusqlite::Error) -> Error {
    tracing::error!(%error, "cannot read the store");
    Error::StoreFailed
}
