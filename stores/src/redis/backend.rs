//! Redis as the backend of a store.

use core::time::Duration;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use mpass_core::Error;
use mpass_core::store::{Kind, Listed, StoreKey, Swap, Swapped};
use redis::{Client, Cmd, Value};
use tokio::time::timeout;

use super::commands::{self, DROP, Layout, MARGIN_MS};
use super::connection::{RedisLink, connect};
use super::examine;
use super::settings::{RedisSettings, SettingsError};
use super::writer::Writer;
use crate::remote::{Backend, Failed, Finding, Identity};

/// Keys read by one command of a scan.
const SCAN: u32 = 512;
/// Documents examined for expiry each second.
const LOOKS: u32 = 64;

/// Redis as the backend of a store.
pub struct Redis {
    client: Client,
    settings: RedisSettings,
    layout: Arc<Layout>,
}

impl Redis {
    pub(super) fn new(settings: RedisSettings) -> Result<Self, SettingsError> {
        settings.check()?;
        Ok(Self {
            client: settings.client()?,
            layout: Arc::new(Layout::new(&settings.prefix)),
            settings,
        })
    }

    /// A swap on the main connection.
    async fn swap_plain(
        &self,
        link: &RedisLink,
        swap: &Swap,
        now_ms: u64,
    ) -> Result<Swapped, Failed> {
        let command = self.layout.swap(swap, now_ms, true);
        let answer = match link.send(&command).await {
            // Nothing was run.
            Err(error) if commands::lacks_script(&error) => {
                link.send(&self.layout.swap(swap, now_ms, false)).await
            }
            answer => answer,
        };
        commands::swapped(answer.map_err(|error| commands::failed(&error, self.uncertain()))?)
    }

    /// The keys of all values of a kind, in their order.
    async fn keys(&self, link: &RedisLink, kind: Kind) -> Result<Vec<StoreKey>, Failed> {
        let mut keys = Vec::new();
        let mut cursor = 0;
        loop {
            let (next, items) = self.scan(link, kind, cursor, SCAN).await?;
            let step = match kind {
                Kind::State => 1,
                Kind::Document => 2,
            };
            for item in items.into_iter().step_by(step) {
                let key = match kind {
                    Kind::State => item.strip_prefix(self.layout.states()),
                    Kind::Document => Some(&item[..]),
                };
                // Other keys are not of this layout.
                keys.extend(key.and_then(|key| key.try_into().ok()).map(StoreKey));
            }
            cursor = next;
            if cursor == 0 {
                break;
            }
        }
        keys.sort_unstable();
        keys.dedup();
        Ok(keys)
    }

    /// One command of a scan: keys of states, or fields and values of documents.
    async fn scan(
        &self,
        link: &RedisLink,
        kind: Kind,
        cursor: u64,
        count: u32,
    ) -> Result<(u64, Vec<Vec<u8>>), Failed> {
        let mut command = Cmd::new();
        match kind {
            Kind::State => {
                let pattern = [&escaped(self.layout.states())[..], b"*"].concat();
                command.arg("SCAN").arg(cursor).arg("MATCH").arg(pattern)
            }
            Kind::Document => command
                .arg("HSCAN")
                .arg(self.layout.documents())
                .arg(cursor),
        };
        command.arg("COUNT").arg(count);
        let other = || Failed::broken("the server does not answer a scan");
        let Value::Array(parts) = link.ask(&command).await? else {
            return Err(other());
        };
        let [Value::BulkString(next), Value::Array(items)] = &parts[..] else {
            return Err(other());
        };
        let next = str::from_utf8(next).ok().and_then(|text| text.parse().ok());
        let bytes = |item: &Value| match item {
            Value::BulkString(bytes) => Ok(bytes.clone()),
            _ => Err(other()),
        };
        Ok((
            next.ok_or_else(other)?,
            items.iter().map(bytes).collect::<Result<_, _>>()?,
        ))
    }

