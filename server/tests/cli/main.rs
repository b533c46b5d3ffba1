//! The command `mpass` as its users have it: every test starts processes.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests fail as tests do"
)]

mod channels;
mod clients;
mod codes;
mod customers;
mod demo;
mod keys;
mod misuse;
mod numbers;
mod support;
mod uris;
