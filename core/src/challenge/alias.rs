//! Public ids of challenges.

use core::fmt;

use super::keyring::Keyring;
use super::outcome::ChallengeId;
use super::pending::Pending;
use super::slot::{Slot, WriteContext};
use crate::Error;
use crate::labels;
use crate::number::PhoneNumber;
use crate::store::StoreKey;

/// Format byte (kind and version) of an alias record.
const FORMAT: u8 = 0x33;

/// The lifetime of an alias in milliseconds: 24 hours.
pub const ALIAS_LIFE_MS: u64 = 24 * 3600 * 1000;

/// A public id of a challenge: a record, written once, that maps the id to the
/// number and the challenge for which it was created.
///
/// The id is not secret among the callers of one tenant, and is unknown under
/// any other. Its record holds the number in sealed form, so a stolen store
/// alone does not reveal it.
pub struct Alias<'a> {
    slot: Slot<'a>,
    restored_at_ms: Option<u64>,
}

/// The target of an alias. `Debug` masks the number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Aliased {
    /// The number of the challenge.
    pub number: PhoneNumber,
    /// The challenge. The record of the number may hold a later one by now.
    pub id: ChallengeId,
}

impl<'a> Alias<'a> {
    /// Creates the alias of a public id, as it appears in requests, under a
    /// service and a tenant.
    #[must_use]
    pub fn new(keyring: &'a Keyring, service: &str, tenant: &[u8], public_id: &str) -> Self {
        let parts: [&[u8]; 3] = [service.as_bytes(), tenant, public_id.as_bytes()];
        Self {
            slot: Slot {
                keyring,
                key: keyring.store_key(labels::ALIAS, parts),
                format: FORMAT,
            },
            restored_at_ms: None,
        }
    }

    /// After the store was restored from a backup at this time, in milliseconds
    /// of Unix time: an id that was written before it is unknown, as its
    /// challenge is void.
    #[must_use]
    pub fn restored_at(self, restored_at_ms: Option<u64>) -> Self {
        Self {
            restored_at_ms,
            ..self
        }
    }

    /// The store key of the record, of kind [`crate::store::Kind::State`].
    #[must_use]
    pub fn key(&self) -> StoreKey {
        self.slot.key
    }

    /// The record for a challenge just issued. It expects that no record
    /// exists; on a conflict, choose another id.
    ///
    /// # Errors
    /// [`Error::UnknownRecordKey`] if the keyring lacks its newest key.
    pub fn write(
        &self,
        aliased: &Aliased,
        now_ms: u64,
        entropy: &[u8; 32],
    ) -> Result<Pending<()>, Error> {
        let write_context = WriteContext::new(None, now_ms, entropy, &aliased.id.0);
        let keyring = self.slot.keyring;
        let seal = keyring
            .newest_record()?
            .alias_seal(&self.slot.key, &aliased.id.0);
        let number = aliased.number.to_u64() ^ u64::from_be_bytes(seal);
        let until = now_ms.saturating_add(ALIAS_LIFE_MS);
        self.slot.write(write_context, Some(until), (), |writer| {
            writer.put(&aliased.id.0);
            writer.put(&number.to_be_bytes());
            writer.put_u16(keyring.newest());
            writer.put_time(until);
        })
    }

    /// The target of the id. `None` after its 24 hours, or if it was written
    /// before [`Self::restored_at`].
    ///
    /// # Errors
    /// [`Error::RecordFormat`], [`Error::RecordForged`] or
    /// [`Error::UnknownRecordKey`] if `current` is not an authentic record for
    /// this store key.
    pub fn read(&self, current: &[u8], now_ms: u64) -> Result<Option<Aliased>, Error> {
        let mut reader = self.slot.open(current)?;
        let id = ChallengeId(reader.take()?);
        let sealed = u64::from_be_bytes(reader.take()?);
        let key = self.slot.keyring.record(reader.take_u16()?)?;
        let until = reader.take_time()?;
        let is_from_before = |at_ms: u64| until < at_ms.saturating_add(ALIAS_LIFE_MS);
        if until <= now_ms || self.restored_at_ms.is_some_and(is_from_before) {
            return Ok(None);
        }
        let seal = u64::from_be_bytes(key.alias_seal(&self.slot.key, &id.0));
        let number = PhoneNumber::from_u64(sealed ^ seal).map_err(|_| Error::RecordFormat)?;
        Ok(Some(Aliased { number, id }))
    }
}

