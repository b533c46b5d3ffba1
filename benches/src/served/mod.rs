//! Server processes on loopback, and load on them.

// A benchmark that cannot be set up must fail.
#![allow(clippy::expect_used, clippy::panic)]

mod address;
mod cores;
pub mod handler;
mod otpgateway;
mod perf;
mod privacy_idea;
mod process;
mod races;
mod server;
pub mod steady;
mod store;
#[path = "../../../stores/tests/support/mod.rs"]
#[allow(clippy::unwrap_used)]
mod support;
mod wrk;

pub use cores::{CLIENT_CORE, SERVER_CORE};
pub use handler::Handler;
pub use otpgateway::OtpGateway;
pub use perf::Recording;
pub use privacy_idea::PrivacyIdea;
pub use process::{CpuTime, Pinned};
pub use races::{Outbox, RACERS, RACES, races};
pub use server::MpassServer;
pub use store::{Engine, StoreUnderTest};
pub use wrk::{Load, Loaded, load};
