//! The effects of events on the records.

use core::time::Duration;

use mpass_core::network::{MOST_ENDPOINTS, Nas, NasKey, Report, Session, SessionKey, Stop};

use super::super::accounting::{SessionId, Subscriber, What};
use super::changes::Changes;
use super::clock::Clock;
use super::state::State;
use super::types::{Effect, INTERVALS, Refusal, Reporter, TableLimits, Time, UNDATED_INTERVALS};

/// A table without its lock.
pub(super) struct Table {
    pub(super) limits: TableLimits,
    pub(super) clock: Clock,
    pub(super) state: State,
}

impl Table {
    pub(super) fn new(limits: TableLimits) -> Self {
        Self {
            limits,
            clock: Clock::default(),
            state: State::default(),
        }
    }

    pub(super) fn is_full(&self) -> bool {
        self.state.len() >= self.limits.entries
    }

    /// Removes expired records, and returns the time of the table's clock.
    pub(super) fn advance(&mut self, now_ms: u64) -> u64 {
        self.clock.advance(now_ms);
        let now_ms = self.clock.now_ms();
        self.state.forget(now_ms);
        now_ms
    }

    /// Applies an event, and returns the records by which it changes those of the
    /// table.
    pub(super) fn take(
        &mut self,
        from: &Reporter,
        time: Time,
        what: What,
        now_ms: u64,
    ) -> Result<(Effect, Changes), Refusal> {
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
        let (effect, changes) = match what {
            What::Start(id, subscriber) => self.report(from, time, id, &subscriber, false)?,
            What::Interim(id, subscriber) => self.report(from, time, id, &subscriber, true)?,
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
            self.merge_nas(&from.nas, &newest);
        }
        Ok((effect, changes))
    }

    /// Merges a stored record; whether there is room for it.
    pub(super) fn restore_nas(&mut self, key: &NasKey, nas: &Nas) -> bool {
        let has_room = self.has_room_for(key);
        if has_room {
            self.merge_nas(key, nas);
        }
        has_room
    }

    /// As [`Self::restore_nas`]. The newest event of a NAS follows from those of its
    /// sessions.
    pub(super) fn restore_session(&mut self, key: SessionKey, session: &Session) -> bool {
        if self.is_full() {
            return false;
        }
        let newest = Nas {
            newest: session.latest(),
            ..Nas::default()
        };
        self.merge_nas(&key.nas, &newest);
        self.merge_session(key, session);
        true
    }

    fn change(&self, key: SessionKey, record: Session) -> Changes {
        Changes {
            ahead_ms: self.clock.ahead_ms(),
            session: Some((key, record)),
            ..Changes::default()
        }
    }

    /// Applies a Start or an Interim.
    fn report(
        &mut self,
        from: &Reporter,
        time: Time,
        id: SessionId,
        subscriber: &Subscriber,
        is_interim: bool,
    ) -> Result<(Effect, Changes), Refusal> {
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
            number: subscriber.number,
        };
        let key = self.admit(from, id)?;
        let record = Session::reported(report, &subscriber.endpoints);
        let before = self.state.session(&key).cloned();
        let mut merged = before.clone().unwrap_or_else(|| record.clone());
        merged.merge(&record);
        if merged.endpoint_count() > MOST_ENDPOINTS {
            return Err(Refusal::Full);
        }
        self.merge_session(key.clone(), &record);
        let after = self.state.session(&key);
        let is_latest = after.is_some_and(|session| session.is_latest(report.at));
        let has_effect = self.state.is_live(&key) && is_latest && after != before.as_ref();
        let effect = if has_effect { effect } else { Effect::Late };
        Ok((effect, self.change(key, record)))
    }

    /// Ends a session, known or not, because its Start may arrive after its
    /// Stop.
    fn stop(
        &mut self,
        from: &Reporter,
        time: Time,
        id: SessionId,
    ) -> Result<(Effect, Changes), Refusal> {
        let stop = Stop {
            at: time.at(),
            until: self.after(time, from.end_memory_ms()),
        };
        let key = self.admit(from, id)?;
        let record = Session::from(stop);
        self.merge_session(key.clone(), &record);
        Ok((Effect::Taken, self.change(key, record)))
    }

    /// Ends the sessions of a NAS that began before `before`.
    fn restart(
        &mut self,
        from: &Reporter,
        time: Time,
        before: u32,
    ) -> Result<(Effect, Changes), Refusal> {
        if !self.has_room_for(&from.nas) {
            return Err(Refusal::Full);
        }
        let restart = Nas {
            restart: before,
            restart_until: self.after(time, from.end_memory_ms()),
            ..Nas::default()
        };
        self.merge_nas(&from.nas, &restart);
        let changes = Changes {
            ahead_ms: self.clock.ahead_ms(),
            nases: vec![(from.nas.clone(), restart)],
            session: None,
        };
        Ok((Effect::Taken, changes))
    }

    /// Whether a NAS is known or there is room for it. There always is for a
    /// source, whose restart ends the sessions of every NAS.
    fn has_room_for(&self, nas: &NasKey) -> bool {
        nas.is_source() || !self.is_full() || self.state.nas(nas).is_some()
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

    pub(super) fn merge_nas(&mut self, key: &NasKey, record: &Nas) {
        let now_ms = self.clock.now_ms();
        self.state.merge_nas(key, record, now_ms);
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
