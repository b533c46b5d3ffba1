//! The listener for administration, and access to `/metrics`.

use core::net::{Ipv4Addr, SocketAddr};

use anyhow::ensure;
use mpass_core::service::Network;
use serde::{Deserialize, Serialize};

use crate::callers::CallersConfig;
use crate::config_value;
use crate::identity_provider::IdentityProviderConfig;

/// Access to `/metrics`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct MetricsConfig {
    /// The networks that may read `/metrics`; empty for none.
    #[serde(with = "config_value::networks")]
    pub addresses: Vec<Network>,
    /// The host names under which they may, without a port. Addresses and
    /// `localhost` always are.
    pub hosts: Vec<String>,
}

impl Default for MetricsConfig {
    fn default() -> Self {
        let loopback = ["127.0.0.0/8", "::1"];
        Self {
            addresses: loopback
                .iter()
                .filter_map(|text| text.parse().ok())
                .collect(),
            hosts: Vec::new(),
        }
    }
}

impl MetricsConfig {
    pub(super) fn check(&self) -> anyhow::Result<()> {
        check_hosts("metrics.hosts", &self.hosts)
    }
}

/// The listener for administration.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct PortalConfig {
    /// The address to listen on; port 0 picks a free port.
    pub listen: SocketAddr,
    /// The host names under which it answers, without a port. It always does under
    /// addresses and `localhost`.
    pub hosts: Vec<String>,
    /// The source of the callers' addresses.
    pub callers: CallersConfig,
    /// The identity provider with which administrators may sign in.
    pub oidc: Option<IdentityProviderConfig>,
}

impl Default for PortalConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 9092)),
            hosts: Vec::new(),
            callers: CallersConfig::default(),
            oidc: None,
        }
    }
}

impl PortalConfig {
    /// That of the demo: the port after the demo's own.
    pub(crate) fn beside(listen: SocketAddr) -> Self {
        let port = match listen.port() {
            0 => 0,
            port => port.checked_add(1).unwrap_or(0),
        };
        Self {
            listen: SocketAddr::new(listen.ip(), port),
            ..Self::default()
        }
    }

    pub(super) fn checks(&self) -> Vec<anyhow::Result<()>> {
        let hosts = check_hosts("portal.hosts", &self.hosts);
        let provider = self.oidc.iter().flat_map(IdentityProviderConfig::checks);
        let callers = self.callers.check("portal.callers");
        [hosts, callers].into_iter().chain(provider).collect()
    }
}

fn check_hosts(setting: &str, hosts: &[String]) -> anyhow::Result<()> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    let mut hosts = hosts.iter();
    ensure!(
        hosts.all(|host| !host.is_empty() && host.bytes().all(is_allowed)),
        "{setting} has a name that is not one of a host without a port"
    );
    Ok(())
}
