//! What is known of the sessions of mobile networks: records by which an address
//! is resolved to a number.
//!
//! There are three kinds: a [`Session`], an [`Address`], and a [`Nas`] (network
//! access server), which reports the sessions. Each kind has one operation, `merge`,
//! which is commutative, associative and idempotent: every field is a maximum, a
//! minimum or a union. Therefore the order and the number of times that events arrive
//! do not matter, and hosts that learned different events agree once they have
//! exchanged their records. Records contain no reference to other records and no
//! time but their own.
//!
//! [`StoredRecords`] keeps them in a store: encrypted, under keys that reveal
//! nothing, merged by compare-and-swap. Whether they are in memory or in a store,
//! an address is resolved with at most four of them.
//!
//! Times of events are in seconds of Unix time by the clock of the NAS. Lives end
//! by the *clock of the table*, in milliseconds: Unix time, but never set back.

mod address;
mod course;
mod endpoint;
mod key;
mod nas;
mod resolving;
mod session;
mod stored;
#[cfg(feature = "std")]
#[cfg(test)]
mod stored_tests;
mod wire;

pub use address::{Address, Held, Holder};
pub use endpoint::Endpoint;
pub use key::{NameHash, NasKey, SessionKey};
pub use nas::Nas;
pub use resolving::Resolving;
pub use session::{MOST_ENDPOINTS, Report, Session, Stop};
pub use stored::{OpenedRecord, StoredRecord, StoredRecords};
