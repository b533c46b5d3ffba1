//! Opaque handles: each is one allocation with one owner and one class.

use core::ops::{Deref, DerefMut};
use core::panic::AssertUnwindSafe;
use core::sync::atomic::{AtomicBool, Ordering};
use std::panic::catch_unwind;
use std::thread;

use crate::boundary::boundary;
use crate::panic::discard;
use crate::status::mpass_status as Status;

/// The allocation behind a handle. Every class starts with the tag, so that a
/// handle of another class is recognised before anything else is read.
#[repr(C)]
pub(crate) struct Object<V> {
    tag: u64,
    is_poisoned: AtomicBool,
    /// Lent to a callback; freeing it has no effect.
    is_lent: bool,
    value: V,
}

/// The Rust type behind a C class. [`class`] assigns a value type to each C
/// name.
pub(crate) trait Class {
    /// Both bounds are required of every class: a handle may be passed to
    /// another thread, and calls that only read may run in parallel.
    type Value: Send + Sync;
    /// Identifies the class: unique, and unlike zeros or text.
    const TAG: u64;
}

/// Declares a C name as a class of handles to a type.
macro_rules! class {
    ($name:ident, $value:ty, $tag:literal) => {
        impl crate::handle::Class for $name {
            type Value = $value;
            // The high half distinguishes handles from other memory.
            const TAG: u64 = 0x6d70_6173_7300_0000 | $tag;
        }
    };
}
pub(crate) use class;

/// A value in use by a call. If the call panics, the handle is poisoned.
pub(crate) struct Used<'a, V> {
    object: &'a Object<V>,
    was_panicking: bool,
}

/// As [`Used`], for a call that changes the value.
pub(crate) struct Changed<'a, V> {
    object: &'a mut Object<V>,
    was_panicking: bool,
}

impl<V> Deref for Used<'_, V> {
    type Target = V;
    fn deref(&self) -> &V {
        &self.object.value
    }
}

impl<V> Deref for Changed<'_, V> {
    type Target = V;
    fn deref(&self) -> &V {
        &self.object.value
    }
}

impl<V> DerefMut for Changed<'_, V> {
    fn deref_mut(&mut self) -> &mut V {
        &mut self.object.value
    }
}

impl<V> Object<V> {
    fn poison_after_panic(&self, was_panicking: bool) {
        if !was_panicking && thread::panicking() {
            self.is_poisoned.store(true, Ordering::Relaxed);
        }
    }
}

impl<V> Drop for Used<'_, V> {
    fn drop(&mut self) {
        self.object.poison_after_panic(self.was_panicking);
    }
}

impl<V> Drop for Changed<'_, V> {
    fn drop(&mut self) {
        self.object.poison_after_panic(self.was_panicking);
    }
}

/// Checks the class of a handle before its value is read.
unsafe fn checked<C: Class>(handle: *const C) -> Result<*const Object<C::Value>, Status> {
    if handle.is_null() {
        return Err(Status::NullArgument);
    }
    if !handle.cast::<u64>().is_aligned() || handle.cast::<u64>().read() != C::TAG {
        return Err(Status::WrongHandle);
    }
    let object = handle.cast::<Object<C::Value>>();
    if (*object).is_poisoned.load(Ordering::Relaxed) {
        return Err(Status::Poisoned);
    }
    Ok(object)
}

/// The value of a handle that the call reads.
///
/// # Safety
/// The handle is NULL or was created by this library and not freed, and no
/// other call changes it at the same time.
pub(crate) unsafe fn used<'a, C: Class>(handle: *const C) -> Result<Used<'a, C::Value>, Status>
where
    C::Value: 'a,
{
    Ok(Used {
        object: &*checked(handle)?,
        was_panicking: thread::panicking(),
    })
}

/// The value of a handle that the call changes.
///
/// # Safety
/// As [`used`], and no other call reads it at the same time.
pub(crate) unsafe fn changed<'a, C: Class>(handle: *mut C) -> Result<Changed<'a, C::Value>, Status>
where
    C::Value: 'a,
{
    Ok(Changed {
        object: &mut *checked(handle.cast_const())?.cast_mut(),
        was_panicking: thread::panicking(),
    })
}

