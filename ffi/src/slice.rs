//! Inputs and outputs that are pointers with a length.

use core::ffi::c_char;
use core::fmt;
use core::net::IpAddr;
use core::ptr::NonNull;
use core::slice;

use zeroize::Zeroize;

use crate::status::mpass_status as Status;

/// The input of a call: NULL only with length 0.
///
/// # Safety
/// `data` is NULL or points to `len` bytes that do not change meanwhile.
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

/// The same where NULL means that there is none.
///
/// # Safety
/// As [`bytes`].
pub(crate) unsafe fn optional<'a>(data: *const u8, len: usize) -> Result<Option<&'a [u8]>, Status> {
    let given = bytes(data, len)?;
    Ok((!data.is_null()).then_some(given))
}

/// The same of a fixed length.
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

/// What every decision about a record is given: the record that was loaded,
/// NULL where there is none, and the entropy for the next one.
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

/// Text in UTF-8.
///
/// # Safety
/// As [`bytes`].
pub(crate) unsafe fn text<'a>(data: *const c_char, len: usize) -> Result<&'a str, Status> {
    core::str::from_utf8(bytes(data.cast(), len)?).map_err(|_| Status::InvalidUtf8)
}

/// Text in UTF-8; NULL means that there is none.
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

/// A network address in text form.
///
/// # Safety
/// As [`bytes`].
pub(crate) unsafe fn address(data: *const c_char, len: usize) -> Result<IpAddr, Status> {
    let text = text(data, len)?;
    text.parse().map_err(|_| Status::InvalidAddress)
}

/// Handles one after the other: NULL only with a count of 0.
///
/// # Safety
/// `data` is NULL or points to `count` pointers that do not change meanwhile.
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

/// An output of one value, which is written on success only.
pub(crate) struct OutParam<T>(NonNull<T>);

impl<T> OutParam<T> {
    pub(crate) fn set(self, value: T) {
        // SAFETY: `out_param` was promised that it may be written.
        unsafe { self.0.write(value) };
    }
}

/// # Safety
/// `out` is NULL or may be written.
pub(crate) unsafe fn out_param<T>(out: *mut T) -> Result<OutParam<T>, Status> {
    NonNull::new(out).map(OutParam).ok_or(Status::NullArgument)
}

/// Hands bytes to a buffer of the caller's.
///
/// # Safety
/// `out` is NULL or points to `cap` bytes that may be written, `written` is
/// NULL or may be written.
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

/// The same where there may be none; `is_present` is whether there is.
///
/// # Safety
/// As [`give`], and `is_present` is NULL or may be written.
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

/// The same for text.
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

/// The same for what writes itself, which may be a secret: it is written once
/// to be measured and once into the buffer, and nowhere else.
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
    // Bytes that the caller may not have initialised are written before they
    // are looked at as a slice.
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

/// Types that zeros are a value of.
pub(crate) trait Integers {}

impl Integers for u8 {}
impl Integers for u32 {}
impl<const N: usize> Integers for [u8; N] {}

/// A buffer of the caller's for `len` values, zeros until they are written:
/// memory that the caller has not initialised is no slice before.
///
/// # Safety
/// `out` is NULL or points to `len` values that may be written and that
/// nothing else reads meanwhile.
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
