//! The records of a table and what is derived from them: the records of
//! addresses, and when each session is forgotten.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use mpass_core::network::{Address, Endpoint, Held, NameHash, Nas, NasKey, Session, SessionKey};
use mpass_core::number::PhoneNumber;

use super::types::NAS_MEMORY_MS;

/// The records of a table.
#[derive(Default)]
pub(super) struct State {
    sessions: BTreeMap<Arc<SessionKey>, Known>,
    nases: BTreeMap<NasKey, KnownNas>,
    addresses: BTreeMap<Arc<str>, BTreeMap<Endpoint, Address>>,
    /// The entries that were added by hand, and who holds each.
    fixed: BTreeMap<Arc<str>, BTreeMap<Endpoint, Held>>,
    fixed_entries: usize,
    /// When each session can be forgotten.
    deadlines: BTreeSet<(u64, Arc<SessionKey>)>,
    /// When to look whether each NAS can be forgotten: not later than
    /// [`KnownNas::until`].
    nas_deadlines: BTreeSet<(u64, NasKey)>,
    /// When each crowded address without a known session can be forgotten.
    crowds: BTreeSet<(u64, Arc<str>, Endpoint)>,
    live: usize,
}

/// A session, and what its record and that of its NAS say about it.
struct Known {
    session: Session,
    is_live: bool,
    /// Its entry in [`State::deadlines`].
    until: u64,
}

/// A NAS.
#[derive(Default)]
struct KnownNas {
    nas: Nas,
    /// The time before which it is not forgotten.
    until: u64,
}

impl State {
    /// The number of entries: sessions, those that have ended included, NASes
    /// and fixed entries.
    pub(super) fn len(&self) -> usize {
        self.sessions.len() + self.nases.len() + self.fixed_entries
    }

    /// The number of live sessions and fixed entries.
    pub(super) fn live(&self) -> usize {
        self.live + self.fixed_entries
    }

    pub(super) fn nas(&self, key: &NasKey) -> Option<&Nas> {
        self.nases.get(key).map(|known| &known.nas)
    }

    pub(super) fn session(&self, key: &SessionKey) -> Option<&Session> {
        self.sessions.get(key).map(|known| &known.session)
    }

    /// Whether a session is known and has not ended.
    pub(super) fn is_live(&self, key: &SessionKey) -> bool {
        self.sessions.get(key).is_some_and(|known| known.is_live)
    }

    /// Forgets every session.
    pub(super) fn clear(&mut self) {
        *self = Self {
            nases: core::mem::take(&mut self.nases),
            nas_deadlines: core::mem::take(&mut self.nas_deadlines),
            fixed: core::mem::take(&mut self.fixed),
            fixed_entries: self.fixed_entries,
            ..Self::default()
        };
    }

    pub(super) fn add_fixed(&mut self, realm: &str, endpoint: Endpoint, number: PhoneNumber) {
        let realm = self.fixed.entry(realm.into()).or_default();
        let held = realm.entry(endpoint).or_insert(Held::ByNobody);
        *held = held.and(Held::By(Some(number)));
        self.fixed_entries += 1;
    }

    /// Who holds an address. Reads at most four records: its own and three of
    /// NASes.
    pub(super) fn held(&self, realm: &str, endpoint: Endpoint, now_ms: u64) -> Held {
        let fixed = self.fixed.get(realm).and_then(|all| all.get(&endpoint));
        let address = self.addresses.get(realm).and_then(|all| all.get(&endpoint));
        let restart_of = |nas: &NasKey| self.nas(nas).map_or(0, |nas| nas.restart);
        let held = address.map_or(Held::ByNobody, |address| address.held(now_ms, restart_of));
        held.and(fixed.copied().unwrap_or(Held::ByNobody))
    }

    /// Merges a record of a session, and its addresses with it.
    pub(super) fn merge_session(&mut self, key: SessionKey, record: &Session, now_ms: u64) {
        let (key, mut known) = self.sessions.remove_entry(&key).unwrap_or_else(|| {
            let known = Known {
                session: record.clone(),
                is_live: false,
                until: 0,
            };
            (Arc::new(key), known)
        });
        known.session.merge(record);
        for endpoint in known.session.forget(now_ms) {
            self.leave(&key, endpoint, now_ms);
        }
        for endpoint in known.session.endpoints() {
            if let Some(holder) = known.session.at(endpoint) {
                let realm = self.addresses.entry(Arc::clone(&key.nas.realm));
                let address = realm.or_default().entry(endpoint).or_default();
                address.merge(Address::of(Arc::clone(&key), holder));
            }
        }
        self.sessions.insert(Arc::clone(&key), known);
        self.update(&key);
    }

    /// Merges a record of a NAS, whose restart may end sessions.
    pub(super) fn merge_nas(&mut self, key: &NasKey, record: &Nas, now_ms: u64) {
        let is_known = self.nases.contains_key(key);
        let KnownNas { nas, until } = self.nases.entry(key.clone()).or_default();
        let restart = nas.restart;
        nas.merge(record);
        let remembered = now_ms.saturating_add(NAS_MEMORY_MS);
        *until = remembered.max(nas.restart_until).max(*until);
        let is_restart = nas.restart != restart;
        if !is_known {
            self.nas_deadlines.insert((*until, key.clone()));
        }
        if !is_restart {
            return;
        }
        let covered: Vec<_> = self.sessions_of(key).map(Arc::clone).collect();
        for session in covered {
            self.update(&session);
        }
    }

