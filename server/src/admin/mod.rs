//! Administration of tenants and keys, and the admin socket in the data
//! directory of a running server.
//!
//! The same [`operations`] serve both ways: the command line performs them on
//! the store itself, or has the server that holds the store perform them.

mod accounts;
mod administrators;
mod admitted;
mod audit;
mod audit_log;
mod caller;
mod client;
pub(crate) mod collect;
mod cut_off;
pub mod cut_offs;
mod described;
mod explain;
mod failure;
mod gateway;
pub mod gateways;
pub(crate) mod keys;
mod kind;
pub mod machine;
mod machine_problems;
pub mod operations;
mod outcome;
#[cfg(test)]
mod own_tests;
mod path;
#[cfg(test)]
mod permission_tests;
mod problems;
mod protocol;
pub mod recording;
pub(crate) mod repeated;
pub(crate) mod running;
mod server;
mod spec;
pub mod status;
pub mod store;
mod tokens;
pub(crate) mod upkeep;
mod wire;

pub use administrators::{
    AdministratorInfo, AdministratorOperation, AdministratorPage, NewCredentials, OwnStep,
};
pub use admitted::{Admitted, is_in_use};
pub use audit::{AuditHead, AuditOperation, AuditPage, AuditQuestion, AuditReport, MOST_ENTRIES};
pub use client::Client;
pub use cut_off::{CutOffInfo, OrderedBy, StopTarget};
pub use described::{
    HeaderInfo, Listed, NewKey, Restored, RestoredTenant, StoreReport, TenantInfo,
};
pub use explain::{
    ChannelFacts, Explanation, LimitFacts, NumberFacts, NumberQuestion, Rules, explain,
};
pub use failure::{Cause, Failure};
pub use gateway::{
    GatewayInfo, GatewayList, GatewayOperation, GatewaySource, GatewayTest, SecretState,
};
pub use keys::{KeyInfo, KeyList, KeyOperation};
pub use kind::TenantKind;
pub use outcome::Outcome;
pub use protocol::Operation;
pub use server::AdminSocket;
pub use spec::TenantSpec;
pub use tokens::{NewToken, TokenInfo, TokenOperation, TokenPage, TokensOf};
pub use wire::VERSION;

pub(crate) use spec::in_order;
