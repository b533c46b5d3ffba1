//! The interface to the host's storage: load a value, and compare-and-swap a
//! value.
//!
//! A store is correct if exactly one of any number of parallel swaps with the
//! same key and expected value succeeds, and if a value reported as stored
//! survives a crash. A store that loses stored values allows free guesses. A
//! store that reports conflicts or failures needlessly only costs retries or
//! attempts of the user.

#[cfg(feature = "std")]
mod memory;
#[cfg(feature = "std")]
pub mod probe;
mod swap;

#[cfg(feature = "std")]
pub use memory::MemoryStore;
pub use swap::{Kind, MAX_STATE_LEN, MAX_TENANT_LEN, NEVER, StoreKey};
#[cfg(feature = "alloc")]
pub use swap::{Store, Swap, Swapped};
