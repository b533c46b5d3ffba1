//! The statements of the layout, prepared on each connection.

use core::time::Duration;
use std::time::{SystemTime, UNIX_EPOCH};

use futures_util::future::{try_join, try_join3, try_join5};
use mpass_core::store::Kind;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Error, Statement};

/// The schema, which hosts in all languages use.
pub(super) const SCHEMA: &str = include_str!("../../layout/postgres.sql");
/// The version of the schema.
pub(super) const VERSION: i32 = 1;
/// An expiry that is later than this (in the year 9999) is as none.
const LATEST_MS: u64 = 253_402_300_799_999;

/// The statements for the values of one kind.
pub(super) struct Statements {
    pub(super) load: Statement,
    pub(super) insert: Statement,
    pub(super) replace: Statement,
    pub(super) list: Statement,
    /// Whether an expiry is not after that of a dropped value.
    pub(super) is_dropped: Statement,
    /// How many rows follow a key, the last of their keys, how many expired more than 24
    /// hours ago, and the highest expiry of those.
    pub(super) slice: Statement,
    /// Raises the highest expiry of a dropped value.
    pub(super) raise: Statement,
    /// Removes rows between two keys that expire by then.
    pub(super) remove: Statement,
}

pub(super) fn table(kind: Kind) -> &'static str {
    match kind {
        Kind::State => "mpass_state",
        Kind::Document => "mpass_document",
    }
}

/// Load, insert, replace, list, and whether a value was dropped.
fn of_requests(kind: Kind) -> [String; 5] {
    let (table, number) = (table(kind), kind.number());
    [
        format!("SELECT value FROM {table} WHERE key = $1"),
        format!(
            "INSERT INTO {table} (key, value, expires_at) SELECT $1, $2, $3 \
             WHERE NOT EXISTS (SELECT FROM mpass_dropped WHERE kind = {number} AND until >= $3) \
             ON CONFLICT (key) DO NOTHING"
        ),
        format!("UPDATE {table} SET value = $2, expires_at = $3 WHERE key = $1 AND value = $4"),
        format!("SELECT key, value FROM {table} WHERE key > $1 ORDER BY key LIMIT $2"),
        format!("SELECT 1 FROM mpass_dropped WHERE kind = {number} AND until >= $1"),
    ]
}

/// The next slice, the highest expiry of what is removed, and the removal.
fn of_tidying(kind: Kind) -> [String; 3] {
    let (table, number) = (table(kind), kind.number());
    [
        format!(
            "WITH slice AS (SELECT key, expires_at, \
             expires_at <= least(now(), $3) - interval '24 hours' AS expired \
             FROM {table} WHERE key > $1 ORDER BY key LIMIT $2) \
             SELECT count(*), (SELECT key FROM slice ORDER BY key DESC LIMIT 1), \
             count(*) FILTER (WHERE expired), max(expires_at) FILTER (WHERE expired) \
             FROM slice"
        ),
        format!(
            "INSERT INTO mpass_dropped (kind, until) VALUES ({number}, $1) \
             ON CONFLICT (kind) DO UPDATE SET until = excluded.until \
             WHERE mpass_dropped.until < excluded.until"
        ),
        // Unless the host has forgotten it since.
        format!(
            "DELETE FROM {table} WHERE key > $1 AND key <= $2 AND expires_at <= $3 \
             AND EXISTS (SELECT FROM mpass_dropped WHERE kind = {number} AND until >= $3)"
        ),
    ]
}

impl Statements {
    pub(super) async fn prepare(client: &Client, kind: Kind) -> Result<Self, Error> {
        let [load, insert, replace, list, is_dropped] = &of_requests(kind);
        let [slice, raise, remove] = &of_tidying(kind);
        let types = [Type::BYTEA, Type::BYTEA, Type::TIMESTAMPTZ];
        // All are sent before the first answer.
        let of_requests = try_join5(
            client.prepare(load),
            client.prepare_typed(insert, &types),
            client.prepare(replace),
            client.prepare(list),
            client.prepare(is_dropped),
        );
        let of_tidying = try_join3(
            client.prepare(slice),
            client.prepare(raise),
            client.prepare(remove),
        );
        let ((load, insert, replace, list, is_dropped), (slice, raise, remove)) =
            try_join(of_requests, of_tidying).await?;
        Ok(Self {
            load,
            insert,
            replace,
            list,
            is_dropped,
            slice,
            raise,
            remove,
        })
    }
}

/// The statements for several swaps of states, whose keys differ. Each returns the keys
/// that it has stored. The rows are locked in the order of their keys, so that two
/// machines do not wait for each other.
pub(super) struct GroupStatements {
    pub(super) insert: Statement,
    pub(super) replace: Statement,
}

impl GroupStatements {
    pub(super) async fn prepare(client: &Client) -> Result<Self, Error> {
        let number = Kind::State.number();
        let insert = format!(
            "INSERT INTO mpass_state (key, value, expires_at) \
             SELECT key, value, ends FROM unnest($1, $2, $3) AS swap (key, value, ends) \
             WHERE NOT EXISTS \
             (SELECT FROM mpass_dropped WHERE kind = {number} AND until >= swap.ends) \
             ORDER BY key ON CONFLICT (key) DO NOTHING RETURNING key"
        );
        let replace = "UPDATE mpass_state AS state \
             SET value = swap.value, expires_at = swap.ends \
             FROM (SELECT * FROM unnest($1, $2, $3, $4) AS swap (key, value, ends, expected) \
             ORDER BY key) AS swap \
             WHERE state.key = swap.key AND state.value = swap.expected RETURNING state.key";
        let types = [
            Type::BYTEA_ARRAY,
            Type::BYTEA_ARRAY,
            Type::TIMESTAMPTZ_ARRAY,
            Type::BYTEA_ARRAY,
        ];
        let insert = client.prepare_typed(&insert, &types[..3]);
        let replace = client.prepare_typed(replace, &types);
        let (insert, replace) = try_join(insert, replace).await?;
        Ok(Self { insert, replace })
    }
}

/// An expiry as the database has it.
pub(super) fn expiry(expires_at_ms: Option<u64>) -> Option<SystemTime> {
    let at_ms = expires_at_ms.filter(|at_ms| *at_ms <= LATEST_MS)?;
    UNIX_EPOCH.checked_add(Duration::from_millis(at_ms))
}
