//! What is known of a session.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use minicbor::{Decode, Encode};

use super::address::Holder;
use super::course::{Course, News};
use super::endpoint::Endpoint;
use super::nas::Nas;
use crate::number::PhoneNumber;

/// The maximum number of endpoints that the reports of a session may have within
/// their lives.
pub const MOST_ENDPOINTS: usize = 256;

/// The record of a session.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Session {
    #[n(0)]
    course: Course<BTreeSet<Endpoint>>,
    /// The endpoints that any of its events reported, each with the end of that
    /// report's validity. Their addresses must learn of every change.
    #[n(1)]
    reported: BTreeMap<Endpoint, u64>,
    /// How long a Stop is remembered, in milliseconds of the table's clock.
    #[n(2)]
    stop_until: u64,
}

/// A Start or an Interim.
#[derive(Clone, Copy, Debug)]
pub struct Report {
    /// When it happened, in seconds of Unix time by the clock of the NAS.
    pub at: u32,
    /// Whether it is an Interim. In the second of a Start, an Interim is later.
    pub is_interim: bool,
    /// Whether its time is the NAS's own, and not that of its arrival.
    pub is_dated: bool,
    /// When it is no longer valid by the NAS's clock, in milliseconds of the
    /// table's clock.
    pub until: u64,
    /// The same by its arrival, for a NAS whose clock is ahead.
    pub at_most: u64,
    /// The number; `None` when it is unknown.
    pub number: Option<PhoneNumber>,
}

/// A Stop.
#[derive(Clone, Copy, Debug)]
pub struct Stop {
    /// When it happened, in seconds of Unix time by the clock of the NAS.
    pub at: u32,
    /// How long it is remembered, in milliseconds of the table's clock.
    pub until: u64,
}

impl From<Stop> for Session {
    fn from(stop: Stop) -> Self {
        Self {
            course: Course {
                start: None,
                first: None,
                news: None,
                stop: Some(stop.at),
            },
            reported: BTreeMap::new(),
            stop_until: stop.until,
        }
    }
}

impl Session {
    /// The record of a single report.
    #[must_use]
    pub fn reported(report: Report, endpoints: &[Endpoint]) -> Self {
        let Report { at, until, .. } = report;
        let is_start = report.is_dated && !report.is_interim;
        Self {
            reported: endpoints
                .iter()
                .map(|endpoint| (*endpoint, until))
                .collect(),
            course: Course {
                start: is_start.then_some(at),
                first: Some(at),
                news: Some(News {
                    at,
                    is_interim: report.is_interim,
                    number: report.number,
                    until: until.min(report.at_most),
                    place: endpoints.iter().copied().collect(),
                }),
                stop: None,
            },
            stop_until: 0,
        }
    }

    /// Takes the maximum, the minimum or the union of each field.
    pub fn merge(&mut self, other: &Self) {
        self.course.merge(&other.course);
        for (endpoint, until) in &other.reported {
            let known = self.reported.entry(*endpoint).or_default();
            *known = (*known).max(*until);
        }
        self.stop_until = self.stop_until.max(other.stop_until);
    }

    /// Whether it is live, given the latest restart of its NAS, and when it can
    /// be forgotten, in milliseconds of the table's clock. Reports of a session
    /// that has ended do not extend the memory of its end, so that one that
    /// goes on in spite of it is taken again.
    pub fn state(&self, nas: &Nas) -> (bool, u64) {
        if self.course.is_stopped() {
            return (false, self.stop_until);
        }
        if self.course.is_before(nas.restart) {
            return (false, nas.restart_until);
        }
        let reported = self.reported.values().copied().max();
        let news = self.course.news.as_ref().map(|news| news.until);
        (news.is_some(), reported.max(news).unwrap_or(0))
    }

    /// How many endpoints its events reported.
    #[must_use]
    pub fn endpoint_count(&self) -> usize {
        self.reported.len()
    }

    /// When the latest of its events happened.
    #[must_use]
    pub fn latest(&self) -> u32 {
        let news = self.course.news.as_ref().map(|news| news.at);
        news.max(self.course.stop).unwrap_or(0)
    }

    /// Whether no news is later than `at`.
    pub fn is_latest(&self, at: u32) -> bool {
        self.course.news.as_ref().is_none_or(|news| news.at <= at)
    }

    /// The endpoints that its events reported.
    pub fn endpoints(&self) -> impl Iterator<Item = Endpoint> {
        self.reported.keys().copied()
    }

    /// Forgets the endpoints whose reports have expired, and returns them.
    pub fn forget(&mut self, now_ms: u64) -> Vec<Endpoint> {
        let mut expired = Vec::new();
        self.reported.retain(|endpoint, until| {
            let is_kept = now_ms < *until;
            if !is_kept {
                expired.push(*endpoint);
            }
            is_kept
        });
        expired
    }

    /// What the record of an address has of it; `None` if it never was there.
    pub fn at(&self, endpoint: Endpoint) -> Option<Holder> {
        let until = *self.reported.get(&endpoint)?;
        let course = self.course.map(|place| place.contains(&endpoint));
        Some(Holder { until, course })
    }
}
