//! The connections to one server.

use core::time::Duration;

use mpass_core::Error;
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, Cmd, Pipeline, RedisError, RedisResult, Value};

use super::address::Address;
use super::commands::{self, failed};
use super::writer::Writer;
use crate::remote::Failed;

/// The connections to one server.
pub(super) struct Server {
    /// As others name it; `None` for the only one.
    pub(super) address: Option<Address>,
    main: MultiplexedConnection,
    /// The connection of swaps that replicas acknowledge.
    pub(super) writer: Option<Writer>,
}

impl Server {
    pub(super) fn new(
        address: Option<Address>,
        main: MultiplexedConnection,
        writer: Option<Writer>,
    ) -> Self {
        Self {
            address,
            main,
            writer,
        }
    }

    /// The main connection, which others may use at the same time.
    pub(super) fn main(&self) -> MultiplexedConnection {
        self.main.clone()
    }

    /// Sends a command, pipelined with others; `asking` for a key that another master
    /// is passing on to this one.
    pub(super) async fn send(&self, command: &Cmd, asking: bool) -> RedisResult<Value> {
        let mut main = self.main();
        let answer = match asking {
            false => main.send_packed_command(command).await?,
            true => {
                let mut both = Pipeline::new();
                both.add_command(commands::asking())
                    .add_command(command.clone());
                let answers = main.send_packed_commands(&both, 0, 2).await?;
                answers.into_iter().next_back().unwrap_or(Value::Nil)
            }
        };
        match answer {
            Value::ServerError(error) => Err(RedisError::from(error)),
            answer => Ok(answer),
        }
    }

    /// Sends a command that changes nothing.
    pub(super) async fn ask(&self, command: &Cmd) -> Result<Value, Failed> {
        let answer = self.send(command, false).await;
        answer.map_err(|error| failed(&error, Error::StoreFailed))
    }
}

/// Makes one connection, which sends nothing twice and does not connect again.
pub(super) async fn open(
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
