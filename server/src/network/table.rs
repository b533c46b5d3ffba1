//! The network table. The current time is an argument of every call.

mod clock;
mod records;
mod state;
#[cfg(test)]
mod tests;

use core::fmt;
use core::net::IpAddr;
use core::time::Duration;
use std::sync::{Mutex, MutexGuard, PoisonError};

use mpass_core::number::PhoneNumber;

use self::clock::Clock;
pub(super) use self::records::NasKey;
use self::records::{Held, Nas, Report, Session, SessionKey, Stop};
use self::state::State;
use super::accounting::{SessionId, Subscriber, What};
use super::endpoint::Endpoint;

/// After how many interim intervals without an update a session expires.
const INTERVALS: u64 = 2;
/// The same for reports without a time of their own.
const UNDATED_INTERVALS: u64 = 1;
/// How long the end of a session is remembered that may lack times: an old copy
/// of one of its reports is like a new one.
const UNDATED_END_MS: u64 = 24 * 3_600_000;

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

impl From<Held> for Resolved {
    fn from(held: Held) -> Self {
        match held {
            Held::By(Some(number)) => Self::Number(number),
            // A subscriber without a number could be anyone, so the address
            // counts as shared with any other subscriber.
            Held::ByNobody | Held::By(None) => Self::Unknown,
            Held::BySeveral => Self::Shared,
        }
    }
}

/// An authenticated sender of events.
#[derive(Clone, Debug)]
pub(super) struct Reporter {
    pub(super) nas: NasKey,
    /// How often it updates a session.
    pub(super) interim_interval: Duration,
    /// Whether its events need no time of their own.
    pub(super) accept_undated: bool,
}

impl Reporter {
    fn intervals_ms(&self, count: u64) -> u64 {
        let interval = u64::try_from(self.interim_interval.as_millis()).unwrap_or(u64::MAX);
        interval.saturating_mul(count)
    }

    /// How long an end is remembered: for longer than a late packet from before
    /// it is fresh.
    fn end_memory_ms(&self) -> u64 {
        if self.accept_undated {
            UNDATED_END_MS
        } else {
            self.intervals_ms(INTERVALS)
        }
    }
}

/// When an event happened, in seconds of Unix time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Time {
    /// By the NAS's clock.
    Dated(u32),
    /// By the event's arrival.
    Undated(u32),
}

impl Time {
    fn at(self) -> u32 {
        let (Self::Dated(at) | Self::Undated(at)) = self;
        at
    }
}

/// The effect of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// It was applied.
    Taken,
    /// As `Taken`, but without a phone number.
    TakenWithoutNumber,
    /// None: a later event or the end of the session is known already.
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
        let now_ms = table.advance(now_ms);
        table.state.held(realm, address.into(), now_ms).into()
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
        table.state.add_fixed(realm, endpoint, number);
        Ok(())
    }

    /// Removes expired entries and returns the number of live sessions.
    pub fn tidy(&self, now_ms: u64) -> usize {
        let mut table = self.lock();
        table.advance(now_ms);
        table.state.live()
    }

    /// Applies an event of a NAS.
    pub(super) fn take(
        &self,
        from: &Reporter,
        time: Time,
        what: What,
        now_ms: u64,
    ) -> Result<Effect, Refusal> {
        let mut table = self.lock();
        table.advance(now_ms);
        table.take(from, time, what, now_ms)
    }

    /// Whether the source of a NAS has sent a Message-Authenticator.
    pub(super) fn is_signer(&self, nas: &NasKey) -> bool {
        let table = self.lock();
        let source = table.state.nas(&nas.of_source());
        source.is_some_and(|source| source.signs)
    }

    /// Records that the source of a NAS has sent a Message-Authenticator.
    pub(super) fn note_signer(&self, nas: &NasKey) {
        if !self.is_signer(nas) {
            let signer = Nas {
                signs: true,
                ..Nas::default()
            };
            self.lock().state.merge_nas(&nas.of_source(), &signer);
        }
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
    state: State,
}

impl Table {
    fn new(limits: TableLimits) -> Self {
        Self {
            limits,
            clock: Clock::default(),
            state: State::default(),
        }
    }

    fn is_full(&self) -> bool {
        self.state.len() >= self.limits.entries
    }

    /// Removes expired records, and returns the time of the table's clock.
    fn advance(&mut self, now_ms: u64) -> u64 {
        self.clock.advance(now_ms);
        let now_ms = self.clock.now_ms();
        self.state.forget(now_ms);
        now_ms
    }

