//! The life of challenges and tokens, and the mPass contract straight on its
//! exchange, with a simulated host.

// Helpers beside the tests may fail as the tests do.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod challenge;
mod exchange;
mod faults;
mod golden;
mod interleaving;
mod mpass;
mod otp_validation;
mod token;
