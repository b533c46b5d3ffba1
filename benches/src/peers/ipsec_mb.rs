//! Intel's multi-buffer library for IPsec: bursts of HMAC-SHA1 under one key,
//! through `c/ipsec_mb.c`.

// Calls C.
#![allow(unsafe_code)]

use core::ffi::{c_int, c_void};
use core::ptr::NonNull;

use super::truncate;

/// Jobs of one burst, the most that the library takes (`IMB_MAX_BURST_SIZE`).
pub const BURST: usize = 128;

unsafe extern "C" {
    fn bench_ipsec_mb_new(key: *const u8, len: usize) -> *mut c_void;
    fn bench_ipsec_mb_macs(
        manager: *mut c_void,
        messages: *const [u8; 8],
        macs: *mut [u8; 20],
    ) -> c_int;
    fn bench_ipsec_mb_free(manager: *mut c_void);
}

/// A manager with the prepared states of one key.
pub struct IpsecMb(NonNull<c_void>);

impl IpsecMb {
    /// Prepares a key of at most 64 bytes.
    ///
    /// # Panics
    /// If the library cannot be initialised.
    #[must_use]
    pub fn new(key: &[u8]) -> Self {
        // SAFETY: the key is readable for its length and not retained.
        let manager = unsafe { bench_ipsec_mb_new(key.as_ptr(), key.len()) };
        Self(NonNull::new(manager).expect("a manager"))
    }

    /// The codes of the counters from `first` on.
    ///
    /// # Panics
    /// If a job is not completed.
    pub fn hotp(&mut self, first: u64, codes: &mut [[u8; 6]; BURST]) {
        let mut messages = [[0; 8]; BURST];
        for (message, counter) in messages.iter_mut().zip(first..) {
            *message = counter.to_be_bytes();
        }
        let mut macs = [[0; 20]; BURST];
        // SAFETY: the manager comes from `bench_ipsec_mb_new` and is borrowed
        // exclusively; BURST messages are read, as many MACs written, and none
        // retained.
        let status =
            unsafe { bench_ipsec_mb_macs(self.0.as_ptr(), messages.as_ptr(), macs.as_mut_ptr()) };
        assert_eq!(status, 0, "a burst");
        for (code, mac) in codes.iter_mut().zip(&macs) {
            *code = truncate(mac);
        }
    }
}

impl Drop for IpsecMb {
    fn drop(&mut self) {
        // SAFETY: the manager comes from `bench_ipsec_mb_new` and is not used
        // again.
        unsafe { bench_ipsec_mb_free(self.0.as_ptr()) };
    }
}
