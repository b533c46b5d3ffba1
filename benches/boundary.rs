//! Codes through the C library, as called from C programs, compared with the
//! same calls in Rust. `MPASS_LIBRARY` is the path of the libmpass.so to load;
//! without it nothing is measured.

// Calls C.
#![allow(unsafe_code)]
// A benchmark that cannot be set up must fail.
#![allow(clippy::expect_used)]

use core::ffi::{CStr, c_char, c_void};
use core::hint::black_box;
use core::ptr;
use std::ffi::{CString, OsStr};
use std::os::unix::ffi::OsStrExt as _;

use mpass_benches::codes::{SECRET, counter, hotp, wrong_code};
use mpass_benches::comparison::{Comparison, OURS};

const OK: i32 = 0;
/// `MPASS_ALGORITHM_SHA1`.
const SHA1: u32 = 1;

type KeyNew = unsafe extern "C" fn(u32, *const u8, usize, *mut *mut c_void) -> i32;
type HotpNew = unsafe extern "C" fn(*const c_void, u32, *mut *mut c_void) -> i32;
type Generate = unsafe extern "C" fn(*const c_void, u64, *mut c_char, usize, *mut usize) -> i32;
type Verify =
    unsafe extern "C" fn(*const c_void, *const c_char, usize, u64, u32, *mut bool, *mut u64) -> i32;

/// The loaded library with a handle for codes of six digits. Both live until
/// the process ends.
struct Library {
    hotp: *const c_void,
    generate: Generate,
    verify: Verify,
}

/// A function of the library.
///
/// # Safety
/// `F` must be the type of the function in the library's header.
unsafe fn function<F>(library: *mut c_void, name: &CStr) -> F {
    assert_eq!(size_of::<F>(), size_of::<*mut c_void>());
    // SAFETY: the library is loaded, and the name ends with a NUL.
    let address = unsafe { libc::dlsym(library, name.as_ptr()) };
    assert!(!address.is_null(), "{name:?}");
    // SAFETY: the caller guarantees the type, which has the size of a pointer.
    unsafe { core::mem::transmute_copy(&address) }
}

impl Library {
    fn load(path: &OsStr) -> Self {
        let path = CString::new(path.as_bytes()).expect("a path");
        // SAFETY: the path ends with a NUL, and loading a Rust library runs no
        // unusual start-up code.
        let library = unsafe { libc::dlopen(path.as_ptr(), libc::RTLD_NOW) };
        assert!(!library.is_null(), "{path:?} does not load");
        let (mut key, mut hotp) = (ptr::null_mut(), ptr::null_mut());
        // SAFETY: the types are those of mpass.h; the secret is readable for
        // its length, and the handles are from the previous calls.
        unsafe {
            let key_new: KeyNew = function(library, c"mpass_key_new");
            let hotp_new: HotpNew = function(library, c"mpass_hotp_new");
            let status = key_new(SHA1, SECRET.as_ptr(), SECRET.len(), &raw mut key);
            assert_eq!(status, OK, "mpass_key_new");
            let status = hotp_new(key, 6, &raw mut hotp);
            assert_eq!(status, OK, "mpass_hotp_new");
            Self {
                hotp,
                generate: function(library, c"mpass_hotp_generate"),
                verify: function(library, c"mpass_hotp_verify"),
            }
        }
    }

    fn generate(&self, counter: u64) -> [u8; 6] {
        let (mut code, mut written) = ([0; 6], 0);
        // SAFETY: the handle is open; six bytes and a length are writable.
        let status = unsafe {
            let out = code.as_mut_ptr().cast();
            (self.generate)(self.hotp, counter, out, code.len(), &raw mut written)
        };
        assert!(status == OK && written == code.len());
        code
    }

    fn verify(&self, code: &str, counter: u64, look_ahead: u32) -> Option<u64> {
        let (mut is_match, mut matched) = (false, 0);
        // SAFETY: the handle is open, the code is readable for its length, and
        // both results are writable.
        let status = unsafe {
            (self.verify)(
                self.hotp,
                code.as_ptr().cast(),
                code.len(),
                counter,
                look_ahead,
                &raw mut is_match,
                &raw mut matched,
            )
        };
        assert_eq!(status, OK, "mpass_hotp_verify");
        is_match.then_some(matched)
    }
}

fn main() {
    let mut comparison = Comparison::from_args(env!("CARGO_TARGET_TMPDIR"));
    let Some(path) = std::env::var_os("MPASS_LIBRARY") else {
        println!("MPASS_LIBRARY names no libmpass.so; nothing is measured through C");
        return;
    };
    let (library, ours) = (Library::load(&path), hotp());
    for counter in 0..100 {
        let code = ours.generate(counter);
        assert_eq!(library.generate(counter), code.as_str().as_bytes());
        assert_eq!(library.verify(code.as_str(), counter, 0), Some(counter));
    }
    comparison.group("hotp sha1 through C", |group| {
        let mut next = counter(0, 1);
        group.time(OURS, || ours.generate(next()));
        group.time("through C", || library.generate(next()));
    });
    let wrong = wrong_code(&ours, 1000, 1);
    comparison.group("hotp verify through C, wrong code", |group| {
        group.time(OURS, || ours.verify(black_box(&wrong), 1000, 0));
        group.time("through C", || library.verify(black_box(&wrong), 1000, 0));
    });
    comparison.finish();
}
