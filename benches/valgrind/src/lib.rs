//! Client requests to valgrind. Outside of valgrind and on processors other
//! than x86-64 they have no effect.

// The requests are special instruction sequences.
#![allow(unsafe_code)]

/// `VG_USERREQ__RUNNING_ON_VALGRIND` of valgrind.h.
const RUNNING: usize = 0x1001;
/// `VG_USERREQ__ZERO_STATS` of callgrind.h: its tool is "CT".
const ZERO_STATS: usize = 0x4354_0001;
/// `VG_USERREQ__DUMP_STATS_AT`.
const DUMP_STATS_AT: usize = 0x4354_0003;
/// `VG_USERREQ__MAKE_MEM_UNDEFINED` of memcheck.h: its tool is "MC".
const MAKE_UNDEFINED: usize = 0x4d43_0001;
/// `VG_USERREQ__MAKE_MEM_DEFINED`.
const MAKE_DEFINED: usize = 0x4d43_0002;
/// `VG_USERREQ__SET_VBITS`.
const SET_BITS: usize = 0x4d43_0009;

#[cfg(target_arch = "x86_64")]
fn request(code: usize, arguments: [usize; 3]) -> usize {
    let [first, second, third] = arguments;
    let arguments = [code, first, second, third, 0, 0];
    let mut answer = 0;
    // SAFETY: the sequence from valgrind.h. The rotations add up to 128 bits
    // and leave rdi unchanged, and exchanging a register with itself has no
    // effect. Under valgrind the six words are read and rdx is written.
    unsafe {
        core::arch::asm!(
            "rol rdi, 3",
            "rol rdi, 13",
            "rol rdi, 61",
            "rol rdi, 51",
            "xchg rbx, rbx",
            in("rax") arguments.as_ptr(),
            inout("rdx") answer,
            options(nostack),
        );
    }
    answer
}

#[cfg(not(target_arch = "x86_64"))]
fn request(_: usize, _: [usize; 3]) -> usize {
    0
}

/// Whether the program runs under valgrind.
#[must_use]
pub fn is_running() -> bool {
    request(RUNNING, [0; 3]) != 0
}

/// Resets callgrind's counters.
pub fn zero_counts() {
    request(ZERO_STATS, [0; 3]);
}

/// Writes callgrind's counters to a file that contains this name, which must
/// end with a NUL.
///
/// # Panics
/// If it does not.
pub fn dump_counts(name: &str) {
    assert!(name.ends_with('\0'), "a name ends with NUL");
    request(DUMP_STATS_AT, [name.as_ptr().addr(), 0, 0]);
}

/// Marks the value as secret: from here on memcheck reports branches on it and
/// its use as an address.
pub fn hide<T: ?Sized>(value: &mut T) {
    let length = size_of_val(value);
    let address = core::ptr::from_mut(value).addr();
    request(MAKE_UNDEFINED, [address, length, 0]);
}

/// Marks the bits of a byte that are set in the mask as secret.
pub fn hide_bits(byte: &u8, mask: u8) {
    let address = core::ptr::from_ref(byte).addr();
    request(SET_BITS, [address, core::ptr::from_ref(&mask).addr(), 1]);
}

/// Marks the value as public.
pub fn reveal<T: ?Sized>(value: &T) {
    let length = size_of_val(value);
    let address = core::ptr::from_ref(value).addr();
    request(MAKE_DEFINED, [address, length, 0]);
}
