//! The engine of libmpass: OATH codes, phone numbers, the life of a challenge
//! and the wire contracts built on it.
//!
//! Everything comes in as an argument or an answer: time, entropy and storage
//! are the host's. There is no I/O, no clock, no random source and no global
//! state in this crate.
//!
//! # Store before you tell
//!
//! No verdict about a code leaves the engine before the swap that pays for it
//! is stored. An attempt is a [`challenge::Pending`]: it shows the record that
//! must be replaced and the record that replaces it, and yields its verdict
//! only once the host says that the replacement is stored. At most `tries`
//! verdicts are ever told for a challenge, and at most one of them is
//! [`challenge::Verdict::Accept`], whatever crashes, races, retries or is cut
//! off.
//!
//! # Layers, lowest first
//!
//! | module | what it is | needs |
//! |---|---|---|
//! | [`store`] | the seam to the host's storage; the memory store | nothing; `std` |
//! | [`oath`] | HOTP, TOTP, OCRA, secrets, key URIs | nothing |
//! | [`number`] | E.164 numbers and their hashes | nothing |
//! | [`challenge`] | policy, limits, keyring, records, life cycle | nothing |
//! | `service` | the wire contracts as exchanges, and their drivers | `alloc` |
#![no_std]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(any(feature = "std", test))]
extern crate std;

mod algorithm;
mod error;
#[allow(unsafe_code)]
mod kernel;
pub mod list;

pub mod challenge;
pub mod number;
pub mod oath;
#[cfg(feature = "alloc")]
pub mod service;
pub mod store;

pub use error::Error;
pub use kernel::{Backend, backend};
