//! Administration of tenants and keys, and the admin socket in the data
//! directory of a running server.
//!
//! The same [`operations`] serve both ways: the command line performs them on
//! the store itself, or has the server that holds the store perform them.

mod admitted;
mod caller;
mod client;
mod cut_off;
pub mod cut_offs;
mod kind;
pub mod operations;
mod path;
mod protocol;
mod repeated;
mod server;
mod spec;
pub mod store;

pub use admitted::{Admitted, is_in_use};
pub use client::Client;
pub use cut_off::{CutOffInfo, StopTarget};
pub use kind::TenantKind;
pub use protocol::{
    Failure, HeaderInfo, Listed, NewKey, Operation, Outcome, Restored, RestoredTenant, StoreReport,
    TenantInfo, VERSION,
};
pub use server::AdminSocket;
pub use spec::TenantSpec;

pub(crate) use spec::in_order;
