//! `mpass store copy` between stores of every kind, which the tests start.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a panic fails the test")]

mod directions;
mod interrupted;
mod million;
mod places;
#[path = "../../../stores/tests/support/mod.rs"]
mod stores;
#[path = "../support/mod.rs"]
mod support;
mod used;