    fn take(
        &mut self,
        from: &Reporter,
        time: Time,
        what: What,
        now_ms: u64,
    ) -> Result<Effect, Refusal> {
        let is_fresh = self.is_fresh(from, time.at(), now_ms);
        if what.is_report() && !is_fresh {
            return Err(Refusal::Stale);
        }
        // An old end is as true as a new one, and ends nothing that began after
        // it. One of the future would, so it counts from its arrival.
        let time = match self.is_ahead(time.at(), now_ms) {
            true => Time::Undated(u32::try_from(now_ms / 1000).unwrap_or(u32::MAX)),
            false => time,
        };
        let effect = match what {
            What::Start(id, subscriber) => self.report(from, time, id, subscriber, false)?,
            What::Interim(id, subscriber) => self.report(from, time, id, subscriber, true)?,
            What::Stop(id) => self.stop(from, time, id)?,
            What::On => self.restart(from, time, time.at())?,
            // Events of the same second came before it, too.
            What::Off => self.restart(from, time, time.at().saturating_add(1))?,
        };
        if is_fresh && self.has_room_for(&from.nas) {
            let newest = Nas {
                newest: time.at(),
                ..Nas::default()
            };
            self.state.merge_nas(&from.nas, &newest);
        }
        Ok(effect)
    }

    /// Applies a Start or an Interim.
    fn report(
        &mut self,
        from: &Reporter,
        time: Time,
        id: SessionId,
        subscriber: Subscriber,
        is_interim: bool,
    ) -> Result<Effect, Refusal> {
        let effect = match subscriber.number {
            Some(_) => Effect::Taken,
            None => Effect::TakenWithoutNumber,
        };
        let (is_dated, intervals) = match time {
            Time::Dated(_) => (true, INTERVALS),
            Time::Undated(_) => (false, UNDATED_INTERVALS),
        };
        let life_ms = from.intervals_ms(intervals);
        let report = Report {
            at: time.at(),
            is_interim,
            is_dated,
            until: self.after(time, life_ms),
            at_most: self.clock.now_ms().saturating_add(life_ms),
        };
        let key = self.admit(from, id)?;
        let record = Session::reported(report, subscriber);
        let before = self.state.session(&key).cloned();
        self.merge_session(key.clone(), &record);
        let after = self.state.session(&key);
        let is_latest = after.is_some_and(|session| session.is_latest(report.at));
        let has_effect = self.state.is_live(&key) && is_latest && after != before.as_ref();
        Ok(if has_effect { effect } else { Effect::Late })
    }

    /// Ends a session, known or not, because its Start may arrive after its
    /// Stop.
    fn stop(&mut self, from: &Reporter, time: Time, id: SessionId) -> Result<Effect, Refusal> {
        let stop = Stop {
            at: time.at(),
            until: self.after(time, from.end_memory_ms()),
        };
        let key = self.admit(from, id)?;
        self.merge_session(key, &stop.into());
        Ok(Effect::Taken)
    }

    /// Ends the sessions of a NAS that began before `before`.
    fn restart(&mut self, from: &Reporter, time: Time, before: u32) -> Result<Effect, Refusal> {
        if !self.has_room_for(&from.nas) {
            return Err(Refusal::Full);
        }
        let restart = Nas {
            restart: before,
            restart_until: self.after(time, from.end_memory_ms()),
            ..Nas::default()
        };
        self.state.merge_nas(&from.nas, &restart);
        Ok(Effect::Taken)
    }

    /// Whether a NAS is known or there is room for it. There always is for a
    /// source, whose restart ends the sessions of every NAS.
    fn has_room_for(&self, nas: &NasKey) -> bool {
        nas.name.is_empty() || !self.is_full() || self.state.nas(nas).is_some()
    }

    /// The key of a session, if it is known or there is room for it and its NAS.
    fn admit(&self, from: &Reporter, id: SessionId) -> Result<SessionKey, Refusal> {
        let nas = from.nas.clone();
        let key = SessionKey { nas, id };
        if self.is_full() && self.state.session(&key).is_none() {
            return Err(Refusal::Full);
        }
        Ok(key)
    }

    fn merge_session(&mut self, key: SessionKey, record: &Session) {
        let now_ms = self.clock.now_ms();
        self.state.merge_session(key, record, now_ms);
    }

    /// The table's time some time after an event. Counted from the time of the
    /// event, so that a repetition extends nothing.
    fn after(&self, time: Time, duration_ms: u64) -> u64 {
        let at_ms = u64::from(time.at()) * 1000;
        self.clock.of(at_ms).saturating_add(duration_ms)
    }

    /// Whether an event is close enough to the current time, and not much older
    /// than the newest of its NAS. Because of the latter, setting the server's
    /// clock back does not let old events in again. Events that are close to
    /// the time of their arrival differ by at most twice the freshness.
    fn is_fresh(&self, from: &Reporter, at: u32, now_ms: u64) -> bool {
        let freshness = self.limits.freshness;
        let newest = self.state.nas(&from.nas).map_or(0, |nas| nas.newest);
        let at = Duration::from_secs(at.into());
        let newest = Duration::from_secs(newest.into());
        at.abs_diff(Duration::from_millis(now_ms)) <= freshness
            && newest.saturating_sub(at) <= freshness.saturating_mul(2)
    }

    /// Whether an event is of the future.
    fn is_ahead(&self, at: u32, now_ms: u64) -> bool {
        let at = Duration::from_secs(at.into());
        at.saturating_sub(Duration::from_millis(now_ms)) > self.limits.freshness
    }
}
