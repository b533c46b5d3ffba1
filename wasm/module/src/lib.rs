//! libmpass as a WebAssembly module without imports: the operations of
//! `mpass-bindings` for every runtime that can call functions of numbers.
#![no_std]
#![cfg(target_arch = "wasm32")]
#![allow(unsafe_code)]

extern crate alloc;

use alloc::alloc::{Layout, alloc, dealloc};
use core::cell::UnsafeCell;
use core::ptr::null_mut;

use mpass_bindings::Slots;
use zeroize::Zeroize;

#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

struct Instance(UnsafeCell<Slots>);
unsafe impl Sync for Instance {}
static INSTANCE: Instance = Instance(UnsafeCell::new(Slots::new()));

#[unsafe(no_mangle)]
pub extern "C" fn mpass_alloc(len: usize) -> *mut u8 {
    match Layout::array::<u8>(len) {
        Ok(layout) if len > 0 => unsafe { alloc(layout) },
        _ => null_mut(),
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_free(at: *mut u8, len: usize) {
    if at.is_null() || len == 0 { return; }
    unsafe {
        core::slice::from_raw_parts_mut(at, len).zeroize();
        dealloc(at, Layout::from_size_align_unchecked(len, 1));
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_call(operation: u32, input: *mut u8, len: usize) -> *mut u8 {
    let input = match len { 0 => &mut [][..], _ => unsafe { core::slice::from_raw_parts_mut(input, len) } };
    let slots = unsafe { &mut *INSTANCE.0.get() };
    let (handle, rest) = match input.split_first_chunk::<8>() {
        Some((handle, rest)) => (u64::from_be_bytes(*handle), &*rest),
        None => (0, &[][..]),
    };
    let operation = u16::try_from(operation).unwrap_or(0);
    let reply = mpass_bindings::call(slots, operation, handle, rest);
    let bytes = reply.as_bytes();
    let out = mpass_alloc(4 + bytes.len());
    if !out.is_null() {
        let target = unsafe { core::slice::from_raw_parts_mut(out, 4 + bytes.len()) };
        let (length, body) = target.split_at_mut(4);
        length.copy_from_slice(&(bytes.len() as u32).to_be_bytes());
        body.copy_from_slice(bytes);
    }
    input.zeroize();
    out
}
