//! Budgets that all connections share: how many are open, how many of one peer,
//! and how many bytes their requests hold. Over a budget, the connection whose end
//! does the least harm is ended: one that waits for its client, of the peer with
//! the most, quiet for the longest time. What the server is answering is never
//! ended for another client.

use core::cmp::Reverse;
use core::net::{IpAddr, Ipv6Addr};
use core::sync::atomic::Ordering::Relaxed;
use core::sync::atomic::{AtomicBool, AtomicUsize};
use core::time::Duration;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use arc_swap::ArcSwap;
use mpass_core::service::Network;
use tokio::sync::Notify;

/// The budgets.
#[derive(Clone, Debug)]
pub(crate) struct Budgets {
    /// Open connections.
    pub(crate) connections: usize,
    /// Open connections of one peer: an IPv4 address, or a /64 of IPv6.
    pub(crate) per_peer: usize,
    /// Open connections of each of the `proxies`.
    pub(crate) per_proxy: usize,
    /// Peers that connect for many clients.
    pub(crate) proxies: Vec<Network>,
    /// Bytes held by requests.
    pub(crate) memory: usize,
}

/// The budget that a connection or a request reached, for the metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reached {
    Connections,
    Peer,
    Memory,
}

impl Reached {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Connections => "connections",
            Self::Peer => "connections_per_peer",
            Self::Memory => "memory",
        }
    }
}

/// What is in use of the budgets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Usage {
    /// Open connections.
    pub(crate) connections: usize,
    pub(crate) most_connections: usize,
    /// Bytes held by requests.
    pub(crate) memory: usize,
    pub(crate) most_memory: usize,
    /// Requests that were received and are being answered.
    pub(crate) answering: usize,
}

/// Shares out the budgets.
pub(crate) struct Admission {
    budgets: ArcSwap<Budgets>,
    count: Box<dyn Fn(Reached) + Send + Sync>,
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    connections: HashMap<u64, Connection>,
    /// The number of connections of each peer.
    peers: HashMap<IpAddr, usize>,
    /// Bytes that all requests hold.
    memory: usize,
    /// Requests that were received and are being answered. They outlive their
    /// connections.
    answering: usize,
    last_id: u64,
}

/// An open connection.
struct Connection {
    peer: IpAddr,
    /// Requests that began, and are not answered.
    requests: usize,
    /// Those that are received in part.
    receiving: usize,
    /// Bytes that its requests hold.
    memory: usize,
    /// When a request last began or ended.
    active_at: Instant,
    end: Arc<Notify>,
}

impl Connection {
    /// Whether none of its requests is being answered.
    fn is_waiting(&self) -> bool {
        self.requests <= self.receiving
    }
}

impl Admission {
    /// `count` counts the connections and requests that reached a budget.
    pub(crate) fn new(budgets: Budgets, count: impl Fn(Reached) + Send + Sync + 'static) -> Self {
        Self {
            budgets: ArcSwap::from_pointee(budgets),
            count: Box::new(count),
            open: Mutex::default(),
        }
    }

    /// Replaces the budgets. Connections beyond a smaller one stay open until they
    /// end, or wait while others are admitted.
    pub(crate) fn set(&self, budgets: Budgets) {
        self.budgets.store(Arc::new(budgets));
    }

    /// Admits a connection, if need be by ending another one. `None` when there
    /// is none to end: the connection has to be refused.
    pub(crate) fn admit(self: &Arc<Self>, peer: IpAddr) -> Option<Admitted> {
        let peer = share(peer);
        let mut open = self.open();
        let of_peer = open.peers.get(&peer).copied().unwrap_or(0);
        let has_room = if of_peer >= self.most_of(peer) {
            self.end_one(&mut open, Reached::Peer, |_, one| {
                (one.peer == peer).then_some(0)
            })
        } else if open.connections.len() >= self.budgets.load().connections {
            self.end_heaviest(&mut open)
        } else {
            true
        };
        if !has_room {
            return None;
        }
        open.last_id += 1;
        let id = open.last_id;
        let end = Arc::new(Notify::new());
        let connection = Connection {
            peer,
            requests: 0,
            receiving: 0,
            memory: 0,
            active_at: Instant::now(),
            end: Arc::clone(&end),
        };
        open.connections.insert(id, connection);
        *open.peers.entry(peer).or_default() += 1;
        Some(Admitted {
            admission: Arc::clone(self),
            id,
            end,
        })
    }

    /// Ends the connection whose end does the least harm, to free its file
    /// descriptor.
    pub(crate) fn relieve(&self) {
        self.end_heaviest(&mut self.open());
    }

    /// What is in use of the budgets.
    pub(crate) fn usage(&self) -> Usage {
        let budgets = self.budgets.load();
        let open = self.open();
        Usage {
            connections: open.connections.len(),
            most_connections: budgets.connections,
            memory: open.memory,
            most_memory: budgets.memory,
            answering: open.answering,
        }
    }

