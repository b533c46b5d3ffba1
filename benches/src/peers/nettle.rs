//! nettle's HMAC-SHA-1 with a prepared key, through `c/nettle.c`.

// Calls C.
#![allow(unsafe_code)]

use core::ffi::c_void;
use core::ptr::NonNull;

use super::truncate;

unsafe extern "C" {
    fn bench_nettle_new(key: *const u8, len: usize) -> *mut c_void;
    fn bench_nettle_mac(ctx: *mut c_void, message: *const u8, mac: *mut u8);
    fn bench_nettle_free(ctx: *mut c_void);
}

/// A keyed context.
pub struct Nettle(NonNull<c_void>);

impl Nettle {
    /// Prepares the key.
    ///
    /// # Panics
    /// If out of memory.
    #[must_use]
    pub fn new(key: &[u8]) -> Self {
        // SAFETY: the key is readable for its length and not retained.
        let ctx = unsafe { bench_nettle_new(key.as_ptr(), key.len()) };
        Self(NonNull::new(ctx).expect("memory"))
    }

    /// The six digits of a counter.
    pub fn hotp(&mut self, counter: u64) -> [u8; 6] {
        let message = counter.to_be_bytes();
        let mut mac = [0; 20];
        // SAFETY: the context comes from `bench_nettle_new` and is borrowed
        // exclusively; 8 bytes are read, 20 written.
        unsafe { bench_nettle_mac(self.0.as_ptr(), message.as_ptr(), mac.as_mut_ptr()) };
        truncate(&mac)
    }
}

impl Drop for Nettle {
    fn drop(&mut self) {
        // SAFETY: the context comes from `bench_nettle_new` and is not used
        // again.
        unsafe { bench_nettle_free(self.0.as_ptr()) };
    }
}
