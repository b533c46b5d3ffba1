//! `core::oath` and `core::number` against published vectors, oathtool,
//! properties and the mistakes of every language.

// A test says what is wrong by panicking.
#![allow(clippy::unwrap_used, clippy::panic)]

mod errors;
mod key_uri;
mod misuse;
mod number;
mod oath_properties;
mod oath_vectors;
mod oathtool;
mod ocra;