    /// Requests that were received and are being answered.
    pub(crate) fn answering(&self) -> usize {
        self.open().answering
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn most_of(&self, peer: IpAddr) -> usize {
        let budgets = self.budgets.load();
        let mut proxies = budgets.proxies.iter();
        match proxies.any(|network| network.contains(peer)) {
            true => budgets.per_proxy,
            false => budgets.per_peer,
        }
    }

    /// Ends a waiting connection of the peer that uses the most of its share.
    fn end_heaviest(&self, open: &mut Open) -> bool {
        let used =
            |(&peer, &count): (&IpAddr, &usize)| (peer, count * 1000 / self.most_of(peer).max(1));
        let used: HashMap<_, _> = open.peers.iter().map(used).collect();
        self.end_one(open, Reached::Connections, |_, one| {
            used.get(&one.peer).copied()
        })
    }

    /// Ends a waiting connection: of those with the highest weight, the one that
    /// has been quiet for the longest time. Whether there was one.
    fn end_one(
        &self,
        open: &mut Open,
        reached: Reached,
        weight: impl Fn(u64, &Connection) -> Option<usize>,
    ) -> bool {
        (self.count)(reached);
        let waiting = open.connections.iter().filter_map(|(&id, one)| {
            let weight = weight(id, one).filter(|_| one.is_waiting())?;
            Some((weight, Reverse((one.active_at, id))))
        });
        let Some((_, Reverse((_, id)))) = waiting.max() else {
            return false;
        };
        if let Some(ended) = open.remove(id) {
            ended.end.notify_one();
        }
        true
    }
}

impl Open {
    /// What a connection held is free from then on.
    fn remove(&mut self, id: u64) -> Option<Connection> {
        let connection = self.connections.remove(&id)?;
        self.memory = self.memory.saturating_sub(connection.memory);
        if let Some(count) = self.peers.get_mut(&connection.peer) {
            *count -= 1;
            if *count == 0 {
                self.peers.remove(&connection.peer);
            }
        }
        Some(connection)
    }

    /// Sets what a request of a connection holds, unless the connection has ended.
    fn exchange_memory(&mut self, id: u64, old: usize, new: usize) -> Option<&mut Connection> {
        let connection = self.connections.get_mut(&id)?;
        connection.memory = connection.memory.saturating_sub(old) + new;
        self.memory = self.memory.saturating_sub(old) + new;
        Some(connection)
    }
}

/// A connection, until it is dropped.
pub(crate) struct Admitted {
    admission: Arc<Admission>,
    id: u64,
    end: Arc<Notify>,
}

impl Admitted {
    /// Resolves when the connection has to end in favour of another one.
    pub(crate) async fn ended(&self) {
        self.end.notified().await;
    }

    /// Begins a request that holds a number of bytes at most, if need be by
    /// ending the connections that hold the most; `None` if that does not
    /// suffice, or if this connection has to end. `is_received` says whether all
    /// of the request is there.
    pub(crate) fn begin(self: &Arc<Self>, memory: usize, is_received: bool) -> Option<InFlight> {
        let admission = &self.admission;
        let mut open = admission.open();
        let most = admission.budgets.load().memory;
        while open.memory + memory > most {
            let is_ended = admission.end_one(&mut open, Reached::Memory, |id, one| {
                (one.memory > 0 && id != self.id).then_some(one.memory)
            });
            if !is_ended {
                return None;
            }
        }
        // One that has to end begins nothing.
        let connection = open.exchange_memory(self.id, 0, memory)?;
        connection.requests += 1;
        connection.receiving += usize::from(!is_received);
        connection.active_at = Instant::now();
        open.answering += usize::from(is_received);
        drop(open);
        Some(InFlight {
            admitted: Arc::clone(self),
            memory: AtomicUsize::new(memory),
            is_received: AtomicBool::new(is_received),
        })
    }

    /// How long no request has begun or ended; `None` while there is one.
    pub(crate) fn quiet_for(&self) -> Option<Duration> {
        let open = self.admission.open();
        let connection = open.connections.get(&self.id)?;
        (connection.requests == 0).then(|| connection.active_at.elapsed())
    }
}

impl Admitted {
    /// Whether there is no request that was received and is being answered.
    pub(crate) fn is_waiting(&self) -> bool {
        let open = self.admission.open();
        let connection = open.connections.get(&self.id);
        connection.is_none_or(Connection::is_waiting)
    }
}

impl Drop for Admitted {
    fn drop(&mut self) {
        self.admission.open().remove(self.id);
    }
}

/// A request, until it is dropped.
pub(crate) struct InFlight {
    admitted: Arc<Admitted>,
    // Both change under the lock only.
    memory: AtomicUsize,
    is_received: AtomicBool,
}

impl InFlight {
    /// All of the request is there, and it holds this many bytes.
    pub(crate) fn received(&self, memory: usize) {
        let id = self.admitted.id;
        let mut open = self.admitted.admission.open();
        let reserved = self.memory.swap(memory, Relaxed);
        let connection = open.exchange_memory(id, reserved, memory);
        if !self.is_received.swap(true, Relaxed) {
            if let Some(connection) = connection {
                connection.receiving -= 1;
            }
            open.answering += 1;
        }
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        let id = self.admitted.id;
        let is_received = self.is_received.load(Relaxed);
        let mut open = self.admitted.admission.open();
        if let Some(connection) = open.exchange_memory(id, self.memory.load(Relaxed), 0) {
            connection.requests -= 1;
            connection.receiving -= usize::from(!is_received);
            connection.active_at = Instant::now();
        }
        open.answering -= usize::from(is_received);
    }
}

/// What shares connections: an IPv4 address, or a /64, since one client of IPv6
/// has as many addresses as it likes.
fn share(peer: IpAddr) -> IpAddr {
    match peer.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from(u128::from(address) >> 64 << 64).into(),
        address @ IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
#[path = "admission_tests.rs"]
mod tests;
