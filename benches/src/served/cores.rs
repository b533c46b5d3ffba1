//! The cores of the load and of the measured process, which are separate.

/// The core of the measured process.
pub const SERVER_CORE: usize = 1;
/// The core of the load generator and of gateways.
pub const CLIENT_CORE: usize = 0;
