//! The statements on the records of the network.

use mpass_core::store::{Listed, StoreKey, Swap, Swapped};
use rusqlite::{Connection, Transaction, params};

use super::statements::{drop_until_ms, page, stored_ms};

/// The value at a key.
pub(super) fn load(db: &Connection, key: &StoreKey) -> rusqlite::Result<Option<Vec<u8>>> {
    let mut select = db.prepare_cached("SELECT value FROM network WHERE key = ?1")?;
    let mut rows = select.query([key.0])?;
    rows.next()?.map(|row| row.get(0)).transpose()
}

/// At most `limit` values after a key, in the order of their keys.
pub(super) fn list(
    db: &Connection,
    after: Option<&StoreKey>,
    limit: u32,
) -> rusqlite::Result<Vec<Listed>> {
    let select = "SELECT key, value FROM network WHERE key > ?1 ORDER BY key LIMIT ?2";
    page(db, select, after, limit)
}

/// Performs one swap, as [`super::statements::swap`].
pub(super) fn swap(write: &Transaction<'_>, swap: &Swap) -> rusqlite::Result<Swapped> {
    let standing = load(write, &swap.key)?;
    if standing != swap.expected {
        return Ok(Swapped::Conflict(standing));
    }
    let mut put = write.prepare_cached(
        "INSERT INTO network VALUES (?1, ?2, ?3) ON CONFLICT (key) DO UPDATE \
         SET value = excluded.value, expires_at_ms = excluded.expires_at_ms",
    )?;
    put.execute(params![
        swap.key.0,
        swap.value,
        swap.expires_at_ms.map(stored_ms)
    ])?;
    Ok(Swapped::Stored)
}

/// Drops expired values among the next `looks` after `cursor`. Returns the next
/// cursor, `None` for the beginning.
pub(super) fn drop_expired(
    write: &Transaction<'_>,
    cursor: Option<StoreKey>,
    looks: usize,
    now_ms: u64,
) -> rusqlite::Result<Option<StoreKey>> {
    let until_ms = drop_until_ms(now_ms);
    // The empty key sorts before all others.
    let from = cursor.as_ref().map_or(&[][..], |key| &key.0);
    let limit = i64::try_from(looks).unwrap_or(i64::MAX);
    let mut next = write.prepare_cached(
        "SELECT key, expires_at_ms FROM network WHERE key > ?1 ORDER BY key LIMIT ?2",
    )?;
    let seen: Vec<([u8; 16], Option<i64>)> = next
        .query_map(params![from, limit], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let mut delete = write.prepare_cached("DELETE FROM network WHERE key = ?1")?;
    for (key, expires_at_ms) in &seen {
        if expires_at_ms.is_some_and(|at| at <= until_ms) {
            delete.execute([key])?;
        }
    }
    let at_the_end = seen.len() < looks;
    let last = seen.last().filter(|_| !at_the_end);
    Ok(last.map(|(key, _)| StoreKey(*key)))
}
