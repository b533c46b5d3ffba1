//! A cut-off in the admin protocol.

use mpass_core::Error;
use mpass_core::service::{CutOff, CutOffTarget};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::kind::TenantKind;
use crate::audit::Actor;

/// What a cut-off stops.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "target", rename_all = "snake_case")]
pub enum StopTarget {
    /// Every message.
    Sends,
    /// Messages through a gateway; through every one without a name.
    Gateway {
        /// The gateway's name.
        name: Option<String>,
    },
    /// All requests of a tenant.
    Tenant {
        /// The tenant's kind.
        kind: TenantKind,
        /// The tenant's name.
        name: String,
    },
    /// Messages to numbers with a prefix.
    Prefix {
        /// The prefix, with its plus sign.
        prefix: String,
    },
}

impl StopTarget {
    /// The word for it on the command line.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Sends => "sends",
            Self::Gateway { .. } => "gateway",
            Self::Tenant { .. } => "tenant",
            Self::Prefix { .. } => "prefix",
        }
    }

    pub(super) fn read(self) -> Result<CutOffTarget, Error> {
        Ok(match self {
            Self::Sends => CutOffTarget::Sends,
            Self::Gateway { name } => CutOffTarget::Gateway(name),
            Self::Tenant { kind, name } => CutOffTarget::Tenant {
                group: kind.group(),
                name,
            },
            Self::Prefix { prefix } => CutOffTarget::Prefix(prefix.parse()?),
        })
    }

    fn of(target: &CutOffTarget) -> Option<Self> {
        Some(match target {
            CutOffTarget::Sends => Self::Sends,
            CutOffTarget::Gateway(name) => Self::Gateway { name: name.clone() },
            CutOffTarget::Tenant { group, name } => Self::Tenant {
                kind: TenantKind::from_name(group.name())?,
                name: name.clone(),
            },
            CutOffTarget::Prefix(prefix) => Self::Prefix {
                prefix: prefix.as_str().to_owned(),
            },
            _ => return None,
        })
    }
}

/// Who orders a cut-off, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrderedBy {
    /// The user id of the process.
    pub user: Option<u32>,
    /// The name of the administrator.
    pub name: Option<String>,
}

impl OrderedBy {
    pub(super) fn of(actor: &Actor) -> Self {
        Self {
            user: actor.user,
            name: actor.name.clone(),
        }
    }
}

/// A cut-off in effect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CutOffInfo {
    /// What is stopped.
    #[serde(flatten)]
    pub target: StopTarget,
    /// When it was ordered, in milliseconds of Unix time.
    pub since_ms: u64,
    /// The time from which it does not hold any more, in milliseconds of Unix
    /// time.
    pub until_ms: u64,
    /// The user id of who ordered it, by a command.
    pub by: Option<u32>,
    /// The name of the administrator who ordered it, by portal or API.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_name: Option<String>,
    /// Why it was ordered.
    pub why: Option<String>,
}

impl CutOffInfo {
    /// The description of a cut-off; `None` for a target that the admin protocol
    /// does not have.
    #[must_use]
    pub fn of(cut_off: &CutOff) -> Option<Self> {
        Some(Self {
            target: StopTarget::of(&cut_off.target)?,
            since_ms: cut_off.since_ms,
            until_ms: cut_off.until_ms,
            by: cut_off.by,
            by_name: cut_off.by_name.clone(),
            why: cut_off.why.clone(),
        })
    }
}
