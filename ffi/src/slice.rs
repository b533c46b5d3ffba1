//! Inputs and outputs that consist of a pointer and a length.

use core::ffi::c_char;
use core::fmt;
use core::net::IpAddr;
use core::ptr::NonNull;
use core::slice;

use zeroize::Zeroize;

use crate::status::mpass_status as Status;

/// A byte input. It may be NULL only if its length is 0.
///
/// # Safety
/// `data` is NULL or points to `len` bytes that do not change during the call.
pub(crate) unsafe fn bytes<'a>(data: *const u8, len: usize) -> Result<&'a [u8], Status> {
    if isize::try_from(len).is_err() {
        return Err(Status::LengthOutOfRange);
    }
    match (data.is_null(), len) {
        (true, 0) => Ok(&[]),
        (true, _) => Err(Status::NullArgument),
        (false, _) => Ok(slice::from_raw_parts(data, len)),
    }
}

/// As [`bytes`], but NULL means that there is no value.
///
/// # Safety
/// As [`bytes`].
pub(crate) unsafe fn optional<'a>(data: *const u8, len: usize) -> Result<Option<&'a [u8]>, Status> {
    let given = bytes(data, len)?;
    Ok((!data.is_null()).then_some(given))
}

/// A byte input of a fixed length.
///
/// # Safety
/// As [`bytes`].
pub(crate) unsafe fn array<'a, const N: usize>(
    data: *const u8,
    len: usize,
) -> Result<&'a [u8; N], Status> {
    let given = bytes(data, len)?;
    given.try_into().map_err(|_| Status::WrongLength)
}

/// A number; NULL means that there is none.
///
/// # Safety
/// `value` is NULL or readable.
pub(crate) unsafe fn optional_u64(value: *const u64) -> Option<u64> {
    value.as_ref().copied()
}

/// The inputs of every operation on a record: the record that was loaded, NULL
/// if there is none, and the entropy for the next one.
///
/// # Safety
/// As [`bytes`].
pub(crate) unsafe fn record<'a>(
    current: (*const u8, usize),
    entropy: (*const u8, usize),
) -> Result<(Option<&'a [u8]>, &'a [u8; 32]), Status> {
    Ok((
        optional(current.0, current.1)?,
        array(entropy.0, entropy.1)?,
    ))
}

/// UTF-8 text.
///
/// # Safety
/// As [`bytes`].
pub(crate) unsafe fn text<'a>(data: *const c_char, len: usize) -> Result<&'a str, Status> {
    core::str::from_utf8(bytes(data.cast(), len)?).map_err(|_| Status::InvalidUtf8)
}

/// UTF-8 text; NULL means that there is none.
///
/// # Safety
/// As [`bytes`].
pub(crate) unsafe fn optional_text<'a>(
    data: *const c_char,
    len: usize,
) -> Result<Option<&'a str>, Status> {
    let given = text(data, len)?;
    Ok((!data.is_null()).then_some(given))
}

/// An array of numbers. It may be NULL only if the count is 0.
///
/// # Safety
/// `data` is NULL or points to `count` numbers that do not change during the
/// call.
pub(crate) unsafe fn numbers<'a>(data: *const u32, count: usize) -> Result<&'a [u32], Status> {
    let size = count.checked_mul(size_of::<u32>());
    if size.is_none_or(|size| isize::try_from(size).is_err()) {
        return Err(Status::LengthOutOfRange);
    }
    match (data.is_null(), count) {
        (true, 0) => Ok(&[]),
        (true, _) => Err(Status::NullArgument),
        (false, _) => Ok(slice::from_raw_parts(data, count)),
    }
}

/// A network address in text form.
///
/// # Safety
/// As [`bytes`].
pub(crate) unsafe fn address(data: *const c_char, len: usize) -> Result<IpAddr, Status> {
    let text = text(data, len)?;
    text.parse().map_err(|_| Status::InvalidAddress)
}

/// An array of handles. It may be NULL only if the count is 0.
///
/// # Safety
/// `data` is NULL or points to `count` pointers that do not change during the
/// call.
pub(crate) unsafe fn handles<'a, C>(
    data: *const *const C,
    count: usize,
) -> Result<&'a [*const C], Status> {
    let size = count.checked_mul(size_of::<*const C>());
    if size.is_none_or(|size| isize::try_from(size).is_err()) {
        return Err(Status::LengthOutOfRange);
    }
    match (data.is_null(), count) {
        (_, 0) => Ok(&[]),
        (true, _) => Err(Status::NullArgument),
        (false, _) => Ok(slice::from_raw_parts(data, count)),
    }
}

/// An output of a single value, which is written only on success.
pub(crate) struct OutParam<T>(NonNull<T>);

impl<T> OutParam<T> {
    pub(crate) fn set(self, value: T) {
        // SAFETY: the caller of `out_param` guarantees that it is writable.
        unsafe { self.0.write(value) };
    }
}

