//! `[limits]` of the configuration: deadlines for waiting on a peer, and budgets.

use core::time::Duration;

use anyhow::ensure;
use mpass_core::service::Network;
use serde::{Deserialize, Serialize};

use crate::admission::Budgets;
use crate::config_value;

const MIB: usize = 1024 * 1024;

/// Limits on connections and requests.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct LimitsConfig {
    /// The maximum number of open connections. For a further one, a waiting
    /// connection of the peer with the most is closed.
    pub connections: usize,
    /// The maximum number of open connections of one peer, an IPv4 address or a
    /// /64 of IPv6; a quarter of [`connections`](Self::connections) without it.
    pub connections_per_peer: Option<usize>,
    /// The networks of proxies, which connect for many clients.
    #[serde(with = "config_value::networks")]
    pub proxies: Vec<Network>,
    /// The maximum number of open connections of each proxy; three quarters of
    /// [`connections`](Self::connections) without it.
    pub connections_per_proxy: Option<usize>,
    /// The maximum number of MiB that all requests hold together while they are
    /// received and answered.
    pub request_memory_mib: usize,
    /// The timeout for the TLS handshake.
    #[serde(with = "humantime_serde")]
    pub handshake_timeout: Duration,
    /// The timeout for a request's header; an idle connection is closed after
    /// the same time.
    #[serde(with = "humantime_serde")]
    pub header_timeout: Duration,
    /// The timeout for a request's body.
    #[serde(with = "humantime_serde")]
    pub body_timeout: Duration,
    /// How long a peer may take to accept further bytes of an answer.
    #[serde(with = "humantime_serde")]
    pub write_timeout: Duration,
    /// How long a server that is to stop serves as before, but is not ready.
    #[serde(with = "humantime_serde")]
    pub drain_delay: Duration,
    /// How long a shutdown waits for the next request of an idle connection, and
    /// for a peer that has sent a part of one.
    #[serde(with = "humantime_serde")]
    pub idle_grace: Duration,
    /// How long a shutdown waits for requests in flight.
    #[serde(with = "humantime_serde")]
    pub shutdown_timeout: Duration,
    /// How long a server whose sockets a service manager keeps open waits at its
    /// start for the store, which its predecessor has open.
    #[serde(with = "humantime_serde")]
    pub handover_timeout: Duration,
}

/// The longest time in which a server that is leaving still accepts connections.
const LONGEST_DRAIN_DELAY: Duration = Duration::from_secs(300);

impl Default for LimitsConfig {
    fn default() -> Self {
        Self {
            connections: 4096,
            connections_per_peer: None,
            proxies: Vec::new(),
            connections_per_proxy: None,
            request_memory_mib: 64,
            handshake_timeout: Duration::from_secs(5),
            header_timeout: Duration::from_secs(10),
            body_timeout: Duration::from_secs(10),
            write_timeout: Duration::from_secs(10),
            drain_delay: Duration::ZERO,
            idle_grace: Duration::from_secs(1),
            shutdown_timeout: Duration::from_secs(10),
            handover_timeout: Duration::from_secs(30),
        }
    }
}

impl LimitsConfig {
    pub(crate) fn checks(&self) -> Vec<anyhow::Result<()>> {
        let counts = [
            ("connections", Some(self.connections)),
            ("connections_per_peer", self.connections_per_peer),
            ("connections_per_proxy", self.connections_per_proxy),
            ("request_memory_mib", Some(self.request_memory_mib)),
        ];
        let counts = counts.map(|(name, value)| {
            ensure!(value != Some(0), "limits.{name} must be at least 1");
            Ok(())
        });
        let durations = [
            ("handshake_timeout", self.handshake_timeout, 60),
            ("header_timeout", self.header_timeout, 60),
            ("body_timeout", self.body_timeout, 60),
            ("write_timeout", self.write_timeout, 60),
            ("idle_grace", self.idle_grace, 60),
            ("shutdown_timeout", self.shutdown_timeout, 300),
            ("handover_timeout", self.handover_timeout, 600),
        ];
        let durations = durations.map(|(name, duration, most)| {
            let range = Duration::from_millis(100)..=Duration::from_secs(most);
            ensure!(
                range.contains(&duration),
                "limits.{name} must be between 100ms and {most}s"
            );
            Ok(())
        });
        let checks = counts.into_iter().chain(durations);
        checks.chain([self.check_drain_delay()]).collect()
    }

    fn check_drain_delay(&self) -> anyhow::Result<()> {
        ensure!(
            self.drain_delay <= LONGEST_DRAIN_DELAY,
            "limits.drain_delay must be at most {LONGEST_DRAIN_DELAY:?}"
        );
        Ok(())
    }

    /// The budgets of all connections, of which there can be `connections`, with these
    /// proxies.
    pub(crate) fn budgets(&self, connections: usize, proxies: Vec<Network>) -> Budgets {
        let or = |value: Option<usize>, default: usize| value.unwrap_or(default).min(connections);
        Budgets {
            connections,
            per_peer: or(self.connections_per_peer, connections.div_ceil(4)),
            per_proxy: or(self.connections_per_proxy, (connections / 4 * 3).max(1)),
            proxies,
            memory: self.request_memory_mib.saturating_mul(MIB),
        }
    }
}
