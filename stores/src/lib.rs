//! Stores for hosts in Rust: in a directory, in Redis and in PostgreSQL.
//!
//! Each implements [`Store`](mpass_core::store::Store) or
//! [`AsyncStore`](mpass_core::store::AsyncStore), and has a feature of its name.
//! `docs/STORES.md` has the layouts, which hosts in other languages share, and what
//! each configuration promises.

#[cfg(feature = "sqlite")]
pub mod access;
pub mod copy;
#[cfg(feature = "network")]
mod loopback;
#[cfg(feature = "postgres")]
pub mod postgres;
#[cfg(feature = "redis")]
pub mod redis;
#[cfg(feature = "network")]
pub mod remote;
#[cfg(feature = "sqlite")]
pub mod sqlite;
mod states;

pub use states::States;
