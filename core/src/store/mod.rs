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
#[cfg(feature = "alloc")]
mod in_flight;
#[cfg(feature = "std")]
mod memory;
#[cfg(feature = "alloc")]
mod operation;
#[cfg(feature = "std")]
pub mod probe;
#[cfg(feature = "alloc")]
mod run;
#[cfg(feature = "alloc")]
mod stamp;
#[cfg(feature = "alloc")]
mod step;
mod swap;

#[cfg(feature = "alloc")]
pub use change::{Change, Decide};
#[cfg(feature = "alloc")]
pub(crate) use in_flight::{InFlight, SwapOutcome};
#[cfg(feature = "std")]
pub use memory::MemoryStore;
#[cfg(feature = "alloc")]
pub(crate) use operation::MOST_CONFLICTS;
#[cfg(feature = "alloc")]
pub use operation::{Decision, Environment, Moment, Operation, Progress, Settle};
#[cfg(feature = "alloc")]
pub(crate) use run::begin_fresh;
#[cfg(feature = "alloc")]
pub use run::{AsyncStore, LocalAsyncStore, run, run_async};
#[cfg(feature = "alloc")]
pub use stamp::Stamp;
#[cfg(feature = "alloc")]
pub use step::{StoreAnswer, StoreStep, StoreStepKind};
pub use swap::{Kind, MAX_DOCUMENT_LEN, MAX_STATE_LEN, StoreKey};
#[cfg(feature = "alloc")]
pub use swap::{Listed, Store, Swap, Swapped};
