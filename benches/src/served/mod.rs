//! Processes that serve over loopback, and the load on them.

// A benchmark that cannot be set up is broken.
#![allow(clippy::expect_used, clippy::panic)]

pub mod handler;
mod perf;
mod privacy_idea;
mod process;
mod server;
mod wrk;

pub use handler::Handler;
pub use perf::Recording;
pub use privacy_idea::PrivacyIdea;
pub use process::{CpuTime, Pinned};
pub use server::{MpassServer, StoreUnderTest};
pub use wrk::{Load, Loaded, load};

/// The core of whatever is measured.
pub const SERVER_CORE: usize = 1;
/// The core of whatever makes the load, gateways included.
pub const CLIENT_CORE: usize = 0;

/// An address that was free a moment ago.
fn free_address() -> String {
    let socket = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    socket.local_addr().expect("an address").to_string()
}

/// Waits until somebody listens.
fn wait_for(address: &str) {
    let begun = std::time::Instant::now();
    while std::net::TcpStream::connect(address).is_err() {
        assert!(begun.elapsed().as_secs() < 60, "no server came");
        std::thread::sleep(core::time::Duration::from_millis(20));
    }
}
