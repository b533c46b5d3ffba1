//! Reading all keys and many values: of states on each master, of documents in their
//! hash.

use futures_util::future::try_join_all;
use mpass_core::store::{Kind, Listed, StoreKey};
use redis::{Cmd, Value};

use super::backend::Redis;
use super::commands;
use super::connection::RedisLink;
use super::server::Server;
use crate::remote::Failed;

/// Keys read by one command of a scan.
const SCAN: u32 = 512;

/// The cursor of the next command, and the items.
type Page = (u64, Vec<Vec<u8>>);

impl Redis {
    /// The keys of all values of a kind, in their order.
    pub(super) async fn keys(&self, link: &RedisLink, kind: Kind) -> Result<Vec<StoreKey>, Failed> {
        let mut keys = Vec::new();
        match kind {
            Kind::State => {
                for server in link.servers() {
                    self.states_of(server, &mut keys).await?;
                }
            }
            Kind::Document => {
                let mut cursor = 0;
                loop {
                    let (next, items) = self.scan_documents(link, cursor, SCAN).await?;
                    let fields = items.into_iter().step_by(2);
                    keys.extend(fields.filter_map(|field| key(&field)));
                    cursor = next;
                    if cursor == 0 {
                        break;
                    }
                }
            }
        }
        keys.sort_unstable();
        // Also one that is passed on from a master to another.
        keys.dedup();
        Ok(keys)
    }

    /// The keys of the states of one server.
    async fn states_of(&self, server: &Server, keys: &mut Vec<StoreKey>) -> Result<(), Failed> {
        let pattern = [&escaped(self.layout.states())[..], b"*"].concat();
        let mut cursor = 0;
        loop {
            let mut command = Cmd::new();
            command.arg("SCAN").arg(cursor);
            command.arg("MATCH").arg(&pattern).arg("COUNT").arg(SCAN);
            let (next, items) = page(server.ask(&command).await?)?;
            let of = |item: Vec<u8>| key(item.strip_prefix(self.layout.states())?);
            keys.extend(items.into_iter().filter_map(of));
            cursor = next;
            if cursor == 0 {
                return Ok(());
            }
        }
    }

    /// One command of a scan of documents: fields and values in turn.
    pub(super) async fn scan_documents(
        &self,
        link: &RedisLink,
        cursor: u64,
        count: u32,
    ) -> Result<Page, Failed> {
        let documents = self.layout.documents();
        let mut command = Cmd::new();
        command.arg("HSCAN").arg(documents).arg(cursor);
        command.arg("COUNT").arg(count);
        page(link.ask(documents, &command).await?)
    }

    /// The values of keys, without those that are gone.
    pub(super) async fn values(
        &self,
        link: &RedisLink,
        kind: Kind,
        keys: &[StoreKey],
    ) -> Result<Vec<Listed>, Failed> {
        let values = match kind {
            // Those of a cluster are in many slots, which one command cannot read.
            Kind::State if link.slots.is_some() => {
                let each = keys.iter().map(|key| async {
                    let command = self.layout.load(kind, key);
                    link.ask(&self.layout.state(key), &command).await
                });
                try_join_all(each).await?
            }
            Kind::State => {
                let mut command = Cmd::new();
                command.arg("MGET");
                for key in keys {
                    command.arg(self.layout.state(key));
                }
                array(link.ask(self.layout.states(), &command).await?)?
            }
            Kind::Document => {
                let documents = self.layout.documents();
                let mut command = Cmd::new();
                command.arg("HMGET").arg(documents);
                for key in keys {
                    command.arg(&key.0);
                }
                array(link.ask(documents, &command).await?)?
            }
        };
        let mut listed = Vec::with_capacity(keys.len());
        for (key, value) in keys.iter().zip(values) {
            match (kind, value) {
                (Kind::State, Value::BulkString(value)) => listed.push((*key, value)),
                (Kind::Document, Value::BulkString(value)) => {
                    listed.push((*key, commands::document(value)?.1));
                }
                _ => {}
            }
        }
        Ok(listed)
    }
}

/// The key in a name; `None` if it is not of this layout.
fn key(name: &[u8]) -> Option<StoreKey> {
    name.try_into().ok().map(StoreKey)
}

fn array(value: Value) -> Result<Vec<Value>, Failed> {
    match value {
        Value::Array(values) => Ok(values),
        _ => Err(Failed::broken("the server does not answer with values")),
    }
}

/// The answer to a command of a scan.
fn page(answer: Value) -> Result<Page, Failed> {
    let other = || Failed::broken("the server does not answer a scan");
    let Value::Array(parts) = answer else {
        return Err(other());
    };
    let Ok([Value::BulkString(next), Value::Array(items)]) = <[Value; 2]>::try_from(parts) else {
        return Err(other());
    };
    let next = str::from_utf8(&next)
        .ok()
        .and_then(|text| text.parse().ok());
    let bytes = |item| match item {
        Value::BulkString(bytes) => Ok(bytes),
        _ => Err(other()),
    };
    Ok((
        next.ok_or_else(other)?,
        items.into_iter().map(bytes).collect::<Result<_, _>>()?,
    ))
}

/// A prefix whose special characters match themselves.
fn escaped(prefix: &[u8]) -> Vec<u8> {
    let escape = |byte: &u8| match byte {
        b'*' | b'?' | b'[' | b']' | b'\\' | b'^' => vec![b'\\', *byte],
        byte => vec![*byte],
    };
    prefix.iter().flat_map(escape).collect()
}
