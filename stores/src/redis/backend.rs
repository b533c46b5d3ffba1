//! Redis as the backend of a store.

use core::time::Duration;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use futures_util::future::{join_all, try_join_all};
use mpass_core::Error;
use mpass_core::store::{Kind, Listed, StoreKey, Swap, Swapped};
use redis::{Client, Cmd, Value};
use tokio::time::timeout;

use super::address::Address;
use super::commands::{self, DROP, Layout, MARGIN_MS};
use super::connection::RedisLink;
use super::examine::{self, Demands};
use super::server::{Server, open};
use super::settings::RedisSettings;
use super::topology::Topology;
use super::writer::{Job, Writer};
use crate::remote::{Backend, Failed, Finding, Identity, Part, SettingsError};

/// How much of a replication id identifies a master of a cluster, whose header has
/// those of all.
const CLUSTER_ID: usize = 16;
/// Documents examined for expiry each second.
const LOOKS: u32 = 64;

/// Redis as the backend of a store.
pub struct Redis {
    topology: Topology,
    settings: RedisSettings,
    pub(super) layout: Arc<Layout>,
}

impl Redis {
    pub(super) fn new(settings: RedisSettings) -> Result<Self, SettingsError> {
        settings.check()?;
        Ok(Self {
            topology: Topology::new(&settings)?,
            layout: Arc::new(Layout::new(&settings.prefix)),
            settings,
        })
    }

    /// A swap on the main connection of its server.
    async fn swap_plain(
        &self,
        link: &RedisLink,
        swap: &Swap,
        now_ms: u64,
    ) -> Result<Swapped, Failed> {
        let key = self.layout.key(swap.kind, &swap.key);
        let command = self.layout.swap(swap, now_ms, true);
        let answer = match link.send(&key, &command).await {
            // Nothing was run.
            Err(error) if commands::lacks_script(&error) => {
                let with_text = self.layout.swap(swap, now_ms, false);
                link.send(&key, &with_text).await
            }
            answer => answer,
        };
        commands::swapped(answer.map_err(|error| commands::failed(&error, self.uncertain()))?)
    }

    /// The connections to a server.
    async fn server(&self, found: (Option<Address>, Client)) -> Result<Server, String> {
        let RedisSettings {
            timeout,
            acknowledge,
            ..
        } = self.settings;
        let (address, client) = found;
        let main = open(&client, timeout).await?;
        let writer = match acknowledge {
            0 => None,
            replicas => {
                let own = open(&client, timeout).await?;
                let layout = Arc::clone(&self.layout);
                Some(Writer::start(own, layout, replicas, timeout))
            }
        };
        Ok(Server::new(address, main, writer))
    }

    /// Examines all servers, and the replicas that acknowledge.
    async fn examine_all(
        &self,
        link: &RedisLink,
    ) -> Result<(Identity, bool, Vec<Finding>), Failed> {
        let demands = Demands::of(&self.settings, self.topology.fails_over());
        let examined = link.servers().iter();
        let examined = examined.map(|server| examine::examine(server, demands));
        let examined = try_join_all(examined).await?;
        let survives = examined.iter().all(|one| one.survives_restart);
        let (mut parts, mut findings) = (Vec::new(), Vec::new());
        for (one, server) in examined.into_iter().zip(link.servers()) {
            let name = server
                .address
                .as_ref()
                .map_or(String::new(), |at| format!("{at}: "));
            findings.extend(one.findings.into_iter().map(|found| found.about(&name)));
            parts.push(one.identity);
            let replicas = match demands.acknowledge {
                0 => Vec::new(),
                _ => one.replicas,
            };
            let looks = replicas
                .iter()
                .map(|replica| self.replica(replica, demands));
            findings.extend(join_all(looks).await.into_iter().flatten());
        }
        Ok((self.identity(parts), survives, findings))
    }

    async fn replica(&self, address: &Address, demands: Demands) -> Option<Finding> {
        let longest = self.settings.timeout / 4;
        let look = async {
            let main = open(&self.topology.client(address)?, longest).await?;
            let server = Server::new(None, main, None);
            Ok::<_, String>(examine::examine_replica(&server, demands).await)
        };
        let found = match timeout(longest, look).await {
            Ok(Ok(found)) => found,
            _ if demands.vouched => None,
            _ => Some(Finding::NotChecked("it cannot be reached".to_owned())),
        };
        found.map(|found| found.about(&format!("replica {address}: ")))
    }

    fn identity(&self, mut parts: Vec<Part>) -> Identity {
        if self.topology.is_cluster() {
            for part in &mut parts {
                part.id.truncate(CLUSTER_ID);
                if let Some(id) = &mut part.predecessor {
                    id.truncate(CLUSTER_ID);
                }
            }
        }
        Identity::new(parts)
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
        let found = self.topology.find().await?;
        let servers = found.servers.into_iter().map(|one| self.server(one));
        let servers = try_join_all(servers).await?;
        let mut link = RedisLink::new(servers, found.slots, found.epoch);
        let examined = self.examine_all(&link).await;
        (link.identity, link.survives_restart, link.findings) =
            examined.map_err(|failed| failed.text)?;
        Ok(link)
    }

    async fn load(
        &self,
        link: &RedisLink,
        kind: Kind,
        key: &StoreKey,
    ) -> Result<Option<Vec<u8>>, Failed> {
        let place = self.layout.key(kind, key);
        match (link.ask(&place, &self.layout.load(kind, key)).await?, kind) {
            (Value::Nil, _) => Ok(None),
            (Value::BulkString(value), Kind::State) => Ok(Some(value)),
            (Value::BulkString(value), Kind::Document) => Ok(Some(commands::document(value)?.1)),
            _ => Err(Failed::broken("the server does not answer with a value")),
        }
    }

    async fn swap(&self, link: &RedisLink, swap: Swap, now_ms: u64) -> Result<Swapped, Failed> {
        if self.settings.acknowledge == 0 {
            return self.swap_plain(link, &swap, now_ms).await;
        }
        let key = self.layout.key(swap.kind, &swap.key);
        let job = Job {
            swap: Arc::new(swap),
            now_ms,
            asking: false,
        };
        link.swap(&key, job).await
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
        self.topology.check(link).await?;
        let parts = link.servers().iter().map(examine::identify);
        Ok(self.identity(try_join_all(parts).await?))
    }

    async fn clock_ms(&self, link: &RedisLink) -> Result<u64, Failed> {
        let mut command = Cmd::new();
        let answer = link
            .ask(self.layout.documents(), command.arg("TIME"))
            .await?;
        commands::time_ms(&answer)
            .ok_or_else(|| Failed::not_stored("the server does not answer with its time"))
    }

    async fn examine(&self, link: &RedisLink) -> Result<Vec<Finding>, Failed> {
        let (_, survives_restart, findings) = self.examine_all(link).await?;
        // The host keeps what the node says about a restart, and is told anew.
        if survives_restart != link.survives_restart {
            return Err(Failed::broken("the persistence of the node has changed"));
        }
        Ok(findings)
    }

    async fn tidy(&self, link: &RedisLink) -> Result<(), Failed> {
        let cursor = *link.cursor();
        let (next, items) = self.scan_documents(link, cursor, LOOKS).await?;
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
            let command = command.arg(key).arg(field);
            link.ask(self.layout.documents(), command).await?;
        }
        Ok(())
    }

    /// Redis does not know what it has dropped.
    async fn forget_dropped(&self, _link: &RedisLink) -> Result<(), Failed> {
        Ok(())
    }
}
