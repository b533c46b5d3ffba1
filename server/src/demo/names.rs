//! Names shared by the parts of the demo.

/// The name of the demo's channel, of its client and of its directory.
pub(super) const NAME: &str = "demo";
/// The number in the example requests, and of this machine for the login. It is
/// not assigned to anyone.
pub(super) const NUMBER: &str = "+966500000000";
/// The path that the login sends the page back to.
pub(super) const BACK: &str = "/back";
