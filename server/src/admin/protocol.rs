//! What administrators ask for.

use serde::{Deserialize, Serialize};

use super::administrators::AdministratorOperation;
use super::audit::AuditOperation;
use super::cut_off::{OrderedBy, StopTarget};
use super::explain::NumberQuestion;
use super::failure::Failure;
use super::gateway::GatewayOperation;
use super::keys::KeyOperation;
use super::kind::TenantKind;
#[cfg(doc)]
use super::outcome::Outcome;
use super::spec::TenantSpec;
use super::tokens::TokenOperation;
use crate::administrators::Permission;
use crate::audit::Actor;
use crate::statistics::StatisticsQuestion;

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
        /// [`Listed::next`](super::Listed::next) of the page before; absent for the first one.
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
    /// Unlock a number for a tenant, at most three times a day. The day's wrong codes
    /// still count.
    UnlockNumber {
        /// The tenant's kind.
        kind: TenantKind,
        /// The tenant's name.
        name: String,
        /// The number.
        number: String,
    },
    /// Erase what a tenant has of a number: its challenge, and the public ids that lead
    /// to it. What limits count stays.
    EraseNumber {
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
    /// Reload the configuration, which only a server does; returns
    /// [`Outcome::Reloaded`].
    Reload,
    /// Read the whole store; returns [`Outcome::Checked`].
    CheckStore,
    /// Close the store after a backup was put back; returns
    /// [`Outcome::Restored`].
    RestoreStore,
    /// Open a restored store.
    ConfirmStore,
    /// Raise the formats that are written, once every machine reads them.
    UpgradeStore,
    /// Describe the running server; returns [`Outcome::Status`].
    Status,
    /// Explain a number; returns [`Outcome::Number`].
    ExplainNumber(NumberQuestion),
    /// Stop something for a while; returns [`Outcome::CutOffs`] with the cut-off.
    Stop {
        /// What to stop.
        target: StopTarget,
        /// How long, in milliseconds.
        life_ms: u64,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        why: Option<String>,
        /// Who orders it. A server takes its caller.
        #[serde(skip)]
        by: OrderedBy,
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
    /// Add up statistics; returns [`Outcome::Statistics`].
    Statistics(StatisticsQuestion),
    /// Something about gateways; returns [`Outcome::Gateway`], [`Outcome::Gateways`],
    /// [`Outcome::Tested`] or [`Outcome::Done`].
    Gateway(GatewayOperation),
    /// Something about administrators.
    Administrator(AdministratorOperation),
    /// Something about API tokens.
    Token(TokenOperation),
    /// Something about the audit log.
    Audit(AuditOperation),
    /// Something about record keys.
    Key(KeyOperation),
}

impl Operation {
    /// Fills in what depends on who asks: to be called before it is performed, and after
    /// [`Self::permission`] was looked at.
    ///
    /// # Errors
    /// If it depends on a name, and the actor has none.
    pub(crate) fn asked_by(&mut self, actor: &Actor) -> Result<(), Failure> {
        match self {
            Self::Stop { by, .. } => *by = OrderedBy::of(actor),
            Self::Token(operation) => operation.asked_by(actor)?,
            Self::Administrator(operation) => operation.asked_by(actor)?,
            _ => {}
        }
        Ok(())
    }

    /// Whether it changes what requests depend on in the header of the store.
    #[must_use]
    pub fn changes_header(&self) -> bool {
        matches!(
            self,
            Self::ReloadKeyring | Self::RestoreStore | Self::ConfirmStore | Self::UpgradeStore
        )
    }

    /// Whether it may change the store. Sealing tenants again is not counted: the
    /// command that changes the keyring names that.
    #[must_use]
    pub fn writes(&self) -> bool {
        match self {
            Self::Read(..) | Self::List { .. } | Self::CheckStore | Self::ReloadKeyring => false,
            Self::Status | Self::Statistics(_) | Self::ExplainNumber(_) => false,
            Self::ListCutOffs => false,
            Self::Reload => false,
            Self::Gateway(operation) => operation.writes(),
            Self::Administrator(operation) => operation.writes(),
            Self::Token(operation) => operation.writes(),
            Self::Audit(_) => false,
            Self::Key(operation) => operation.writes(),
            Self::AddCredits { credits, .. } => *credits > 0,
            _ => true,
        }
    }

    /// Whether it is recorded in the audit log.
    pub(super) fn is_recorded(&self) -> bool {
        self.writes() || matches!(self, Self::ReloadKeyring | Self::Reload)
    }

    /// Its name in the audit log.
    pub(super) fn code(&self) -> String {
        let (what, kind) = match self {
            Self::Create(kind, _) => ("create", kind.name()),
            Self::Read(kind, _) => ("read", kind.name()),
            Self::List { kind, .. } => ("list", kind.name()),
            Self::Update { kind, .. } => ("update", kind.name()),
            Self::Rotate { kind, .. } => ("rotate", kind.name()),
            Self::Revoke(kind, _) => ("revoke", kind.name()),
            Self::AddCredits { .. } => ("credit", TenantKind::Customer.name()),
            Self::UnlockNumber { .. } => ("unlock", "number"),
            Self::EraseNumber { .. } => ("erase", "number"),
            Self::ExplainNumber(_) => ("explain", "number"),
            Self::ReloadKeyring => ("reload", "keyring"),
            Self::Reload => ("reload", "configuration"),
            Self::CheckStore => ("check", "store"),
            Self::RestoreStore => ("restore", "store"),
            Self::ConfirmStore => ("confirm", "store"),
            Self::UpgradeStore => ("upgrade", "store"),
            Self::Stop { target, .. } => ("stop", target.word()),
            Self::Resume { target } => ("resume", target.as_ref().map_or("all", StopTarget::word)),
            Self::ListCutOffs => ("list", "cut_offs"),
            Self::Status => ("read", "status"),
            Self::Statistics(_) => ("read", "statistics"),
            Self::Gateway(operation) => (operation.word(), "gateway"),
            Self::Administrator(operation) => (operation.word(), "administrator"),
            Self::Token(operation) => (operation.word(), "token"),
            Self::Audit(operation) => (operation.word(), "audit"),
            Self::Key(operation) => (operation.word(), "key"),
        };
        format!("{kind}.{what}")
    }

    /// What its caller must be allowed to do.
    #[must_use]
    pub fn permission(&self) -> Permission {
        match self {
            Self::Read(..)
            | Self::List { .. }
            | Self::ListCutOffs
            | Self::Status
            | Self::Statistics(_) => Permission::Read,
            Self::Gateway(operation) => operation.permission(),
            Self::Administrator(operation) => operation.permission(),
            Self::Token(operation) => operation.permission(),
            Self::Audit(operation) => operation.permission(),
            Self::Key(operation) => operation.permission(),
            Self::AddCredits { credits: 0, .. } => Permission::Read,
            Self::UnlockNumber { .. } | Self::EraseNumber { .. } | Self::ExplainNumber(_) => {
                Permission::Numbers
            }
            Self::Stop { .. } | Self::Resume { .. } => Permission::Stop,
            Self::Create(..)
            | Self::Update { .. }
            | Self::Rotate { .. }
            | Self::Revoke(..)
            | Self::AddCredits { .. } => Permission::Tenants,
            Self::ReloadKeyring
            | Self::Reload
            | Self::CheckStore
            | Self::RestoreStore
            | Self::ConfirmStore
            | Self::UpgradeStore => Permission::Server,
        }
    }

    /// Whether it shows or replaces secrets, changes who may do what, or where messages
    /// go: in a session, the second factor must have been proved a short time ago.
    #[must_use]
    pub fn needs_fresh_factor(&self) -> bool {
        match self {
            Self::Create(..) | Self::Rotate { .. } => true,
            Self::Gateway(operation) => operation.changes(),
            Self::Administrator(operation) => operation.writes(),
            Self::Token(operation) => matches!(operation, TokenOperation::Create { .. }),
            Self::Key(operation) => operation.writes(),
            Self::ReloadKeyring | Self::RestoreStore | Self::ConfirmStore => true,
            _ => false,
        }
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

    /// Whether it changes the gateways.
    #[must_use]
    pub fn changes_gateways(&self) -> bool {
        matches!(self, Self::Gateway(operation) if operation.changes())
    }

    /// The name of the tenant, gateway or administrator that it concerns, if it names one.
    #[must_use]
    pub fn tenant(&self) -> Option<&str> {
        match self {
            Self::Create(_, spec) => Some(spec.name()),
            Self::Read(_, name) | Self::Revoke(_, name) => Some(name),
            Self::Update { name, .. }
            | Self::Rotate { name, .. }
            | Self::AddCredits { name, .. }
            | Self::UnlockNumber { name, .. }
            | Self::EraseNumber { name, .. }
            | Self::Stop {
                target: StopTarget::Tenant { name, .. },
                ..
            }
            | Self::Resume {
                target: Some(StopTarget::Tenant { name, .. }),
            } => Some(name),
            Self::ExplainNumber(question) => question.channel.as_deref(),
            Self::Gateway(operation) => operation.name(),
            Self::Administrator(operation) => operation.name(),
            _ => None,
        }
    }

    /// The names of the settings that it sets, separated by commas.
    pub(super) fn settings(&self) -> Option<String> {
        match self {
            Self::Create(_, spec) | Self::Update { patch: spec, .. } => {
                Some(spec.names().collect::<Vec<_>>().join(", "))
            }
            Self::Gateway(operation) => operation.settings(),
            Self::Administrator(operation) => operation.settings(),
            _ => None,
        }
    }

    /// Its name in the log.
    #[must_use]
    pub fn name(&self) -> String {
        let (what, kind) = match self {
            Self::Create(kind, _) => ("create", Some(kind)),
            Self::Read(kind, _) => ("read", Some(kind)),
            Self::List { kind, .. } => ("list every", Some(kind)),
            Self::Update { kind, .. } => ("update", Some(kind)),
            Self::Rotate { kind, .. } => ("rotate", Some(kind)),
            Self::Revoke(kind, _) => ("revoke", Some(kind)),
            Self::AddCredits { credits: 0, .. } => ("read credits of", Some(&TenantKind::Customer)),
            Self::AddCredits { credits, .. } => {
                return format!("add {credits} credits to customer");
            }
            Self::UnlockNumber { kind, .. } => ("unlock number of", Some(kind)),
            Self::EraseNumber { kind, .. } => ("erase number of", Some(kind)),
            Self::ReloadKeyring => ("reload keyring", None),
            Self::Reload => ("reload", None),
            Self::CheckStore => ("check store", None),
            Self::RestoreStore => ("restore store", None),
            Self::ConfirmStore => ("confirm store", None),
            Self::UpgradeStore => ("upgrade store", None),
            Self::Stop { target, .. } => return format!("stop {}", target.word()),
            Self::Resume { target } => {
                let word = target.as_ref().map_or("all", StopTarget::word);
                return format!("resume {word}");
            }
            Self::ListCutOffs => ("list cut-offs", None),
            Self::Status => ("read status", None),
            Self::Statistics(_) => ("read statistics", None),
            Self::ExplainNumber(_) => ("explain number", None),
            Self::Gateway(operation) => return format!("{} gateway", operation.word()),
            Self::Administrator(operation) => {
                return format!("{} administrator", operation.word());
            }
            Self::Token(operation) => return format!("{} API token", operation.word()),
            Self::Audit(operation) => return format!("{} audit log", operation.word()),
            Self::Key(operation) => return format!("{} record key", operation.word()),
        };
        match kind {
            Some(kind) => format!("{what} {}", kind.name()),
            None => what.to_owned(),
        }
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
            | Self::UnlockNumber { kind, .. }
            | Self::EraseNumber { kind, .. } => *kind,
            _ => TenantKind::Customer,
        }
    }
}
