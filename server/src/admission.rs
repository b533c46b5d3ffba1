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
mod tests {
    use futures_util::FutureExt;

    use super::*;

    fn admission(budgets: Budgets) -> (Arc<Admission>, Arc<AtomicUsize>) {
        let reached = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&reached);
        let count = move |_| {
            counter.fetch_add(1, Relaxed);
        };
        (Arc::new(Admission::new(budgets, count)), reached)
    }

    fn budgets(connections: usize, per_peer: usize) -> Budgets {
        Budgets {
            connections,
            per_peer,
            per_proxy: connections,
            proxies: vec!["10.9.0.0/16".parse().unwrap()],
            memory: 1000,
        }
    }

    fn admit(admission: &Arc<Admission>, peer: &str) -> Option<Arc<Admitted>> {
        admission.admit(peer.parse().unwrap()).map(Arc::new)
    }

    fn is_ended(admitted: &Admitted) -> bool {
        admitted.ended().now_or_never().is_some()
    }

    #[test]
    fn a_peer_over_its_share_loses_its_quietest_connection() {
        let (admission, reached) = admission(budgets(10, 3));
        let of_one: Vec<_> = (0..3)
            .map(|_| admit(&admission, "10.0.0.1").unwrap())
            .collect();
        let other = admit(&admission, "10.0.0.2").unwrap();
        // The oldest is active, so the second is the quietest.
        drop(of_one[0].begin(10, true));
        let fourth = admit(&admission, "10.0.0.1").unwrap();
        let ended: Vec<_> = of_one.iter().map(|one| is_ended(one)).collect();
        assert_eq!(ended, [false, true, false]);
        assert!(!is_ended(&other) && !is_ended(&fourth));
        assert_eq!(reached.load(Relaxed), 1);
    }

    #[test]
    fn what_is_answered_is_not_ended() {
        let (admission, _) = admission(budgets(10, 1));
        let first = admit(&admission, "2001:db8::1").unwrap();
        let request = first.begin(10, false).unwrap();
        request.received(20);
        assert_eq!(admission.answering(), 1);
        // The same /64.
        assert!(admit(&admission, "2001:db8::2").is_none());
        assert!(admit(&admission, "2001:db8:0:1::2").is_some());
        drop(request);
        assert_eq!(admission.answering(), 0);
        assert!(admit(&admission, "2001:db8::2").is_some());
        assert!(is_ended(&first));
    }

    #[test]
    fn when_all_are_in_use_the_peer_with_the_most_loses_one() {
        let (admission, _) = admission(budgets(4, 3));
        let one = admit(&admission, "10.0.0.1").unwrap();
        let many: Vec<_> = (0..3)
            .map(|_| admit(&admission, "10.0.0.2").unwrap())
            .collect();
        let new = admit(&admission, "10.0.0.3").unwrap();
        assert!(!is_ended(&one) && !is_ended(&new));
        let ended: Vec<_> = many.iter().map(|one| is_ended(one)).collect();
        assert_eq!(ended, [true, false, false]);
    }

    #[test]
    fn other_budgets_are_for_what_comes_next() {
        let (admission, _) = admission(budgets(10, 3));
        let [first, second] = [1, 2].map(|_| admit(&admission, "10.0.0.1").unwrap());
        admission.set(budgets(10, 1));
        assert!(!is_ended(&first) && !is_ended(&second));
        let third = admit(&admission, "10.0.0.1").unwrap();
        assert!(is_ended(&first) && !is_ended(&third));
        admission.set(budgets(10, 5));
        assert!(admit(&admission, "10.0.0.1").is_some());
        assert!(!is_ended(&second) && !is_ended(&third));
    }

    #[test]
    fn a_named_proxy_has_its_own_share() {
        let (admission, _) = admission(budgets(10, 1));
        let first = admit(&admission, "10.9.0.1").unwrap();
        let second = admit(&admission, "10.9.0.1").unwrap();
        assert!(!is_ended(&first) && !is_ended(&second));
    }

    #[test]
    fn memory_is_taken_from_who_holds_the_most_and_waits() {
        let (admission, _) = admission(budgets(10, 5));
        let [half_sent, answered, small, normal] =
            [1, 2, 3, 4].map(|host| admit(&admission, &format!("10.0.0.{host}")).unwrap());
        let _half_sent = half_sent.begin(400, false).unwrap();
        let _answered = answered.begin(500, true).unwrap();
        let _small = small.begin(50, false).unwrap();
        let request = normal.begin(200, true);
        assert!(request.is_some());
        assert!(is_ended(&half_sent) && !is_ended(&answered) && !is_ended(&small));
        // Only the connection of 50 can be ended: not enough.
        assert!(normal.begin(400, true).is_none());
        drop(_answered);
        assert!(normal.begin(400, true).is_some());
        drop(request);
        drop((_half_sent, _small));
        assert_eq!(admission.open().memory, 0);
        assert_eq!(admission.answering(), 0);
    }
}
