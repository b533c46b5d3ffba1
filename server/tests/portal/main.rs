//! The administration API on a real listener, on both stores.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests fail as tests do"
)]

mod attacks;
mod browser;
mod cells;
mod commands;
mod crawl;
mod openapi;
mod requests;
mod scene;
mod speed;
#[path = "../support/mod.rs"]
mod support;
mod tokens;
