//! Who is behind an address, on a clock that comes in as an argument.

mod clock;
#[cfg(test)]
mod tests;

use core::fmt;
use core::net::IpAddr;
use core::ops::Bound;
use core::time::Duration;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use mpass_core::number::PhoneNumber;

use self::clock::Clock;
use super::accounting::{Event, SessionId, Subscriber, What};
use super::endpoint::Endpoint;

/// How many interim intervals a session lives without news.
const INTERVALS: u64 = 2;

/// The network table: which number has an address in a realm. It starts empty
/// and is shared between the threads of a server.
///
/// All times are milliseconds of Unix time. A clock that goes back lengthens
/// no life: what counts is the time that went by. (Steps back of up to a
/// second are taken for calls that overtook one another.)
pub struct NetworkTable(Mutex<Table>);

/// Who is behind an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolved {
    /// This number and nobody else.
    Number(PhoneNumber),
    /// Nobody that the network has named.
    Unknown,
    /// More than one subscriber at one time: a network that gives an address
    /// to many, or that has given it on and did not say that the first session
    /// ended.
    Shared,
}

/// What limits a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableLimits {
    /// The most sessions that are kept, those that ended lately and one place
    /// for each NAS included.
    pub entries: usize,
    /// How far an event may lie from now, both ways.
    pub freshness: Duration,
}

/// A NAS that has shown that it knows its secret.
#[derive(Clone, Debug)]
pub(super) struct Nas {
    /// The address that it sends from, which is what it is known by.
    pub(super) address: IpAddr,
    /// The realm of the addresses that it assigns.
    pub(super) realm: Arc<str>,
    /// How often it sends news of a session.
    pub(super) interim_interval: Duration,
}

/// What an event did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// What it said holds now.
    Taken,
    /// The same, but it named no phone number.
    TakenWithoutNumber,
    /// Nothing: what happened after it had been told already.
    Late,
}

/// Why an event was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It is too far from now.
    Stale,
    /// The table is full.
    Full,
}

/// There is no room for one more entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableFull;

impl fmt::Display for TableFull {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the network table is full")
    }
}

impl core::error::Error for TableFull {}

impl NetworkTable {
    /// An empty table.
    #[must_use]
    pub fn new(limits: TableLimits) -> Self {
        Self(Mutex::new(Table::new(limits)))
    }

    /// Who is behind an address, IPv4 or IPv6, in a realm.
    #[must_use]
    pub fn resolve(&self, realm: &str, address: IpAddr, now_ms: u64) -> Resolved {
        let mut table = self.lock();
        table.advance(now_ms);
        table.resolve(realm, address.into())
    }

    /// Adds somebody who stays: for tests and demonstrations.
    ///
    /// # Errors
    /// When the table is full.
    pub fn add(
        &self,
        realm: &str,
        endpoint: Endpoint,
        number: PhoneNumber,
    ) -> Result<(), TableFull> {
        let mut table = self.lock();
        if table.is_full() {
            return Err(TableFull);
        }
        table.insert(Session {
            key: None,
            realm: realm.into(),
            at: 0,
            deadline: None,
            subscriber: Some(Subscriber {
                number: Some(number),
                endpoints: vec![endpoint],
            }),
        });
        Ok(())
    }

    /// Drops what has lived its time, and says how many sessions live.
    pub fn tidy(&self, now_ms: u64) -> usize {
        let mut table = self.lock();
        table.advance(now_ms);
        table.live
    }

    /// Takes what a NAS says.
    pub(super) fn take(&self, nas: &Nas, event: Event, now_ms: u64) -> Result<Effect, Refusal> {
        let mut table = self.lock();
        table.advance(now_ms);
        table.take(nas, event, now_ms)
    }

    /// A panic elsewhere leaves the table whole: no operation can panic
    /// half-way.
    fn lock(&self) -> MutexGuard<'_, Table> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Shows nothing of what is in it.
impl fmt::Debug for NetworkTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NetworkTable").finish_non_exhaustive()
    }
}

