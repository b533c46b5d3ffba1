//! The connections to one PostgreSQL.

use core::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Arc;

use mpass_core::store::StoreKey;

use super::connection::Session;
use super::swaps::Swaps;
use super::tidy::Tidying;
use super::writer::Writer;
use crate::remote::{Finding, Identity, Link};

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
    pub(super) tidying: Tidying,
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
            tidying: Tidying::new(),
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
