//! The C ABI of libmpass: conversion only, every decision is made in
//! `mpass-core`. `include/mpass.h` is written from this crate and opens with
//! the rules that hold for every function.
//!
//! One file per class of handles; what they share is in `boundary` and `panic`,
//! `handle` (ownership), `slice` (inputs and outputs) and `status`.
//!
//! Names begin with `mpass_`, macros with `MPASS_`. Nothing here takes a
//! lock, starts a thread, reads a clock or a random source, or prints; the
//! one exception is the probe, which starts the threads it is asked for.

#![allow(unsafe_code)]
// Every exported function is unsafe for the same reason: its caller keeps the
// header's rules. Blocks and sections that repeat it would say nothing.
#![allow(unsafe_op_in_unsafe_fn, clippy::missing_safety_doc)]
// Types have the names that C gives them.
#![allow(non_camel_case_types)]
// A function of C takes what it takes: each buffer is two arguments.
#![allow(clippy::too_many_arguments)]

mod boundary;
mod callbacks;
mod handle;
/// cbindgen:ignore
#[cfg(feature = "jni")]
mod jni;
mod panic;
mod slice;

pub mod assess;
pub mod challenge;
pub mod credits;
pub mod drive;
pub mod engine;
pub mod exchange;
pub mod grant;
pub mod host;
pub mod hotp;
pub mod introspection;
pub mod key;
pub mod key_uri;
pub mod keyring;
pub mod lists;
pub mod memory_store;
pub mod number;
pub mod ocra;
pub mod pending;
pub mod probe;
pub mod reply;
pub mod request;
pub mod resolve;
pub mod secret;
pub mod settings;
pub mod spend;
pub mod status;
pub mod tenant;
pub mod token;
pub mod totp;
pub mod value;
pub mod version;