/// Names a session in the table; no two sessions ever have the same.
type Serial = u64;

struct Table {
    limits: TableLimits,
    clock: Clock,
    last_serial: Serial,
    sessions: BTreeMap<Serial, Session>,
    /// How many of them have not ended.
    live: usize,
    serials: BTreeMap<(IpAddr, SessionId), Serial>,
    endpoints: BTreeMap<Arc<str>, BTreeSet<(Endpoint, Serial)>>,
    deadlines: BTreeSet<(u64, Serial)>,
    seen: BTreeMap<IpAddr, Seen>,
}

/// A session, or what is left of one that has ended.
struct Session {
    /// The NAS and its name for it; `None` for one that no NAS told of.
    key: Option<(IpAddr, SessionId)>,
    realm: Arc<str>,
    /// The Event-Timestamp of its last event.
    at: u32,
    /// When it is forgotten, by the table's own clock.
    deadline: Option<u64>,
    /// `None` once it has ended.
    subscriber: Option<Subscriber>,
}

/// What a NAS has told, by its own clock.
#[derive(Default)]
struct Seen {
    /// The newest event.
    newest: u32,
    /// Sessions of before this second are gone.
    restart: u32,
}

impl Table {
    fn new(limits: TableLimits) -> Self {
        Self {
            limits,
            clock: Clock::default(),
            last_serial: 0,
            sessions: BTreeMap::new(),
            live: 0,
            serials: BTreeMap::new(),
            endpoints: BTreeMap::new(),
            deadlines: BTreeSet::new(),
            seen: BTreeMap::new(),
        }
    }

    fn is_full(&self) -> bool {
        self.sessions.len() + self.seen.len() >= self.limits.entries
    }

    /// Forgets everything whose time has come; what is left lives.
    fn advance(&mut self, now_ms: u64) {
        self.clock.advance(now_ms);
        while let Some((deadline, serial)) = self.deadlines.first().copied()
            && deadline <= self.clock.elapsed_ms()
        {
            self.remove(serial);
        }
    }

    fn resolve(&self, realm: &str, endpoint: Endpoint) -> Resolved {
        let Some(endpoints) = self.endpoints.get(realm) else {
            return Resolved::Unknown;
        };
        let here = endpoints.range((endpoint, Serial::MIN)..=(endpoint, Serial::MAX));
        let mut numbers = here.filter_map(|(_, serial)| {
            let subscriber = self.sessions.get(serial)?.subscriber.as_ref()?;
            Some(subscriber.number)
        });
        // One without a number may be anybody, so it shares with anybody.
        match numbers.next() {
            None => Resolved::Unknown,
            Some(first) if numbers.any(|other| other != first) => Resolved::Shared,
            Some(Some(number)) => Resolved::Number(number),
            Some(None) => Resolved::Unknown,
        }
    }

    fn take(&mut self, nas: &Nas, event: Event, now_ms: u64) -> Result<Effect, Refusal> {
        let seen = self.seen.get(&nas.address);
        if !is_fresh(event.at, now_ms, seen, self.limits.freshness) {
            return Err(Refusal::Stale);
        }
        if seen.is_none() && self.is_full() {
            return Err(Refusal::Full);
        }
        let seen = self.seen.entry(nas.address).or_default();
        seen.newest = seen.newest.max(event.at);
        let restart = seen.restart;
        match event.what {
            What::Start(..) | What::Interim(..) if event.at < restart => Ok(Effect::Late),
            What::Start(id, subscriber) => self.news(nas, id, subscriber, event.at, now_ms, true),
            What::Interim(id, subscriber) => {
                self.news(nas, id, subscriber, event.at, now_ms, false)
            }
            What::Stop(id) => self.stop(nas, id, event.at),
            What::On => Ok(self.restart(nas, event.at)),
            // What it sent in its last second is of before, too.
            What::Off => Ok(self.restart(nas, event.at.saturating_add(1))),
        }
    }

