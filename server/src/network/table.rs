//! The network table. The current time is an argument of every call.

mod clock;
mod sessions;
#[cfg(test)]
mod tests;

use core::fmt;
use core::net::IpAddr;
use core::time::Duration;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use mpass_core::number::PhoneNumber;

use self::clock::Clock;
pub use self::sessions::Resolved;
use self::sessions::{Session, Sessions};
use super::accounting::{Event, SessionId, Subscriber, What};
use super::endpoint::Endpoint;

/// After how many interim intervals without an update a session expires.
const INTERVALS: u64 = 2;

/// The network table, which maps the addresses of a realm to numbers. It starts
/// empty and is shared between the threads of a server.
///
/// All times are in milliseconds of Unix time. A clock that is set back does
/// not extend the life of an entry: only elapsed time counts. (Backward steps
/// of up to a second are attributed to concurrent calls that overtook each
/// other.)
pub struct NetworkTable(Mutex<Table>);

/// The limits of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableLimits {
    /// The maximum number of entries: sessions, including those that ended
    /// recently, and one entry for each NAS.
    pub entries: usize,
    /// The maximum difference between an event and the current time, in both
    /// directions.
    pub freshness: Duration,
}

/// An authenticated NAS.
#[derive(Clone, Debug)]
pub(super) struct Nas {
    /// The source address, which identifies it.
    pub(super) address: IpAddr,
    /// The realm of the addresses that it assigns.
    pub(super) realm: Arc<str>,
    /// How often it updates a session.
    pub(super) interim_interval: Duration,
}

/// The effect of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// It was applied.
    Taken,
    /// As `Taken`, but without a phone number.
    TakenWithoutNumber,
    /// None: a later event is known already.
    Late,
}

/// Why an event was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It is too far from the current time.
    Stale,
    /// The table is full.
    Full,
}

/// The table is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableFull;

impl fmt::Display for TableFull {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the network table is full")
    }
}

impl core::error::Error for TableFull {}

impl NetworkTable {
    /// Creates an empty table.
    #[must_use]
    pub fn new(limits: TableLimits) -> Self {
        Self(Mutex::new(Table::new(limits)))
    }

    /// Looks up an IPv4 or IPv6 address of a realm.
    #[must_use]
    pub fn resolve(&self, realm: &str, address: IpAddr, now_ms: u64) -> Resolved {
        let mut table = self.lock();
        table.advance(now_ms);
        table.sessions.resolve(realm, address.into())
    }

    /// Adds a static entry, for tests and demonstrations.
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
        table.sessions.insert(Session {
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

    /// Removes expired entries and returns the number of live sessions.
    pub fn tidy(&self, now_ms: u64) -> usize {
        let mut table = self.lock();
        table.advance(now_ms);
        table.sessions.live()
    }

    /// Applies an event of a NAS.
    pub(super) fn take(&self, nas: &Nas, event: Event, now_ms: u64) -> Result<Effect, Refusal> {
        let mut table = self.lock();
        table.advance(now_ms);
        table.take(nas, event, now_ms)
    }

    /// A poisoned lock is safe to ignore: no operation on the table can panic
    /// half-way.
    fn lock(&self) -> MutexGuard<'_, Table> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Shows no entry.
impl fmt::Debug for NetworkTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NetworkTable").finish_non_exhaustive()
    }
}

struct Table {
    limits: TableLimits,
    clock: Clock,
    sessions: Sessions,
    nases: BTreeMap<IpAddr, NasState>,
}

/// The state of a NAS, by its own clock in seconds of Unix time.
#[derive(Default)]
struct NasState {
    /// The newest event.
    newest: u32,
    /// Sessions that began before this second have ended.
    restart: u32,
}

impl Table {
    fn new(limits: TableLimits) -> Self {
        Self {
            limits,
            clock: Clock::default(),
            sessions: Sessions::default(),
            nases: BTreeMap::new(),
        }
    }

    fn is_full(&self) -> bool {
        self.sessions.len() + self.nases.len() >= self.limits.entries
    }

    /// Removes expired entries.
    fn advance(&mut self, now_ms: u64) {
        self.clock.advance(now_ms);
        self.sessions.remove_expired(self.clock.elapsed_ms());
    }

