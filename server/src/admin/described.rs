//! What the outcomes of operations describe: credentials, tenants and the store.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::kind::TenantKind;
use super::spec::TenantSpec;

/// A tenant's new credential, which is shown only once.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct NewKey {
    /// The tenant's name.
    pub name: String,
    /// The credential.
    pub key: String,
    /// The stamp of the tenant.
    pub stamp: String,
    /// The time from which the replaced credential does not work any more, in
    /// milliseconds of Unix time.
    pub predecessor_until_ms: Option<u64>,
    /// The version of an older credential that would have worked until
    /// [`Self::ended_until_ms`] and has ended by this.
    pub ended_version: Option<u32>,
    /// When that credential would have ended, in milliseconds of Unix time.
    pub ended_until_ms: Option<u64>,
}

/// A page of the tenants of one kind.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Listed {
    /// The readable ones, in the order of the store. A page may have none although
    /// others follow.
    pub tenants: Vec<TenantInfo>,
    /// The number of tenants of any kind that the keyring cannot open.
    pub unreadable: u64,
    /// Where the next page begins; `None` after the last one.
    pub next: Option<String>,
}

/// A tenant in the store.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct TenantInfo {
    /// Its settings.
    #[serde(flatten)]
    pub spec: TenantSpec,
    /// Whether it is revoked.
    #[serde(rename = "revoked")]
    pub is_revoked: bool,
    /// How many credentials it has had.
    pub key_version: u32,
    /// When it was created, in milliseconds of Unix time.
    pub created_at_ms: u64,
    /// The time from which the credential that was replaced last does not work
    /// any more, in milliseconds of Unix time.
    pub predecessor_until_ms: Option<u64>,
    /// Identifies this state of the tenant: every change yields another stamp.
    pub stamp: String,
}

/// What a store contains.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StoreReport {
    /// The layout of its file; `None` for a store in memory.
    pub layout: Option<i32>,
    /// Its header, which belongs to the keyring.
    pub header: Option<HeaderInfo>,
    /// The number of channels.
    pub channels: u64,
    /// The number of clients.
    pub clients: u64,
    /// The number of customers.
    pub customers: u64,
    /// The number of documents that the keyring cannot open, or that are not
    /// authentic.
    pub unreadable_documents: u64,
    /// The number of records; 0 for a store in memory, which is not read.
    pub states: u64,
    /// The number of records of an unknown format or length, that are not
    /// authentic, or that are sealed with a record key that is not in the keyring.
    pub unreadable_states: u64,
}

impl StoreReport {
    /// Whether everything can be read.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.unreadable_documents == 0 && self.unreadable_states == 0
    }
}

/// The header of a store.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HeaderInfo {
    /// The id of the active record key.
    pub active_key: u16,
    /// The ids of the record keys whose fingerprints it has.
    pub keys: Vec<u16>,
    /// When a backup was last put back, in milliseconds of Unix time.
    pub restored_at_ms: Option<u64>,
    /// Whether the restored store has not been confirmed yet.
    #[serde(rename = "closed")]
    pub is_closed: bool,
    /// Where the contents were moved to, or the mark of a copy that is not finished.
    #[serde(default)]
    pub moved_to: Option<String>,
}

/// A restored store.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restored {
    /// The time of the restore, in milliseconds of Unix time: what was issued or
    /// written before is void.
    #[serde(rename = "restored_at_ms")]
    pub at_ms: u64,
    /// The time of the restore before this one.
    #[serde(rename = "restored_before_at_ms")]
    pub before_ms: Option<u64>,
    /// The current time of the clock.
    pub now_ms: u64,
    /// Its tenants.
    pub tenants: Vec<RestoredTenant>,
}

impl Restored {
    /// Whether the store contains values from later than the clock shows: the
    /// clock is behind, or one was ahead. Nothing can be issued before the time
    /// of the restore.
    #[must_use]
    pub fn is_ahead(&self) -> bool {
        self.at_ms > self.now_ms
    }
}

/// A tenant of a restored store.
#[derive(Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RestoredTenant {
    /// Its kind; `None` for a document that the keyring cannot open.
    pub kind: Option<TenantKind>,
    /// Its name; empty if it cannot be opened.
    pub name: String,
    /// How many credentials it has had.
    pub key_version: u32,
    /// Whether it is revoked.
    #[serde(rename = "revoked")]
    pub is_revoked: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_with_anything_unreadable_is_not_sound() {
        let report = |unreadable_documents, unreadable_states| StoreReport {
            unreadable_documents,
            unreadable_states,
            ..StoreReport::default()
        };
        for (documents, states, is_sound) in [(0, 0, true), (1, 0, false), (0, 1, false)] {
            let report = report(documents, states);
            assert_eq!(report.is_sound(), is_sound, "{documents} {states}");
        }
    }

    #[test]
    fn a_restore_of_the_future_is_ahead() {
        for (at_ms, is_ahead) in [(4, false), (5, false), (6, true)] {
            let restored = Restored {
                at_ms,
                before_ms: None,
                now_ms: 5,
                tenants: Vec::new(),
            };
            assert_eq!(restored.is_ahead(), is_ahead, "{at_ms}");
        }
    }
}
