//! The WebAssembly package of libmpass: conversion between JavaScript and
//! `mpass-core`, no logic of its own. This release says its version only.

/// The version of this package.
#[must_use]
pub const fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}
