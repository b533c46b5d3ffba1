//! Processes that serve over loopback, and the load on them.

// A benchmark that cannot be set up is broken.
#![allow(clippy::expect_used, clippy::panic)]

mod address;
mod cores;
pub mod handler;
mod perf;
mod privacy_idea;
mod process;
mod server;
mod wrk;

pub use cores::{CLIENT_CORE, SERVER_CORE};
pub use handler::Handler;
pub use perf::Recording;
pub use privacy_idea::PrivacyIdea;
pub use process::{CpuTime, Pinned};
pub use server::{MpassServer, StoreUnderTest};
pub use wrk::{Load, Loaded, load};
