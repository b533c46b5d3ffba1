//! The WebAssembly package of libmpass: the operations of `mpass-bindings` as
//! one function of packed bytes, and the calls of codes, which cross as
//! numbers.
//!
//! The exports are private to the npm package: `wasm/js` puts the public
//! classes over them, checks the types of their arguments and discards an
//! instance that has trapped. Time and entropy come from JavaScript with each
//! call; the module imports neither.

// `#[wasm_bindgen]` generates unsafe code; there is none by hand.
#![allow(unsafe_code)]

pub mod oath;
mod objects;

use js_sys::Uint8Array;
use mpass_wasm_memory::wipe_stack;
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroizing;

use crate::objects::{handle_of, with_slots_mut};

/// Wipes what is freed.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: mpass_wasm_memory::Allocator = mpass_wasm_memory::Allocator::new();

/// Bytes of the stack that are wiped after a call: more than the 40 KB of the
/// operation that uses most, a change of a store's header.
const STACK: usize = 64 * 1024;

/// Performs an operation on the object of a handle, 0 where it needs none. The
/// reply is copied straight to JavaScript's memory; input, reply and the stack are
/// wiped here.
#[wasm_bindgen]
#[must_use]
pub fn call(operation: u16, handle: f64, input: Vec<u8>) -> Uint8Array {
    let reply = perform(operation, handle, input);
    wipe_stack::<STACK>();
    reply
}

/// Performs an operation. Not inlined, so that all it leaves on the stack is where
/// [`wipe_stack`] wipes.
#[inline(never)]
fn perform(operation: u16, handle: f64, input: Vec<u8>) -> Uint8Array {
    let input = Zeroizing::new(input);
    with_slots_mut(|slots| {
        let reply = mpass_bindings::call(slots, operation, handle_of(handle), &input);
        Uint8Array::from(reply.as_bytes())
    })
}

/// The implementations that compute single codes and many side by side.
#[wasm_bindgen]
#[must_use]
pub fn backend() -> String {
    mpass_core::backend().to_string()
}
