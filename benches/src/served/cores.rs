//! Which core runs what, so that the load and the measured do not meet.

/// The core of whatever is measured.
pub const SERVER_CORE: usize = 1;
/// The core of whatever makes the load, gateways included.
pub const CLIENT_CORE: usize = 0;
