//! The store on disk: one SQLite file in a directory, for one process at a time.

mod contents;
mod directory;
mod embedded;
mod gathering;
mod job;
mod layout;
mod network;
mod network_table;
mod open_error;
mod queues;
mod read_only;
mod recent;
mod statements;
mod write_failure;
mod writer;

pub use directory::StoreDirectory;
pub use embedded::EmbeddedStore;
pub use network::NetworkRecords;
pub use open_error::OpenError;
pub use read_only::ReadOnlyStore;

#[cfg(test)]
mod format_tests;
