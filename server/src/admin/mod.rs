//! What an administrator does to tenants and keys, and the socket in the data
//! directory through which a running server does it.
//!
//! One set of [`operations`] serves both ways: the command line carries them
//! out on the store itself, or has the server that holds the store do so.

mod client;
pub mod operations;
mod path;
mod policy_spec;
mod protocol;
mod server;
mod spec;

pub use client::Client;
pub use policy_spec::{LimitSpec, PolicySpec};
pub use protocol::{Failure, Listed, NewKey, Operation, Outcome, TenantInfo, TenantKind, VERSION};
pub use server::AdminSocket;
pub use spec::{ChannelSpec, ClientSpec, CustomerSpec, TenantSpec};
