//! Which servers a store has: one, the primary that Sentinels name, or the masters of
//! a cluster.

use core::time::Duration;
use std::sync::{Mutex, PoisonError};

use futures_util::future::join_all;
use redis::Client;
use tokio::time::timeout;

use super::address::{Access, Address, Target, read};
use super::cluster::{Slots, View};
use super::connection::RedisLink;
use super::sentinel::Sentinels;
use super::server::{Server, open};
use super::settings::RedisSettings;
use crate::remote::{Failed, SettingsError};

/// Which servers a store has.
pub(super) struct Topology {
    kind: Kind,
    access: Access,
    /// The longest time of a question about it.
    timeout: Duration,
}

enum Kind {
    One(Client),
    Sentinels(Sentinels),
    Cluster {
        seeds: Vec<Address>,
        /// The masters of the last time, which may know it when the seeds are gone.
        known: Mutex<Vec<Address>>,
    },
}

/// The servers that were found.
pub(super) struct Found {
    pub(super) servers: Vec<(Option<Address>, Client)>,
    pub(super) slots: Option<Slots>,
    pub(super) epoch: Option<u64>,
}

impl Topology {
    pub(super) fn new(settings: &RedisSettings) -> Result<Self, SettingsError> {
        let (target, access) = read(settings)?;
        let timeout = settings.timeout / 4;
        let kind = match target {
            Target::One(address) => Kind::One(access.client_at(address)?),
            Target::Sentinels(name, hosts) => {
                let access = access.of_sentinels(settings);
                let clients = hosts.iter().map(|host| access.client(host));
                let clients = clients.collect::<Result<_, _>>()?;
                Kind::Sentinels(Sentinels::new(name, clients, timeout))
            }
            Target::Cluster(seeds) => Kind::Cluster {
                seeds,
                known: Mutex::default(),
            },
        };
        Ok(Self {
            kind,
            access,
            timeout,
        })
    }

    /// Whether another server takes the place of one that fails, without the host.
    pub(super) fn fails_over(&self) -> bool {
        !matches!(self.kind, Kind::One(_))
    }

    pub(super) fn is_cluster(&self) -> bool {
        matches!(self.kind, Kind::Cluster { .. })
    }

    /// A client of a server that another one has named.
    pub(super) fn client(&self, address: &Address) -> Result<Client, String> {
        let client = self.access.client(address);
        client.map_err(|error| format!("{address}: {error}"))
    }

    pub(super) async fn find(&self) -> Result<Found, String> {
        let one = |address: Option<Address>, client| Found {
            servers: vec![(address, client)],
            slots: None,
            epoch: None,
        };
        match &self.kind {
            Kind::One(client) => Ok(one(None, client.clone())),
            Kind::Sentinels(sentinels) => {
                let primary = sentinels.primary().await?;
                let client = self.client(&primary.address)?;
                Ok(Found {
                    epoch: Some(primary.epoch),
                    ..one(Some(primary.address), client)
                })
            }
            Kind::Cluster { seeds, known } => {
                let lock = || known.lock().unwrap_or_else(PoisonError::into_inner);
                let mut asked = lock().clone();
                asked.extend(seeds.iter().cloned());
                asked.sort_unstable();
                asked.dedup();
                let views = join_all(asked.iter().map(|address| self.view(address))).await;
                let view = View::newest(views)?;
                lock().clone_from(&view.masters);
                let client = |address: &Address| {
                    let client = self.client(address);
                    client.map(|client| (Some(address.clone()), client))
                };
                let servers = view.masters.iter().map(client);
                Ok(Found {
                    servers: servers.collect::<Result<_, _>>()?,
                    slots: Some(view.slots()),
                    epoch: None,
                })
            }
        }
    }

    /// What a server knows of the cluster, by a connection of its own.
    async fn view(&self, address: &Address) -> Result<View, String> {
        let client = self.client(address)?;
        let view = async {
            let mut connection = open(&client, self.timeout).await?;
            View::of(&mut connection, &address.host).await
        };
        let late = |_| "a server of the cluster does not answer".to_owned();
        timeout(self.timeout, view).await.map_err(late)?
    }

    /// Whether the servers are still those of the store, as the Sentinels or the
    /// masters know it. Without an answer they are.
    pub(super) async fn check(&self, link: &RedisLink) -> Result<(), Failed> {
        match &self.kind {
            Kind::One(_) => Ok(()),
            Kind::Sentinels(sentinels) => {
                let Ok(primary) = sentinels.primary().await else {
                    return Ok(());
                };
                let is_it = |server: &Server| server.address.as_ref() == Some(&primary.address);
                match link.servers().iter().all(is_it) || Some(primary.epoch) < link.epoch {
                    true => Ok(()),
                    false => Err(Failed::broken("the Sentinels name another primary")),
                }
            }
            Kind::Cluster { .. } => {
                let views = link.servers().iter().map(|server| async {
                    let host = server.address.as_ref().map_or("", |address| &address.host);
                    View::of(&mut server.main(), host).await
                });
                let Ok(view) = View::newest(join_all(views).await) else {
                    return Ok(());
                };
                let present = link.servers().iter().map(|server| server.address.as_ref());
                if !present.eq(view.masters.iter().map(Some)) {
                    return Err(Failed::broken("the masters of the cluster have changed"));
                }
                if let Some(slots) = &link.slots {
                    view.set(slots);
                }
                Ok(())
            }
        }
    }
}
