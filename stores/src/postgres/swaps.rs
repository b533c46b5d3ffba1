//! Swaps by statements: one by itself, or several of states together.

use std::collections::HashSet;

use futures_util::future::join_all;
use mpass_core::Error;
use mpass_core::store::{Swap, Swapped};
use tokio_postgres::types::ToSql;

use super::connection::Session;
use super::errors::{failed, is_rolled_back};
use super::statements::expiry;
use crate::remote::Failed;

/// How often a statement is tried that the database has rolled back.
const TRIES: usize = 5;

pub(super) type Answer = Result<Swapped, Failed>;

/// How swaps end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Swaps {
    /// Whether a standby must have each.
    pub(super) acknowledge: bool,
}

impl Swaps {
    /// The error of a swap that was sent and not answered.
    pub(super) fn uncertain(self) -> Error {
        match self.acknowledge {
            true => Error::StoreFailed,
            false => Error::StoreUnknown,
        }
    }

    /// One swap.
    pub(super) async fn one(self, session: &Session, swap: &Swap) -> Answer {
        for _ in 0..TRIES {
            if let Some(swapped) = self.attempt(session, swap).await? {
                return Ok(swapped);
            }
        }
        Err(rolled_back())
    }

    /// Several swaps of states, whose keys differ, in one commit: either all expect a
    /// value or none does.
    pub(super) async fn group(self, session: &Session, swaps: &[&Swap]) -> Vec<Answer> {
        if let [swap] = swaps {
            return vec![self.one(session, swap).await];
        }
        let mut tries = 0;
        let stored = loop {
            let warnings = session.warnings();
            let stored = statement(session, swaps).await;
            if session.warnings() != warnings {
                return swaps.iter().map(|_| Err(self.not_waited_for())).collect();
            }
            match stored {
                Ok(stored) => break stored,
                Err(error) if is_rolled_back(&error) && tries < TRIES => tries += 1,
                Err(error) if is_rolled_back(&error) => {
                    return swaps.iter().map(|_| Err(rolled_back())).collect();
                }
                Err(error) => {
                    let every = swaps.iter();
                    return every
                        .map(|_| Err(failed(&error, self.uncertain())))
                        .collect();
                }
            }
        };
        let answers = swaps.iter().map(async |swap| {
            if stored.contains(&swap.key.0) {
                return Ok(Swapped::Stored);
            }
            match self.unchanged(session, swap).await? {
                Some(swapped) => Ok(swapped),
                None => self.one(session, swap).await,
            }
        });
        join_all(answers).await
    }

    /// One statement of a swap, and the value if it changed nothing. `None` to try
    /// again.
    async fn attempt(self, session: &Session, swap: &Swap) -> Result<Option<Swapped>, Failed> {
        let warnings = session.warnings();
        let statements = session.statements(swap.kind);
        let (key, ends) = (&swap.key.0[..], expiry(swap.expires_at_ms));
        let client = session.client();
        let changed = match &swap.expected {
            None => {
                client
                    .execute(&statements.insert, &[&key, &swap.value, &ends])
                    .await
            }
            Some(expected) => {
                let values: [&(dyn ToSql + Sync); 4] = [&key, &swap.value, &ends, expected];
                client.execute(&statements.replace, &values).await
            }
        };
        if session.warnings() != warnings {
            return Err(self.not_waited_for());
        }
        let changed = match changed {
            Ok(changed) => changed,
            Err(error) if is_rolled_back(&error) => return Ok(None),
            Err(error) => return Err(failed(&error, self.uncertain())),
        };
        if changed == 1 {
            return Ok(Some(Swapped::Stored));
        }
        self.unchanged(session, swap).await
    }

    /// What stands in the way of a swap that changed nothing, by a second statement: a
    /// snapshot of the first one would not have the newest value. `None` to try again.
    async fn unchanged(self, session: &Session, swap: &Swap) -> Result<Option<Swapped>, Failed> {
        let current = session.read(swap.kind, &swap.key).await?;
        match current {
            Some(current) if self.acknowledge && current == swap.value => Err(Failed::not_stored(
                "the value of a swap stands without acknowledgement",
            )),
            None if swap.expected.is_none() => {
                let ends = expiry(swap.expires_at_ms);
                let is_dropped = &session.statements(swap.kind).is_dropped;
                let dropped = session.client().query_opt(is_dropped, &[&ends]).await;
                let dropped = dropped.map_err(|error| failed(&error, Error::StoreFailed))?;
                Ok(dropped.map(|_| Swapped::Expired))
            }
            current => Ok(Some(Swapped::Conflict(current))),
        }
    }

    fn not_waited_for(self) -> Failed {
        Failed {
            error: self.uncertain(),
            ..Failed::not_stored("the server did not wait for the standby of a commit")
        }
    }
}

fn rolled_back() -> Failed {
    Failed::not_stored("the server rolled back a swap several times")
}

/// Performs swaps; returns the keys of those that are stored.
async fn statement(
    session: &Session,
    swaps: &[&Swap],
) -> Result<HashSet<[u8; 16]>, tokio_postgres::Error> {
    let keys: Vec<&[u8]> = swaps.iter().map(|swap| &swap.key.0[..]).collect();
    let values: Vec<&[u8]> = swaps.iter().map(|swap| &swap.value[..]).collect();
    let ends: Vec<_> = swaps
        .iter()
        .map(|swap| expiry(swap.expires_at_ms))
        .collect();
    let expected = swaps.iter().filter_map(|swap| swap.expected.as_deref());
    let expected: Vec<&[u8]> = expected.collect();
    let (client, groups) = (session.client(), &session.groups);
    let rows = match expected.is_empty() {
        true => {
            let values: [&(dyn ToSql + Sync); 3] = [&keys, &values, &ends];
            client.query(&groups.insert, &values).await?
        }
        false => {
            let values: [&(dyn ToSql + Sync); 4] = [&keys, &values, &ends, &expected];
            client.query(&groups.replace, &values).await?
        }
    };
    let key = |row: &tokio_postgres::Row| row.get::<_, &[u8]>(0).try_into().ok();
    Ok(rows.iter().filter_map(key).collect())
}
