//! The operations that every language binding offers, and the packed format of
//! their inputs and outcomes.
//!
//! This crate converts types only; all logic is in `mpass-core`. A binding adds
//! what its language needs: a way to pass bytes, an implementation of
//! [`Handles`], and typed classes on top. It does not interpret the bytes. The
//! constants of the languages are generated from [`Operation::ALL`].
//!
//! # Calls
//!
//! [`call`] takes the number of an operation, the handle of the object it is
//! called on (0 if it has none) and a packed input. The [`Reply`] begins
//! with a 16-bit number: 0 for success, followed by the outcome, or the number
//! of a [`Failure`], followed by a text where a setting, the text of a secret or a key
//! URI was refused, which names the setting, its range and the value, the place of the
//! fault, or the cautions, and by nothing otherwise. Without the feature `texts`, the
//! line, the character and the digit of the fault (0 for none, 32 bits each) or a list
//! of the cautions' names follows in place of the text. Time and entropy are part of
//! the input. Inputs that are malformed, too short or too long are refused.
//!
//! # Packed bytes
//!
//! | value | bytes |
//! |---|---|
//! | integer | big-endian, 8, 16, 32 or 64 bits |
//! | boolean | one byte, 0 or 1 |
//! | bytes, text | a 32-bit length, then the bytes; text is UTF-8 |
//! | optional value | a boolean, then the value if it is 1 |
//! | list | a 32-bit count, then the values |
//! | key, entropy | the bytes only, of a length that the operation defines |
//! | object | its handle, 64 bits |
//! | settings | a list of fields |
//! | field | its number, 16 bits, the tag of its type, 8 bits, and its value |
//!
//! A field that is absent has its default. Fields and groups have the numbers
//! of [`mpass_core::service::settings`]. The types of fields:
//!
//! | tag | type | value |
//! |---|---|---|
//! | 1 | flag | a boolean |
//! | 2 | number, or duration in milliseconds | 64 bits |
//! | 3 | limit | events, 32 bits, window in milliseconds, 64, burst, 32 |
//! | 4 | text, or one of a few | a text |
//! | 5 | bytes | bytes |
//! | 6 | numbers | a list of integers of 64 bits |
//! | 7 | texts | a list of texts |
//!
//! The function of each operation, named in the table, reads the input and
//! writes the outcome field by field. Replies are wiped when they are dropped;
//! the caller wipes its inputs and its copies of replies.
//!
//! # Handles
//!
//! An object that stays in Rust is represented by a handle, a number that is
//! never 0. Every handle refers to an [`Object`], an enumeration of all
//! classes, so a handle of the wrong class is refused and never read as
//! another type. [`Slots`] stores objects without unsafe code; a binding for
//! several threads implements its own [`Handles`].
//!
//! # Example
//!
//! ```
//! use mpass_bindings::{Operation, Slots, call};
//!
//! let mut slots = Slots::new();
//! let mut input = 20_u32.to_be_bytes().to_vec();
//! input.extend(b"12345678901234567890");
//! let secret = call(&mut slots, Operation::SECRET_FROM_BYTES, 0, &input);
//! let secret = u64::from_be_bytes(secret.as_bytes()[2..].try_into()?);
//! // SHA-1, six digits, no short secret, 30 seconds, T0.
//! let input = [&[1, 0, 0, 0, 6, 0], &30_u64.to_be_bytes()[..], &[0; 8]].concat();
//! let totp = call(&mut slots, Operation::TOTP_NEW, secret, &input);
//! let totp = u64::from_be_bytes(totp.as_bytes()[2..].try_into()?);
//! let time = 59_u64.to_be_bytes();
//! let step = call(&mut slots, Operation::TOTP_TIME_STEP, totp, &time);
//! assert_eq!(step.as_bytes(), [0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
//! # Ok::<(), core::array::TryFromSliceError>(())
//! ```
#![no_std]
#![forbid(unsafe_code)]
// A build without some of the groups does not use all of the codec.
#![cfg_attr(not(all(feature = "service", feature = "std")), allow(dead_code))]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

mod call;
mod dispatch;
mod failure;
#[cfg(feature = "std")]
mod host_store;
mod library;
mod lock;
mod object;
mod operation;
mod secret;
mod slots;
mod store;
mod wire;

#[cfg(feature = "service")]
mod account;
#[cfg(feature = "challenge")]
mod challenge;
#[cfg(feature = "challenge")]
mod challenge_change;
#[cfg(feature = "challenge")]
mod change;
#[cfg(feature = "challenge")]
mod header;
#[cfg(feature = "challenge")]
mod kept;
#[cfg(feature = "challenge")]
mod keyring;
#[cfg(feature = "number")]
mod number;
#[cfg(feature = "codes")]
mod oath;
#[cfg(feature = "ocra")]
mod ocra;
#[cfg(feature = "challenge")]
mod pending;
#[cfg(feature = "service")]
mod service;
#[cfg(feature = "challenge")]
mod settings;
#[cfg(feature = "service")]
mod tenant;
#[cfg(feature = "service")]
mod tenant_admin;
#[cfg(feature = "challenge")]
mod token;
#[cfg(feature = "challenge")]
mod token_change;
#[cfg(feature = "uris")]
mod uri;

pub use dispatch::{call, call_packed};
pub use failure::{Failure, Outcome};
#[cfg(feature = "std")]
pub use host_store::{HostStore, probe};
pub use object::Reply;
pub use object::{Class, Handles, Object};
pub use operation::Operation;
pub use slots::Slots;
