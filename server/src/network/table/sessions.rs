//! The sessions of the network table and their indices.

use core::net::IpAddr;
use core::ops::Bound;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use mpass_core::number::PhoneNumber;

use super::super::accounting::{SessionId, Subscriber};
use super::super::endpoint::Endpoint;

/// The result of looking up an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolved {
    /// The only number with this address.
    Number(PhoneNumber),
    /// No number is known.
    Unknown,
    /// Several subscribers at the same time: the network assigns the address to
    /// many, or has reassigned it without reporting the end of the first
    /// session.
    Shared,
}

/// Identifies a session in the table; never reused.
pub(super) type Serial = u64;

/// A session, or the remains of one that has ended.
pub(super) struct Session {
    /// The NAS and its id of the session; `None` for a static entry.
    pub(super) key: Option<(IpAddr, SessionId)>,
    pub(super) realm: Arc<str>,
    /// The Event-Timestamp of its last event.
    pub(super) at: u32,
    /// When it expires, by the table's own clock; `None` for never.
    pub(super) deadline: Option<u64>,
    /// `None` once it has ended.
    pub(super) subscriber: Option<Subscriber>,
}

/// All sessions, indexed by key, endpoint and deadline.
#[derive(Default)]
pub(super) struct Sessions {
    last_serial: Serial,
    sessions: BTreeMap<Serial, Session>,
    /// The number of sessions that have not ended.
    live: usize,
    serials: BTreeMap<(IpAddr, SessionId), Serial>,
    endpoints: BTreeMap<Arc<str>, BTreeSet<(Endpoint, Serial)>>,
    deadlines: BTreeSet<(u64, Serial)>,
}

impl Sessions {
    /// The number of sessions, those that have ended included.
    pub(super) fn len(&self) -> usize {
        self.sessions.len()
    }

    /// The number of sessions that have not ended.
    pub(super) fn live(&self) -> usize {
        self.live
    }

    /// Whether there is nothing left, in the indices either.
    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.sessions.is_empty()
            && self.serials.is_empty()
            && self.deadlines.is_empty()
            && self.endpoints.values().all(BTreeSet::is_empty)
    }

    pub(super) fn resolve(&self, realm: &str, endpoint: Endpoint) -> Resolved {
        let Some(endpoints) = self.endpoints.get(realm) else {
            return Resolved::Unknown;
        };
        let here = endpoints.range((endpoint, Serial::MIN)..=(endpoint, Serial::MAX));
        let mut numbers = here.filter_map(|(_, serial)| {
            let subscriber = self.sessions.get(serial)?.subscriber.as_ref()?;
            Some(subscriber.number)
        });
        // A subscriber without a number could be anyone, so the address counts
        // as shared with any other subscriber.
        match numbers.next() {
            None => Resolved::Unknown,
            Some(first) if numbers.any(|other| other != first) => Resolved::Shared,
            Some(Some(number)) => Resolved::Number(number),
            Some(None) => Resolved::Unknown,
        }
    }

    /// Removes the sessions whose deadline has passed.
    pub(super) fn remove_expired(&mut self, elapsed_ms: u64) {
        while let Some((deadline, serial)) = self.deadlines.first().copied()
            && deadline <= elapsed_ms
        {
            self.remove(serial);
        }
    }

    /// Removes the sessions of a NAS.
    pub(super) fn remove_all_of(&mut self, nas: IpAddr) {
        let first = (nas, SessionId::from([]));
        let from_first = (Bound::Included(&first), Bound::Unbounded);
        let serials: Vec<_> = self
            .serials
            .range::<(IpAddr, SessionId), _>(from_first)
            .take_while(|((address, _), _)| *address == nas)
            .map(|(_, serial)| *serial)
            .collect();
        for serial in serials {
            self.remove(serial);
        }
    }

    pub(super) fn find(&self, key: &(IpAddr, SessionId)) -> Option<(Serial, &Session)> {
        let serial = *self.serials.get(key)?;
        Some((serial, self.sessions.get(&serial)?))
    }

    pub(super) fn insert(&mut self, session: Session) {
        self.last_serial += 1;
        let serial = self.last_serial;
        if let Some(key) = &session.key {
            self.serials.insert(key.clone(), serial);
        }
        if let Some(deadline) = session.deadline {
            self.deadlines.insert((deadline, serial));
        }
        if let Some(subscriber) = &session.subscriber {
            self.live += 1;
            let realm = Arc::clone(&session.realm);
            let endpoints = self.endpoints.entry(realm).or_default();
            endpoints.extend(
                subscriber
                    .endpoints
                    .iter()
                    .map(|endpoint| (*endpoint, serial)),
            );
        }
        self.sessions.insert(serial, session);
    }

    pub(super) fn remove(&mut self, serial: Serial) {
        let Some(session) = self.sessions.remove(&serial) else {
            return;
        };
        if let Some(key) = &session.key {
            self.serials.remove(key);
        }
        if let Some(deadline) = session.deadline {
            self.deadlines.remove(&(deadline, serial));
        }
        let Some(subscriber) = session.subscriber else {
            return;
        };
        self.live -= 1;
        if let Some(endpoints) = self.endpoints.get_mut(&session.realm) {
            for endpoint in subscriber.endpoints {
                endpoints.remove(&(endpoint, serial));
            }
        }
    }
}
