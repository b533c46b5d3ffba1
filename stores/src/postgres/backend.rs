//! PostgreSQL as the backend of a store.

use core::time::Duration;

use futures_util::future::try_join_all;
use mpass_core::Error;
use mpass_core::store::{Kind, Listed, StoreKey, Swap, Swapped};
use tokio::time::timeout;
use tokio_postgres::Config;
use tokio_postgres::types::ToSql;
use tokio_postgres_rustls::MakeRustlsConnect;

use super::connection::{Open, Session};
use super::errors::{failed, why_not};
use super::link::{PostgresLink, first_writer};
use super::settings::PostgresSettings;
use super::statements::SCHEMA;
use super::swaps::Swaps;
use super::{examine, tls};
use crate::remote::{Backend, Failed, Finding, Identity, SettingsError};

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
    async fn session(&self, is_writer: bool) -> Result<(Session, Identity), String> {
        let connected = self.config.connect(self.tls.clone()).await;
        let (client, connection) = connected.map_err(|error| why_not(&error))?;
        let open = Open::begin(client, connection);
        let text = |failed: Failed| failed.text;
        let acknowledge = self.settings.acknowledge;
        // First, so that what is examined stays.
        examine::keep(&open.client).await.map_err(text)?;
        let examined = examine::examine(&open.client, acknowledge).await;
        examined.map_err(text)?;
        let identity = examine::identify(&open.client, acknowledge).await;
        let identity = identity.map_err(text)?;
        let session = Session::prepare(open, is_writer).await;
        Ok((session.map_err(|error| why_not(&error))?, identity))
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
        let swaps = Swaps {
            acknowledge: self.settings.acknowledge,
        };
        swaps.uncertain()
    }

    async fn connect(&self) -> Result<PostgresLink, String> {
        let first_writer = first_writer(usize::from(self.settings.connections));
        let sessions = (0..usize::from(self.settings.connections))
            .map(|number| self.session(number >= first_writer));
        let (sessions, identities): (Vec<_>, Vec<_>) =
            try_join_all(sessions).await?.into_iter().unzip();
        let identity = identities.first().cloned();
        let identity = identity.ok_or_else(|| "there is no connection".to_owned())?;
        if identities.iter().any(|other| *other != identity) {
            return Err("the connections are to different servers".to_owned());
        }
        let swaps = Swaps {
            acknowledge: self.settings.acknowledge,
        };
        Ok(PostgresLink::new(sessions, swaps, identity, Vec::new()))
    }

    async fn load(
        &self,
        link: &PostgresLink,
        kind: Kind,
        key: &StoreKey,
    ) -> Result<Option<Vec<u8>>, Failed> {
        link.session().read(kind, key).await
    }

    async fn swap(&self, link: &PostgresLink, swap: Swap, _: u64) -> Result<Swapped, Failed> {
        // The statement is not cancelled after the time-out: its outcome would be as
        // unknown.
        link.writer(&swap.key).swap(swap).await
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
        examine::identify(link.session().client(), self.settings.acknowledge).await
    }

    async fn clock_ms(&self, link: &PostgresLink) -> Result<u64, Failed> {
        let text = "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint";
        let row = link.session().client().query_one(text, &[]).await;
        let row = row.map_err(|error| failed(&error, Error::StoreFailed))?;
        u64::try_from(row.get::<_, i64>(0))
            .map_err(|_| Failed::not_stored("the time of the server is before 1970"))
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
