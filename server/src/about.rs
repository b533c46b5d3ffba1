//! What a running server is, for its operator.

use core::fmt;
use core::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use crate::admission::Admission;

/// What a running server is. It is known once the server listens.
pub(crate) struct About {
    pub(crate) started: Instant,
    pub(crate) started_at_ms: u64,
    /// Its URLs, each with the realm of its callers.
    pub(crate) listeners: Vec<(String, String)>,
    pub(crate) accounting: Option<SocketAddr>,
    pub(crate) admission: Arc<Admission>,
}

/// Shows only the addresses.
impl fmt::Debug for About {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("About")
            .field("listeners", &self.listeners)
            .finish_non_exhaustive()
    }
}
