//! A lock for objects that change: a reader-writer lock with `std`, otherwise a
//! cell.

use core::ops::{Deref, DerefMut};

use crate::failure::{Failure, Outcome};

#[cfg(feature = "std")]
use std::sync::RwLock as Inner;

#[cfg(not(feature = "std"))]
use core::cell::RefCell as Inner;

/// A value that can be read by many or changed by one at a time.
pub(crate) struct Lock<T>(Inner<T>);

impl<T> Lock<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(Inner::new(value))
    }

    /// Fails with [`Failure::Spent`] if a change panicked.
    pub(crate) fn read(&self) -> Outcome<impl Deref<Target = T>> {
        #[cfg(feature = "std")]
        let guard = self.0.read();
        #[cfg(not(feature = "std"))]
        let guard = self.0.try_borrow();
        guard.map_err(|_| Failure::Spent)
    }

    /// As [`Self::read`].
    pub(crate) fn write(&self) -> Outcome<impl DerefMut<Target = T>> {
        #[cfg(feature = "std")]
        let guard = self.0.write();
        #[cfg(not(feature = "std"))]
        let guard = self.0.try_borrow_mut();
        guard.map_err(|_| Failure::Spent)
    }
}
