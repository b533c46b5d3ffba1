//! The handles of Java: addresses of objects in boxes.

use core::num::NonZeroUsize;

use mpass_bindings::{Class, Failure, Handles, Object, Outcome};

/// Every object that was given to Java and is not freed.
pub(super) struct Pointers(());

impl Pointers {
    /// # Safety
    /// As long as this lives, each handle that it is asked for is 0 or was
    /// given by [`Handles::add`], and is not freed by another thread; after
    /// [`Handles::remove`] it is not asked for again.
    ///
    /// The package in Java keeps this: `NativeHandle` alone holds handles, lends
    /// them to natives, and frees none while a native is in it. That a handle
    /// is of the right class needs no promise, as all are of one type here.
    pub(super) unsafe fn new() -> Self {
        Self(())
    }

    /// The value behind a handle in a Java `long`.
    pub(super) fn value<T: Class>(&self, handle: i64) -> Outcome<&T> {
        let object = self.get(handle.cast_unsigned());
        object.ok_or(Failure::WrongHandle)?.downcast()
    }
}

fn address(handle: u64) -> Option<NonZeroUsize> {
    usize::try_from(handle).ok().and_then(NonZeroUsize::new)
}

impl Handles for Pointers {
    fn get(&self, handle: u64) -> Option<&Object> {
        let object = core::ptr::with_exposed_provenance(address(handle)?.get());
        // SAFETY: `new` was promised that it came out of `add` and lives.
        Some(unsafe { &*object })
    }

    fn add(&mut self, object: Object) -> u64 {
        let address = Box::into_raw(Box::new(object)).expose_provenance();
        // An address is at most 64 bits wide where there is a JVM.
        u64::try_from(address).unwrap_or_default()
    }

    fn remove(&mut self, handle: u64) -> Outcome<()> {
        let address = address(handle).ok_or(Failure::WrongHandle)?;
        let object = core::ptr::with_exposed_provenance_mut::<Object>(address.get());
        // SAFETY: as in `get`, and `new` was promised that it is not asked for
        // again.
        drop(unsafe { Box::from_raw(object) });
        Ok(())
    }
}
