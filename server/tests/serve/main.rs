//! The server over real sockets.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests fail as tests do"
)]

mod accounting;
mod administration;
mod attacks;
mod cut_offs;
mod draining;
mod figures;
mod gateway;
mod gateways;
mod login;
mod login_peers;
mod portal;
mod realms;
mod reload;
mod requests;
mod start;
#[path = "../support/mod.rs"]
mod support;
mod timing;
mod transport;
