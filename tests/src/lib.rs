//! What the tests of libmpass share.

pub mod coverage;
pub mod misuse;
pub mod number_verification;
pub mod otp_validation;
pub mod peers;
pub mod served;
pub mod sim;
pub mod vectors;
pub mod verify_now;
pub mod wire;

/// The README's Rust is run with the documentation's.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
mod readme {}
