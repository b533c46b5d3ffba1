//! Server processes on loopback, and load on them.

// A benchmark that cannot be set up must fail.
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
