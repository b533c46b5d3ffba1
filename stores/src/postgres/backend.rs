//! PostgreSQL as the backend of a store.

use core::time::Duration;

use futures_util::future::try_join_all;
use mpass_core::Error;
use mpass_core::store::{Kind, Listed, StoreKey, Swap, Swapped};
use tokio::time::timeout;
use tokio_postgres::Config;
use tokio_postgres::types::ToSql;
use tokio_postgres_rustls::MakeRustlsConnect;

use super::connection::{Open, PostgresLink, Session};
use super::errors::{failed, is_rolled_back, why_not};
use super::settings::{PostgresSettings, SettingsError};
use super::statements::{SCHEMA, expiry};
use super::{examine, tls};
use crate::remote::{Backend, Failed, Finding, Identity};

/// How often a statement is tried that the database has rolled back.
const TRIES: usize = 5;

/// PostgreSQL as the backend of a store.
pub struct Postgres {
    config: Config,
    tls: MakeRustlsConnect,
    settings: PostgresSettings,
}

impl Postgres {
    pub(super) fn new(settings: PostgresSettings) -> Result<Self, SettingsError> {
        Ok(Self {
            config: settings.config()?,
            tls: tls::connector(settings.tls_ca.as_deref())?,
            settings,
        })
    }

    /// One connection, examined, and what identifies its node.
    async fn session(&self) -> Result<(Session, Identity), String> {
        let connected = self.config.connect(self.tls.clone()).await;
        let (client, connection) = connected.map_err(|error| why_not(&error))?;
        let open = Open::begin(client, connection);
        let text = |failed: Failed| failed.text;
        let examined = examine::examine(&open.client, self.settings.acknowledge).await;
        examined.map_err(text)?;
        let identity = examine::identify(&open.client).await.map_err(text)?;
        let session = Session::prepare(open).await;
        Ok((session.map_err(|error| why_not(&error))?, identity))
    }

    /// One statement of a swap, and the value if it changed nothing. `None` to try
    /// again.
    async fn attempt(&self, session: &Session, swap: &Swap) -> Result<Option<Swapped>, Failed> {
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
            return Err(Failed {
                error: self.uncertain(),
                ..Failed::not_stored("the server did not wait for the standby of a commit")
            });
        }
        let changed = match changed {
            Ok(changed) => changed,
            Err(error) if is_rolled_back(&error) => return Ok(None),
            Err(error) => return Err(failed(&error, self.uncertain())),
        };
        if changed == 1 {
            return Ok(Some(Swapped::Stored));
        }
        // A snapshot of the first statement would not have the newest value.
        let current = self.read(session, swap.kind, &swap.key).await?;
        match current {
            Some(current) if self.settings.acknowledge && current == swap.value => Err(
                Failed::not_stored("the value of a swap stands without acknowledgement"),
            ),
            None if swap.expected.is_none() => {
                let dropped = client.query_opt(&statements.is_dropped, &[&ends]).await;
                let dropped = dropped.map_err(|error| failed(&error, Error::StoreFailed))?;
                Ok(dropped.map(|_| Swapped::Expired))
            }
            current => Ok(Some(Swapped::Conflict(current))),
        }
    }

    async fn read(
        &self,
        session: &Session,
        kind: Kind,
        key: &StoreKey,
    ) -> Result<Option<Vec<u8>>, Failed> {
        let load = &session.statements(kind).load;
        let row = session.client().query_opt(load, &[&&key.0[..]]).await;
        let row = row.map_err(|error| failed(&error, Error::StoreFailed))?;
        Ok(row.map(|row| row.get(0)))
    }

    pub(super) async fn migrate(&self) -> Result<(), String> {
        let connected = timeout(self.settings.timeout, self.config.connect(self.tls.clone())).await;
        let connected = connected.map_err(|_| "no connection within the time-out".to_owned())?;
        let (client, connection) = connected.map_err(|error| why_not(&error))?;
        let driver = tokio::spawn(connection);
        let migrated = client.batch_execute(SCHEMA).await;
        drop(client);
        // Ends when the client is dropped.
        let _ = driver.await;
        migrated.map_err(|error| failed(&error, Error::StoreFailed).text)
    }
}

