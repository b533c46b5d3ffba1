//! The connections to one PostgreSQL.

use core::future::poll_fn;
use core::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::Arc;

use mpass_core::store::Kind;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::task::JoinHandle;
use tokio_postgres::error::SqlState;
use tokio_postgres::{AsyncMessage, Client, Connection};

use super::statements::Statements;
use super::tidy::Tidying;
use crate::remote::{Finding, Identity, Link};

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
}

impl Session {
    pub(super) async fn prepare(open: Open) -> Result<Self, tokio_postgres::Error> {
        Ok(Self {
            states: Statements::prepare(&open.client, Kind::State).await?,
            documents: Statements::prepare(&open.client, Kind::Document).await?,
            open,
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

/// The connections to one node.
pub(crate) struct PostgresLink {
    sessions: Vec<Session>,
    next: AtomicUsize,
    pub(super) tidying: Tidying,
    pub(super) identity: Identity,
    pub(super) findings: Vec<Finding>,
}

impl PostgresLink {
    pub(super) fn new(sessions: Vec<Session>, identity: Identity, findings: Vec<Finding>) -> Self {
        Self {
            sessions,
            next: AtomicUsize::new(0),
            tidying: Tidying::new(),
            identity,
            findings,
        }
    }

    /// The next of the connections, in turn.
    pub(super) fn session(&self) -> &Session {
        let next = self.next.fetch_add(1, Ordering::Relaxed);
        &self.sessions[next % self.sessions.len()]
    }

    pub(super) fn sessions(&self) -> &[Session] {
        &self.sessions
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
