//! The tenants that requests were authenticated as in the last second.

use core::fmt;
use core::sync::atomic::{AtomicU64, Ordering};
use core::time::Duration;
use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};
use std::time::Instant;

use mpass_core::store::StoreKey;

/// How long a tenant is used, counted from before it was loaded: another machine may
/// have changed or revoked it since.
const LIFE: Duration = Duration::from_secs(1);
/// More than these are forgotten together.
const MOST: usize = 4096;

/// Counts the documents that this process has changed. What was loaded before the last
/// change is not used, so that a change is in effect when its command ends.
static CHANGES: AtomicU64 = AtomicU64::new(0);

/// The change of a document, which ends with this, also without an answer.
pub(crate) struct Changing;

impl Drop for Changing {
    fn drop(&mut self) {
        CHANGES.fetch_add(1, Ordering::SeqCst);
    }
}

/// The time before a load.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    at: Instant,
    changes: u64,
}

impl Moment {
    pub(crate) fn now() -> Self {
        Self {
            at: Instant::now(),
            changes: CHANGES.load(Ordering::SeqCst),
        }
    }

    /// Whether what was loaded after `loaded` can be used at this time.
    fn can_use(self, loaded: Self) -> bool {
        self.changes == loaded.changes && self.at.saturating_duration_since(loaded.at) < LIFE
    }
}

/// Documents of tenants, as they are stored: authenticated and encrypted.
#[derive(Default)]
pub(crate) struct Tenants(RwLock<HashMap<StoreKey, (Moment, Vec<u8>)>>);

impl fmt::Debug for Tenants {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tenants").finish_non_exhaustive()
    }
}

impl Tenants {
    /// A document that was loaded less than a second ago and not changed since by this
    /// process.
    pub(crate) fn get(&self, key: &StoreKey, now: Moment) -> Option<Vec<u8>> {
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let (loaded, value) = kept.get(key)?;
        now.can_use(*loaded).then(|| value.clone())
    }

    /// Keeps a document that was loaded after `begun`.
    pub(crate) fn keep(&self, key: StoreKey, begun: Moment, value: Vec<u8>) {
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST && !kept.contains_key(&key) {
            kept.clear();
        }
        kept.insert(key, (begun, value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: StoreKey = StoreKey([7; 16]);

    #[test]
    fn a_tenant_is_used_for_less_than_a_second_from_before_its_load() {
        let tenants = Tenants::default();
        let begun = Moment {
            at: Instant::now(),
            changes: 5,
        };
        let after = |time| Moment {
            at: begun.at + time,
            ..begun
        };
        assert_eq!(tenants.get(&KEY, begun), None);
        tenants.keep(KEY, begun, b"one".to_vec());
        let nearly = after(LIFE - Duration::from_nanos(1));
        assert_eq!(tenants.get(&KEY, nearly).as_deref(), Some(&b"one"[..]));
        assert_eq!(tenants.get(&KEY, after(LIFE)), None);
        // A change of this process, of whatever document.
        let changed = Moment {
            changes: 6,
            ..nearly
        };
        assert_eq!(tenants.get(&KEY, changed), None);
        assert_eq!(tenants.get(&StoreKey([8; 16]), nearly), None);
    }

    #[test]
    fn what_is_kept_has_a_bound() {
        let tenants = Tenants::default();
        let begun = Moment::now();
        for number in 0..10_000_u64 {
            let mut key = [0; 16];
            key[..8].copy_from_slice(&number.to_be_bytes());
            tenants.keep(StoreKey(key), begun, Vec::new());
            assert!(tenants.0.read().unwrap().len() <= MOST);
        }
    }
}
