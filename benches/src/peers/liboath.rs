//! liboath of the OATH Toolkit through its C interface.

// Calls C.
#![allow(unsafe_code)]

use core::ffi::{CStr, c_char, c_int, c_uint};
use core::ptr;

use libc::{size_t, time_t};
use mpass_core::oath::Algorithm;

const OK: c_int = 0;
/// `OATH_HOTP_DYNAMIC_TRUNCATION`.
const DYNAMIC_TRUNCATION: size_t = size_t::MAX;
/// `OATH_TOTP_DEFAULT_TIME_STEP_SIZE`, in seconds.
const STEP: c_uint = 30;

// Declarations from liboath/oath.h 2.6.
unsafe extern "C" {
    fn oath_init() -> c_int;
    fn oath_hotp_generate(
        secret: *const c_char,
        secret_length: size_t,
        moving_factor: u64,
        digits: c_uint,
        add_checksum: bool,
        truncation_offset: size_t,
        output_otp: *mut c_char,
    ) -> c_int;
    fn oath_hotp_validate(
        secret: *const c_char,
        secret_length: size_t,
        start_moving_factor: u64,
        window: size_t,
        otp: *const c_char,
    ) -> c_int;
    fn oath_totp_generate2(
        secret: *const c_char,
        secret_length: size_t,
        now: time_t,
        time_step_size: c_uint,
        start_offset: time_t,
        digits: c_uint,
        flags: c_int,
        output_otp: *mut c_char,
    ) -> c_int;
    fn oath_totp_validate4(
        secret: *const c_char,
        secret_length: size_t,
        now: time_t,
        time_step_size: c_uint,
        start_offset: time_t,
        window: size_t,
        otp_pos: *mut c_int,
        otp_counter: *mut u64,
        flags: c_int,
        otp: *const c_char,
    ) -> c_int;
}

/// The number of digits of a code. liboath supports 6 to 8.
#[derive(Clone, Copy)]
#[repr(u8)]
pub enum Digits {
    /// Six.
    Six = 6,
    /// Eight.
    Eight = 8,
}

/// A NUL-terminated code.
pub struct Otp([u8; 9]);

impl Otp {
    /// The code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let text = CStr::from_bytes_until_nul(&self.0).unwrap_or_default();
        text.to_str().unwrap_or_default()
    }
}

/// The library, initialised.
#[derive(Clone, Copy)]
pub struct Liboath(());

impl Liboath {
    /// Initialises it.
    ///
    /// # Panics
    /// If it fails.
    #[must_use]
    pub fn new() -> Self {
        // SAFETY: it takes no arguments and may be called more than once.
        let code = unsafe { oath_init() };
        assert_eq!(code, OK, "oath_init");
        Self(())
    }

    /// The code of a counter.
    ///
    /// # Panics
    /// If liboath fails.
    #[must_use]
    pub fn hotp(self, secret: &[u8], counter: u64, digits: Digits) -> Otp {
        let mut otp = [0; 9];
        // SAFETY: the secret is readable for its length and not retained; at
        // most 8 digits and a NUL are written, which fit into `otp`.
        let code = unsafe {
            oath_hotp_generate(
                secret.as_ptr().cast(),
                secret.len(),
                counter,
                c_uint::from(digits as u8),
                false,
                DYNAMIC_TRUNCATION,
                otp.as_mut_ptr().cast(),
            )
        };
        assert_eq!(code, OK, "oath_hotp_generate");
        Otp(otp)
    }

    /// The distance of the code's counter from `counter`, if within
    /// `look_ahead`.
    #[must_use]
    pub fn verify_hotp(
        self,
        secret: &[u8],
        counter: u64,
        look_ahead: usize,
        code: &CStr,
    ) -> Option<u32> {
        // SAFETY: the secret is readable for its length, and the code ends with
        // a NUL; neither is retained.
        let position = unsafe {
            oath_hotp_validate(
                secret.as_ptr().cast(),
                secret.len(),
                counter,
                look_ahead,
                code.as_ptr(),
            )
        };
        u32::try_from(position).ok()
    }

    /// The code of a time in seconds, with steps of 30 s.
    ///
    /// # Panics
    /// If liboath fails.
    #[must_use]
    pub fn totp(self, algorithm: Algorithm, secret: &[u8], time: u64, digits: Digits) -> Otp {
        let mut otp = [0; 9];
        // SAFETY: as in `hotp`.
        let code = unsafe {
            oath_totp_generate2(
                secret.as_ptr().cast(),
                secret.len(),
                seconds(time),
                STEP,
                0,
                c_uint::from(digits as u8),
                flags(algorithm),
                otp.as_mut_ptr().cast(),
            )
        };
        assert_eq!(code, OK, "oath_totp_generate2");
        Otp(otp)
    }

    /// The time step of the code, if at most `window` steps from that of `time`.
    #[must_use]
    pub fn verify_totp(
        self,
        algorithm: Algorithm,
        secret: &[u8],
        time: u64,
        window: usize,
        code: &CStr,
    ) -> Option<u64> {
        let mut counter = 0;
        // SAFETY: the secret is readable for its length, the code ends with a
        // NUL, and neither is retained; the counter is writable, and a NULL
        // position is not written.
        let position = unsafe {
            oath_totp_validate4(
                secret.as_ptr().cast(),
                secret.len(),
                seconds(time),
                STEP,
                0,
                window,
                ptr::null_mut(),
                &raw mut counter,
                flags(algorithm),
                code.as_ptr(),
            )
        };
        (position >= OK).then_some(counter)
    }
}

impl Default for Liboath {
    fn default() -> Self {
        Self::new()
    }
}

fn seconds(time: u64) -> time_t {
    time_t::try_from(time).expect("a time that C knows")
}

/// `oath_totp_flags`.
fn flags(algorithm: Algorithm) -> c_int {
    match algorithm {
        Algorithm::Sha1 => 0,
        Algorithm::Sha256 => 1,
        Algorithm::Sha512 => 2,
    }
}
