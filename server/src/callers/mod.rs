//! Whose request it is: the address of the caller, from one source for each listener.
//! Everything else that claims to be an address is ignored.

mod address;
mod config;
mod forwarded;
mod header;
mod proxy_protocol;
mod source;

pub use config::{CallersConfig, Source};
pub(crate) use source::{Announced, Callers};
