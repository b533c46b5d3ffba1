//! The command `mpass` as users run it: every test starts processes.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "test helpers may panic like tests"
)]

mod admins;
mod channels;
mod clients;
mod codes;
mod config_check;
mod customers;
mod demo;
mod environment;
mod gateways;
mod keys;
mod messages;
mod misuse;
mod numbers;
mod quoted;
mod secrets;
mod settings;
mod socket;
mod stores;
mod support;
mod unit;
mod uris;
