//! Vectors, simulated hosts and scenarios shared by every test of libmpass.

/// The README's Rust is run with the documentation's.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
mod readme {}