    /// A Start or an Interim. Its name may have been another session's: only
    /// the Start of a later second begins a new session under the name of one
    /// that has ended.
    fn news(
        &mut self,
        nas: &Nas,
        id: SessionId,
        subscriber: Subscriber,
        at: u32,
        now_ms: u64,
        is_start: bool,
    ) -> Result<Effect, Refusal> {
        let key = (nas.address, id);
        // Counted from when it happened, so that a packet which is sent again
        // prolongs nothing.
        let late_ms = now_ms.saturating_sub(u64::from(at) * 1000);
        let mut deadline = self.forgotten_at(nas).saturating_sub(late_ms);
        if let Some((serial, known)) = self.find(&key) {
            let is_late = match known.subscriber {
                Some(_) => at < known.at,
                None => !is_start || at <= known.at,
            };
            if is_late {
                return Ok(Effect::Late);
            }
            if at == known.at {
                deadline = deadline.min(known.deadline.unwrap_or(deadline));
            }
            self.remove(serial);
        } else if self.is_full() {
            return Err(Refusal::Full);
        }
        let effect = match subscriber.number {
            Some(_) => Effect::Taken,
            None => Effect::TakenWithoutNumber,
        };
        self.insert(Session {
            key: Some(key),
            realm: Arc::clone(&nas.realm),
            at,
            deadline: Some(deadline),
            subscriber: Some(subscriber),
        });
        Ok(effect)
    }

    /// The end of a session, known or not: its Start may come later than its
    /// Stop. It is remembered for as long as a late packet of it can be fresh.
    fn stop(&mut self, nas: &Nas, id: SessionId, at: u32) -> Result<Effect, Refusal> {
        let key = (nas.address, id);
        let mut last = at;
        if let Some((serial, known)) = self.find(&key) {
            last = last.max(known.at);
            self.remove(serial);
        } else if self.is_full() {
            return Err(Refusal::Full);
        }
        self.insert(Session {
            key: Some(key),
            realm: Arc::clone(&nas.realm),
            at: last,
            deadline: Some(self.forgotten_at(nas)),
            subscriber: None,
        });
        Ok(Effect::Taken)
    }

    /// Ends all sessions of a NAS, and those to come that began before
    /// `before`.
    fn restart(&mut self, nas: &Nas, before: u32) -> Effect {
        let first = (nas.address, SessionId::from([]));
        let from_first = (Bound::Included(&first), Bound::Unbounded);
        let gone: Vec<_> = self
            .serials
            .range::<(IpAddr, SessionId), _>(from_first)
            .take_while(|((address, _), _)| *address == nas.address)
            .map(|(_, serial)| *serial)
            .collect();
        for serial in gone {
            self.remove(serial);
        }
        let seen = self.seen.entry(nas.address).or_default();
        seen.restart = seen.restart.max(before);
        Effect::Taken
    }

    /// When what a NAS says now is forgotten.
    fn forgotten_at(&self, nas: &Nas) -> u64 {
        let interval = u64::try_from(nas.interim_interval.as_millis()).unwrap_or(u64::MAX);
        let life = interval.saturating_mul(INTERVALS);
        self.clock.elapsed_ms().saturating_add(life)
    }

    fn find(&self, key: &(IpAddr, SessionId)) -> Option<(Serial, &Session)> {
        let serial = *self.serials.get(key)?;
        Some((serial, self.sessions.get(&serial)?))
    }

    fn insert(&mut self, session: Session) {
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

    fn remove(&mut self, serial: Serial) {
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

/// Whether an event is near enough to now, and to the newest of its NAS: by
/// the latter a clock of ours that was set back lets nothing old in again.
fn is_fresh(at: u32, now_ms: u64, seen: Option<&Seen>, freshness: Duration) -> bool {
    let at = Duration::from_secs(at.into());
    let newest = Duration::from_secs(seen.map_or(0, |seen| seen.newest.into()));
    at.abs_diff(Duration::from_millis(now_ms)) <= freshness
        && newest.saturating_sub(at) <= freshness
}
