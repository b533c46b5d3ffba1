//! What the operations yield.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use zeroize::Zeroizing;

use crate::service::tenant::AnyTenant;
use crate::service::tenant::rotation::KeyVersion;
use crate::store::{Stamp, StoreKey};

/// A tenant's new credential. It is shown once: only a keyed hash of it is
/// stored. `Debug` does not show it.
pub struct NewCredential {
    /// The tenant's name.
    pub name: String,
    /// The credential in the form that the tenant's requests contain.
    pub credential: Zeroizing<String>,
    /// The stamp of the tenant's value.
    pub stamp: Stamp,
    /// The time from which the credential that it replaced does not work any
    /// more, in milliseconds of Unix time; `None` without an overlap.
    pub predecessor_until_ms: Option<u64>,
    /// The predecessor of the replaced credential, which was still valid and has
    /// ended by this rotation. `None` also if the outcome of the rotation was
    /// unknown at first.
    pub ended: Option<KeyVersion>,
}

impl fmt::Debug for NewCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewCredential")
            .field("name", &self.name)
            .field("stamp", &self.stamp)
            .finish_non_exhaustive()
    }
}

/// A tenant as stored, with the stamp of its value.
#[derive(Clone, Debug)]
pub struct TenantEntry {
    /// The tenant.
    pub tenant: AnyTenant,
    /// The stamp of its value.
    pub stamp: Stamp,
}

/// One page of a list of tenants.
#[derive(Clone, Debug)]
pub struct TenantPage {
    /// The tenants of the group, in the order of their store keys. A page may
    /// have fewer than the limit, or none, although others follow: the tenants of
    /// all groups share the documents of a store.
    pub tenants: Vec<TenantEntry>,
    /// The number of documents of this page that the keyring does not open.
    pub unreadable: u64,
    /// The key after which the next page begins; `None` after the last page.
    pub next: Option<StoreKey>,
}

/// The outcome of provisioning a tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Provisioned {
    /// Whether anything was written.
    pub is_changed: bool,
    /// The stamp of the tenant's value.
    pub stamp: Stamp,
}

/// The outcome of resealing a store's documents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Resealed {
    /// The number of documents that were sealed with the newest record key.
    pub resealed: u64,
    /// The number of documents that the keyring does not open; they stay as they
    /// are.
    pub unreadable: u64,
}
