//! The demo: the whole service on one machine, with a caller of each contract
//! on loopback, and a page that shows the outbox instead of a gateway.
//!
//! The page shows every message, so it is served to this machine only: see
//! `guard.rs`.

mod administrator;
mod banner;
mod callers;
mod guard;
mod names;
mod page;
mod routes;
mod setup;

pub use banner::Paths;
pub use routes::routes;
pub use setup::{Demo, default_data_dir};
