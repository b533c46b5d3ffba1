//! The audit log: who changed what, from where, and what came of it.
//!
//! It is kept in the store as a chain: each entry has a number, and a MAC over
//! itself and the MAC of the entry before. An entry is a line of JSON, which is
//! exported as it stands. Entries are collected in segments, documents that are
//! closed when they are full; the head remembers the last entry. Writers on several
//! machines append by compare-and-swap.
//!
//! A change is recorded as an intent before it is made and with its outcome
//! afterwards, so that no change is without an entry, whatever fails in between.

mod chain;
mod entry;
mod head;
mod log;
mod segment;
#[cfg(test)]
mod tests;
mod verify;

pub use chain::Link;
pub use entry::{Actor, Entry, Step, Via};
pub use log::AuditLog;
pub use verify::{Fault, Report};
