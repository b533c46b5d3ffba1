//! What is known of an address.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;

use minicbor::{Decode, Encode};

use super::course::Course;
use super::key::{NasKey, SessionKey};
use crate::number::PhoneNumber;

/// The maximum number of sessions in the record of an address.
const MOST_HOLDERS: usize = 8;
/// The maximum number of records of NASes that one address is resolved with.
const MOST_NASES: usize = 3;

/// The record of an address: its sessions. If there are more than fit, the
/// address is crowded until the reports of those left out expire.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    pub(super) holders: BTreeMap<Arc<SessionKey>, Holder>,
    pub(super) crowded_until: u64,
}

/// A session at an address.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Holder {
    /// The end of the latest report of this address. It decides who is left
    /// out. A Stop does not change it: otherwise a Stop that arrives after its
    /// session was left out would have another effect than one before.
    #[n(0)]
    pub(super) until: u64,
    /// Its place is whether the session's latest news are of this address.
    #[n(1)]
    pub(super) course: Course<bool>,
}

/// Who holds an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// Nobody.
    ByNobody,
    /// One number, or sessions whose number is unknown.
    By(Option<PhoneNumber>),
    /// Several, or it cannot be decided.
    BySeveral,
}

impl Held {
    /// Who holds an address that `other` holds, too.
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::ByNobody, held) | (held, Self::ByNobody) => held,
            (one, other) if one == other => one,
            _ => Self::BySeveral,
        }
    }
}

impl Holder {
    /// The number, if the session is here and has neither expired nor stopped.
    fn held(&self, now_ms: u64) -> Option<(u32, Option<PhoneNumber>)> {
        let news = self.course.news.as_ref()?;
        let is_here = news.place && now_ms < news.until && !self.course.is_stopped();
        is_here.then_some((news.at, news.number))
    }
}

impl Address {
    /// The record of a single session.
    pub fn of(key: Arc<SessionKey>, holder: Holder) -> Self {
        Self {
            holders: BTreeMap::from([(key, holder)]),
            crowded_until: 0,
        }
    }

    /// Takes the union of the sessions.
    pub fn merge(&mut self, other: Self) {
        self.crowded_until = self.crowded_until.max(other.crowded_until);
        for (key, holder) in other.holders {
            match self.holders.get_mut(&key) {
                Some(known) => {
                    known.until = known.until.max(holder.until);
                    known.course.merge(&holder.course);
                }
                None => {
                    self.holders.insert(key, holder);
                }
            }
        }
        // Those that stay are the same in every order: the ones whose reports
        // are valid longest.
        while self.holders.len() > MOST_HOLDERS {
            let first = self.holders.iter().min_by_key(|(key, h)| (h.until, *key));
            let Some((key, until)) = first.map(|(key, h)| (Arc::clone(key), h.until)) else {
                return;
            };
            self.holders.remove(&key);
            self.crowded_until = self.crowded_until.max(until);
        }
    }

    /// Forgets the sessions whose reports have expired.
    pub(super) fn forget(&mut self, now_ms: u64) {
        self.holders.retain(|_, holder| now_ms < holder.until);
    }

    /// When nothing is left of it.
    pub(super) fn until(&self) -> u64 {
        let holders = self.holders.values().map(|holder| holder.until);
        holders.fold(self.crowded_until, u64::max)
    }

    /// Removes a session, and returns when there is nothing left, if that is
    /// known.
    pub fn remove(&mut self, key: &SessionKey) -> Option<u64> {
        self.holders.remove(key);
        self.holders.is_empty().then_some(self.crowded_until)
    }

    /// Whether nothing is left of it.
    #[must_use]
    pub fn is_over(&self, now_ms: u64) -> bool {
        self.holders.is_empty() && self.crowded_until <= now_ms
    }

    /// Who holds it. `restart_of` reads the record of a NAS, at most three
    /// times.
    pub fn held(&self, now_ms: u64, restart_of: impl FnMut(&NasKey) -> u32) -> Held {
        if now_ms < self.crowded_until {
            return Held::BySeveral;
        }
        let here = self.holders.iter().filter_map(|(key, holder)| {
            let (at, number) = holder.held(now_ms)?;
            Some((at, key, holder, number))
        });
        let mut here: Vec<_> = here.collect();
        here.sort_by_key(|(at, key, ..)| (*at, *key));
        let mut restarts = Restarts::new(restart_of);
        let mut held = Held::ByNobody;
        for (_, key, holder, number) in here.into_iter().rev() {
            let with = held.and(Held::By(number));
            if with == held {
                continue;
            }
            match restarts.ended(&key.nas, &holder.course) {
                Some(true) => {}
                Some(false) if with != Held::BySeveral => held = with,
                Some(false) | None => return Held::BySeveral,
            }
        }
        held
    }
}

