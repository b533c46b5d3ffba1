//! The objects of the instance by their handles.

use core::cell::RefCell;

use mpass_bindings::{Class, Handles, Slots};
use wasm_bindgen::throw_str;

thread_local! {
    static SLOTS: RefCell<Slots> = const { RefCell::new(Slots::new()) };
}

/// A handle as JavaScript's numbers hold it: below 2^53.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub(crate) const fn handle_of(number: f64) -> u64 {
    number as u64
}

pub(crate) fn with_slots_mut<R>(work: impl FnOnce(&mut Slots) -> R) -> R {
    SLOTS.with_borrow_mut(work)
}

/// Uses the object of a handle. The package's classes keep the handles, so one
/// of another class or of nothing is a fault of the package: the instance is
/// discarded as after a trap.
pub(crate) fn with_object<T: Class, R>(handle: f64, work: impl FnOnce(&T) -> R) -> R {
    SLOTS.with_borrow(|slots| {
        let object = slots.get(handle_of(handle));
        match object.map(|object| object.downcast()) {
            Some(Ok(object)) => work(object),
            _ => throw_str("wrong handle"),
        }
    })
}
