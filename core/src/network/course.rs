//! The course of a session: when it began, its latest news and its end.

use alloc::collections::BTreeSet;

use minicbor::{Decode, Encode};

use super::endpoint::Endpoint;
use crate::number::PhoneNumber;

/// Where a session is: all its endpoints, or whether it is at one of them.
pub(super) trait Place: Clone + PartialEq {
    /// The union.
    fn merge(&mut self, other: &Self);
}

impl Place for BTreeSet<Endpoint> {
    fn merge(&mut self, other: &Self) {
        self.extend(other);
    }
}

impl Place for bool {
    fn merge(&mut self, other: &Self) {
        *self |= other;
    }
}

/// The course of a session. Times are in seconds of Unix time by the clock of
/// the NAS.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(super) struct Course<P> {
    /// The latest Start with a timestamp of its own. Only such a Start begins a
    /// session again under the id of one that has ended.
    #[n(0)]
    pub(super) start: Option<u32>,
    /// The earliest event that reports the session.
    #[n(1)]
    pub(super) first: Option<u32>,
    /// The latest event that reports it.
    #[n(2)]
    pub(super) news: Option<News<P>>,
    /// The latest Stop.
    #[n(3)]
    pub(super) stop: Option<u32>,
}

/// The content of the latest Start or Interim.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(super) struct News<P> {
    #[n(0)]
    pub(super) at: u32,
    /// In the second of a Start, an Interim is later.
    #[n(1)]
    pub(super) is_interim: bool,
    /// `None` if it is unknown, or if events of one second contradict each other.
    #[cbor(n(2), with = "super::wire::number")]
    pub(super) number: Option<PhoneNumber>,
    /// When it is no longer valid without further news, in milliseconds of the
    /// table's clock.
    #[n(3)]
    pub(super) until: u64,
    #[n(4)]
    pub(super) place: P,
}

impl<P: Place> Course<P> {
    pub(super) fn merge(&mut self, other: &Self) {
        self.start = self.start.max(other.start);
        self.first = match (self.first, other.first) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        self.stop = self.stop.max(other.stop);
        match (&mut self.news, &other.news) {
            (Some(news), Some(other)) => news.merge(other),
            (news @ None, other) => news.clone_from(other),
            (Some(_), None) => {}
        }
    }

    /// Whether a Stop has ended the session. A Stop of the second in which a
    /// session began ends it.
    pub(super) fn is_stopped(&self) -> bool {
        self.stop.is_some() && self.stop >= self.start
    }

    /// Whether it began before a restart of its NAS.
    pub(super) fn is_before(&self, restart: u32) -> bool {
        let began = self.start.or(self.first);
        began.is_some_and(|began| began < restart)
    }

    /// The same course, with the place seen differently.
    pub(super) fn map<Q>(&self, place: impl FnOnce(&P) -> Q) -> Course<Q> {
        Course {
            start: self.start,
            first: self.first,
            stop: self.stop,
            news: self.news.as_ref().map(|news| News {
                at: news.at,
                is_interim: news.is_interim,
                number: news.number,
                until: news.until,
                place: place(&news.place),
            }),
        }
    }
}

impl<P: Place> News<P> {
    fn merge(&mut self, other: &Self) {
        let time = |news: &Self| (news.at, news.is_interim);
        if time(self) > time(other) {
            return;
        }
        if time(self) < time(other) {
            self.clone_from(other);
            return;
        }
        if self.number != other.number {
            self.number = None;
        }
        self.until = self.until.min(other.until);
        self.place.merge(&other.place);
    }
}
