//! `core::oath` and `core::number` against published vectors, oathtool,
//! properties and misuse cases.

// Tests fail by panicking.
#![allow(clippy::unwrap_used, clippy::panic)]

mod errors;
mod key_uri;
mod keyring;
mod message;
mod misuse;
mod number;
mod number_peer;
mod oath_properties;
mod oath_vectors;
mod oathtool;
mod ocra;
mod typed;
