//! What the tests of libmpass share.

pub mod peers;
pub mod served;
pub mod sim;
pub mod vectors;

/// The README's Rust is run with the documentation's.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
mod readme {}
