//! Single use of tokens and ids.

use super::keyring::Keyring;
use super::pending::Pending;
use super::slot::{Slot, WriteContext};
use crate::Error;
use crate::labels;
use crate::store::StoreKey;

/// Format byte (kind and version) of the record of a use.
pub(super) const FORMAT: u8 = 0x35;
/// How long a use is remembered beyond the end of the object's lifetime, so
/// that a machine whose clock is behind, or that checked the object just before
/// its end, still finds it.
const KEPT_MS: u64 = 600_000;

/// An object that may be used once. Using it stores a record that must not
/// exist yet.
///
/// The first to store the record has used the object; for everyone else the
/// swap conflicts.
pub struct Once<'a> {
    slot: Slot<'a>,
}

impl<'a> Once<'a> {
    /// Creates the single use of the object with this name, among objects of
    /// one kind.
    #[must_use]
    pub fn new(keyring: &'a Keyring, kind: &str, name: &[u8]) -> Self {
        Self {
            slot: Slot {
                keyring,
                key: keyring.store_key(labels::ONCE, [kind.as_bytes(), name]),
                format: FORMAT,
            },
        }
    }

    /// The store key of the record, of kind [`crate::store::Kind::State`].
    #[must_use]
    pub fn key(&self) -> StoreKey {
        self.slot.key
    }

    /// Uses the object. `good_until_ms` is the end of its lifetime in
    /// milliseconds of Unix time: the caller must refuse it from then on. The
    /// use is remembered for ten minutes longer. `None` if the lifetime has no
    /// end, in which case the use is remembered forever.
    ///
    /// # Errors
    /// [`Error::UnknownRecordKey`] if the keyring lacks its newest key.
    pub fn take(
        &self,
        good_until_ms: Option<u64>,
        now_ms: u64,
        entropy: &[u8; 32],
    ) -> Result<Pending<()>, Error> {
        let write_context = WriteContext::new(None, now_ms, entropy, b"once");
        let expires_at_ms = good_until_ms.map(|until| until.saturating_add(KEPT_MS));
        self.slot.write(write_context, expires_at_ms, (), |writer| {
            // Nothing reads it.
            writer.put_time(good_until_ms.unwrap_or(0));
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_use_expects_nothing_and_is_kept_beyond_the_end() {
        let keyring = Keyring::generate(&[1; 32]);
        let once = Once::new(&keyring, "token", b"a");
        let first = once.take(Some(5000), 1000, &[2; 32]).unwrap();
        assert!(first.expected().is_none());
        // Ten minutes later than its end, rounded up to a minute.
        assert_eq!(first.expires_at_ms(), Some(660_000));
        assert_eq!(first.key(), once.key());
        let endless = once.take(None, 1000, &[2; 32]).unwrap();
        assert_eq!(endless.expires_at_ms(), None);
        // The stamp distinguishes another caller's use of the same thing.
        let second = once.take(Some(5000), 1000, &[3; 32]).unwrap();
        assert!(!second.is_written_in(first.next()));
        assert_ne!(once.key(), Once::new(&keyring, "token", b"b").key());
        assert_ne!(once.key(), Once::new(&keyring, "code", b"a").key());
    }
}
