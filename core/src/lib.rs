//! The core of libmpass, an OTP and phone-number verification engine: OATH
//! codes, phone numbers, the life cycle of a challenge, and the wire contracts
//! built on it.
//!
//! The host supplies time, entropy and storage, as arguments or as answers to
//! an exchange. This crate performs no I/O and has no clock, no random source
//! and no global state other than a cache of CPU features.
//!
//! # Store before you tell
//!
//! No verdict about a code leaves the engine before the compare-and-swap that
//! counts the attempt is stored. An attempt returns a [`challenge::Pending`],
//! which holds the expected record and its replacement and yields the verdict
//! only once the host confirms that the replacement is stored. A challenge
//! therefore releases at most `tries` verdicts, at most one of which is
//! [`challenge::Verdict::Accept`], regardless of crashes, races, retries and
//! lost connections.
//!
//! # Modules, lowest layer first
//!
//! | module | contents | feature |
//! |---|---|---|
//! | [`store`] | the interface to the host's storage, and the memory store | none; `std` for the memory store |
//! | [`oath`] | HOTP, TOTP, OCRA, secrets, key URIs | none |
//! | [`number`] | E.164 numbers and their hashes | none |
//! | [`challenge`] | policy, limits, keyring, records, life cycle | none |
//! | `network` | sessions of mobile networks as records that merge | `alloc` |
//! | `service` | the wire contracts as exchanges, and drivers for them | `alloc` |
//!
//! With the feature `lanes`, many codes are computed side by side in vector
//! registers; without it one after the other, in a fifth of the code.
#![no_std]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(any(feature = "std", test))]
extern crate std;

mod algorithm;
mod error;
mod host_name;
#[allow(unsafe_code)]
mod kernel;
mod labels;
pub mod list;

pub mod challenge;
#[cfg(feature = "alloc")]
pub mod documents;
#[cfg(feature = "alloc")]
pub mod network;
pub mod number;
pub mod oath;
#[cfg(feature = "alloc")]
#[cfg_attr(not(feature = "contracts"), allow(dead_code))]
pub mod service;
pub mod store;
mod typed;

pub use error::Error;
pub use kernel::{Backend, backend};
pub use labels::{LABELS, LabelEntry};
