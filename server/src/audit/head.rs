//! The head: where the chain ends, and where it begins once entries were removed.

use mpass_core::challenge::Keyring;
use mpass_core::documents::{Contents, Family, HostDocument};
use serde::{Deserialize, Serialize};

use super::chain::Link;

/// The head of the chain. It follows the segments: at least this much was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Head {
    /// A segment that is the last one or in front of it.
    pub(super) segment: u64,
    /// The last entry that is known.
    pub(super) last: Link,
    /// The first segment that is kept.
    pub(super) kept_from: u64,
    /// The entry in front of that segment, which is removed.
    pub(super) removed_to: Link,
}

impl Head {
    /// The head of an empty chain.
    pub(super) const START: Self = Self {
        segment: 1,
        last: Link::START,
        kept_from: 1,
        removed_to: Link::START,
    };

    pub(super) fn document(keyring: &Keyring) -> HostDocument<&Keyring> {
        HostDocument::new(keyring, Family::AuditHead, [])
    }

    pub(super) fn read(contents: &Contents) -> Option<Self> {
        serde_json::from_slice(contents.bytes()).ok()
    }

    pub(super) fn write(&self) -> serde_json::Result<Contents> {
        Ok(Contents::new(serde_json::to_vec(self)?))
    }
}
