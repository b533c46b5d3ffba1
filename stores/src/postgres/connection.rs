//! The connections to one PostgreSQL.

use core::future::poll_fn;
use core::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
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
use super::swaps::Swaps;
use super::writer::Writer;
use crate::remote::{Failed, Finding, Identity, Link};

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

/// The first of the connections for swaps; those before are for everything else, so that
/// a load does not wait for a commit. A single one is for both.
pub(super) fn first_writer(connections: usize) -> usize {
    connections / 2
}

/// The connections to one node.
pub(crate) struct PostgresLink {
    sessions: Vec<Arc<Session>>,
    first_writer: usize,
    /// Of the connections from `first_writer` on.
    writers: Vec<Writer>,
    next: AtomicUsize,
    /// Counts the calls of tidying.
    tidied: AtomicUsize,
    pub(super) identity: Identity,
    pub(super) findings: Vec<Finding>,
}

impl PostgresLink {
    pub(super) fn new(
        sessions: Vec<Session>,
        swaps: Swaps,
        identity: Identity,
        findings: Vec<Finding>,
    ) -> Self {
        let sessions: Vec<_> = sessions.into_iter().map(Arc::new).collect();
        let first_writer = first_writer(sessions.len());
        let start = |session: &Arc<Session>| Writer::start(Arc::clone(session), swaps);
        Self {
            writers: sessions[first_writer..].iter().map(start).collect(),
            first_writer,
            sessions,
            next: AtomicUsize::new(0),
            tidied: AtomicUsize::new(0),
            identity,
            findings,
        }
    }

    /// The next connection for what is not a swap, in turn.
    pub(super) fn session(&self) -> &Session {
        let next = self.next.fetch_add(1, Ordering::Relaxed);
        &self.sessions[next % self.first_writer.max(1)]
    }

    /// The connection for the swaps of a key, which are performed one after the other.
    pub(super) fn writer(&self, key: &StoreKey) -> &Writer {
        &self.writers[usize::from(key.0[0]) % self.writers.len()]
    }

    pub(super) fn sessions(&self) -> &[Arc<Session>] {
        &self.sessions
    }

    /// Whether the tables are to be searched for expired rows: at first, and each
    /// minute, because it reads them whole.
    pub(super) fn is_to_tidy(&self) -> bool {
        self.tidied
            .fetch_add(1, Ordering::Relaxed)
            .is_multiple_of(60)
    }

    /// The next call has something to do.
    pub(super) fn tidy_again(&self) {
        self.tidied.store(0, Ordering::Relaxed);
    }
}

impl Link for PostgresLink {
    fn identity(&self) -> &Identity {
        &self.identity
    }

    fn survives_restart(&self) -> bool {
        true
    }

    fn findings(&self) -> &[Finding] {
        &self.findings
    }

    fn is_closed(&self) -> bool {
        self.sessions
            .iter()
            .any(|session| session.client().is_closed())
    }
}
