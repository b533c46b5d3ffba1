//! The statements and settings of the SQLite file.

use core::time::Duration;
use std::path::Path;

use mpass_core::store::{Kind, Listed, StoreKey, Swap, Swapped};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, Transaction, params};

/// "mpas": identifies the file type, also to `file`.
const APPLICATION_ID: i32 = 0x6d70_6173;
/// The version of the tables; others are refused.
const LAYOUT: i32 = 1;

const SCHEMA: &str = "
    CREATE TABLE state (
        key BLOB PRIMARY KEY,
        value BLOB NOT NULL,
        expires_at_ms INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE tenant (
        key BLOB PRIMARY KEY,
        value BLOB NOT NULL,
        expires_at_ms INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;";

struct Statements {
    select: &'static str,
    put: &'static str,
}

const STATE: Statements = Statements {
    select: "SELECT value FROM state WHERE key = ?1",
    put: "INSERT INTO state VALUES (?1, ?2, ?3) ON CONFLICT (key) DO UPDATE \
          SET value = excluded.value, expires_at_ms = excluded.expires_at_ms",
};
const TENANT: Statements = Statements {
    select: "SELECT value FROM tenant WHERE key = ?1",
    put: "INSERT INTO tenant VALUES (?1, ?2, ?3) ON CONFLICT (key) DO UPDATE \
          SET value = excluded.value, expires_at_ms = excluded.expires_at_ms",
};

fn statements(kind: Kind) -> &'static Statements {
    match kind {
        Kind::State => &STATE,
        Kind::Document => &TENANT,
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
    db.pragma_update(None, "trusted_schema", false)?;
    Ok(db)
}

/// Creates the tables in an empty file.
///
/// Returns whether the file is a store of this version.
pub(super) fn prepare(db: &mut Connection) -> rusqlite::Result<bool> {
    let write = db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let number = |name| write.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
    let tables: i64 = write.query_row("SELECT count(*) FROM sqlite_schema", [], |r| r.get(0))?;
    if tables == 0 && number("application_id")? == 0 {
        write.execute_batch(SCHEMA)?;
        write.pragma_update(None, "application_id", APPLICATION_ID)?;
        write.pragma_update(None, "user_version", LAYOUT)?;
    }
    let ours = number("application_id")? == APPLICATION_ID && number("user_version")? == LAYOUT;
    write.commit()?;
    Ok(ours)
}

/// The value at a key.
pub(super) fn load(
    db: &Connection,
    kind: Kind,
    key: &StoreKey,
) -> rusqlite::Result<Option<Vec<u8>>> {
    let mut select = db.prepare_cached(statements(kind).select)?;
    let mut rows = select.query([key.0])?;
    rows.next()?.map(|row| row.get(0)).transpose()
}

/// At most `limit` documents after a key, in the order of their keys.
pub(super) fn list(
    db: &Connection,
    after: Option<&StoreKey>,
    limit: u32,
) -> rusqlite::Result<Vec<Listed>> {
    // The empty key sorts before all others.
    let from = after.map_or(&[][..], |key| &key.0);
    let mut select =
        db.prepare_cached("SELECT key, value FROM tenant WHERE key > ?1 ORDER BY key LIMIT ?2")?;
    let rows = select.query_map(params![from, limit], |row| {
        Ok((StoreKey(row.get(0)?), row.get(1)?))
    })?;
    rows.collect()
}

/// Performs one swap on the current value, which may come from an earlier swap
/// of the transaction.
pub(super) fn swap(write: &Transaction<'_>, swap: &Swap) -> rusqlite::Result<Swapped> {
    let standing = load(write, swap.kind, &swap.key)?;
    if standing != swap.expected {
        return Ok(Swapped::Conflict(standing));
    }
    // SQLite's integers end at 2^63 - 1: later times mean never.
    let expires = swap
        .expires_at_ms
        .map_or(i64::MAX, |at| i64::try_from(at).unwrap_or(i64::MAX));
    write
        .prepare_cached(statements(swap.kind).put)?
        .execute(params![swap.key.0, swap.value, expires])?;
    Ok(Swapped::Stored)
}

/// Examines the states of the next `looks` keys after `cursor` and deletes
/// those that have expired. Returns the next cursor, `None` for the beginning.
pub(super) fn drop_expired(
    write: &Transaction<'_>,
    cursor: Option<StoreKey>,
    looks: usize,
    now_ms: u64,
) -> rusqlite::Result<Option<StoreKey>> {
    let now = i64::try_from(now_ms).unwrap_or(i64::MAX).min(i64::MAX - 1);
    // The empty key sorts before all others.
    let from = cursor.as_ref().map_or(&[][..], |key| &key.0);
    let mut next = write.prepare_cached(
        "SELECT key, expires_at_ms FROM state WHERE key > ?1 ORDER BY key LIMIT ?2",
    )?;
    let limit = i64::try_from(looks).unwrap_or(i64::MAX);
    let seen: Vec<([u8; 16], i64)> = next
        .query_map(params![from, limit], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let mut delete = write.prepare_cached("DELETE FROM state WHERE key = ?1")?;
    // i64::MAX means never, so `now` is limited to less.
    for (key, _) in seen.iter().filter(|(_, expires)| *expires <= now) {
        delete.execute([key])?;
    }
    let at_the_end = seen.len() < looks;
    Ok(seen
        .last()
        .filter(|_| !at_the_end)
        .map(|(key, _)| StoreKey(*key)))
}
