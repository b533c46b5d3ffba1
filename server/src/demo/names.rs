//! The names that the demo's parts share.

/// The name of the demo's channel, of its client and of its directory.
pub(super) const NAME: &str = "demo";
/// The number that the ready-made requests are for, and that this machine has
/// for the login: nobody has it.
pub(super) const NUMBER: &str = "+966500000000";
/// The path that the login sends the page back to.
pub(super) const BACK: &str = "/back";
