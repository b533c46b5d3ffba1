//! `core::oath` and `core::number` against published vectors, oathtool and
//! properties.

// A test says what is wrong by panicking.
#![allow(clippy::unwrap_used, clippy::panic)]

mod key_uri;
mod number;
mod oath_properties;
mod oath_vectors;
mod oathtool;
mod ocra;