impl fmt::Debug for Alias<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Alias")
            .field("key", &self.slot.key)
            .finish_non_exhaustive()
    }
}

impl ChallengeId {
    /// 16 bytes for a public id of this challenge. They reveal nothing without
    /// the keyring. If an id is taken, increase `attempt` to get another.
    #[must_use]
    pub fn public_bytes(&self, keyring: &Keyring, attempt: u8) -> [u8; 16] {
        keyring
            .store_key(labels::PUBLIC_ID, [&self.0, &[attempt]])
            .0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW_MS: u64 = 1_800_000_000_000;

    fn aliased() -> Aliased {
        Aliased {
            number: PhoneNumber::parse("+966500000000", None).unwrap(),
            id: ChallengeId([9; 16]),
        }
    }

    #[test]
    fn an_alias_leads_back_for_its_life_and_hides_the_number() {
        let keyring = Keyring::generate(&[7; 32]);
        let alias = Alias::new(&keyring, "test", b"tenant", "id");
        let pending = alias.write(&aliased(), NOW_MS, &[1; 32]).unwrap();
        assert!(pending.expected().is_none());
        let record = *pending.next();
        let last = NOW_MS + ALIAS_LIFE_MS - 1;
        assert_eq!(alias.read(&record, last), Ok(Some(aliased())));
        assert_eq!(alias.read(&record, last + 1), Ok(None));
        assert_eq!(pending.expires_at_ms(), Some(last + 1));
        let digits = 966_500_000_000_u64.to_be_bytes();
        assert!(
            !record
                .windows(5)
                .any(|bytes| digits.windows(5).any(|part| part == bytes))
        );
    }

    #[test]
    fn an_alias_from_before_a_restore_is_unknown() {
        let keyring = Keyring::generate(&[7; 32]);
        let alias = || Alias::new(&keyring, "test", b"tenant", "id");
        let record = *alias().write(&aliased(), NOW_MS, &[1; 32]).unwrap().next();
        let read = |at_ms| alias().restored_at(Some(at_ms)).read(&record, NOW_MS + 2);
        assert_eq!(read(NOW_MS), Ok(Some(aliased())));
        assert_eq!(read(NOW_MS + 1), Ok(None));
    }

    #[test]
    fn an_alias_is_of_one_tenant_and_one_service() {
        let keyring = Keyring::generate(&[7; 32]);
        let alias = Alias::new(&keyring, "test", b"tenant", "id");
        let record = *alias.write(&aliased(), NOW_MS, &[1; 32]).unwrap().next();
        for (service, tenant, id) in [
            ("tes", &b"ttenant"[..], "id"),
            ("test", b"other", "id"),
            ("test", b"tenant", "id2"),
        ] {
            let other = Alias::new(&keyring, service, tenant, id);
            assert_ne!(other.key(), alias.key());
            assert_eq!(other.read(&record, NOW_MS), Err(Error::RecordForged));
        }
    }

    #[test]
    fn an_alias_outlives_a_newer_record_key() {
        let mut keyring = Keyring::generate(&[7; 32]);
        let record = *Alias::new(&keyring, "test", b"tenant", "id")
            .write(&aliased(), NOW_MS, &[1; 32])
            .unwrap()
            .next();
        let newer = keyring.add(&[8; 32]).unwrap();
        keyring.activate(newer).unwrap();
        let alias = Alias::new(&keyring, "test", b"tenant", "id");
        assert_eq!(alias.read(&record, NOW_MS), Ok(Some(aliased())));
    }

    #[test]
    fn public_ids_differ_by_attempt_and_keyring() {
        let keyring = Keyring::generate(&[7; 32]);
        let id = ChallengeId([9; 16]);
        let first = id.public_bytes(&keyring, 0);
        assert_ne!(first, id.public_bytes(&keyring, 1));
        assert_ne!(first, id.public_bytes(&Keyring::generate(&[8; 32]), 0));
        assert_ne!(first, ChallengeId([8; 16]).public_bytes(&keyring, 0));
    }
}
