//! The protocol of the admin socket: one JSON object per line, requests and
//! responses in turn.

use mpass_core::service::settings::Refused;
use serde::{Deserialize, Serialize};

use super::cut_off::{CutOffInfo, StopTarget};
use super::kind::TenantKind;
use super::spec::TenantSpec;

/// The version of requests and responses.
pub const VERSION: u32 = 7;

/// The longest line, in bytes.
pub(super) const LONGEST_LINE: u64 = 16 * 1024 * 1024;

/// An administrator's request.
#[derive(Serialize, Deserialize)]
#[serde(tag = "name", content = "with", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Operation {
    /// Create a tenant, with a new name if it has none and its kind assigns
    /// names; returns [`Outcome::Key`].
    Create(TenantKind, Box<TenantSpec>),
    /// Read a tenant; returns [`Outcome::Tenant`].
    Read(TenantKind, String),
    /// List a page of the tenants of a kind; returns [`Outcome::Tenants`].
    List {
        /// The tenants' kind.
        kind: TenantKind,
        /// [`Listed::next`] of the page before; absent for the first one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after: Option<String>,
    },
    /// Change a tenant's settings; returns [`Outcome::Tenant`].
    Update {
        /// The tenant's kind.
        kind: TenantKind,
        /// The tenant's name.
        name: String,
        /// The fields to set; those that are `null` return to their defaults.
        patch: Box<TenantSpec>,
        /// The stamp that the tenant must have.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stamp: Option<String>,
        /// How long a replaced public key stays valid, in milliseconds; the
        /// engine's default if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        overlap_ms: Option<u64>,
    },
    /// Replace a tenant's credential; returns [`Outcome::Key`].
    Rotate {
        /// The tenant's kind.
        kind: TenantKind,
        /// The tenant's name.
        name: String,
        /// The stamp that the tenant must have.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stamp: Option<String>,
        /// How long the replaced credential stays valid, in milliseconds; the
        /// engine's default if absent, 0 for one that has leaked.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        overlap_ms: Option<u64>,
    },
    /// Revoke a tenant.
    Revoke(TenantKind, String),
    /// Add credits to a customer, 0 to query its balance; returns
    /// [`Outcome::Credits`].
    AddCredits {
        /// The customer's id.
        name: String,
        /// The number of credits.
        credits: u64,
    },
    /// Unlock a number for a tenant.
    UnlockNumber {
        /// The tenant's kind.
        kind: TenantKind,
        /// The tenant's name.
        name: String,
        /// The number.
        number: String,
    },
    /// Reload the keyring file, which only a server does, bring the store's header
    /// in line with it, and seal every tenant with the newest record key.
    ReloadKeyring,
    /// Read the whole store; returns [`Outcome::Checked`].
    CheckStore,
    /// Close the store after a backup was put back; returns
    /// [`Outcome::Restored`].
    RestoreStore,
    /// Open a restored store.
    ConfirmStore,
    /// Stop something for a while; returns [`Outcome::CutOffs`] with the cut-off.
    Stop {
        /// What to stop.
        target: StopTarget,
        /// How long, in milliseconds.
        life_ms: u64,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        why: Option<String>,
        /// The user id of who orders it. A server takes that of its caller.
        #[serde(skip)]
        by: Option<u32>,
    },
    /// End the cut-offs of a target, or all; returns [`Outcome::CutOffs`] with those
    /// that were in effect.
    Resume {
        /// What to resume; everything if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        target: Option<StopTarget>,
    },
    /// List the cut-offs in effect; returns [`Outcome::CutOffs`].
    ListCutOffs,
}

impl Operation {
    /// Whether it changes what requests depend on in the header of the store.
    #[must_use]
    pub fn changes_header(&self) -> bool {
        matches!(
            self,
            Self::ReloadKeyring | Self::RestoreStore | Self::ConfirmStore
        )
    }

    /// Whether it sets RS256 as the algorithm of a client's ID tokens.
    pub(crate) fn sets_rs256(&self) -> bool {
        match self {
            Self::Create(_, spec) | Self::Update { patch: spec, .. } => spec.has_rs256(),
            _ => false,
        }
    }

    /// Whether it changes the cut-offs.
    #[must_use]
    pub fn changes_cut_offs(&self) -> bool {
        matches!(self, Self::Stop { .. } | Self::Resume { .. })
    }

