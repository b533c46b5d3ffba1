//! Objects in slots, for bindings with one thread.

use alloc::boxed::Box;
use alloc::vec::Vec;

use crate::failure::{Failure, Outcome};
use crate::object::{Handles, Object};

/// Stores objects in numbered slots. A handle consists of the number of uses of
/// its slot (high 21 bits of 53) and the index of the slot. A handle that was
/// freed is therefore refused even if its slot is in use again, and JavaScript
/// can represent a handle as a number. Slots never move, so no copy of a key is
/// left in freed memory.
#[derive(Default)]
pub struct Slots {
    blocks: Vec<Box<[Slot]>>,
    /// How many slots have been used.
    used: usize,
    free: Vec<usize>,
}

/// Slots that are allocated together.
const BLOCK: usize = 64;

#[derive(Default)]
struct Slot {
    uses: u32,
    object: Option<Object>,
}

const MOST_USES: u32 = (1 << 21) - 1;

impl Slots {
    /// Creates an empty store.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            blocks: Vec::new(),
            used: 0,
            free: Vec::new(),
        }
    }

    /// The number of objects.
    #[must_use]
    pub fn len(&self) -> usize {
        self.used - self.free.len()
    }

    /// Whether there are no objects.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The index of the slot and the number of its uses, from a handle.
fn parts(handle: u64) -> (usize, u64) {
    let index = u32::try_from(handle & u64::from(u32::MAX)).unwrap_or(u32::MAX);
    (index as usize, handle >> 32)
}

impl Handles for Slots {
    fn get(&self, handle: u64) -> Option<&Object> {
        let (index, uses) = parts(handle);
        let slot = self.blocks.get(index / BLOCK)?.get(index % BLOCK)?;
        slot.object
            .as_ref()
            .filter(|_| u64::from(slot.uses) == uses)
    }

    fn add(&mut self, object: Object) -> u64 {
        let index = self.free.pop().unwrap_or_else(|| {
            if self.used == self.blocks.len() * BLOCK {
                // Not through an array on the stack, whose empty slots would bring
                // what the operation has left there to the heap.
                let block = (0..BLOCK).map(|_| Slot::default());
                self.blocks.push(block.collect());
            }
            self.used += 1;
            self.used - 1
        });
        let slot = &mut self.blocks[index / BLOCK][index % BLOCK];
        slot.uses += 1;
        slot.object = Some(object);
        u64::from(slot.uses) << 32 | index as u64
    }

    fn remove(&mut self, handle: u64) -> Outcome<()> {
        self.get(handle).ok_or(Failure::WrongHandle)?;
        let (index, _) = parts(handle);
        let slot = &mut self.blocks[index / BLOCK][index % BLOCK];
        slot.object = None;
        // A slot that has reached the maximum number of uses is not used again.
        if slot.uses < MOST_USES {
            self.free.push(index);
        }
        Ok(())
    }
}
