//! Shared code of libmpass's tests.

pub mod coverage;
pub mod misuse;
pub mod number_verification;
pub mod otp_validation;
pub mod peers;
pub mod search;
pub mod served;
pub mod signing;
pub mod sim;
pub mod tenants;
pub mod vectors;
pub mod verify_now;
pub mod wire;

/// Runs the Rust examples of the README as doc tests.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
mod readme {}
