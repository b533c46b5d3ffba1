//! Processes that serve over loopback, and the load on them: the generator on
//! one core, what it measures on another.

// A benchmark that cannot be set up is broken.
#![allow(clippy::expect_used, clippy::panic)]

pub mod constant;
mod process;
mod server;
mod wrk;

pub use process::{CpuTime, Pinned};
pub use server::{MpassServer, StoreUnderTest};
pub use wrk::{Load, Measured, load};

/// The core of whatever is measured.
pub const SERVER_CORE: usize = 1;
/// The core of whatever makes the load, gateways included.
pub const CLIENT_CORE: usize = 0;
