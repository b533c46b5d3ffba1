//! A connection to PostgreSQL, with its statements.

use core::future::poll_fn;
use core::sync::atomic::{AtomicU64, Ordering};
use std::sync::Arc;

use futures_util::future::try_join4;
use mpass_core::Error;
use mpass_core::store::{Kind, StoreKey};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::task::JoinHandle;
use tokio_postgres::error::SqlState;
use tokio_postgres::{AsyncMessage, Client, Connection};

use super::errors::failed;
use super::statements::{GroupStatements, Statements};
use crate::remote::Failed;

/// How a connection for swaps plans its statements: the table may be empty when they are
/// prepared, and by its primary key a row is found at any size.
const PLAN: &str = "SET enable_seqscan = off; SET enable_hashjoin = off; \
    SET enable_mergejoin = off; SET plan_cache_mode = force_generic_plan";

/// An open connection. Dropping it closes it.
pub(super) struct Open {
    pub(super) client: Client,
    /// Counts the warnings that a commit did not wait for its standby.
    warnings: Arc<AtomicU64>,
    driver: JoinHandle<()>,
}

impl Open {
    /// Drives a connection.
    pub(super) fn begin<S, T>(client: Client, connection: Connection<S, T>) -> Self
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
        T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let warnings = Arc::<AtomicU64>::default();
        Self {
            client,
            driver: tokio::spawn(drive(connection, Arc::clone(&warnings))),
            warnings,
        }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.driver.abort();
    }
}

/// A connection with its statements.
pub(super) struct Session {
    open: Open,
    states: Statements,
    documents: Statements,
    pub(super) groups: GroupStatements,
}

impl Session {
    /// Prepares the statements; all are sent before the first answer.
    pub(super) async fn prepare(
        open: Open,
        is_writer: bool,
    ) -> Result<Self, tokio_postgres::Error> {
        let plan = async {
            match is_writer {
                true => open.client.batch_execute(PLAN).await,
                false => Ok(()),
            }
        };
        let ((), groups, states, documents) = try_join4(
            plan,
            GroupStatements::prepare(&open.client),
            Statements::prepare(&open.client, Kind::State),
            Statements::prepare(&open.client, Kind::Document),
        )
        .await?;
        Ok(Self {
            open,
            states,
            documents,
            groups,
        })
    }

    pub(super) fn client(&self) -> &Client {
        &self.open.client
    }

    pub(super) fn statements(&self, kind: Kind) -> &Statements {
        match kind {
            Kind::State => &self.states,
            Kind::Document => &self.documents,
        }
    }

    /// The value at a key.
    pub(super) async fn read(&self, kind: Kind, key: &StoreKey) -> Result<Option<Vec<u8>>, Failed> {
        let load = &self.statements(kind).load;
        let row = self.client().query_opt(load, &[&&key.0[..]]).await;
        let row = row.map_err(|error| failed(&error, Error::StoreFailed))?;
        Ok(row.map(|row| row.get(0)))
    }

    /// How many commits did not wait for their standby. A statement that ends has
    /// counted its own.
    pub(super) fn warnings(&self) -> u64 {
        self.open.warnings.load(Ordering::Acquire)
    }
}

/// Reads from a connection until it ends.
async fn drive<S, T>(mut connection: Connection<S, T>, warnings: Arc<AtomicU64>)
where
    S: AsyncRead + AsyncWrite + Unpin,
    T: AsyncRead + AsyncWrite + Unpin,
{
    while let Some(Ok(message)) = poll_fn(|context| connection.poll_message(context)).await {
        // The server translates the text; the statements that are run here cause no
        // other warning.
        if let AsyncMessage::Notice(notice) = message
            && *notice.code() == SqlState::WARNING
        {
            warnings.fetch_add(1, Ordering::Release);
        }
    }
}
