//! `mpass store copy` between stores of every kind, which the tests start.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a panic fails the test")]

mod directions;
mod interrupted;
mod million;
mod places;
#[path = "../../../stores/tests/support/mod.rs"]
#[allow(dead_code, reason = "each test uses a part of it")]
mod stores;
#[path = "../support/mod.rs"]
#[allow(dead_code, reason = "each test uses a part of it")]
mod support;
mod used;
