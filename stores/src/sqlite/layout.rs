//! The layout of the SQLite file: its recognition, creation and migration.

use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

/// "mpas": identifies the file type, also to `file`.
const APPLICATION_ID: i32 = 0x6d70_6173;
/// The layout that is written. Older ones are migrated, newer ones refused.
pub(super) const LAYOUT: i32 = 2;

/// An absent expiry is NULL. `dropped` has the highest expiry of a dropped value
/// by kind, `document_expiry` the documents that expire.
const SCHEMA: &str = "
    CREATE TABLE state (
        key BLOB PRIMARY KEY,
        value BLOB NOT NULL,
        expires_at_ms INTEGER
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE document (
        key BLOB PRIMARY KEY,
        value BLOB NOT NULL,
        expires_at_ms INTEGER
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX document_expiry ON document (expires_at_ms)
        WHERE expires_at_ms IS NOT NULL;
    CREATE TABLE dropped (
        kind INTEGER PRIMARY KEY,
        until_ms INTEGER NOT NULL
    ) STRICT;";

/// What earlier versions of the same layout lack, and keep without using it: the records
/// of the network, and an index of the host's documents by their first byte. Tenants, whose
/// first byte is lower, are not in the index.
const ADDED: &str = "
    CREATE INDEX IF NOT EXISTS document_format ON document (substr(value, 1, 1), key)
        WHERE substr(value, 1, 1) >= x'80';
    CREATE TABLE IF NOT EXISTS network (
        key BLOB PRIMARY KEY,
        value BLOB NOT NULL,
        expires_at_ms INTEGER
    ) STRICT, WITHOUT ROWID;";

/// In layout 1 the greatest integer means that a value does not expire, and
/// tenants never do.
const RENAME_1: &str = "
    ALTER TABLE state RENAME TO state_1;
    ALTER TABLE tenant RENAME TO tenant_1;";
const COPY_1: &str = "
    INSERT INTO state
        SELECT key, value, nullif(expires_at_ms, 9223372036854775807) FROM state_1;
    INSERT INTO document SELECT key, value, NULL FROM tenant_1;
    DROP TABLE state_1;
    DROP TABLE tenant_1;";

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// A database without tables.
    Empty,
    /// A store of this layout.
    Store(i32),
    /// Another database.
    Other,
}

/// Recognizes a file, which must exist, without changing it.
pub(super) fn inspect(path: &Path) -> rusqlite::Result<Found> {
    found(&connect_to_read(path)?)
}

/// Opens a file, which must exist, only to read it. The caller has locked the
/// store. Without a log to recover, no other file is created either.
pub(super) fn connect_to_read(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if has_log(path) {
        return Connection::open_with_flags(path, flags);
    }
    let bytes = path.as_os_str().as_bytes();
    let escaped = percent_encoding::percent_encode(bytes, percent_encoding::NON_ALPHANUMERIC);
    let uri = format!("file:{escaped}?immutable=1");
    Connection::open_with_flags(uri, flags | OpenFlags::SQLITE_OPEN_URI)
}

/// Whether a file has a log beside it, which has to be recovered.
pub(super) fn has_log(path: &Path) -> bool {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    std::fs::metadata(log).is_ok_and(|log| log.len() > 0)
}

/// Recognizes an open database.
pub(super) fn found(db: &Connection) -> rusqlite::Result<Found> {
    let number = |name| db.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
    let tables: i64 = db.query_row("SELECT count(*) FROM sqlite_schema", [], |r| r.get(0))?;
    Ok(match number("application_id")? {
        APPLICATION_ID => Found::Store(number("user_version")?),
        0 if tables == 0 => Found::Empty,
        _ => Found::Other,
    })
}

/// Creates the tables of an empty file or migrates those of an older layout, in
/// one transaction: after a crash the file has the old layout or the new one.
///
/// Returns what the file was.
pub(super) fn prepare(db: &mut Connection) -> rusqlite::Result<Found> {
    let write = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let was = found(&write)?;
    match was {
        Found::Empty => {
            write.execute_batch(SCHEMA)?;
            mark(&write)?;
        }
        Found::Store(1) => {
            write.execute_batch(RENAME_1)?;
            write.execute_batch(SCHEMA)?;
            write.execute_batch(COPY_1)?;
            mark(&write)?;
        }
        Found::Store(_) | Found::Other => {}
    }
    if matches!(was, Found::Empty | Found::Store(..=LAYOUT)) {
        write.execute_batch(ADDED)?;
    }
    write.commit()?;
    Ok(was)
}

/// Writes 64 KiB that the transaction frees again: a disk with room for less would fail
/// the next requests. The pages are zeroed (`secure_delete`) and then used by others.
pub(super) fn touch(write: &Transaction<'_>) -> rusqlite::Result<()> {
    // No key of a value is empty.
    write.execute_batch(
        "INSERT INTO document (key, value) VALUES (x'', zeroblob(65536));
         DELETE FROM document WHERE key = x'';",
    )
}

fn mark(write: &Transaction<'_>) -> rusqlite::Result<()> {
    write.pragma_update(None, "application_id", APPLICATION_ID)?;
    write.pragma_update(None, "user_version", LAYOUT)
}
