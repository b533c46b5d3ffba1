//! What the handlers share.

use core::time::Duration;
use std::sync::Arc;

use mpass_core::service::Network;

use crate::state::State;

/// What the handlers share; the routes' state in axum.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) state: Arc<State>,
    /// The realm of the network table that callers come from.
    pub(crate) realm: Arc<str>,
    /// Who may read the metrics.
    pub(crate) metrics_addresses: Arc<[Network]>,
    pub(crate) body_timeout: Duration,
}
