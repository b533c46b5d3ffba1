//! libmpass as a WebAssembly module without imports, for every runtime that
//! can call functions of numbers.
//!
//! | export | |
//! |---|---|
//! | `mpass_alloc(length) -> address` | memory for an input; 0 if there is none |
//! | `mpass_free(address, length)` | wipes memory and gives it back |
//! | `mpass_call(operation, address, length) -> address` | performs an operation |
//!
//! The operations and the packed bytes of their inputs and replies are those of
//! `mpass-bindings`. An input begins with the handle of the object that the
//! operation is called on, 64 bits, 0 if it has none. A reply is at the address
//! that is returned: its length, a big-endian integer of 32 bits, and then its
//! bytes. The caller frees both.
//!
//! Time and entropy are in the inputs. Operations on a store are driven step by
//! step: the caller performs each step and passes the answer.
//!
//! An instance has one thread. After a trap its memory is in an unknown state:
//! it must not be called again.
#![cfg(target_arch = "wasm32")]
#![no_std]
#![allow(unsafe_code)]

extern crate alloc;

use alloc::alloc::{alloc, dealloc};
use core::alloc::Layout;
use core::cell::RefCell;
use core::ptr::{self, NonNull};
use core::slice;

use mpass_bindings::{Operation, Slots, call_packed};
use mpass_wasm_memory::{Allocator, wipe_stack};

/// Bytes of a reply's length.
const LENGTH: usize = 4;

/// Bytes of the stack that are wiped after an operation of codes: more than the 2 KB that
/// windows use. What is left there are states of the hashes.
const CODES: usize = 4 * 1024;

/// Bytes of the stack that are wiped after a call: more than the 13 KB that writing a
/// key URI uses, and the 40 KB of a change of a store's header. No operation uses more.
const STACK: usize = if cfg!(feature = "challenge") { 64 } else { 16 } * 1024;

#[global_allocator]
static ALLOCATOR: Allocator = Allocator::new();

struct OneThread(RefCell<Slots>);

// SAFETY: the module is built without threads, so one thread has the instance.
unsafe impl Sync for OneThread {}

/// The objects of the instance.
static OBJECTS: OneThread = OneThread(RefCell::new(Slots::new()));

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

/// The layout of an allocation; `None` for an empty one, which has no address.
fn layout(length: usize) -> Option<Layout> {
    Layout::array::<u8>(length)
        .ok()
        .filter(|layout| layout.size() > 0)
}

/// Memory for an input of `length` bytes. 0 if there is none, and for a length of
/// 0.
#[unsafe(no_mangle)]
#[must_use]
pub extern "C" fn mpass_alloc(length: usize) -> *mut u8 {
    match layout(length) {
        // SAFETY: the layout is not empty.
        Some(layout) => unsafe { alloc(layout) },
        None => ptr::null_mut(),
    }
}

/// Wipes memory and gives it back. Address 0 is ignored.
///
/// # Safety
/// `address` is from [`mpass_alloc`] with this length, or a reply with its length
/// and the 4 bytes before it, and was not freed before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_free(address: *mut u8, length: usize) {
    let (Some(address), Some(layout)) = (NonNull::new(address), layout(length)) else {
        return;
    };
    // SAFETY: the caller's. The allocator wipes it.
    unsafe { dealloc(address.as_ptr(), layout) };
}

/// Performs an operation. The address of its reply; 0 if there is no memory for
/// it.
///
/// # Safety
/// `input` is the address of `length` bytes, which nothing else changes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_call(operation: u32, input: *const u8, length: usize) -> *mut u8 {
    let input = match NonNull::new(input.cast_mut()) {
        // SAFETY: the caller's.
        Some(input) => unsafe { slice::from_raw_parts(input.as_ptr(), length) },
        None => &[],
    };
    // No operation has the number 0.
    let operation = u16::try_from(operation).unwrap_or(0);
    let reply = perform(operation, input);
    let is_of_codes = matches!(
        operation,
        Operation::HOTP_VERIFY..=Operation::HOTP_GENERATE_RANGE
            | Operation::TOTP_TIME_STEP..=Operation::TOTP_GENERATE_STEP
    );
    match is_of_codes {
        true => wipe_stack::<CODES>(),
        false => wipe_stack::<STACK>(),
    }
    reply
}

/// Performs an operation. Not inlined, so that all it leaves on the stack is where
/// [`wipe_stack`] wipes.
#[inline(never)]
fn perform(operation: u16, input: &[u8]) -> *mut u8 {
    let reply = call_packed(&mut *OBJECTS.0.borrow_mut(), operation, input);
    give(reply.as_bytes())
}

/// Copies a reply to memory that the caller frees.
fn give(reply: &[u8]) -> *mut u8 {
    let Ok(length) = u32::try_from(reply.len()) else {
        return ptr::null_mut();
    };
    let address = mpass_alloc(LENGTH + reply.len());
    if !address.is_null() {
        // SAFETY: it was allocated for as many bytes.
        let given = unsafe { slice::from_raw_parts_mut(address, LENGTH + reply.len()) };
        given[..LENGTH].copy_from_slice(&length.to_be_bytes());
        given[LENGTH..].copy_from_slice(reply);
    }
    address
}
