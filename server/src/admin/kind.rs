//! The kinds of tenants.

use mpass_core::service::Customer;
use mpass_core::service::settings::Group;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The kinds of tenants.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TenantKind {
    /// Callers of the mPass contract.
    Channel,
    /// Callers of the CAMARA contracts.
    Client,
    /// Callers of the `VerifyNow` contract.
    Customer,
}

impl TenantKind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[Self::Channel, Self::Client, Self::Customer];

    /// The name of this kind of tenant.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.group().name()
    }

    /// The kind of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }

    /// The group of its settings.
    #[must_use]
    pub const fn group(self) -> Group {
        match self {
            Self::Channel => Group::Channel,
            Self::Client => Group::Client,
            Self::Customer => Group::Customer,
        }
    }

    /// Assigns a name from the time and entropy, where a tenant may be created
    /// without one.
    #[must_use]
    pub fn fresh_name(self) -> Option<fn(u64, &[u8; 32]) -> String> {
        match self {
            Self::Customer => Some(Customer::fresh_id),
            Self::Channel | Self::Client => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_tenant_is_known() {
        let groups = Group::ALL.iter().filter(|group| group.is_tenant());
        assert_eq!(groups.count(), TenantKind::ALL.len());
        for kind in TenantKind::ALL.iter().copied() {
            assert_eq!(TenantKind::from_name(kind.name()), Some(kind));
            let json = serde_json::to_value(kind).unwrap();
            assert_eq!(json, kind.name());
        }
    }
}
