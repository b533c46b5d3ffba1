//! The node that a store is connected to.

use core::fmt;

/// What identifies the data of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Redis: the replication id. PostgreSQL: system identifier and timeline.
    pub id: String,
    /// Redis: the replication id before a replica was promoted.
    pub predecessor: Option<String>,
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.id)
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
    /// Whether a restart of this node keeps every value that was reported as stored.
    pub survives_restart: bool,
    /// What was found about its configuration.
    pub findings: Vec<Finding>,
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
