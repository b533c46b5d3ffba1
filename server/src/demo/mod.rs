//! The demo: the whole service on one machine, with a caller of each contract
//! for loopback, and an outbox on a page in place of a gateway.
//!
//! It shows every message to whoever may ask, so nobody may but this machine:
//! see `guard.rs`.

mod banner;
mod callers;
mod guard;
mod names;
mod routes;
mod setup;

pub use banner::Paths;
pub use routes::routes;
pub use setup::{Demo, default_data_dir};
