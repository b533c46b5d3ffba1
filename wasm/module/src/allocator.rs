//! Memory in classes of sizes, in constant time and little code.

use core::alloc::{GlobalAlloc, Layout};
use core::arch::wasm32::memory_grow;
use core::cell::UnsafeCell;
use core::ptr;

/// The alignment of everything, that of a SIMD register.
const ALIGNMENT: usize = 16;
/// Classes of 16, 32, 48, 64, 96, 128, … bytes: powers of 2, and halfway between, up to
/// 2 GiB, which no size is above.
const CLASSES: usize = 54;
const PAGE: usize = 65_536;

/// Gives memory from the end of the instance's memory, and what was freed again to
/// sizes of the same class. What is freed is wiped: a vector that grows leaves no copy.
/// Neighbours are not joined: the memory of a class stays with it.
pub(crate) struct Allocator(UnsafeCell<State>);

struct State {
    /// The first free block of each class, which has the address of the next one.
    free: [*mut u8; CLASSES],
    /// What was never used.
    next: usize,
    end: usize,
}

// SAFETY: the module is built without threads, so one thread has the instance.
unsafe impl Sync for Allocator {}

/// The class of a size, and the size of its blocks.
fn class(size: usize) -> (usize, usize) {
    // The number of units, less 1: its highest bit is the power of 2, the next one the half.
    let units = size.saturating_sub(1) / ALIGNMENT;
    let Some(power) = units.checked_ilog2() else {
        return (0, ALIGNMENT);
    };
    if power == 0 {
        return (1, 2 * ALIGNMENT);
    }
    let power = power as usize;
    let half = (units >> (power - 1)) & 1;
    (2 * power + half, (3 + half) << (power - 1) << 4)
}

impl Allocator {
    pub(crate) const fn new() -> Self {
        Self(UnsafeCell::new(State {
            free: [ptr::null_mut(); CLASSES],
            next: 0,
            end: 0,
        }))
    }
}

impl State {
    /// Memory that was never used.
    fn fresh(&mut self, size: usize) -> *mut u8 {
        if size > self.end - self.next {
            let before = memory_grow::<0>(size.div_ceil(PAGE));
            if before == usize::MAX {
                return ptr::null_mut();
            }
            let begin = before * PAGE;
            // Something else may have grown the memory.
            if begin != self.end {
                self.next = begin;
            }
            self.end = begin + size.div_ceil(PAGE) * PAGE;
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
        let (class, size) = class(layout.size());
        // SAFETY: one thread has the instance, and nothing is called in between.
        let state = unsafe { &mut *self.0.get() };
        let Some(free) = state.free.get_mut(class) else {
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
        let (class, size) = class(layout.size());
        // SAFETY: as above; the block is as large as its class.
        unsafe {
            block.write_bytes(0, size);
            if let Some(free) = (*self.0.get()).free.get_mut(class) {
                block.cast::<*mut u8>().write(*free);
                *free = block;
            }
        }
    }
}