impl Backend for Postgres {
    type Link = PostgresLink;
    const NAME: &'static str = "postgres";

    fn timeout(&self) -> Duration {
        self.settings.timeout
    }

    fn uncertain(&self) -> Error {
        match self.settings.acknowledge {
            true => Error::StoreFailed,
            false => Error::StoreUnknown,
        }
    }

    async fn connect(&self) -> Result<PostgresLink, String> {
        let sessions = (0..self.settings.connections).map(|_| self.session());
        let (sessions, identities): (Vec<_>, Vec<_>) =
            try_join_all(sessions).await?.into_iter().unzip();
        let identity = identities.first().cloned();
        let identity = identity.ok_or_else(|| "there is no connection".to_owned())?;
        if identities.iter().any(|other| *other != identity) {
            return Err("the connections are to different servers".to_owned());
        }
        Ok(PostgresLink::new(sessions, identity, Vec::new()))
    }

    async fn load(
        &self,
        link: &PostgresLink,
        kind: Kind,
        key: &StoreKey,
    ) -> Result<Option<Vec<u8>>, Failed> {
        self.read(link.session(), kind, key).await
    }

    async fn swap(&self, link: &PostgresLink, swap: Swap, _: u64) -> Result<Swapped, Failed> {
        let session = link.session();
        let perform = async {
            for _ in 0..TRIES {
                if let Some(swapped) = self.attempt(session, &swap).await? {
                    return Ok(swapped);
                }
            }
            Err(Failed::not_stored(
                "the server rolled back a swap several times",
            ))
        };
        match timeout(self.settings.timeout, perform).await {
            Ok(swapped) => swapped,
            // The statement is not cancelled: its outcome would be as unknown.
            Err(_) => Err(Failed {
                error: self.uncertain(),
                ..Failed::broken("no answer within the time-out")
            }),
        }
    }

    async fn list(
        &self,
        link: &PostgresLink,
        kind: Kind,
        after: Option<StoreKey>,
        limit: u32,
    ) -> Result<Vec<Listed>, Failed> {
        let session = link.session();
        // The empty key sorts before all others.
        let after = after.as_ref().map_or(&[][..], |key| &key.0);
        let list = &session.statements(kind).list;
        let limit = i64::from(limit);
        let values: [&(dyn ToSql + Sync); 2] = [&after, &limit];
        let rows = session.client().query(list, &values);
        let late = |_| Failed::broken("no answer within the time-out");
        let rows = timeout(self.settings.timeout, rows).await.map_err(late)?;
        let rows = rows.map_err(|error| failed(&error, Error::StoreFailed))?;
        let listed = rows.into_iter().map(|row| {
            let key: &[u8] = row.get(0);
            let key = key
                .try_into()
                .map_err(|_| Failed::not_stored("a key is not 16 bytes long"))?;
            Ok((StoreKey(key), row.get(1)))
        });
        listed.collect()
    }

    async fn identify(&self, link: &PostgresLink) -> Result<Identity, Failed> {
        examine::identify(link.session().client()).await
    }

    async fn examine(&self, link: &PostgresLink) -> Result<Vec<Finding>, Failed> {
        for session in link.sessions() {
            examine::examine(session.client(), self.settings.acknowledge).await?;
        }
        Ok(Vec::new())
    }

    async fn tidy(&self, link: &PostgresLink) -> Result<(), Failed> {
        let session = link.session();
        for kind in [Kind::State, Kind::Document] {
            let statements = session.statements(kind);
            link.tidying
                .step(session.client(), kind, statements)
                .await?;
        }
        Ok(())
    }

    async fn forget_dropped(&self, link: &PostgresLink) -> Result<(), Failed> {
        let forget = link
            .session()
            .client()
            .execute("DELETE FROM mpass_dropped", &[]);
        let forgotten = forget.await.map(|_| ());
        forgotten.map_err(|error| failed(&error, Error::StoreFailed))
    }
}
