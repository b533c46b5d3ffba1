//! Objects in slots, for bindings of one thread.

use alloc::vec::Vec;

use crate::failure::{Failure, Outcome};
use crate::object::{Handles, Object};

/// Keeps objects in numbered slots. A handle is the number of uses of its slot
/// (high 21 bits of 53) and the slot's index, so that a handle that was freed
/// is refused even if its slot is in use again, and that JavaScript can hold
/// it in a number.
#[derive(Default)]
pub struct Slots {
    slots: Vec<Slot>,
    free: Vec<usize>,
}

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
            slots: Vec::new(),
            free: Vec::new(),
        }
    }

    /// How many objects there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.slots.len() - self.free.len()
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
        let slot = self.slots.get(index)?;
        slot.object
            .as_ref()
            .filter(|_| u64::from(slot.uses) == uses)
    }

    fn add(&mut self, object: Object) -> u64 {
        let index = self.free.pop().unwrap_or_else(|| {
            self.slots.push(Slot::default());
            self.slots.len() - 1
        });
        let slot = &mut self.slots[index];
        slot.uses += 1;
        slot.object = Some(object);
        u64::from(slot.uses) << 32 | index as u64
    }

    fn remove(&mut self, handle: u64) -> Outcome<()> {
        self.get(handle).ok_or(Failure::WrongHandle)?;
        let (index, _) = parts(handle);
        let slot = &mut self.slots[index];
        slot.object = None;
        // A slot that has reached the maximum number of uses is not used again.
        if slot.uses < MOST_USES {
            self.free.push(index);
        }
        Ok(())
    }
}
