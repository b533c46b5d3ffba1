//! The spend limit of a tenant.

use super::Policy;
use super::keyring::Keyring;
use super::limit::{Bucket, Limit};
use super::pending::Pending;
use super::slot::{Slot, WriteContext};
use super::verdict::{Refusal, RefusalReason};
use crate::Error;
use crate::labels;
use crate::store::StoreKey;

/// Format byte (kind and version) of a spend record.
pub(super) const FORMAT: u8 = 0x31;

/// The limit of sends of a tenant over all numbers, in a record of its own. A
/// send is reserved before the challenge of the number is written.
pub struct Spend<'a> {
    slot: Slot<'a>,
    limit: Limit,
}

/// The result of [`Spend::reserve`] and [`super::Credits::reserve`].
#[derive(Debug)]
#[must_use]
pub enum Reservation {
    /// One send, reserved once this is stored.
    Pending(Pending<()>),
    /// No send is available now.
    Refused(Refusal),
    /// No send is available now, and the record must be corrected as in
    /// [`super::Issue::Corrected`].
    Corrected(Refusal, Pending<()>),
}

impl<'a> Spend<'a> {
    /// Creates the spend limit of a tenant. `None` if the policy has no spend
    /// limit.
    #[must_use]
    pub fn new(
        keyring: &'a Keyring,
        policy: &Policy,
        service: &str,
        tenant: &[u8],
    ) -> Option<Self> {
        Some(Self {
            limit: policy.settings().spend?,
            slot: Slot {
                keyring,
                key: keyring.store_key(labels::SPEND, [service.as_bytes(), tenant]),
                format: FORMAT,
            },
        })
    }

    /// The store key of the record, of kind [`crate::store::Kind::State`].
    #[must_use]
    pub fn key(&self) -> StoreKey {
        self.slot.key
    }

    /// Reserves one send.
    ///
    /// # Errors
    /// [`Error::RecordFormat`], [`Error::RecordForged`] or
    /// [`Error::UnknownRecordKey`] if `current` is not an authentic record for
    /// this store key.
    pub fn reserve(
        &self,
        current: Option<&[u8]>,
        now_ms: u64,
        entropy: &[u8; 32],
    ) -> Result<Reservation, Error> {
        let stored = self.read(current)?;
        let settled = stored.settled(self.limit, now_ms);
        let refusal = |retry_at_ms| Refusal {
            reason: RefusalReason::Spend,
            retry_at_ms: Some(retry_at_ms),
        };
        match settled.take(self.limit, now_ms).map_err(refusal) {
            Ok(bucket) => self
                .write(bucket, current, now_ms, entropy)
                .map(Reservation::Pending),
            Err(refusal) if settled != stored => self
                .write(settled, current, now_ms, entropy)
                .map(|correction| Reservation::Corrected(refusal, correction)),
            Err(refusal) => Ok(Reservation::Refused(refusal)),
        }
    }

    /// How many sends could be reserved now.
    ///
    /// # Errors
    /// As [`Self::reserve`].
    pub fn left(&self, current: Option<&[u8]>, now_ms: u64) -> Result<u32, Error> {
        Ok(self.read(current)?.left(self.limit, now_ms))
    }

    /// Returns a reserved send. Call it at most once per reservation.
    ///
    /// # Errors
    /// As [`Self::reserve`].
    pub fn give_back(
        &self,
        current: Option<&[u8]>,
        now_ms: u64,
        entropy: &[u8; 32],
    ) -> Result<Pending<()>, Error> {
        let bucket = self.read(current)?.give_back(self.limit);
        self.write(bucket, current, now_ms, entropy)
    }

    fn read(&self, current: Option<&[u8]>) -> Result<Bucket, Error> {
        let Some(bytes) = current else {
            return Ok(Bucket::default());
        };
        self.slot.open(bytes)?.take_time().map(Bucket)
    }

    fn write(
        &self,
        bucket: Bucket,
        current: Option<&[u8]>,
        now_ms: u64,
        entropy: &[u8; 32],
    ) -> Result<Pending<()>, Error> {
        let write_context = WriteContext::new(current, now_ms, entropy, b"spend");
        self.slot
            .write(write_context, Some(bucket.0), (), |writer| {
                writer.put_time(bucket.0);
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::challenge::{PolicySettings, Record};

    #[test]
    fn reserve_until_nothing_is_left_and_give_back() {
        let keyring = Keyring::generate(&[1; 32]);
        let policy = Policy::new(PolicySettings {
            spend: Some(Limit::new(2, 60_000, 2).unwrap()),
            ..PolicySettings::default()
        })
        .unwrap();
        let spend = Spend::new(&keyring, &policy, "test", b"t").unwrap();
        let mut current: Option<Record> = None;
        let as_slice = |record: &Option<Record>| record.map(|record| record.to_vec());
        for _ in 0..2 {
            let loaded = as_slice(&current);
            match spend
                .reserve(loaded.as_deref(), 1_000_000, &[2; 32])
                .unwrap()
            {
                Reservation::Pending(pending) => current = Some(*pending.next()),
                other => panic!("{other:?}"),
            }
        }
        let loaded = as_slice(&current);
        assert_eq!(spend.left(None, 1_000_000), Ok(2));
        assert_eq!(spend.left(loaded.as_deref(), 1_000_000), Ok(0));
        match spend
            .reserve(loaded.as_deref(), 1_000_000, &[2; 32])
            .unwrap()
        {
            Reservation::Refused(refusal) => {
                assert_eq!(refusal.reason, RefusalReason::Spend);
                assert_eq!(refusal.retry_at_ms, Some(1_060_000));
            }
            other => panic!("{other:?}"),
        }
        let pending = spend
            .give_back(loaded.as_deref(), 1_000_000, &[2; 32])
            .unwrap();
        let again = spend
            .reserve(Some(pending.next()), 1_000_000, &[2; 32])
            .unwrap();
        assert!(matches!(again, Reservation::Pending(_)));
    }
}