    /// The sessions of a NAS, or of all NASes of a source.
    fn sessions_of<'a>(&'a self, nas: &'a NasKey) -> impl Iterator<Item = &'a Arc<SessionKey>> {
        let first = SessionKey {
            nas: nas.clone(),
            id: NameHash::NONE,
        };
        let from_first = self.sessions.range::<SessionKey, _>(first..);
        let sessions = from_first.map(|(session, _)| session);
        sessions.take_while(|session| nas.covers(&session.nas))
    }

    /// Forgets what is over: sessions, crowded addresses, and NASes.
    pub(super) fn forget(&mut self, now_ms: u64) {
        self.forget_sessions(now_ms);
        self.forget_nases(now_ms);
    }

    /// Forgets the NASes without sessions that have been silent for a day. What a
    /// source must sign is never forgotten.
    fn forget_nases(&mut self, now_ms: u64) {
        while let Some((at, key)) = self.nas_deadlines.first().cloned()
            && at <= now_ms
        {
            self.nas_deadlines.pop_first();
            let Some(known) = self.nases.get(&key) else {
                continue;
            };
            let is_needed = known.nas.signs || self.sessions_of(&key).next().is_some();
            match (known.until > now_ms, is_needed) {
                (true, _) => self.nas_deadlines.insert((known.until, key)),
                (false, true) => {
                    let later = now_ms.saturating_add(NAS_MEMORY_MS);
                    self.nas_deadlines.insert((later, key))
                }
                (false, false) => self.nases.remove(&key).is_some(),
            };
        }
    }

    /// Forgets the sessions whose reports and ends are over.
    fn forget_sessions(&mut self, now_ms: u64) {
        while let Some((until, key)) = self.deadlines.first().cloned()
            && until <= now_ms
        {
            self.deadlines.pop_first();
            let Some(known) = self.sessions.remove(&key) else {
                continue;
            };
            self.live -= usize::from(known.is_live);
            for endpoint in known.session.endpoints() {
                self.leave(&key, endpoint, now_ms);
            }
        }
        while let Some((until, realm, endpoint)) = self.crowds.first().cloned()
            && until <= now_ms
        {
            self.crowds.pop_first();
            self.clear_address(&realm, endpoint, now_ms);
        }
    }

    /// Removes a session from the record of an address.
    fn leave(&mut self, key: &SessionKey, endpoint: Endpoint, now_ms: u64) {
        let realm = &key.nas.realm;
        let address = self
            .addresses
            .get_mut(realm)
            .and_then(|all| all.get_mut(&endpoint));
        let over = address.and_then(|address| address.remove(key));
        match over {
            Some(until) if until > now_ms => {
                self.crowds.insert((until, Arc::clone(realm), endpoint));
            }
            Some(_) => self.clear_address(realm, endpoint, now_ms),
            None => {}
        }
    }

    /// Removes the record of an address, if nothing is left of it.
    fn clear_address(&mut self, realm: &str, endpoint: Endpoint, now_ms: u64) {
        if let Some(all) = self.addresses.get_mut(realm)
            && all
                .get(&endpoint)
                .is_some_and(|address| address.is_over(now_ms))
        {
            all.remove(&endpoint);
        }
    }

    /// Updates what is derived from a session and its NAS.
    fn update(&mut self, key: &Arc<SessionKey>) {
        let nas = self.latest_restart(&key.nas);
        let Some(known) = self.sessions.get_mut(key) else {
            return;
        };
        self.live -= usize::from(known.is_live);
        self.deadlines.remove(&(known.until, Arc::clone(key)));
        (known.is_live, known.until) = known.session.state(&nas);
        self.live += usize::from(known.is_live);
        self.deadlines.insert((known.until, Arc::clone(key)));
    }

    /// The record with the latest restart: that of a NAS or of its source.
    fn latest_restart(&self, nas: &NasKey) -> Nas {
        let record = |key: &NasKey| self.nas(key).copied().unwrap_or_default();
        let (nas, source) = (record(nas), record(&nas.of_source()));
        if nas.restart < source.restart {
            source
        } else {
            nas
        }
    }
}

#[cfg(test)]
impl State {
    /// Whether there is nothing left of any session.
    pub(super) fn has_no_session(&self) -> bool {
        let mut addresses = self.addresses.values();
        self.sessions.is_empty()
            && self.deadlines.is_empty()
            && self.crowds.is_empty()
            && self.live == 0
            && addresses.all(BTreeMap::is_empty)
    }

    /// The records of sessions.
    pub(super) fn sessions(&self) -> BTreeMap<SessionKey, Session> {
        let sessions = self.sessions.iter();
        sessions
            .map(|(key, known)| (SessionKey::clone(key), known.session.clone()))
            .collect()
    }

    /// The records of NASes.
    pub(super) fn nases(&self) -> BTreeMap<NasKey, Nas> {
        let nases = self.nases.iter();
        nases.map(|(key, known)| (key.clone(), known.nas)).collect()
    }

    /// The records of addresses.
    pub(super) fn addresses(&self) -> &BTreeMap<Arc<str>, BTreeMap<Endpoint, Address>> {
        &self.addresses
    }
}
