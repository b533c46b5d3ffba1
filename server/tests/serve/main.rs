//! The server over real sockets.

mod gateway;
mod requests;
mod start;
#[path = "../support/mod.rs"]
mod support;
mod transport;