/// # Safety
/// `out` is NULL or writable.
pub(crate) unsafe fn out_param<T>(out: *mut T) -> Result<OutParam<T>, Status> {
    NonNull::new(out).map(OutParam).ok_or(Status::NullArgument)
}

/// An output of a number that may be absent; it is then 0.
pub(crate) struct OptionalOut {
    is_present: OutParam<bool>,
    value: OutParam<u64>,
}

impl OptionalOut {
    /// # Safety
    /// As [`out_param`].
    pub(crate) unsafe fn new(is_present: *mut bool, value: *mut u64) -> Result<Self, Status> {
        Ok(Self {
            is_present: out_param(is_present)?,
            value: out_param(value)?,
        })
    }

    pub(crate) fn set(self, value: Option<u64>) {
        self.is_present.set(value.is_some());
        self.value.set(value.unwrap_or(0));
    }
}

/// Copies bytes to a buffer of the caller.
///
/// # Safety
/// `out` is NULL or points to `cap` writable bytes; `written` is NULL or
/// writable.
pub(crate) unsafe fn give(
    data: &[u8],
    out: *mut u8,
    cap: usize,
    written: *mut usize,
) -> Result<(), Status> {
    let written = out_param(written)?;
    if cap < data.len() {
        written.set(data.len());
        return Err(Status::BufferTooSmall);
    }
    if out.is_null() && !data.is_empty() {
        return Err(Status::NullArgument);
    }
    if !data.is_empty() {
        out.copy_from_nonoverlapping(data.as_ptr(), data.len());
    }
    written.set(data.len());
    Ok(())
}

/// As [`give`], for bytes that may be absent; `is_present` receives whether
/// they are present.
///
/// # Safety
/// As [`give`], and `is_present` is NULL or writable.
pub(crate) unsafe fn give_optional(
    data: Option<&[u8]>,
    is_present: *mut bool,
    out: *mut u8,
    cap: usize,
    written: *mut usize,
) -> Result<(), Status> {
    let is_present = out_param(is_present)?;
    give(data.unwrap_or_default(), out, cap, written)?;
    is_present.set(data.is_some());
    Ok(())
}

/// As [`give`], for text.
///
/// # Safety
/// As [`give`].
pub(crate) unsafe fn give_text(
    text: &str,
    out: *mut c_char,
    cap: usize,
    written: *mut usize,
) -> Result<(), Status> {
    give(text.as_bytes(), out.cast(), cap, written)
}

/// As [`give`], for a value that may be a secret. It is formatted twice, once
/// to measure its length and once into the buffer, so that no other copy
/// exists.
///
/// # Safety
/// As [`give`].
pub(crate) unsafe fn give_display(
    shown: &dyn fmt::Display,
    out: *mut c_char,
    cap: usize,
    written: *mut usize,
) -> Result<(), Status> {
    let written = out_param(written)?;
    let mut length = Length(0);
    fmt::write(&mut length, format_args!("{shown}")).map_err(|_| Status::Unknown)?;
    if cap < length.0 {
        written.set(length.0);
        return Err(Status::BufferTooSmall);
    }
    if out.is_null() {
        return Err(Status::NullArgument);
    }
    // The caller may not have initialised the bytes, so write them before
    // creating a slice.
    out.write_bytes(0, length.0);
    let mut filling = Filling {
        rest: slice::from_raw_parts_mut(out.cast(), length.0),
    };
    if fmt::write(&mut filling, format_args!("{shown}")).is_err() {
        slice::from_raw_parts_mut(out.cast::<u8>(), length.0).zeroize();
        return Err(Status::Unknown);
    }
    written.set(length.0);
    Ok(())
}

/// Types for which all bytes zero is a valid value.
pub(crate) trait Integers {}

impl Integers for u8 {}
impl Integers for u32 {}
impl<const N: usize> Integers for [u8; N] {}

/// A buffer of the caller for `len` values. It is zeroed first, because a slice
/// of uninitialised memory is undefined.
///
/// # Safety
/// `out` is NULL or points to `len` writable values that no other code accesses
/// during the call.
pub(crate) unsafe fn room<'a, T: Integers>(out: *mut T, len: usize) -> Result<&'a mut [T], Status> {
    let size = len.checked_mul(size_of::<T>());
    if size.is_none_or(|size| isize::try_from(size).is_err()) {
        return Err(Status::LengthOutOfRange);
    }
    if len == 0 {
        return Ok(&mut []);
    }
    if out.is_null() {
        return Err(Status::NullArgument);
    }
    out.write_bytes(0, len);
    Ok(slice::from_raw_parts_mut(out, len))
}

struct Length(usize);

impl fmt::Write for Length {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 += text.len();
        Ok(())
    }
}

struct Filling<'a> {
    rest: &'a mut [u8],
}

impl fmt::Write for Filling<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let rest = core::mem::take(&mut self.rest);
        let (front, rest) = rest.split_at_mut_checked(text.len()).ok_or(fmt::Error)?;
        front.copy_from_slice(text.as_bytes());
        self.rest = rest;
        Ok(())
    }
}
