//! The interface to the host's storage: load a value, and compare-and-swap a
//! value.
//!
//! A store is correct if exactly one of any number of parallel swaps with the
//! same key and expected value succeeds, and if a value reported as stored
//! survives a crash. A store that loses stored values allows free guesses. A
//! store that reports conflicts or failures needlessly only costs retries or
//! attempts of the user.

#[cfg(feature = "alloc")]
mod change;
#[cfg(feature = "std")]
mod memory;
#[cfg(feature = "alloc")]
mod operation;
#[cfg(feature = "std")]
pub mod probe;
#[cfg(feature = "alloc")]
mod run;
mod swap;

#[cfg(feature = "alloc")]
pub use change::{Change, Decide};
#[cfg(feature = "std")]
pub use memory::MemoryStore;
#[cfg(feature = "alloc")]
pub use operation::{
    Decision, Environment, Moment, Operation, Progress, Settle, StoreAnswer, StoreStep,
    StoreStepKind,
};
#[cfg(feature = "alloc")]
pub(crate) use operation::{InFlight, MOST_CONFLICTS, SwapOutcome, stamp_of};
#[cfg(feature = "alloc")]
pub use run::{AsyncStore, LocalAsyncStore, run, run_async};
pub use swap::{Kind, MAX_DOCUMENT_LEN, MAX_STATE_LEN, StoreKey};
#[cfg(feature = "alloc")]
pub use swap::{Listed, Store, Swap, Swapped};
