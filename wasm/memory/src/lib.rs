//! The memory of an instance of WebAssembly, which its caller sees all of: an allocator
//! that wipes what is freed, and the erasing of the stack.
//!
//! Objects wipe their secrets when they are dropped. Copies remain where an object was
//! moved from, in the unused parts of enumerations that were moved, and in vectors that
//! grew: all of them are on the stack, or were allocated.
#![no_std]
#![allow(unsafe_code)]

#[cfg(target_arch = "wasm32")]
mod allocator;
mod class;
mod stack;

#[cfg(target_arch = "wasm32")]
pub use allocator::Allocator;
pub use class::{ALIGNMENT, CLASSES, Class};
pub use stack::wipe_stack;