/// The restarts that were read for one address.
struct Restarts<F> {
    read: F,
    known: Vec<(NasKey, u32)>,
}

impl<F: FnMut(&NasKey) -> u32> Restarts<F> {
    fn new(read: F) -> Self {
        let known = Vec::with_capacity(MOST_NASES);
        Self { read, known }
    }

    /// Whether a restart ended a session; `None` if that takes too many reads.
    fn ended(&mut self, nas: &NasKey, course: &Course<bool>) -> Option<bool> {
        let is_ended = course.is_before(self.of(nas)?);
        if is_ended || nas.is_source() {
            return Some(is_ended);
        }
        Some(course.is_before(self.of(&nas.of_source())?))
    }

    fn of(&mut self, nas: &NasKey) -> Option<u32> {
        if let Some((_, restart)) = self.known.iter().find(|(known, _)| known == nas) {
            return Some(*restart);
        }
        if self.known.len() == MOST_NASES {
            return None;
        }
        let restart = (self.read)(nas);
        self.known.push((nas.clone(), restart));
        Some(restart)
    }
}

#[cfg(test)]
mod tests {
    use core::cell::Cell;

    use std::vec;

    use super::super::key::NameHash;
    use super::super::session::{Report, Session};
    use super::*;

    /// An address with a session of each of some NASes, in order of their times.
    fn address(nases: &[(u8, &str, &str)]) -> Address {
        let mut address = Address::default();
        let endpoint = core::net::Ipv4Addr::LOCALHOST.into();
        for (at, (source, name, number)) in (1..).zip(nases) {
            let report = Report {
                at,
                is_interim: false,
                is_dated: true,
                until: 1000,
                at_most: 1000,
                number: Some(PhoneNumber::parse(number, None).unwrap()),
            };
            let nas = NasKey {
                source: [192, 0, 2, *source].into(),
                realm: "".into(),
                name: NameHash::of(name.as_bytes()),
            };
            let id = NameHash::NONE;
            let holder = Session::reported(report, &[endpoint]).at(endpoint).unwrap();
            address.merge(Address::of(Arc::new(SessionKey { nas, id }), holder));
        }
        address
    }

    const ONE: &str = "+966500000001";
    const OTHER: &str = "+966500000002";

    #[test]
    fn no_more_than_three_nases_are_read() {
        let by = |text| Held::By(Some(PhoneNumber::parse(text, None).unwrap()));
        let last = (3, "c", ONE);
        // The NASes, what restarted, who holds the address, and how many are
        // read.
        for (nases, restarted, expected, reads) in [
            (vec![(1, "", ONE)], vec![], by(ONE), 1),
            (vec![(1, "a", ONE)], vec![], by(ONE), 2),
            (vec![(1, "a", ONE), (1, "b", ONE)], vec![], by(ONE), 2),
            (
                vec![(1, "a", ONE), (1, "b", OTHER)],
                vec![],
                Held::BySeveral,
                3,
            ),
            (
                vec![(1, "a", ONE), (1, "b", OTHER)],
                vec!["a"],
                by(OTHER),
                3,
            ),
            (
                vec![(1, "a", ONE), (2, "b", OTHER)],
                vec!["a"],
                by(OTHER),
                3,
            ),
            (
                vec![(1, "a", ONE), (2, "b", OTHER)],
                vec![],
                Held::BySeveral,
                3,
            ),
            (
                vec![(1, "", OTHER), (2, "", OTHER), (3, "", ONE)],
                vec![""],
                Held::ByNobody,
                3,
            ),
            // What is not read could be there.
            (
                vec![(1, "a", ONE), (2, "b", OTHER), last],
                vec!["b", "c"],
                Held::BySeveral,
                3,
            ),
            (
                vec![(1, "", ONE), (2, "", ONE), (3, "", ONE), (4, "", ONE)],
                vec![""],
                Held::BySeveral,
                3,
            ),
        ] {
            let count = Cell::new(0);
            let held = address(&nases).held(0, |nas| {
                count.set(count.get() + 1);
                let mut names = restarted.iter();
                let is_restarted = names.any(|name| NameHash::of(name.as_bytes()) == nas.name);
                if is_restarted { 100 } else { 0 }
            });
            assert_eq!(
                (held, count.get()),
                (expected, reads),
                "{nases:?} {restarted:?}"
            );
        }
    }
}