    /// The name of the tenant that it concerns, if it names one.
    #[must_use]
    pub fn tenant(&self) -> Option<&str> {
        match self {
            Self::Create(_, spec) => Some(spec.name()),
            Self::Read(_, name) | Self::Revoke(_, name) => Some(name),
            Self::Update { name, .. }
            | Self::Rotate { name, .. }
            | Self::AddCredits { name, .. }
            | Self::UnlockNumber { name, .. }
            | Self::Stop {
                target: StopTarget::Tenant { name, .. },
                ..
            } => Some(name),
            _ => None,
        }
    }

    /// Its name in the log.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Create(kind, _) => return format!("create {}", kind.name()),
            Self::Read(..) => "read tenant",
            Self::List { .. } => "list tenants",
            Self::Update { .. } => "update tenant",
            Self::Rotate { .. } => "rotate tenant",
            Self::Revoke(..) => "revoke tenant",
            Self::AddCredits { .. } => "add credits",
            Self::UnlockNumber { .. } => "unlock number",
            Self::ReloadKeyring => "reload keyring",
            Self::CheckStore => "check store",
            Self::RestoreStore => "restore store",
            Self::ConfirmStore => "confirm store",
            Self::Stop { target, .. } => return format!("stop {}", target.word()),
            Self::Resume { target } => {
                let word = target.as_ref().map_or("all", StopTarget::word);
                return format!("resume {word}");
            }
            Self::ListCutOffs => "list cut-offs",
        }
        .to_owned()
    }

    /// The kind of tenant in the messages of its failures.
    pub(super) fn kind(&self) -> TenantKind {
        match self {
            Self::Create(kind, _)
            | Self::Read(kind, _)
            | Self::List { kind, .. }
            | Self::Update { kind, .. }
            | Self::Rotate { kind, .. }
            | Self::Revoke(kind, _)
            | Self::UnlockNumber { kind, .. } => *kind,
            _ => TenantKind::Customer,
        }
    }
}

/// The result of an operation.
#[derive(Serialize, Deserialize)]
#[serde(tag = "name", content = "with", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Outcome {
    /// Done, without a value.
    Done,
    /// A tenant's new credential.
    Key(NewKey),
    /// A tenant.
    Tenant(Box<TenantInfo>),
    /// The tenants of a kind.
    Tenants(Listed),
    /// A customer's credits.
    Credits(u64),
    /// What the store contains.
    Checked(StoreReport),
    /// What was restored.
    Restored(Restored),
    /// Cut-offs.
    CutOffs(Vec<CutOffInfo>),
}

/// A tenant's new credential, which is shown only once.
#[derive(Serialize, Deserialize)]
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
#[derive(Serialize, Deserialize)]
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
#[derive(Serialize, Deserialize)]
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
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
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

/// Why an operation failed. Contains no key and no phone number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The number of the engine's error; 0 for others.
    pub number: u16,
    /// The reason, in one line.
    pub message: String,
}

impl Failure {
    /// A failure outside the engine.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            number: 0,
            message: message.into(),
        }
    }
}

impl From<mpass_core::Error> for Failure {
    fn from(error: mpass_core::Error) -> Self {
        Self {
            number: error.number(),
            message: error.to_string(),
        }
    }
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        Self {
            number: refused.error.number(),
            message: refused.to_string(),
        }
    }
}

impl core::fmt::Display for Failure {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.message)
    }
}

impl core::error::Error for Failure {}

/// A line to the server.
#[derive(Serialize, Deserialize)]
pub(super) struct Request {
    pub(super) version: u32,
    pub(super) operation: Operation,
}

/// A line from the server.
#[derive(Serialize, Deserialize)]
pub(super) struct Response {
    pub(super) version: u32,
    #[serde(flatten)]
    pub(super) result: ResultWire,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ResultWire {
    Outcome(Outcome),
    Failure(Failure),
}

impl From<Result<Outcome, Failure>> for ResultWire {
    fn from(result: Result<Outcome, Failure>) -> Self {
        match result {
            Ok(outcome) => Self::Outcome(outcome),
            Err(failure) => Self::Failure(failure),
        }
    }
}

impl From<ResultWire> for Result<Outcome, Failure> {
    fn from(wire: ResultWire) -> Self {
        match wire {
            ResultWire::Outcome(outcome) => Ok(outcome),
            ResultWire::Failure(failure) => Err(failure),
        }
    }
}