    fn take(&mut self, nas: &Nas, event: Event, now_ms: u64) -> Result<Effect, Refusal> {
        let state = self.nases.get(&nas.address);
        if !is_fresh(event.at, now_ms, state, self.limits.freshness) {
            return Err(Refusal::Stale);
        }
        if state.is_none() && self.is_full() {
            return Err(Refusal::Full);
        }
        let state = self.nases.entry(nas.address).or_default();
        state.newest = state.newest.max(event.at);
        let restart = state.restart;
        match event.what {
            What::Start(..) | What::Interim(..) if event.at < restart => Ok(Effect::Late),
            What::Start(id, subscriber) => self.update(nas, id, subscriber, event.at, now_ms, true),
            What::Interim(id, subscriber) => {
                self.update(nas, id, subscriber, event.at, now_ms, false)
            }
            What::Stop(id) => self.stop(nas, id, event.at),
            What::On => Ok(self.restart(nas, event.at)),
            // Events of the same second came before it, too.
            What::Off => Ok(self.restart(nas, event.at.saturating_add(1))),
        }
    }

    /// Applies a Start or an Interim. A session id may be reused: only a Start
    /// of a later second begins a new session under the id of one that has
    /// ended.
    fn update(
        &mut self,
        nas: &Nas,
        id: SessionId,
        subscriber: Subscriber,
        at: u32,
        now_ms: u64,
        is_start: bool,
    ) -> Result<Effect, Refusal> {
        let key = (nas.address, id);
        // Counted from the time of the event, so that a retransmission does not
        // extend the session.
        let late_ms = now_ms.saturating_sub(u64::from(at) * 1000);
        let mut deadline = self.deadline_of(nas).saturating_sub(late_ms);
        if let Some((serial, known)) = self.sessions.find(&key) {
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
            self.sessions.remove(serial);
        } else if self.is_full() {
            return Err(Refusal::Full);
        }
        let effect = match subscriber.number {
            Some(_) => Effect::Taken,
            None => Effect::TakenWithoutNumber,
        };
        self.sessions.insert(Session {
            key: Some(key),
            realm: Arc::clone(&nas.realm),
            at,
            deadline: Some(deadline),
            subscriber: Some(subscriber),
        });
        Ok(effect)
    }

    /// Ends a session, known or not, because its Start may arrive after its
    /// Stop. The end is remembered for as long as a late packet of the session
    /// can be fresh.
    fn stop(&mut self, nas: &Nas, id: SessionId, at: u32) -> Result<Effect, Refusal> {
        let key = (nas.address, id);
        let mut last = at;
        if let Some((serial, known)) = self.sessions.find(&key) {
            last = last.max(known.at);
            self.sessions.remove(serial);
        } else if self.is_full() {
            return Err(Refusal::Full);
        }
        self.sessions.insert(Session {
            key: Some(key),
            realm: Arc::clone(&nas.realm),
            at: last,
            deadline: Some(self.deadline_of(nas)),
            subscriber: None,
        });
        Ok(Effect::Taken)
    }

    /// Ends all sessions of a NAS, and later refuses those that began before
    /// `before`.
    fn restart(&mut self, nas: &Nas, before: u32) -> Effect {
        self.sessions.remove_all_of(nas.address);
        let state = self.nases.entry(nas.address).or_default();
        state.restart = state.restart.max(before);
        Effect::Taken
    }

    /// The deadline of an event that a NAS reports now.
    fn deadline_of(&self, nas: &Nas) -> u64 {
        let interval = u64::try_from(nas.interim_interval.as_millis()).unwrap_or(u64::MAX);
        let life = interval.saturating_mul(INTERVALS);
        self.clock.elapsed_ms().saturating_add(life)
    }
}

/// Whether an event is close enough to the current time and to the newest event
/// of its NAS. Because of the latter, setting the server's clock back does not
/// let old events in again.
fn is_fresh(at: u32, now_ms: u64, nas: Option<&NasState>, freshness: Duration) -> bool {
    let at = Duration::from_secs(at.into());
    let newest = Duration::from_secs(nas.map_or(0, |nas| nas.newest.into()));
    at.abs_diff(Duration::from_millis(now_ms)) <= freshness
        && newest.saturating_sub(at) <= freshness
}
