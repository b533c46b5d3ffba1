//! The keys of NASes and sessions.

use core::net::IpAddr;
use std::sync::Arc;

/// Identifies a NAS. Several NASes behind one proxy have the same source.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::network) struct NasKey {
    /// The source address, whose secret was proved.
    pub(in crate::network) source: IpAddr,
    /// The realm of the addresses that it assigns.
    pub(in crate::network) realm: Arc<str>,
    /// NAS-IP-Address, NAS-Identifier and NAS-IPv6-Address as encoded; empty
    /// for the source itself.
    pub(in crate::network) name: Arc<[u8]>,
}

impl NasKey {
    /// The key of the source itself. A restart without a name is that of every
    /// NAS of its source.
    pub(in crate::network) fn of_source(&self) -> Self {
        Self {
            name: [].into(),
            ..self.clone()
        }
    }

    /// Whether a restart of `self` ends the sessions of `other`.
    pub(in crate::network) fn covers(&self, other: &Self) -> bool {
        let is_same_source = self.source == other.source && self.realm == other.realm;
        is_same_source && (self.name.is_empty() || self.name == other.name)
    }
}

/// Identifies a session.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::network) struct SessionKey {
    pub(in crate::network) nas: NasKey,
    /// Acct-Session-Id, unique among the sessions of a NAS.
    pub(in crate::network) id: Arc<[u8]>,
}
