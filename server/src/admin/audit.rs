//! The audit log in the admin protocol.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::administrators::Permission;

/// The most entries of a page.
pub const MOST_ENTRIES: u32 = 500;

/// An administrator's request about the audit log.
#[derive(Serialize, Deserialize)]
#[serde(tag = "audit", rename_all = "snake_case")]
#[non_exhaustive]
pub enum AuditOperation {
    /// List a page of entries; returns [`Outcome::Audit`](super::Outcome::Audit).
    List(AuditQuestion),
    /// Read the whole log and check it; returns
    /// [`Outcome::AuditReport`](super::Outcome::AuditReport).
    Verify {
        /// Entries that must be part of it, as `NUMBER:MAC`.
        #[serde(default)]
        anchors: Vec<String>,
    },
    /// Read the last entry's number and MAC; returns
    /// [`Outcome::AuditHead`](super::Outcome::AuditHead).
    Head,
}

/// Which entries of the audit log are asked for. A page that has no entry may have
/// another one behind it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AuditQuestion {
    /// Entries with greater numbers, the oldest first; 0 for the oldest of all. Absent
    /// for the newest first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<u64>,
    /// Entries with smaller numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<u64>,
    /// How many at most: 1 to 500; 100 if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// Only those of this actor: the name of an administrator, the id of a token, or
    /// `user:UID`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Only those of this operation, such as `channel.update`, or of all that begin so,
    /// such as `channel.`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub what: Option<String>,
    /// Only those on this tenant, gateway or administrator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<String>,
    /// Only those since a time, in milliseconds of Unix time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since_ms: Option<u64>,
    /// Only those before a time, in milliseconds of Unix time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until_ms: Option<u64>,
}

impl AuditOperation {
    /// The word for it in logs.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::List(_) => "list",
            Self::Verify { .. } => "verify",
            Self::Head => "head",
        }
    }

    /// What its caller must be allowed to do.
    #[must_use]
    pub const fn permission(&self) -> Permission {
        Permission::Audit
    }
}

/// A page of the audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AuditPage {
    /// Entries as they are stored, each one JSON object in one line, so that they can
    /// be verified.
    pub lines: Vec<String>,
    /// [`AuditQuestion::after`] or [`AuditQuestion::before`] of the next page, by the
    /// order that was asked for; `None` after the last one.
    pub next: Option<u64>,
}

/// What a verification of the audit log found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AuditReport {
    /// How many entries were read.
    pub entries: u64,
    /// The number of the first entry that is kept; `None` if there is none.
    pub first: Option<u64>,
    /// The last entry as an anchor, `NUMBER:MAC`; `None` if there is none.
    pub last: Option<String>,
    /// What is wrong; the log is whole if there is nothing.
    pub faults: Vec<String>,
}

/// The end of the audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AuditHead {
    /// The number of the last entry; 0 for an empty log.
    pub number: u64,
    /// The entry as an anchor, `NUMBER:MAC`.
    pub anchor: String,
}
