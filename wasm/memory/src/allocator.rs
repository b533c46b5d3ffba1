//! The allocator.

use core::alloc::{GlobalAlloc, Layout};
use core::arch::wasm32::{memory_grow, memory_size};
use core::cell::UnsafeCell;
use core::ptr;

use crate::class::{ALIGNMENT, CLASSES, Class};

const PAGE: usize = 65_536;

/// Gives memory from the end of the instance's memory, and what was freed again for sizes
/// of the same class, in constant time. What is freed is wiped. Neighbours are not joined:
/// the memory of a class stays with it.
pub struct Allocator(UnsafeCell<State>);

struct State {
    /// The first free block of each class, which has the address of the next one.
    free: [*mut u8; CLASSES],
    /// What was never used.
    next: usize,
    end: usize,
}

// SAFETY: the module is built without threads, so one thread has the instance.
unsafe impl Sync for Allocator {}

impl Allocator {
    /// An allocator of an instance that it has the memory of from now on.
    #[must_use]
    pub const fn new() -> Self {
        Self(UnsafeCell::new(State {
            free: [ptr::null_mut(); CLASSES],
            next: 0,
            end: 0,
        }))
    }
}

impl Default for Allocator {
    fn default() -> Self {
        Self::new()
    }
}

impl State {
    /// Grows the memory by some pages or, since each growth costs the host a new buffer of
    /// all the memory, by an eighth.
    fn grow(&mut self, least: usize) -> bool {
        for pages in [least.max(memory_size::<0>() / 8), least] {
            let before = memory_grow::<0>(pages);
            if before != usize::MAX {
                let begin = before * PAGE;
                // Something else may have grown the memory.
                if begin != self.end {
                    self.next = begin;
                }
                self.end = begin + pages * PAGE;
                return true;
            }
        }
        false
    }

    /// Memory that was never used.
    fn fresh(&mut self, size: usize) -> *mut u8 {
        if size > self.end - self.next && !self.grow(size.div_ceil(PAGE)) {
            return ptr::null_mut();
        }
        let address = self.next;
        self.next += size;
        ptr::with_exposed_provenance_mut(address)
    }
}

// SAFETY: blocks are as large as their class, aligned as everything is, and in one place:
// in use, in the list of their class, or never used.
unsafe impl GlobalAlloc for Allocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if layout.align() > ALIGNMENT {
            return ptr::null_mut();
        }
        let Class { index, size } = Class::of(layout.size());
        // SAFETY: one thread has the instance, and nothing is called in between.
        let state = unsafe { &mut *self.0.get() };
        let Some(free) = state.free.get_mut(index) else {
            return ptr::null_mut();
        };
        let block = *free;
        if block.is_null() {
            return state.fresh(size);
        }
        // SAFETY: a free block has the address of the next one.
        *free = unsafe { block.cast::<*mut u8>().read() };
        block
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        let Class { index, size } = Class::of(layout.size());
        // SAFETY: as above; the block is as large as its class.
        unsafe {
            block.write_bytes(0, size);
            if let Some(free) = (*self.0.get()).free.get_mut(index) {
                block.cast::<*mut u8>().write(*free);
                *free = block;
            }
        }
    }
}
