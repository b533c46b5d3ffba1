//! The reference server of libmpass: the engine served over HTTP, with its
//! store, gateways, network table and command line.

mod about;
pub mod admin;
mod admission;
pub mod assess;
mod certificate;
pub mod check;
pub mod cli;
pub mod clock;
pub mod config;
mod config_error;
mod config_value;
mod cut_offs;
pub mod demo;
mod descriptors;
mod directories;
pub mod entropy;
pub mod gateway;
pub mod handover;
mod host;
mod http;
pub mod keyring_file;
pub mod keyring_source;
pub mod limits;
mod listening;
pub mod log_queue;
pub mod logging;
mod memory;
pub mod metrics;
pub mod network;
pub mod numbers;
pub mod options;
mod pem;
mod recent;
pub mod reload;
mod request_id;
pub mod secret;
pub mod serve;
pub mod setup;
mod shown;
pub mod signing;
mod state;
pub mod store;
mod time;
mod tls;

pub use state::{SharedEngine, State};
