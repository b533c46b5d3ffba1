//! The binary as a user runs it: a separate process, real HTTP and the embedded
//! store; killed, restarted and searched for secrets.

// Test helpers may panic like tests.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod accounting;
mod accounting_kill;
mod clock;
mod crash;
mod cut_offs;
mod demo;
mod explain;
mod layout;
mod number_verification;
mod openapi;
mod otp_validation;
mod portal;
mod process;
mod race;
mod restored;
mod secrets;
mod statistics;
mod status;
mod statuses;
mod transcripts;
mod verify_now;
