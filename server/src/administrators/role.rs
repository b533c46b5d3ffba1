//! Roles, and what each may do.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What an administrator may do. Each role may do what those before it may.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Role {
    /// Reads tenants, gateways, statistics and status, but nothing of single numbers.
    Viewer,
    /// Also looks after numbers, stops and resumes sends, and tests gateways.
    Operator,
    /// Everything: tenants and their credentials, gateways, administrators, keys.
    Administrator,
}

impl Role {
    /// Every role, the lowest first.
    pub const ALL: &'static [Self] = &[Self::Viewer, Self::Operator, Self::Administrator];

    /// The name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Operator => "operator",
            Self::Administrator => "administrator",
        }
    }

    /// The article in front of its name.
    pub(crate) const fn article(self) -> &'static str {
        match self {
            Self::Viewer => "a",
            Self::Operator | Self::Administrator => "an",
        }
    }

    /// The role of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|role| role.name() == name)
    }

    /// Whether the role has a permission.
    #[must_use]
    pub fn may(self, permission: Permission) -> bool {
        self >= permission.lowest()
    }
}

/// What a request needs.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Permission {
    /// To read tenants, gateways, cut-offs, key fingerprints and the status.
    Read,
    /// To read statistics.
    Statistics,
    /// To read the audit log.
    Audit,
    /// To look up, unlock and erase numbers.
    Numbers,
    /// To stop sends and to resume them.
    Stop,
    /// To send a test message through a gateway.
    TestGateway,
    /// To change tenants, their credentials and credits.
    Tenants,
    /// To change gateways.
    Gateways,
    /// To change administrators, and the tokens of others.
    Administrators,
    /// To change keys, reload, and confirm a restored store.
    Server,
}

impl Permission {
    /// Every permission.
    pub const ALL: &'static [Self] = &[
        Self::Read,
        Self::Statistics,
        Self::Audit,
        Self::Numbers,
        Self::Stop,
        Self::TestGateway,
        Self::Tenants,
        Self::Gateways,
        Self::Administrators,
        Self::Server,
    ];

    /// The name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Statistics => "statistics",
            Self::Audit => "audit",
            Self::Numbers => "numbers",
            Self::Stop => "stop",
            Self::TestGateway => "test_gateway",
            Self::Tenants => "tenants",
            Self::Gateways => "gateways",
            Self::Administrators => "administrators",
            Self::Server => "server",
        }
    }

    /// The permission of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.name() == name)
    }

    /// The lowest role that has it.
    const fn lowest(self) -> Role {
        match self {
            Self::Read | Self::Statistics => Role::Viewer,
            Self::Audit | Self::Numbers | Self::Stop | Self::TestGateway => Role::Operator,
            Self::Tenants | Self::Gateways | Self::Administrators | Self::Server => {
                Role::Administrator
            }
        }
    }
}
