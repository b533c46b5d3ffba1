//! The state of the handlers.

use std::sync::Arc;

use crate::handover::Drain;
use crate::state::State;

/// The state that the handlers share.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) state: Arc<State>,
    /// The realm of the network table for callers.
    pub(crate) realm: Arc<str>,
    /// The port of the demo, which answers only requests for this machine.
    pub(crate) demo_port: Option<u16>,
    /// Whether it serves administration, and none of the services.
    pub(crate) is_portal: bool,
    /// The end of the server.
    pub(crate) drain: Drain,
}
