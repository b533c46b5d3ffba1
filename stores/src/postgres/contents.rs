//! The whole contents of a store in PostgreSQL, for a copy.

use std::time::{SystemTime, UNIX_EPOCH};

use mpass_core::Error;
use mpass_core::store::{Kind, StoreKey};
use tokio::time::timeout;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::backend::Postgres;
use super::errors::failed;
use super::link::PostgresLink;
use super::statements::{expiry, table};
use crate::copy::{Dropped, Record};
use crate::remote::{Backend as _, Bulk, Failed};

/// A time of the database in milliseconds, not earlier than it is.
fn ms(at: SystemTime) -> u64 {
    let since = at.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_micros().div_ceil(1000)).unwrap_or(u64::MAX)
}

fn record(row: &Row) -> Result<Record, Failed> {
    let key: &[u8] = row.get(0);
    let key = key.try_into();
    let key = key.map_err(|_| Failed::not_stored("a key is not 16 bytes long"))?;
    Ok(Record {
        key: StoreKey(key),
        value: row.get(1),
        expires_at_ms: row.get::<_, Option<SystemTime>>(2).map(ms),
    })
}

impl Postgres {
    /// Runs one statement on any connection. An error leaves open whether it changed
    /// something only where the connection has failed.
    async fn statement(
        &self,
        link: &PostgresLink,
        text: &str,
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, Failed> {
        let session = link.session();
        let warnings = session.warnings();
        let rows = timeout(self.timeout(), session.client().query(text, values)).await;
        let rows = rows.map_err(|_| Failed {
            error: self.uncertain(),
            ..Failed::broken("no answer within the time-out")
        })?;
        if session.warnings() != warnings {
            return Err(Failed {
                error: self.uncertain(),
                ..Failed::not_stored("the server did not wait for the standby of a commit")
            });
        }
        rows.map_err(|error| failed(&error, self.uncertain()))
    }
}

impl Bulk for Postgres {
    async fn records(
        &self,
        link: &PostgresLink,
        kind: Kind,
        after: Option<StoreKey>,
        limit: u32,
    ) -> Result<Vec<Record>, Failed> {
        // The empty key sorts before all others.
        let after = after.as_ref().map_or(&[][..], |key| &key.0);
        let limit = i64::from(limit);
        let text = format!(
            "SELECT key, value, expires_at FROM {} WHERE key > $1 ORDER BY key LIMIT $2",
            table(kind)
        );
        let rows = self.statement(link, &text, &[&after, &limit]).await;
        // Nothing was to be stored.
        let rows = rows.map_err(|failed| Failed {
            error: Error::StoreFailed,
            ..failed
        })?;
        rows.iter().map(record).collect()
    }

    /// One statement for all.
    async fn insert(
        &self,
        link: &PostgresLink,
        kind: Kind,
        records: Vec<Record>,
        _: u64,
    ) -> Result<u64, Failed> {
        let text = format!(
            "WITH written AS (INSERT INTO {} (key, value, expires_at) \
             SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::timestamptz[]) \
             AS rows (key, value, expires_at) \
             WHERE NOT EXISTS (SELECT FROM mpass_dropped WHERE kind = {} AND until >= expires_at) \
             ON CONFLICT (key) DO NOTHING RETURNING 1) SELECT count(*) FROM written",
            table(kind),
            kind.number()
        );
        let keys: Vec<&[u8]> = records.iter().map(|record| &record.key.0[..]).collect();
        let values: Vec<&[u8]> = records.iter().map(|record| &record.value[..]).collect();
        let ends = records.iter().map(|record| expiry(record.expires_at_ms));
        let ends: Vec<Option<SystemTime>> = ends.collect();
        let rows = self
            .statement(link, &text, &[&keys, &values, &ends])
            .await?;
        let count: i64 = rows.first().map_or(0, |row| row.get(0));
        Ok(u64::try_from(count).unwrap_or(0))
    }

    async fn dropped(&self, link: &PostgresLink, _: u64) -> Result<Dropped, Failed> {
        let text = "SELECT (SELECT until FROM mpass_dropped WHERE kind = $1), \
             (SELECT until FROM mpass_dropped WHERE kind = $2)";
        let kinds = [Kind::State, Kind::Document].map(|kind| i16::from(kind.number()));
        let rows = self.statement(link, text, &[&kinds[0], &kinds[1]]).await?;
        let until = |at: usize| {
            let until = rows.first()?.get::<_, Option<SystemTime>>(at);
            until.map(ms)
        };
        Ok(Dropped {
            state_ms: until(0),
            document_ms: until(1),
        })
    }

    async fn raise_dropped(&self, link: &PostgresLink, dropped: Dropped) -> Result<bool, Failed> {
        let kinds = [
            (Kind::State, dropped.state_ms),
            (Kind::Document, dropped.document_ms),
        ];
        for (kind, until_ms) in kinds {
            let Some(until) = expiry(until_ms) else {
                continue;
            };
            let text = "INSERT INTO mpass_dropped (kind, until) VALUES ($1, $2) \
                 ON CONFLICT (kind) DO UPDATE SET until = greatest(mpass_dropped.until, excluded.until)";
            let kind = i16::from(kind.number());
            self.statement(link, text, &[&kind, &until]).await?;
        }
        Ok(true)
    }

    fn drops_by_itself(_: Kind) -> bool {
        false
    }
}
