//! The connections to the servers of a store, and the way of a command to the one that
//! has its key.

use std::sync::{Mutex, MutexGuard, PoisonError};

use mpass_core::Error;
use mpass_core::store::Swapped;
use redis::{Cmd, RedisError, RedisResult, Value};

use super::address::address;
use super::cluster::Slots;
use super::commands::failed;
use super::listing::Listings;
use super::server::Server;
use super::writer::{Job, NotSwapped};
use crate::remote::{Failed, Finding, Identity, Link};

/// How often a command is sent on to another master: once to the new master of its
/// slot, and once to the one that the slot is passed on to.
const REDIRECTS: usize = 3;

/// The connections to the servers of a store: one, or the masters of a cluster.
pub(crate) struct RedisLink {
    servers: Vec<Server>,
    /// Of a cluster.
    pub(super) slots: Option<Slots>,
    /// The fail-overs that the Sentinels knew of.
    pub(super) epoch: Option<u64>,
    pub(super) listings: Listings,
    pub(super) identity: Identity,
    pub(super) survives_restart: bool,
    pub(super) findings: Vec<Finding>,
    /// Where the search for expired documents goes on.
    cursor: Mutex<u64>,
}

impl RedisLink {
    pub(super) fn new(servers: Vec<Server>, slots: Option<Slots>, epoch: Option<u64>) -> Self {
        Self {
            servers,
            slots,
            epoch,
            listings: Listings::default(),
            identity: Identity::new(Vec::new()),
            survives_restart: false,
            findings: Vec::new(),
            cursor: Mutex::new(0),
        }
    }

    /// All servers, in the order of their addresses.
    pub(super) fn servers(&self) -> &[Server] {
        &self.servers
    }

    /// Which server has a key.
    fn server_of(&self, key: &[u8]) -> usize {
        self.slots.as_ref().map_or(0, |slots| slots.master(key))
    }

    fn server(&self, at: usize) -> Result<&Server, RedisError> {
        let gone = || RedisError::from(std::io::Error::other("no server"));
        self.servers.get(at).ok_or_else(gone)
    }

    /// Where a command is to be sent that a master has refused to run, and whether
    /// that one has to be asked. `None` if no connection is there.
    fn redirected(&self, error: &RedisError, from: usize) -> Option<(usize, bool)> {
        let slots = self.slots.as_ref()?;
        let (to, slot) = error.redirect_node()?;
        // A server that does not know how it is reached leaves its host out.
        let own = self.servers.get(from)?.address.as_ref()?;
        let to = match to.strip_prefix(':') {
            Some(port) => address(&format!("{}:{port}", own.host), None),
            None => address(to, None),
        }?;
        let is_it = |server: &Server| server.address.as_ref() == Some(&to);
        let at = self.servers.iter().position(is_it)?;
        let is_moved = error.code() == Some("MOVED");
        if is_moved {
            slots.set(slot, at);
        }
        Some((at, !is_moved))
    }

    /// Sends a command to the master of its key, and on to another one that it names:
    /// then nothing was run.
    pub(super) async fn send(&self, key: &[u8], command: &Cmd) -> RedisResult<Value> {
        let (mut at, mut asking) = (self.server_of(key), false);
        let mut redirects = 0;
        loop {
            let answer = self.server(at)?.send(command, asking).await;
            let next = match &answer {
                Err(error) if redirects < REDIRECTS => self.redirected(error, at),
                _ => None,
            };
            let Some(next) = next else {
                return answer;
            };
            (at, asking) = next;
            redirects += 1;
        }
    }

    /// As [`Self::send`], for a command that changes nothing.
    pub(super) async fn ask(&self, key: &[u8], command: &Cmd) -> Result<Value, Failed> {
        let answer = self.send(key, command).await;
        answer.map_err(|error| failed(&error, Error::StoreFailed))
    }

    /// A swap that replicas acknowledge, sent on as in [`Self::send`].
    pub(super) async fn swap(&self, key: &[u8], mut job: Job) -> Result<Swapped, Failed> {
        let mut at = self.server_of(key);
        for _ in 0..=REDIRECTS {
            let server = self.server(at);
            let server = server.map_err(|error| failed(&error, Error::StoreFailed))?;
            let Some(writer) = &server.writer else {
                return Err(Failed::broken("there is no connection for swaps"));
            };
            let error = match writer.swap(job.clone()).await {
                Ok(swapped) => return Ok(swapped),
                Err(NotSwapped::Failed(failed)) => return Err(failed),
                Err(NotSwapped::Redirected(error)) => error,
            };
            let next = self.redirected(&error, at);
            (at, job.asking) = next.ok_or_else(|| failed(&error, Error::StoreFailed))?;
        }
        Err(Failed::not_stored("a swap was sent on too often"))
    }

    pub(super) fn cursor(&self) -> MutexGuard<'_, u64> {
        self.cursor.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Link for RedisLink {
    fn identity(&self) -> &Identity {
        &self.identity
    }

    fn survives_restart(&self) -> bool {
        self.survives_restart
    }

    fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Seen with the next command.
    fn is_closed(&self) -> bool {
        false
    }
}
