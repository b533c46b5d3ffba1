//! The connections to one Redis.

use core::time::Duration;
use std::sync::{Mutex, PoisonError};

use mpass_core::Error;
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, Cmd, RedisError, RedisResult, Value};

use super::commands::failed;
use super::listing::Listings;
use super::writer::Writer;
use crate::remote::{Failed, Finding, Identity, Link};

/// The connections to one node.
pub(crate) struct RedisLink {
    main: MultiplexedConnection,
    /// The connection of swaps that replicas acknowledge.
    pub(super) writer: Option<Writer>,
    pub(super) listings: Listings,
    pub(super) identity: Identity,
    pub(super) survives_restart: bool,
    pub(super) findings: Vec<Finding>,
    /// Where the search for expired documents goes on.
    cursor: Mutex<u64>,
}

impl RedisLink {
    pub(super) fn new(main: MultiplexedConnection, writer: Option<Writer>) -> Self {
        Self {
            main,
            writer,
            listings: Listings::default(),
            identity: Identity {
                id: String::new(),
                predecessor: None,
            },
            survives_restart: false,
            findings: Vec::new(),
            cursor: Mutex::new(0),
        }
    }

    /// Sends a command, pipelined with others.
    pub(super) async fn send(&self, command: &Cmd) -> RedisResult<Value> {
        let mut main = self.main.clone();
        match main.send_packed_command(command).await {
            Ok(Value::ServerError(error)) => Err(RedisError::from(error)),
            answer => answer,
        }
    }

    /// Sends a command that changes nothing.
    pub(super) async fn ask(&self, command: &Cmd) -> Result<Value, Failed> {
        let answer = self.send(command).await;
        answer.map_err(|error| failed(&error, Error::StoreFailed))
    }

    pub(super) fn cursor(&self) -> std::sync::MutexGuard<'_, u64> {
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

/// Makes one connection.
pub(super) async fn connect(
    client: &Client,
    timeout: Duration,
) -> Result<MultiplexedConnection, String> {
    let config = AsyncConnectionConfig::new()
        .set_connection_timeout(Some(timeout))
        .set_response_timeout(Some(timeout));
    let connection = client.get_multiplexed_async_connection_with_config(&config);
    connection.await.map_err(|error| match error.code() {
        Some(code) => format!("cannot connect: the server answered {code}"),
        None => format!("cannot connect: {}", error.category()),
    })
}
