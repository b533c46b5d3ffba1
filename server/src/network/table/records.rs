//! The records of the network table: what is known of a session, an address and
//! a NAS.
//!
//! Each kind has one operation, `merge`, which is commutative, associative and
//! idempotent: every field is a maximum, a minimum or a union. Therefore the
//! order and the number of times that events arrive do not matter, and tables
//! that learned different events agree once they have exchanged their records.
//! Records contain no reference to other records and no time but their own, so
//! that they can be kept in a store.

mod address;
mod course;
mod key;
mod nas;
mod session;

pub(in crate::network) use self::address::{Address, Held};
pub(in crate::network) use self::key::{NasKey, SessionKey};
pub(in crate::network) use self::nas::Nas;
pub(in crate::network) use self::session::{Report, Session, Stop};