/// The output for a new handle; NULL until it is filled.
pub(crate) struct Slot<C: Class>(*mut *mut C);

impl<C: Class> Slot<C> {
    /// # Safety
    /// `out` is NULL or writable.
    pub(crate) unsafe fn new(out: *mut *mut C) -> Result<Self, Status> {
        if out.is_null() {
            return Err(Status::NullArgument);
        }
        out.write(core::ptr::null_mut());
        Ok(Self(out))
    }

    pub(crate) fn fill(self, value: C::Value) {
        let handle = into_handle::<C>(value, false);
        // SAFETY: the caller of `new` guarantees that it is writable.
        unsafe { self.0.write(handle) };
    }
}

fn into_handle<C: Class>(value: C::Value, is_lent: bool) -> *mut C {
    let object = Object {
        tag: C::TAG,
        is_poisoned: AtomicBool::new(false),
        is_lent,
        value,
    };
    Box::into_raw(Box::new(object)).cast()
}

/// A handle that this library owns and lends to a callback.
pub(crate) struct Handle<C: Class>(*mut C);

impl<C: Class> Handle<C> {
    pub(crate) fn new(value: C::Value) -> Self {
        Self(into_handle(value, true))
    }

    pub(crate) fn as_ptr(&self) -> *mut C {
        self.0
    }

    pub(crate) fn into_value(self) -> C::Value
    where
        C::Value: Default,
    {
        // SAFETY: it was created here, and the callback has returned.
        let object = unsafe { &mut *self.0.cast::<Object<C::Value>>() };
        core::mem::take(&mut object.value)
    }
}

impl<C: Class> Drop for Handle<C> {
    fn drop(&mut self) {
        // SAFETY: it was created here, and the callback has returned.
        unsafe { end::<C>(self.0.cast()) };
    }
}

/// Runs a constructor. `out` receives the new handle, or NULL on failure.
///
/// # Safety
/// `out` is NULL or writable.
pub(crate) unsafe fn construct<C: Class>(
    out: *mut *mut C,
    body: impl FnOnce() -> Result<C::Value, Status>,
) -> Status {
    boundary(|| {
        let slot = Slot::new(out)?;
        slot.fill(body()?);
        Ok(())
    })
}

/// Runs a destructor. Does nothing for NULL, for handles of another class and
/// for lent handles. Poisoned handles are freed.
///
/// # Safety
/// The handle is NULL or was created by this library and not freed, and no
/// other call is using it.
pub(crate) unsafe fn free<C: Class>(handle: *mut C) {
    if matches!(
        checked(handle.cast_const()),
        Err(Status::NullArgument | Status::WrongHandle)
    ) {
        return;
    }
    let object = handle.cast::<Object<C::Value>>();
    if !(*object).is_lent {
        end::<C>(object);
    }
}

/// # Safety
/// The object was created by `into_handle` and is no longer used.
unsafe fn end<C: Class>(object: *mut Object<C::Value>) {
    // Makes the most common double free detectable.
    (&raw mut (*object).tag).write_volatile(0);
    let boxed = Box::from_raw(object);
    // There is no status to return; if the drop panics, memory is leaked.
    if let Err(payload) = catch_unwind(AssertUnwindSafe(|| drop(boxed))) {
        discard(payload);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::mpass_value;

    #[test]
    fn freeing_a_lent_handle_has_no_effect() {
        let lent = Handle::<mpass_value>::new(Some(vec![7]));
        // SAFETY: the handle was created by this library.
        unsafe { free(lent.as_ptr()) };
        // SAFETY: as above, and it was not freed.
        let value = unsafe { used(lent.as_ptr().cast_const()) }.map(|value| value.clone());
        assert_eq!(value, Ok(Some(vec![7])));
        assert_eq!(lent.into_value(), Some(vec![7]));
    }
}
