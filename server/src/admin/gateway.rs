//! Gateways in the admin protocol.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::administrators::Permission;
use crate::gateway::{Definition, SecretValues, Stored};

/// An administrator's request about gateways.
#[derive(Serialize, Deserialize)]
#[serde(tag = "gateway", rename_all = "snake_case")]
#[non_exhaustive]
pub enum GatewayOperation {
    /// Define a gateway, the last one in the order.
    Create {
        /// Its name.
        name: String,
        /// Its settings, as in the configuration file; `ca_certificates` is text in
        /// PEM.
        settings: Map<String, Json>,
        /// Its secrets by name.
        #[serde(default)]
        secrets: SecretValues,
    },
    /// Change a gateway. A change of its target or of a template clears the secrets
    /// that it does not set.
    Update {
        /// Its name.
        name: String,
        /// The settings to set; those that are `null` return to their defaults.
        #[serde(default)]
        settings: Map<String, Json>,
        /// The secrets to set; those that are `null` are removed.
        #[serde(default)]
        secrets: SecretValues,
        /// The stamp that the gateway must have.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stamp: Option<String>,
    },
    /// Read a gateway.
    Read {
        /// Its name.
        name: String,
    },
    /// List the gateways in the order in which they are tried.
    List,
    /// Send a message with a fixed text through one gateway.
    Test {
        /// Its name.
        name: String,
        /// The number in international form.
        to: String,
    },
    /// Remove a gateway.
    Remove {
        /// Its name.
        name: String,
        /// The stamp that the gateway must have.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stamp: Option<String>,
    },
    /// Put gateways first in this order; others follow as before.
    Order {
        /// Their names.
        names: Vec<String>,
        /// The stamp that the order must have.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stamp: Option<String>,
    },
}

impl GatewayOperation {
    /// The word for it in logs.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Create { .. } => "create",
            Self::Update { .. } => "update",
            Self::Read { .. } => "read",
            Self::List => "list",
            Self::Test { .. } => "test",
            Self::Remove { .. } => "remove",
            Self::Order { .. } => "order",
        }
    }

    /// What its caller must be allowed to do.
    #[must_use]
    pub const fn permission(&self) -> Permission {
        match self {
            Self::Read { .. } | Self::List => Permission::Read,
            Self::Test { .. } => Permission::TestGateway,
            Self::Create { .. }
            | Self::Update { .. }
            | Self::Remove { .. }
            | Self::Order { .. } => Permission::Gateways,
        }
    }

    /// Whether it may change the store. A test message is counted there.
    #[must_use]
    pub const fn writes(&self) -> bool {
        !matches!(self, Self::Read { .. } | Self::List)
    }

    /// Whether it changes the gateways.
    #[must_use]
    pub const fn changes(&self) -> bool {
        !matches!(self, Self::Read { .. } | Self::List | Self::Test { .. })
    }

    /// Whether it sets to whom secrets and messages go, or in which form.
    #[must_use]
    pub fn sets_target(&self) -> bool {
        match self {
            Self::Create { .. } => true,
            Self::Update { settings, .. } => {
                settings.keys().any(|name| Definition::is_target(name))
            }
            _ => false,
        }
    }

    /// The gateway that it is about.
    pub(super) fn name(&self) -> Option<&str> {
        match self {
            Self::Create { name, .. }
            | Self::Update { name, .. }
            | Self::Read { name }
            | Self::Test { name, .. }
            | Self::Remove { name, .. } => Some(name),
            Self::List | Self::Order { .. } => None,
        }
    }

    /// The names of the settings that it sets, separated by commas. What is no name of
    /// one may be a secret.
    pub(super) fn settings(&self) -> Option<String> {
        match self {
            Self::Create { settings, .. } | Self::Update { settings, .. } => {
                let names = settings.keys().map(String::as_str);
                let known: Vec<&str> = names.filter(|name| Definition::is_setting(name)).collect();
                Some(known.join(", "))
            }
            _ => None,
        }
    }
}

/// Whether a secret is set. It is never shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum SecretState {
    /// It is set.
    #[serde(rename = "set")]
    Set,
    /// A template contains it, but it is not set: the gateway is not used.
    #[serde(rename = "not set")]
    NotSet,
}

/// Where a gateway is defined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GatewaySource {
    /// In the configuration file, whose gateways are tried first.
    Configuration,
    /// In the store.
    Store,
}

/// A gateway. It contains no secret.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GatewayInfo {
    /// Its name.
    pub name: String,
    /// Where it is defined.
    pub source: GatewaySource,
    /// Scheme and authority of its URL.
    pub route: Option<String>,
    /// Why it cannot be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unreadable: Option<String>,
    /// Its settings, defaults included; empty for one of the configuration file, which
    /// may contain secrets.
    #[serde(default)]
    pub settings: Map<String, Json>,
    /// Its secrets.
    #[serde(default)]
    pub secrets: BTreeMap<String, SecretState>,
    /// The secrets that the change has cleared.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cleared: Vec<String>,
    /// When it was created, in milliseconds of Unix time.
    pub created_at_ms: Option<u64>,
    /// Identifies this state of it.
    pub stamp: Option<String>,
}

impl GatewayInfo {
    pub(super) fn of(stored: &Stored) -> Self {
        let definition = &stored.definition;
        let secrets = definition.secrets().into_iter();
        let state = |(name, is_set)| match is_set {
            true => (name, SecretState::Set),
            false => (name, SecretState::NotSet),
        };
        Self {
            name: definition.name().to_owned(),
            source: GatewaySource::Store,
            route: definition.route(),
            unreadable: None,
            settings: definition.settings(),
            secrets: secrets.map(state).collect(),
            cleared: Vec::new(),
            created_at_ms: Some(definition.created_at_ms()),
            stamp: Some(stored.stamp.to_string()),
        }
    }

    /// One of which only the name and the route are known.
    pub(super) fn bare(name: &str, source: GatewaySource, route: Option<String>) -> Self {
        Self {
            name: name.to_owned(),
            source,
            route,
            unreadable: None,
            settings: Map::new(),
            secrets: BTreeMap::new(),
            cleared: Vec::new(),
            created_at_ms: None,
            stamp: None,
        }
    }
}

/// The gateways.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GatewayList {
    /// In the order in which they are tried.
    pub gateways: Vec<GatewayInfo>,
    /// The stamp of the order; `None` before there is one.
    pub stamp: Option<String>,
}

/// What became of a test message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GatewayTest {
    /// The name of the gateway.
    pub name: String,
    /// `delivered`, `refused` or `unknown`.
    pub outcome: String,
    /// The class of the response's status, such as `2xx`; `None` without a response.
    pub status_class: Option<String>,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
}
