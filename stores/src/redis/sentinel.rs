//! The primary that Sentinels name. All of them are asked, and the newest answer
//! counts: a Sentinel that was cut off names the primary of before.

use core::time::Duration;

use futures_util::future::join_all;
use redis::aio::MultiplexedConnection;
use redis::{Client, Cmd, RedisResult, Value};
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::address::Address;
use super::server::open;

/// What Sentinels know of a primary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Primary {
    pub(super) address: Address,
    /// Counts fail-overs.
    pub(super) epoch: u64,
}

/// The Sentinels of a primary, with a connection to each.
pub(super) struct Sentinels {
    name: String,
    each: Vec<(Client, Mutex<Option<MultiplexedConnection>>)>,
    /// The longest time of a question.
    timeout: Duration,
}

impl Sentinels {
    pub(super) fn new(name: String, clients: Vec<Client>, timeout: Duration) -> Self {
        let each = clients.into_iter();
        Self {
            name,
            each: each.map(|client| (client, Mutex::default())).collect(),
            timeout,
        }
    }

    /// The primary; an error in one line if no Sentinel names it.
    pub(super) async fn primary(&self) -> Result<Primary, String> {
        let asked = self.each.iter().map(|(client, connection)| async {
            let mut connection = connection.lock().await;
            let answer = timeout(self.timeout, self.ask(client, &mut connection)).await;
            let answer = answer.unwrap_or_else(|_| Err("no answer".to_owned()));
            if answer.is_err() {
                *connection = None;
            }
            answer
        });
        let (mut newest, mut why) = (None::<Primary>, String::new());
        for answer in join_all(asked).await {
            match answer {
                Ok(Some(primary)) => match &newest {
                    Some(other) if other.epoch >= primary.epoch => {}
                    _ => newest = Some(primary),
                },
                Ok(None) => "they do not know its name".clone_into(&mut why),
                Err(text) => why = text,
            }
        }
        newest.ok_or_else(|| format!("the Sentinels do not name a primary: {why}"))
    }

    async fn ask(
        &self,
        client: &Client,
        kept: &mut Option<MultiplexedConnection>,
    ) -> Result<Option<Primary>, String> {
        if kept.is_none() {
            *kept = Some(open(client, self.timeout).await?);
        }
        let Some(connection) = kept else {
            return Ok(None);
        };
        let mut command = Cmd::new();
        command.arg("SENTINEL").arg("MASTER").arg(&self.name);
        read(connection.send_packed_command(&command).await)
    }
}

/// Reads the answer: names and values in turn.
fn read(answer: RedisResult<Value>) -> Result<Option<Primary>, String> {
    let other = || "another answer".to_owned();
    let fields = match answer {
        Ok(Value::Array(fields)) => fields,
        Ok(Value::ServerError(error)) if error.code() == "ERR" => return Ok(None),
        Ok(Value::ServerError(error)) => return Err(format!("the answer is {}", error.code())),
        Ok(_) => return Err(other()),
        Err(error) => return Err(format!("the connection failed: {}", error.category())),
    };
    let field = |name: &str| {
        let pair = fields.chunks_exact(2).find_map(|pair| match pair {
            [Value::BulkString(key), Value::BulkString(value)] if key == name.as_bytes() => {
                str::from_utf8(value).ok()
            }
            _ => None,
        });
        pair.ok_or_else(other)
    };
    let address = Address {
        host: field("ip")?.to_owned(),
        port: field("port")?.parse().map_err(|_| other())?,
    };
    let epoch = field("config-epoch")?.parse().map_err(|_| other())?;
    Ok((!address.host.is_empty()).then_some(Primary { address, epoch }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_of_a_sentinel() {
        let bulk = |text: &str| Value::BulkString(text.as_bytes().to_vec());
        let fields = [
            "name",
            "x",
            "ip",
            "10.0.0.7",
            "port",
            "6379",
            "config-epoch",
            "3",
        ];
        let of = |fields: &[&str]| {
            read(Ok(Value::Array(
                fields.iter().map(|one| bulk(one)).collect(),
            )))
        };
        let primary = of(&fields).unwrap().unwrap();
        assert_eq!(primary.address.to_string(), "10.0.0.7:6379");
        assert_eq!(primary.epoch, 3);
        assert!(of(&fields[..6]).is_err());
        assert!(read(Ok(Value::Nil)).is_err());
    }
}
