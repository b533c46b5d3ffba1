//! Restarts: sockets of a service manager, and servers that follow each other
//! under load.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests fail as tests do"
)]

mod caller;
mod gateway;
mod load;
mod manager;
mod sockets;
#[path = "../support/tls.rs"]
mod tls;
