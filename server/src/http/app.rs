//! The state of the handlers.

use core::time::Duration;
use std::sync::Arc;

use mpass_core::service::Network;

use crate::handover::Drain;
use crate::state::State;

/// The state that the handlers share.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) state: Arc<State>,
    /// The realm of the network table for callers.
    pub(crate) realm: Arc<str>,
    /// The networks that may read the metrics.
    pub(crate) metrics_addresses: Arc<[Network]>,
    /// The names under which they may.
    pub(crate) metrics_hosts: Arc<[String]>,
    /// The port of the demo, which answers only requests for this machine.
    pub(crate) demo_port: Option<u16>,
    pub(crate) body_timeout: Duration,
    /// The end of the server.
    pub(crate) drain: Drain,
}