    /// The values of keys, without those that are gone.
    async fn values(
        &self,
        link: &RedisLink,
        kind: Kind,
        keys: &[StoreKey],
    ) -> Result<Vec<Listed>, Failed> {
        let mut command = Cmd::new();
        match kind {
            Kind::State => command.arg("MGET"),
            Kind::Document => command.arg("HMGET").arg(self.layout.documents()),
        };
        for key in keys {
            match kind {
                Kind::State => command.arg(self.layout.state(key)),
                Kind::Document => command.arg(&key.0),
            };
        }
        let Value::Array(values) = link.ask(&command).await? else {
            return Err(Failed::broken("the server does not answer with values"));
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

impl Backend for Redis {
    type Link = RedisLink;
    const NAME: &'static str = "redis";

    fn timeout(&self) -> Duration {
        self.settings.timeout
    }

    fn uncertain(&self) -> Error {
        match self.settings.acknowledge {
            0 => Error::StoreUnknown,
            _ => Error::StoreFailed,
        }
    }

    async fn connect(&self) -> Result<RedisLink, String> {
        let RedisSettings {
            timeout,
            acknowledge,
            vouched,
            ..
        } = self.settings;
        let main = connect(&self.client, timeout).await?;
        let writer = match acknowledge {
            0 => None,
            replicas => {
                let own = connect(&self.client, timeout).await?;
                Some(Writer::start(
                    own,
                    Arc::clone(&self.layout),
                    replicas,
                    timeout,
                ))
            }
        };
        let mut link = RedisLink::new(main, writer);
        let examined = examine::examine(&link, acknowledge, vouched).await;
        let examined = examined.map_err(|failed| failed.text)?;
        link.identity = examined.identity;
        link.survives_restart = examined.survives_restart;
        link.findings = examined.findings;
        Ok(link)
    }

    async fn load(
        &self,
        link: &RedisLink,
        kind: Kind,
        key: &StoreKey,
    ) -> Result<Option<Vec<u8>>, Failed> {
        match (link.ask(&self.layout.load(kind, key)).await?, kind) {
            (Value::Nil, _) => Ok(None),
            (Value::BulkString(value), Kind::State) => Ok(Some(value)),
            (Value::BulkString(value), Kind::Document) => Ok(Some(commands::document(value)?.1)),
            _ => Err(Failed::broken("the server does not answer with a value")),
        }
    }

    async fn swap(&self, link: &RedisLink, swap: Swap, now_ms: u64) -> Result<Swapped, Failed> {
        if let Some(writer) = &link.writer {
            return writer.swap(swap, now_ms).await;
        }
        let plain = self.swap_plain(link, &swap, now_ms);
        match timeout(self.settings.timeout, plain).await {
            Ok(swapped) => swapped,
            Err(_) => Err(Failed {
                error: self.uncertain(),
                ..Failed::broken("no answer within the time-out")
            }),
        }
    }

    async fn list(
        &self,
        link: &RedisLink,
        kind: Kind,
        after: Option<StoreKey>,
        limit: u32,
    ) -> Result<Vec<Listed>, Failed> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let kept = after.and_then(|after| link.listings.take(kind, &after));
        let keys = match kept {
            Some(keys) => keys,
            None => Arc::new(self.keys(link, kind).await?),
        };
        let begin = after.map_or(0, |after| keys.partition_point(|key| *key <= after));
        let mut rest = &keys[begin..];
        let mut listed = Vec::new();
        while listed.len() < limit && !rest.is_empty() {
            let (now, later) = rest.split_at(rest.len().min((limit - listed.len()).min(256)));
            listed.extend(self.values(link, kind, now).await?);
            rest = later;
        }
        if let (Some((last, _)), false) = (listed.last(), rest.is_empty()) {
            link.listings.keep(kind, *last, Arc::clone(&keys));
        }
        Ok(listed)
    }

    async fn identify(&self, link: &RedisLink) -> Result<Identity, Failed> {
        examine::identify(link).await
    }

    async fn examine(&self, link: &RedisLink) -> Result<Vec<Finding>, Failed> {
        let RedisSettings {
            acknowledge,
            vouched,
            ..
        } = self.settings;
        let examined = examine::examine(link, acknowledge, vouched).await?;
        // The host keeps what the node says about a restart, and is told anew.
        if examined.survives_restart != link.survives_restart {
            return Err(Failed::broken("the persistence of the node has changed"));
        }
        Ok(examined.findings)
    }

    async fn tidy(&self, link: &RedisLink) -> Result<(), Failed> {
        let cursor = *link.cursor();
        let (next, items) = self.scan(link, Kind::Document, cursor, LOOKS).await?;
        *link.cursor() = next;
        let now_ms = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |time| time.as_millis());
        let mut items = items.into_iter();
        while let (Some(key), Some(field)) = (items.next(), items.next()) {
            let end = field
                .first_chunk()
                .map_or(0, |end| u64::from_be_bytes(*end));
            if end == 0 || u128::from(end.saturating_add(MARGIN_MS)) > now_ms {
                continue;
            }
            let mut command = Cmd::new();
            command
                .arg("EVAL")
                .arg(DROP)
                .arg(1)
                .arg(self.layout.documents());
            link.ask(command.arg(key).arg(field)).await?;
        }
        Ok(())
    }

    /// Redis does not know what it has dropped.
    async fn forget_dropped(&self, _link: &RedisLink) -> Result<(), Failed> {
        Ok(())
    }
}

/// A prefix whose special characters match themselves.
fn escaped(prefix: &[u8]) -> Vec<u8> {
    let escape = |byte: &u8| match byte {
        b'*' | b'?' | b'[' | b']' | b'\\' | b'^' => vec![b'\\', *byte],
        byte => vec![*byte],
    };
    prefix.iter().flat_map(escape).collect()
}
