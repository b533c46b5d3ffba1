//! Verification of the chain.

use core::fmt;
use std::collections::BTreeSet;

use mpass_core::Error;
use mpass_core::documents::{Family, HostDocument};
use mpass_core::store::StoreKey;

use super::chain::{self, Link};
use super::head::Head;
use super::log::AuditLog;
use super::segment::Segment;
use crate::clock;

/// What a verification found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// How many entries were read.
    pub entries: u64,
    /// The number of the first entry that is kept; `None` if there is none.
    pub first: Option<u64>,
    /// The last entry; `None` if there is none.
    pub last: Option<Link>,
    /// What is wrong; the log is whole if there is nothing.
    pub faults: Vec<Fault>,
}

/// What is wrong with an audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// There are entries, and no head or one that cannot be read.
    NoHead,
    /// The chain does not begin where the head says.
    Begins {
        /// The number of the first entry that the head knows of.
        expected: u64,
        /// That of the first one found.
        found: u64,
    },
    /// A segment cannot be read.
    Unreadable {
        /// The entry in front of it.
        after: u64,
        /// Why.
        error: Error,
    },
    /// Entries are missing behind one.
    Missing {
        /// The last entry in front of the gap.
        after: u64,
    },
    /// A line does not follow the one before.
    Broken {
        /// The last entry that does.
        after: u64,
    },
    /// The chain ends before an entry that was written: its end was removed, or an
    /// older state was put back.
    Ends {
        /// The last entry that is known.
        expected: u64,
        /// The last one found.
        found: u64,
    },
    /// An entry is not the one that was written first.
    Replaced {
        /// Its number.
        number: u64,
    },
    /// There are segments that the chain does not lead to.
    Stray {
        /// How many.
        segments: usize,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoHead => f.write_str("the head of the log is missing"),
            Self::Begins { expected, found } => write!(
                f,
                "the log begins with entry {found} instead of {expected}: earlier ones were removed"
            ),
            Self::Unreadable { after, error } => {
                write!(f, "the entries after {after} cannot be read: {error}")
            }
            Self::Missing { after } => write!(f, "entries are missing after entry {after}"),
            Self::Broken { after } => write!(f, "what follows entry {after} was changed"),
            Self::Ends { expected, found } => write!(
                f,
                "the log ends with entry {found}, and entry {expected} was written: later ones were removed or an older state was put back"
            ),
            Self::Replaced { number } => {
                write!(f, "entry {number} is not the one that was written")
            }
            Self::Stray { segments } => {
                write!(
                    f,
                    "{segments} parts of the log do not follow from the others"
                )
            }
        }
    }
}

/// The links that must be part of the chain, and how far the check has come.
struct Walk<'l> {
    log: AuditLog<'l>,
    expected: Vec<Link>,
    report: Report,
    /// The last entry that follows.
    last: Link,
    visited: BTreeSet<StoreKey>,
}

impl AuditLog<'_> {
    /// Reads the whole log and checks that each entry follows the one before, that
    /// it reaches from the beginning to the last entry that was written, and that
    /// every anchor is part of it.
    ///
    /// Entries that were removed together with the head are noticed by an anchor
    /// only, such as one from the server's log.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn verify(&self, anchors: &[Link]) -> Result<Report, Error> {
        let head = self.head().await;
        let start = head.unwrap_or(Head::START);
        let mut walk = Walk {
            log: *self,
            expected: anchors.to_vec(),
            report: Report::default(),
            last: start.removed_to,
            visited: BTreeSet::new(),
        };
        walk.expected.push(start.last);
        walk.expect_link(start.removed_to);
        walk.segments(&start).await?;
        walk.end(&start, head.is_some())?;
        Ok(walk.report)
    }
}

impl Walk<'_> {
    async fn segments(&mut self, start: &Head) -> Result<(), Error> {
        let mut number = start.kept_from;
        loop {
            let key = Segment::document(self.log.keyring, number).store_key();
            match self.log.segment(number).await {
                Ok(Some(segment)) => {
                    self.visited.insert(key);
                    self.segment(&segment);
                }
                Ok(None) if number < start.segment => {
                    let after = self.last.number;
                    self.report.faults.push(Fault::Missing { after });
                }
                Ok(None) => return Ok(()),
                Err(
                    error @ (Error::RecordForged | Error::RecordFormat | Error::UnknownRecordKey),
                ) => {
                    self.visited.insert(key);
                    let after = self.last.number;
                    self.report.faults.push(Fault::Unreadable { after, error });
                }
                Err(error) => return Err(error),
            }
            number += 1;
        }
    }

    fn segment(&mut self, segment: &Segment) {
        let after = self.last.number;
        if segment.first.after != self.last {
            // The gap is reported once, where its segment is missing or unreadable.
            let is_known = matches!(
                self.report.faults.last(),
                Some(Fault::Missing { after: at } | Fault::Unreadable { after: at, .. }) if *at == after
            );
            if !is_known {
                self.report.faults.push(match self.report.entries {
                    0 if segment.first.after.number > after => Fault::Begins {
                        expected: after + 1,
                        found: segment.first.after.number + 1,
                    },
                    _ => Fault::Missing { after },
                });
            }
            self.last = segment.first.after;
        }
        for line in segment.lines() {
            let Some(link) = chain::check(self.log.keyring, &self.last, line) else {
                let after = self.last.number;
                self.report.faults.push(Fault::Broken { after });
                // Go on from what the segment says, so that a single change is one
                // fault.
                self.last = chain::stated(line).unwrap_or(self.last);
                continue;
            };
            self.report.entries += 1;
            self.report.first.get_or_insert(link.number);
            self.last = link;
            self.expect_link(link);
        }
        if segment.first.last != self.last {
            let after = self.last.number;
            self.report.faults.push(Fault::Broken { after });
        }
    }

    /// Compares an entry with the links that are expected of its number.
    fn expect_link(&mut self, link: Link) {
        let is_other = |expected: &Link| expected.number == link.number && *expected != link;
        if self.expected.iter().any(is_other) {
            let number = link.number;
            self.report.faults.push(Fault::Replaced { number });
        }
    }

    fn end(&mut self, start: &Head, has_head: bool) -> Result<(), Error> {
        let report = &mut self.report;
        report.last = (report.entries > 0).then_some(self.last);
        let expected = self.expected.iter().map(|link| link.number).max();
        let (found, expected) = (self.last.number, expected.unwrap_or(0));
        if expected > found {
            report.faults.push(Fault::Ends { expected, found });
        }
        let keyring = self.log.keyring;
        let now_ms = clock::now_ms();
        let mut strays = 0;
        for (key, value) in self.log.store.documents_of(Family::AuditSegment)? {
            if self.visited.contains(&key) {
                continue;
            }
            let document = HostDocument::listed(keyring, Family::AuditSegment, key);
            let opened = document.open(Some(&value), now_ms);
            // One in front of the first that is kept was not removed yet.
            let segment = opened.ok().flatten().and_then(|read| Segment::read(&read));
            let is_old = |it: &Segment| it.first.last.number <= start.removed_to.number;
            strays += usize::from(segment.is_some_and(|it| !is_old(&it)));
        }
        if strays > 0 {
            report.faults.push(Fault::Stray { segments: strays });
        }
        if !has_head && (report.entries > 0 || strays > 0) {
            report.faults.push(Fault::NoHead);
        }
        Ok(())
    }
}
