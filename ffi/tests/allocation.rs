//! Generating and verifying codes allocate nothing: the allocator of this test
//! counts what it is asked for.

// Everything here calls C's functions by C's rules.
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

// SAFETY: the system's allocator does the work; reallocating is allocating,
// copying and freeing, which is what the trait does by itself.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        TIMES.fetch_add(1, Ordering::SeqCst);
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        TIMES.fetch_add(1, Ordering::SeqCst);
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(block, layout) }
    }
}

fn ok(status: Status) {
    assert_eq!(status, Status::Ok);
}

/// Every call that says that it does not allocate, with a window and counts
/// that take each way through the kernels.
///
/// # Safety
/// The handles are of this library.
unsafe fn codes(hotp: *const mpass_hotp, totp: *const mpass_totp, number: *const mpass_number) {
    let (mut code, mut written) = ([0_u8; 8], 0);
    let (mut is_match, mut matched) = (false, 0);
    let (mut values, mut digests) = ([0; 300], [0_u8; 64 * 70]);
    let out = code.as_mut_ptr().cast();
    for count in [1, 40, 300] {
        let cap = count.min(8);
        // SAFETY: every call keeps the rules of the header.
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
            let place = values.as_mut_ptr();
            ok(mpass_hotp_generate_range(
                hotp,
                1,
                place,
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
fn codes_take_no_memory() {
    let (mut key, mut hotp, mut totp) = (ptr::null_mut(), ptr::null_mut(), ptr::null_mut());
    let mut number = ptr::null_mut();
    let secret = b"12345678901234567890";
    let text = "+966500000000";
    // SAFETY: every call keeps the rules of the header.
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
        // What is found out about the machine is found out once.
        codes(hotp, totp, number);
        let before = TIMES.load(Ordering::SeqCst);
        codes(hotp, totp, number);
        assert_eq!(TIMES.load(Ordering::SeqCst), before);
        mpass_key_free(key);
        // The allocator does count.
        assert!(TIMES.load(Ordering::SeqCst) > before);
        mpass_hotp_free(hotp);
        mpass_totp_free(totp);
        mpass_number_free(number);
    }
}
