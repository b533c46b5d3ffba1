//! The states that were written last, in memory. Most are loaded again soon: a code is
//! verified within minutes of being sent, and each load of the file costs system calls.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use mpass_core::store::{MAX_STATE_LEN, StoreKey};

/// The number of states in each half; a half takes up to 5 MiB.
const HALF: usize = 32 * 1024;

/// A state without an allocation of its own.
struct State {
    len: u8,
    bytes: [u8; MAX_STATE_LEN],
}

/// `u8` holds every length.
const _: () = assert!(MAX_STATE_LEN <= u8::MAX as usize);

impl State {
    /// `None` for one that is too long, which no swap has stored.
    fn new(value: &[u8]) -> Option<Self> {
        let mut bytes = [0; MAX_STATE_LEN];
        bytes.get_mut(..value.len())?.copy_from_slice(value);
        let len = u8::try_from(value.len()).ok()?;
        Some(Self { len, bytes })
    }

    fn value(&self) -> &[u8] {
        &self.bytes[..usize::from(self.len)]
    }
}

#[derive(Default)]
struct Halves {
    young: HashMap<StoreKey, State>,
    old: HashMap<StoreKey, State>,
}

/// What the file has, of the states that were written last. Only the writer changes it,
/// after a commit and before its answers, so that it never has what the file does not.
#[derive(Default)]
pub(super) struct RecentStates(RwLock<Halves>);

impl RecentStates {
    /// The state of the file; `None` if it is not among the last ones.
    pub(super) fn get(&self, key: &StoreKey) -> Option<Vec<u8>> {
        let halves = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let state = halves.young.get(key).or_else(|| halves.old.get(key))?;
        Some(state.value().to_vec())
    }

    /// Takes over a commit: what it stored, in this order, and then what it dropped.
    pub(super) fn committed<'a>(
        &self,
        stored: impl Iterator<Item = (&'a StoreKey, &'a [u8])>,
        dropped: &[StoreKey],
    ) {
        let mut halves = self.0.write().unwrap_or_else(PoisonError::into_inner);
        for (key, value) in stored {
            match State::new(value) {
                Some(state) => halves.young.insert(*key, state),
                None => halves.young.remove(key),
            };
            halves.old.remove(key);
        }
        for key in dropped {
            halves.young.remove(key);
            halves.old.remove(key);
        }
        if halves.young.len() >= HALF {
            halves.old = core::mem::take(&mut halves.young);
        }
    }

    /// Forgets all of them: after a failed commit, of which the file may have something.
    pub(super) fn clear(&self) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Halves::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(number: usize) -> StoreKey {
        let mut key = [0; 16];
        key[..8].copy_from_slice(&number.to_be_bytes());
        StoreKey(key)
    }

    #[test]
    fn the_last_states_are_kept_and_the_others_forgotten() {
        let recent = RecentStates::default();
        let store = |number, value: &[u8]| {
            recent.committed([(&key(number), value)].into_iter(), &[]);
        };
        for number in 0..10 * HALF {
            store(number, b"first");
            let halves = recent.0.read().unwrap();
            assert!(halves.young.len() < HALF && halves.old.len() <= HALF);
        }
        assert_eq!(recent.get(&key(0)), None);
        for number in 9 * HALF..10 * HALF {
            assert_eq!(recent.get(&key(number)).as_deref(), Some(&b"first"[..]));
        }
        // A state of the old half is replaced, not hidden.
        store(10 * HALF - 1, b"");
        assert_eq!(recent.get(&key(10 * HALF - 1)), Some(Vec::new()));
        let dropped = [key(10 * HALF - 1), key(10 * HALF - 2)];
        recent.committed([].into_iter(), &dropped);
        assert!(dropped.iter().all(|key| recent.get(key).is_none()));
        recent.clear();
        assert_eq!(recent.get(&key(10 * HALF - 3)), None);
    }
}
