//! The metrics of `/metrics`: counts by contract and reason, durations, gateway
//! outcomes. No label contains data from a request.

use core::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use core::time::Duration;
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use mpass_core::service::{Answer, Reason};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use crate::audit::Link;
use crate::gateway::outcome;
use crate::log_queue;

/// The upper bounds of the buckets of a duration, in seconds.
const BUCKETS: [f64; 13] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0,
];

/// The most gateways by name since the start; others are counted together.
const MOST_GATEWAYS: usize = 64;

/// The media type of [`Metrics::encode`].
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The media type of [`Metrics::encode`] for clients without OpenMetrics: that of
/// the older text format of Prometheus.
pub const TEXT_CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// The metrics of one server.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    durations: Family<ContractLabels, Histogram>,
    deliveries: Family<OutcomeLabels, Counter>,
    delivery_durations: Histogram,
    attempts: Family<AttemptLabels, Counter>,
    gateways: Mutex<BTreeSet<String>>,
    conflicts: Counter,
    store_failures: Counter,
    connections: Gauge<i64, AtomicI64>,
    limited: Family<LimitLabels, Counter>,
    dropped_lines: Counter<u64, AtomicU64>,
    accounting: Family<OutcomeLabels, Counter>,
    network_sessions: Gauge<i64, AtomicI64>,
    reloads: Family<OutcomeLabels, Counter>,
    reload_failed: Gauge<i64, AtomicI64>,
    cut_offs: Gauge<i64, AtomicI64>,
    audit_entries: Gauge<i64, AtomicI64>,
    audit_mac: Gauge<i64, AtomicI64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    contract: &'static str,
    reason: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ContractLabels {
    contract: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct AttemptLabels {
    gateway: String,
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct LimitLabels {
    limit: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OutcomeLabels {
    outcome: &'static str,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("mpass");
        let new_histogram: fn() -> Histogram = || Histogram::new(BUCKETS);
        let metrics = Self {
            registry: Registry::default(),
            requests: Family::default(),
            durations: Family::new_with_constructor(new_histogram),
            deliveries: Family::default(),
            delivery_durations: new_histogram(),
            attempts: Family::default(),
            gateways: Mutex::default(),
            conflicts: Counter::default(),
            store_failures: Counter::default(),
            connections: Gauge::default(),
            limited: Family::default(),
            dropped_lines: Counter::default(),
            accounting: Family::default(),
            network_sessions: Gauge::default(),
            reloads: Family::default(),
            reload_failed: Gauge::default(),
            cut_offs: Gauge::default(),
            audit_entries: Gauge::default(),
            audit_mac: Gauge::default(),
        };
        metrics.register(&mut registry);
        Self {
            registry,
            ..metrics
        }
    }
}

impl Metrics {
    /// Registers everything under its name.
    fn register(&self, registry: &mut Registry) {
        registry.register(
            "requests",
            "Requests by contract and the reason of their reply",
            self.requests.clone(),
        );
        registry.register_with_unit(
            "request_duration",
            "Time from a request's header to its reply",
            Unit::Seconds,
            self.durations.clone(),
        );
        registry.register(
            "deliveries",
            "Messages by outcome at the gateways",
            self.deliveries.clone(),
        );
        registry.register_with_unit(
            "delivery_duration",
            "Time that the gateways took",
            Unit::Seconds,
            self.delivery_durations.clone(),
        );
        registry.register(
            "gateway_attempts",
            "Messages passed to a gateway, by its outcome",
            self.attempts.clone(),
        );
        registry.register(
            "store_conflicts",
            "Swaps that conflicted with another writer",
            self.conflicts.clone(),
        );
        registry.register(
            "store_failures",
            "Loads and swaps that failed",
            self.store_failures.clone(),
        );
        registry.register("connections", "Open connections", self.connections.clone());
        registry.register(
            "limited",
            "Connections closed and requests refused, by the limit that they reached",
            self.limited.clone(),
        );
        registry.register(
            "log_lines_dropped",
            "Lines of the log dropped because standard error was not read",
            self.dropped_lines.clone(),
        );
        registry.register(
            "accounting",
            "RADIUS datagrams by outcome",
            self.accounting.clone(),
        );
        registry.register(
            "network_sessions",
            "Sessions in the network table",
            self.network_sessions.clone(),
        );
        registry.register(
            "reloads",
            "Reloads of the configuration, and renewals of a PEM file, by outcome",
            self.reloads.clone(),
        );
        registry.register(
            "reload_failed",
            "1 while the last reload, or the last renewal of a PEM file, failed",
            self.reload_failed.clone(),
        );
        registry.register("cut_offs", "Cut-offs in effect", self.cut_offs.clone());
        registry.register(
            "audit_entries",
            "Number of the last entry of the audit log",
            self.audit_entries.clone(),
        );
        registry.register(
            "audit_mac",
            "The first six bytes of its MAC, as a number",
            self.audit_mac.clone(),
        );
    }

    /// Counts an answered request of a contract.
    pub fn count_request(&self, contract: &'static str, reason: Reason, took: Duration) {
        let reason = reason.name();
        self.requests
            .get_or_create(&RequestLabels { contract, reason })
            .inc();
        self.durations
            .get_or_create(&ContractLabels { contract })
            .observe(took.as_secs_f64());
    }

    /// Counts the outcome of a message.
    pub fn count_delivery(&self, answer: &Answer, took: Duration) {
        let outcome = outcome(answer);
        self.deliveries
            .get_or_create(&OutcomeLabels { outcome })
            .inc();
        self.delivery_durations.observe(took.as_secs_f64());
    }

    /// Counts the outcome of a message at one gateway.
    pub fn count_attempt(&self, gateway: &str, answer: &Answer) {
        let mut gateways = self.gateways.lock().unwrap_or_else(PoisonError::into_inner);
        let is_named = gateways.contains(gateway)
            || gateways.len() < MOST_GATEWAYS && gateways.insert(gateway.to_owned());
        drop(gateways);
        let gateway = if is_named { gateway } else { "(other)" }.to_owned();
        let outcome = outcome(answer);
        let labels = AttemptLabels { gateway, outcome };
        self.attempts.get_or_create(&labels).inc();
    }

    /// Counts a message that an administrator stopped after its request had begun.
    pub fn count_stopped_delivery(&self) {
        let outcome = "stopped";
        self.deliveries
            .get_or_create(&OutcomeLabels { outcome })
            .inc();
    }

    /// Sets the number of cut-offs in effect.
    pub fn set_cut_offs(&self, cut_offs: usize) {
        self.cut_offs
            .set(i64::try_from(cut_offs).unwrap_or(i64::MAX));
    }

    /// Sets the last entry of the audit log.
    pub fn set_audit(&self, last: &Link) {
        let number = i64::try_from(last.number);
        self.audit_entries.set(number.unwrap_or(i64::MAX));
        let [a, b, c, d, e, f, ..] = last.mac;
        let mac = i64::from_be_bytes([0, 0, a, b, c, d, e, f]);
        self.audit_mac.set(mac);
    }

    /// Counts a swap that conflicted.
    pub fn count_conflict(&self) {
        self.conflicts.inc();
    }

    /// Counts a load or swap that failed.
    pub fn count_store_failure(&self) {
        self.store_failures.inc();
    }

    /// Counts an open connection until the returned guard is dropped.
    #[must_use]
    pub fn count_connection(&self) -> OpenConnection {
        self.connections.inc();
        OpenConnection(self.connections.clone())
    }

    /// Counts a connection that was closed, or a request that was refused, because
    /// of a limit.
    pub fn count_limited(&self, limit: &'static str) {
        self.limited.get_or_create(&LimitLabels { limit }).inc();
    }

    /// Counts a RADIUS datagram by its outcome.
    pub fn count_accounting(&self, outcome: &'static str) {
        self.accounting
            .get_or_create(&OutcomeLabels { outcome })
            .inc();
    }

    /// Sets the number of sessions in the network table.
    pub fn set_network_sessions(&self, sessions: usize) {
        self.network_sessions
            .set(i64::try_from(sessions).unwrap_or(i64::MAX));
    }

    /// Counts a reload or a renewal of a PEM file.
    pub fn count_reload(&self, is_done: bool) {
        let outcome = if is_done { "done" } else { "failed" };
        self.reloads.get_or_create(&OutcomeLabels { outcome }).inc();
    }

    /// Sets whether something was not reloaded, so that an older state is in use.
    pub fn set_reload_failed(&self, has_failed: bool) {
        self.reload_failed.set(i64::from(has_failed));
    }

    /// Encodes all metrics as text (OpenMetrics 1.0).
    ///
    /// # Errors
    /// Never in practice: writing to memory does not fail.
    pub fn encode(&self) -> Result<String, core::fmt::Error> {
        let dropped = log_queue::dropped_lines();
        self.dropped_lines.inner().store(dropped, Ordering::Relaxed);
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

/// Counts a connection as open until it is dropped.
#[derive(Debug)]
pub struct OpenConnection(Gauge<i64, AtomicI64>);

impl Drop for OpenConnection {
    fn drop(&mut self) {
        self.0.dec();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_encoded() {
        let metrics = Metrics::default();
        metrics.count_request("mpass", Reason::Sent, Duration::from_millis(3));
        metrics.count_delivery(&Answer::Refused, Duration::from_millis(3));
        for index in 0..100 {
            metrics.count_attempt(&format!("g{index}"), &Answer::Delivered);
        }
        metrics.count_attempt("g0", &Answer::Refused);
        metrics.count_conflict();
        metrics.count_store_failure();
        metrics.count_accounting("wrong_secret");
        metrics.set_network_sessions(7);
        metrics.count_reload(true);
        metrics.count_reload(false);
        metrics.set_reload_failed(true);
        metrics.set_cut_offs(2);
        let mut mac = [0; 32];
        (mac[4], mac[5], mac[6]) = (1, 2, 3);
        metrics.set_audit(&Link { number: 9, mac });
        metrics.count_stopped_delivery();
        metrics.count_limited("write_timeout");
        let open = metrics.count_connection();
        drop(metrics.count_connection());
        let text = metrics.encode().unwrap();
        for line in [
            "mpass_requests_total{contract=\"mpass\",reason=\"sent\"} 1",
            "mpass_request_duration_seconds_bucket{le=\"0.0025\",contract=\"mpass\"} 0",
            "mpass_request_duration_seconds_bucket{le=\"0.005\",contract=\"mpass\"} 1",
            "mpass_deliveries_total{outcome=\"refused\"} 1",
            "mpass_gateway_attempts_total{gateway=\"g0\",outcome=\"refused\"} 1",
            "mpass_gateway_attempts_total{gateway=\"(other)\",outcome=\"delivered\"} 36",
            "mpass_store_conflicts_total 1",
            "mpass_store_failures_total 1",
            "mpass_connections 1",
            "mpass_limited_total{limit=\"write_timeout\"} 1",
            "mpass_log_lines_dropped_total 0",
            "mpass_accounting_total{outcome=\"wrong_secret\"} 1",
            "mpass_network_sessions 7",
            "mpass_reloads_total{outcome=\"done\"} 1",
            "mpass_reloads_total{outcome=\"failed\"} 1",
            "mpass_reload_failed 1",
            "mpass_cut_offs 2",
            "mpass_audit_entries 9",
            "mpass_audit_mac 258",
            "mpass_deliveries_total{outcome=\"stopped\"} 1",
        ] {
            assert!(
                text.lines().any(|found| found == line),
                "{line} is not in\n{text}"
            );
        }
        drop(open);
    }
}
