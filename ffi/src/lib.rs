//! The C ABI of libmpass. This crate converts types only; all logic is in
//! `mpass-core`. `include/mpass.h` is generated from it and starts with the
//! rules that apply to every function.
//!
//! There is one file per handle class. Shared parts: `boundary` and `panic`
//! (turn a panic into a status), `handle` (ownership and class checks), `slice`
//! (inputs and outputs) and `status`.
//!
//! Names begin with `mpass_`, macros with `MPASS_`. Nothing here takes a lock,
//! starts a thread, reads a clock or a random source, or prints. The only
//! exception is the probe, which starts the threads that its caller requests.

#![allow(unsafe_code)]
// Every exported function is unsafe for the same reason: its caller must follow
// the rules of the header. Repeating that in each function adds nothing.
#![allow(unsafe_op_in_unsafe_fn, clippy::missing_safety_doc)]
// Types have their C names.
#![allow(non_camel_case_types)]
// In C, each buffer is two arguments.
#![allow(clippy::too_many_arguments)]

mod boundary;
mod callbacks;
mod handle;
/// cbindgen:ignore
#[cfg(feature = "jni")]
mod jni;
mod panic;
mod runner;
mod slice;

pub mod assess;
pub mod challenge;
pub mod credential;
pub mod documents;
pub mod drive;
pub mod engine;
pub mod exchange;
pub mod grant;
pub mod host;
pub mod hotp;
pub mod in_store;
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
pub mod signature;
pub mod spend;
pub mod status;
pub mod store_header;
pub mod tenant;
pub mod tenant_admin;
pub mod tenant_page;
pub mod token;
pub mod token_in_store;
pub mod totp;
pub mod value;
pub mod version;
