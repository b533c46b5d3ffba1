//! The WebAssembly package of libmpass: conversion between JavaScript and
//! `mpass-core`, no logic of its own.
//!
//! What is exported here is private to the npm package: `wasm/js` puts the
//! public classes over it, checks the types of their arguments and keeps
//! away from an instance that has trapped. 64-bit numbers cross as `BigInt`,
//! codes as strings, errors as their number, except where it costs: see
//! `oath`. Entropy is drawn from the host's `crypto.getRandomValues` inside
//! the calls that need it.

// What `#[wasm_bindgen]` writes is unsafe; nothing here is by hand.
#![allow(unsafe_code)]

mod challenge;
mod channel;
mod client;
mod convert;
mod customer;
mod exchange;
mod keyring;
mod number;
mod oath;
mod ocra;
mod policy;
mod secret;
mod store;
mod tenant;
mod token;
mod uri;

use js_sys::Array;
use mpass_core::Error;
use wasm_bindgen::prelude::wasm_bindgen;

/// The version of this package.
#[wasm_bindgen]
#[must_use]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").into()
}

/// What computes here.
#[wasm_bindgen]
#[must_use]
pub fn backend() -> String {
    mpass_core::backend().to_string()
}

/// Every error of the core, as `[number, name, text]`: the package's own list
/// is compared with it.
#[wasm_bindgen]
#[must_use]
pub fn errors() -> Array {
    let row = |error: &Error| {
        Array::of3(
            &error.number().into(),
            &error.name().into(),
            &error.to_string().into(),
        )
    };
    Error::ALL.iter().map(row).collect()
}
