//! The life cycles of challenges and tokens, and the contracts directly on
//! their exchanges, with a simulated host.

// Helpers of the tests may panic as well.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod administration;
mod assessment;
mod challenge;
mod cut_offs;
mod documents;
mod exchange;
mod faults;
mod golden;
mod in_store;
mod interleaving;
mod login;
mod mpass;
mod number_verification;
mod otp_validation;
mod parallel;
mod restored;
mod store_header;
mod subject;
mod token;
mod typed;
mod verify_now;
