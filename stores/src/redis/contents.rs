//! The whole contents of a store in Redis, for a copy.

use std::sync::Arc;

use futures_util::future::{join_all, try_join_all};
use mpass_core::store::{Kind, Listed, StoreKey, Swapped};
use redis::{Cmd, Value};
use tokio::time::timeout;

use super::backend::Redis;
use super::commands::{self, MARGIN_MS};
use super::connection::RedisLink;
use crate::copy::{Dropped, Record};
use crate::remote::{Backend as _, Bulk, Failed};

/// Values that are read at a time.
const READ: usize = 256;
/// Values that are written at a time.
const WRITTEN: usize = 256;

impl Redis {
    /// The values of keys with their ends, without those that are gone.
    async fn with_ends(
        &self,
        link: &RedisLink,
        kind: Kind,
        keys: &[StoreKey],
    ) -> Result<Vec<Record>, Failed> {
        match kind {
            Kind::State => {
                // In this order: one that expires in between is not taken for one
                // that does not end.
                let ends = try_join_all(keys.iter().map(|key| self.end(link, key))).await?;
                let ends = keys.iter().zip(ends);
                let ends: Vec<(StoreKey, End)> = ends.map(|(key, end)| (*key, end)).collect();
                let values = self.values(link, kind, keys).await?;
                Ok(joined(&ends, values))
            }
            Kind::Document => self.documents_with_ends(link, keys).await,
        }
    }

    /// When the engine drops a state, by its clock.
    async fn end(&self, link: &RedisLink, key: &StoreKey) -> Result<End, Failed> {
        let place = self.layout.state(key);
        let mut command = Cmd::new();
        command.arg("PEXPIRETIME").arg(&place);
        match link.ask(&place, &command).await? {
            Value::Int(-2) => Ok(End::Gone),
            Value::Int(-1) => Ok(End::Never),
            Value::Int(end) => Ok(End::At(u64::try_from(end).unwrap_or(0))),
            _ => Err(Failed::broken("the server does not answer with an expiry")),
        }
    }

    async fn documents_with_ends(
        &self,
        link: &RedisLink,
        keys: &[StoreKey],
    ) -> Result<Vec<Record>, Failed> {
        let documents = self.layout.documents();
        let mut command = Cmd::new();
        command.arg("HMGET").arg(documents);
        for key in keys {
            command.arg(&key.0);
        }
        let Value::Array(values) = link.ask(documents, &command).await? else {
            return Err(Failed::broken("the server does not answer with values"));
        };
        let mut records = Vec::with_capacity(keys.len());
        for (key, value) in keys.iter().zip(values) {
            if let Value::BulkString(field) = value {
                let (end, value) = commands::document(field)?;
                records.push(Record {
                    key: *key,
                    value,
                    expires_at_ms: (end != 0).then_some(end),
                });
            }
        }
        Ok(records)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Gone,
    Never,
    At(u64),
}

/// Values with the ends of their keys; both in the order of their keys.
fn joined(ends: &[(StoreKey, End)], values: Vec<Listed>) -> Vec<Record> {
    let mut ends = ends.iter();
    let record = |(key, value): Listed| {
        let (_, end) = ends.find(|(of, _)| *of == key)?;
        let expires_at_ms = match end {
            End::Gone => return None,
            End::Never => None,
            End::At(end) => Some(*end),
        };
        Some(Record {
            key,
            value,
            expires_at_ms,
        })
    };
    values.into_iter().filter_map(record).collect()
}

impl Bulk for Redis {
    async fn records(
        &self,
        link: &RedisLink,
        kind: Kind,
        after: Option<StoreKey>,
        limit: u32,
    ) -> Result<Vec<Record>, Failed> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let kept = after.and_then(|after| link.listings.take(kind, &after));
        let keys = match kept {
            Some(keys) => keys,
            None => Arc::new(self.keys(link, kind).await?),
        };
        let begin = after.map_or(0, |after| keys.partition_point(|key| *key <= after));
        let mut rest = &keys[begin..];
        let mut records = Vec::new();
        while records.len() < limit && !rest.is_empty() {
            let (now, later) = rest.split_at(rest.len().min((limit - records.len()).min(READ)));
            records.extend(self.with_ends(link, kind, now).await?);
            rest = later;
        }
        if let (Some(last), false) = (records.last(), rest.is_empty()) {
            link.listings.keep(kind, last.key, Arc::clone(&keys));
        }
        Ok(records)
    }

    async fn insert(
        &self,
        link: &RedisLink,
        kind: Kind,
        records: Vec<Record>,
        now_ms: u64,
    ) -> Result<u64, Failed> {
        let mut written = 0;
        let mut records = records.into_iter().peekable();
        while records.peek().is_some() {
            let some = records.by_ref().take(WRITTEN);
            let swaps = some.map(|record| self.swap(link, record.swap(kind, None), now_ms));
            let late = |_| Failed {
                error: self.uncertain(),
                ..Failed::broken("no answer within the time-out")
            };
            let swapped = timeout(self.timeout(), join_all(swaps)).await;
            for swapped in swapped.map_err(late)? {
                written += u64::from(swapped? == Swapped::Stored);
            }
        }
        Ok(written)
    }

    /// Redis keeps no trace of what it has dropped: all that ended more than 24 hours
    /// ago.
    async fn dropped(&self, _: &RedisLink, now_ms: u64) -> Result<Dropped, Failed> {
        let until_ms = Some(now_ms.saturating_sub(MARGIN_MS));
        Ok(Dropped {
            state_ms: until_ms,
            document_ms: until_ms,
        })
    }

    async fn raise_dropped(&self, _: &RedisLink, _: Dropped) -> Result<bool, Failed> {
        Ok(false)
    }

    fn drops_by_itself(kind: Kind) -> bool {
        kind == Kind::State
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_joined_with_the_ends_of_their_keys() {
        let key = |n| StoreKey([n; 16]);
        let ends = [
            (key(1), End::At(9)),
            (key(2), End::Gone),
            (key(3), End::At(7)),
            (key(4), End::Never),
        ];
        let value = |n| (key(n), vec![n]);
        // The third was dropped in between, the second written.
        let records = joined(&ends, vec![value(1), value(2), value(4)]);
        let ends: Vec<_> = records
            .iter()
            .map(|record| (record.key, record.expires_at_ms))
            .collect();
        assert_eq!(ends, [(key(1), Some(9)), (key(4), None)]);
    }
}
