//! The keys of NASes and sessions.

use alloc::sync::Arc;
use core::net::IpAddr;

use minicbor::{Decode, Encode};
use sha2::{Digest as _, Sha256};

/// What a NAS calls itself or one of its sessions: the first 16 bytes of the
/// SHA-256 of the octets that it sends, and zeros for no octets. It is as long for
/// every name, so that records have a greatest length.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct NameHash(#[cbor(n(0), with = "minicbor::bytes")] [u8; 16]);

impl NameHash {
    /// No name.
    pub const NONE: Self = Self([0; 16]);

    /// Hashes the octets of a name.
    #[must_use]
    pub fn of(octets: &[u8]) -> Self {
        let digest: [u8; 32] = Sha256::digest(octets).into();
        match digest.first_chunk() {
            Some(first) if !octets.is_empty() => Self(*first),
            _ => Self::NONE,
        }
    }

    pub(super) fn bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

/// Identifies a NAS. Several NASes behind one proxy have the same source.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NasKey {
    /// The source address, whose secret was proved.
    pub source: IpAddr,
    /// The realm of the addresses that it assigns.
    pub realm: Arc<str>,
    /// NAS-IP-Address, NAS-Identifier and NAS-IPv6-Address;
    /// [`NameHash::NONE`] for the source itself.
    pub name: NameHash,
}

impl NasKey {
    /// The key of the source itself. A restart without a name is that of every
    /// NAS of its source.
    #[must_use]
    pub fn of_source(&self) -> Self {
        Self {
            name: NameHash::NONE,
            ..self.clone()
        }
    }

    /// Whether it is a source and not one of its NASes.
    #[must_use]
    pub fn is_source(&self) -> bool {
        self.name == NameHash::NONE
    }

    /// Whether a restart of `self` ends the sessions of `other`.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        let is_same_source = self.source == other.source && self.realm == other.realm;
        is_same_source && (self.is_source() || self.name == other.name)
    }
}

/// Identifies a session.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SessionKey {
    /// Its NAS.
    pub nas: NasKey,
    /// Acct-Session-Id, unique among the sessions of a NAS.
    pub id: NameHash,
}
