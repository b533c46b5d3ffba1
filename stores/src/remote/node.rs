//! The node that a store is connected to.

use core::fmt;
use std::collections::BTreeSet;

/// What identifies the data of a node, or of all masters of a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity(Vec<Part>);

/// What identifies the data of one server.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part {
    /// Redis: the replication id; of a master of a cluster, its first 16 characters.
    /// PostgreSQL: system identifier and timeline.
    pub id: String,
    /// Redis: the replication id before a replica was promoted.
    pub predecessor: Option<String>,
}

impl Identity {
    /// The identity of one server, or of the masters of a cluster in any order.
    #[must_use]
    pub fn new(mut parts: Vec<Part>) -> Self {
        parts.sort_unstable();
        Self(parts)
    }

    /// The servers, in the order of their ids.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.0
    }

    /// Whether these servers have every value that was reported as stored by those
    /// whose identity was `last`, as text.
    ///
    /// `covers_promotion` is whether a promoted replica or standby has every swap, and
    /// `survives_restart` is that of the [`Node`].
    #[must_use]
    pub fn is_covered(&self, last: &str, covers_promotion: bool, survives_restart: bool) -> bool {
        let last: BTreeSet<_> = last.split(',').collect();
        let present: BTreeSet<_> = self.0.iter().map(|part| part.id.as_str()).collect();
        let mut gone: BTreeSet<_> = last.difference(&present).copied().collect();
        let mut restarted = 0;
        for part in &self.0 {
            let id = part.id.as_str();
            if last.contains(id) {
                continue;
            }
            // PostgreSQL: the same system on another timeline.
            let timeline = id.split_once('/').and_then(|(system, _)| {
                let is_same =
                    |other: &&&str| other.split_once('/').is_some_and(|of| of.0 == system);
                gone.iter().find(is_same).copied()
            });
            match part.predecessor.as_deref().or(timeline) {
                // A replica keeps what it has acknowledged if it has it on disk.
                Some(former) if covers_promotion && survives_restart && gone.remove(former) => {}
                None if survives_restart && !id.contains('/') => restarted += 1,
                _ => return false,
            }
        }
        // A master that is gone without a successor may have had records.
        gone.len() <= restarted
    }
}

impl fmt::Display for Identity {
    /// The ids, with commas between them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, part) in self.0.iter().enumerate() {
            if n > 0 {
                f.write_str(",")?;
            }
            f.write_str(&part.id)?;
        }
        Ok(())
    }
}

/// What was found about the configuration of a node. One line, without a value of the
/// store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// Records can be lost or swaps fail.
    Warning(String),
    /// It could not be examined.
    NotChecked(String),
}

impl Finding {
    /// The same, with the name of a server before it.
    #[cfg(feature = "redis")]
    pub(crate) fn about(self, name: &str) -> Self {
        match self {
            Self::Warning(text) => Self::Warning(format!("{name}{text}")),
            Self::NotChecked(text) => Self::NotChecked(format!("{name}{text}")),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Warning(text) => f.write_str(text),
            Self::NotChecked(what) => write!(f, "not checked: {what}"),
        }
    }
}

/// A node, as it was when the connections to it were made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Counts the times that connections were made, so that a host admits the ones
    /// that it has examined.
    pub link: u64,
    /// What identifies it.
    pub identity: Identity,
    /// Whether a restart keeps every value that was reported as stored.
    pub survives_restart: bool,
    /// What was found about its configuration.
    pub findings: Vec<Finding>,
    /// Until when this store has answered from the node before, in milliseconds of
    /// Unix time; `None` if there was none.
    pub used_until_ms: Option<u64>,
}

/// Who admits a node before the store answers from it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Admission {
    /// The host, with [`Remote::admit`](super::Remote::admit), each time that
    /// connections were made: until then, the store fails. The host reads the header
    /// and compares the identity first.
    #[default]
    ByHost,
    /// Nobody: a node is used as it is found. For tests, and for hosts that read the
    /// header at another place.
    Any,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(parts: &[(&str, Option<&str>)]) -> Identity {
        let part = |(id, predecessor): &(&str, Option<&str>)| Part {
            id: (*id).to_owned(),
            predecessor: predecessor.map(str::to_owned),
        };
        Identity::new(parts.iter().map(part).collect())
    }

    #[test]
    fn changes_of_a_server_that_are_covered() {
        let of = |last: &str, id: &str, predecessor, promotion, restart| {
            identity(&[(id, predecessor)]).is_covered(last, promotion, restart)
        };
        assert!(of("b", "b", None, false, false), "the same");
        assert!(of("b", "b", Some("x"), false, false), "the same");
        // A restart, with and without AOF always.
        assert!(of("a", "b", None, false, true));
        assert!(!of("a", "b", None, true, false));
        // A promotion, with and without acknowledgement, without AOF always, which may
        // be the restart of a primary from a snapshot, and of another primary.
        assert!(of("a", "b", Some("a"), true, true));
        assert!(!of("a", "b", Some("a"), false, true));
        assert!(!of("a", "b", Some("a"), true, false));
        assert!(!of("a", "b", Some("x"), true, true));
        // PostgreSQL: another timeline, and another system.
        assert!(of("7/1", "7/2", None, true, true));
        assert!(!of("7/1", "7/2", None, false, true));
        assert!(!of("7/1", "8/1", None, true, true));
    }

    #[test]
    fn changes_of_a_cluster_that_are_covered() {
        let of = |parts: &[(&str, Option<&str>)], promotion, restart| {
            identity(parts).is_covered("a,b,c", promotion, restart)
        };
        let (a, b, c) = (("a", None), ("b", None), ("c", None));
        assert!(of(&[c, b, a], false, false), "the same");
        let promoted = [a, b, ("d", Some("c"))];
        assert!(of(&promoted, true, true));
        assert!(!of(&promoted, false, true));
        assert!(!of(&[a, b, ("d", Some("x"))], true, true));
        // Of two that were promoted, one of a master that is still there.
        assert!(of(&[a, ("e", Some("b")), ("d", Some("c"))], true, true));
        assert!(!of(&[a, ("e", Some("c")), ("d", Some("c"))], true, true));
        assert!(!of(&[a, b, c, ("d", Some("c"))], true, true));
        // Restarted, added, and taken out.
        assert!(of(&[a, b, ("d", None)], false, true));
        assert!(!of(&[a, b, ("d", None)], true, false));
        assert!(of(&[a, b, c, ("d", None)], false, true));
        assert!(!of(&[a, b], true, true));
        assert!(!of(&[a, ("d", None)], true, true));
        assert_eq!(identity(&[b, a]).to_string(), "a,b");
    }
}
