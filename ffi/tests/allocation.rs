//! Generating and verifying codes does not allocate: the allocator of this test
//! counts its calls.

// This test calls the C functions and follows the rules of the header.
#![allow(unsafe_code)]

use core::alloc::{GlobalAlloc, Layout};
use core::ptr;
use core::sync::atomic::{AtomicUsize, Ordering};
use std::alloc::System;

use mpass::hotp::*;
use mpass::key::*;
use mpass::number::*;
use mpass::status::mpass_status as Status;
use mpass::totp::*;

struct Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

static TIMES: AtomicUsize = AtomicUsize::new(0);

// SAFETY: all calls are forwarded to the system's allocator. The default
// `realloc` allocates, copies and frees.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        TIMES.fetch_add(1, Ordering::SeqCst);
        // SAFETY: the caller upholds the contract of the trait.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        TIMES.fetch_add(1, Ordering::SeqCst);
        // SAFETY: the caller upholds the contract of the trait.
        unsafe { System.dealloc(block, layout) }
    }
}

fn ok(status: Status) {
    assert_eq!(status, Status::Ok);
}

/// Every call that is documented not to allocate, with windows and counts that
/// cover all paths through the kernels.
///
/// # Safety
/// The handles were created by this library.
unsafe fn codes(hotp: *const mpass_hotp, totp: *const mpass_totp, number: *const mpass_number) {
    let (mut code, mut written) = ([0_u8; 8], 0);
    let (mut is_match, mut matched) = (false, 0);
    let (mut values, mut digests) = ([0; 300], [0_u8; 64 * 70]);
    let out = code.as_mut_ptr().cast();
    for count in [1, 40, 300] {
        let cap = count.min(8);
        // SAFETY: every call follows the rules of the header.
        unsafe {
            ok(mpass_hotp_generate(hotp, 5, out, 8, &raw mut written));
            let (typed, len) = (out.cast_const(), written);
            let ahead = u32::try_from(count).unwrap_or(0);
            let (is_match, matched) = (&raw mut is_match, &raw mut matched);
            ok(mpass_hotp_verify(
                hotp, typed, len, 1, ahead, is_match, matched,
            ));
            ok(mpass_totp_generate(totp, 59, out, 8, &raw mut written));
            ok(mpass_totp_verify(
                totp, typed, len, 59, ahead, 1, is_match, matched,
            ));
            ok(mpass_totp_verify_steps(
                totp, typed, len, 1, ahead, is_match, matched,
            ));
            let first = values.as_mut_ptr();
            ok(mpass_hotp_generate_range(
                hotp,
                1,
                first,
                count,
                &raw mut written,
            ));
            ok(mpass_hotp_generate_rows(
                hotp,
                1,
                out,
                cap,
                &raw mut written,
            ));
            let numbers = [number; 70];
            let digests = digests.as_mut_ptr().cast();
            ok(mpass_number_sha256_hex_batch(
                numbers.as_ptr(),
                count.min(70),
                digests,
            ));
        }
    }
}

#[test]
fn codes_do_not_allocate() {
    let (mut key, mut hotp, mut totp) = (ptr::null_mut(), ptr::null_mut(), ptr::null_mut());
    let mut number = ptr::null_mut();
    let secret = b"12345678901234567890";
    let text = "+966500000000";
    // SAFETY: every call follows the rules of the header.
    unsafe {
        ok(mpass_key_new(
            1,
            secret.as_ptr(),
            secret.len(),
            &raw mut key,
        ));
        ok(mpass_hotp_new(key, 6, &raw mut hotp));
        ok(mpass_totp_new(key, 8, 30, 0, &raw mut totp));
        ok(mpass_number_parse(
            text.as_ptr().cast(),
            text.len(),
            0,
            &raw mut number,
        ));
        // The first call detects the features of the processor.
        codes(hotp, totp, number);
        let before = TIMES.load(Ordering::SeqCst);
        codes(hotp, totp, number);
        assert_eq!(TIMES.load(Ordering::SeqCst), before);
        mpass_key_free(key);
        // The allocator counts freeing.
        assert!(TIMES.load(Ordering::SeqCst) > before);
        mpass_hotp_free(hotp);
        mpass_totp_free(totp);
        mpass_number_free(number);
    }
}
