//! The prepaid credits of a tenant.

use super::keyring::Keyring;
use super::pending::Pending;
use super::slot::{Slot, WriteContext};
use super::spend::Reservation;
use super::verdict::{Refusal, RefusalReason};
use crate::Error;
use crate::labels;
use crate::store::StoreKey;

/// Format byte (kind and version) of a credits record.
pub(super) const FORMAT: u8 = 0x34;

/// The prepaid credits of a tenant, in a record of its own. A send costs one
/// credit, which is reserved before the challenge of the number is written.
///
/// A crash between the two writes may lose a credit, but never allows a free
/// message.
pub struct Credits<'a> {
    slot: Slot<'a>,
    initial: u64,
    has_begun: bool,
}

impl<'a> Credits<'a> {
    /// Creates the credits of a tenant, with the balance `initial` while no
    /// record exists.
    #[must_use]
    pub fn new(keyring: &'a Keyring, service: &str, tenant: &[u8], initial: u64) -> Self {
        Self {
            slot: Slot {
                keyring,
                key: keyring.store_key(labels::CREDITS, [service.as_bytes(), tenant]),
                format: FORMAT,
            },
            initial,
            has_begun: false,
        }
    }

    /// Sets whether the owner of the credits states that their record was
    /// written. A missing record is then an error, because the store has lost it,
    /// and never stands for the initial balance.
    #[must_use]
    pub fn begun(mut self, has_begun: bool) -> Self {
        self.has_begun = has_begun;
        self
    }

    /// The store key of the record, of kind [`crate::store::Kind::State`].
    #[must_use]
    pub fn key(&self) -> StoreKey {
        self.slot.key
    }

    /// The current balance.
    ///
    /// # Errors
    /// [`Error::RecordMissing`] without a record of credits that were
    /// [begun](Self::begun); [`Error::RecordFormat`], [`Error::RecordForged`] or
    /// [`Error::UnknownRecordKey`] if `current` is not an authentic record for
    /// this store key.
    pub fn balance(&self, current: Option<&[u8]>) -> Result<u64, Error> {
        match current {
            None if self.has_begun => Err(Error::RecordMissing),
            None => Ok(self.initial),
            Some(bytes) => self.slot.open(bytes)?.take().map(u64::from_be_bytes),
        }
    }

    /// Reserves one credit. A refusal has no retry time, because
    /// only [`Self::add`] restores credits.
    ///
    /// # Errors
    /// As [`Self::balance`].
    pub fn reserve(
        &self,
        current: Option<&[u8]>,
        now_ms: u64,
        entropy: &[u8; 32],
    ) -> Result<Reservation, Error> {
        match self.balance(current)?.checked_sub(1) {
            Some(left) => self
                .write(left, (), current, now_ms, entropy)
                .map(Reservation::Pending),
            None => Ok(Reservation::Refused(Refusal {
                reason: RefusalReason::Credits,
                retry_at_ms: None,
            })),
        }
    }

    /// Begins the credits with their initial balance. Only for credits without a
    /// record.
    ///
    /// # Errors
    /// As [`Self::balance`].
    pub fn begin(&self, now_ms: u64, entropy: &[u8; 32]) -> Result<Pending<()>, Error> {
        self.write(self.initial, (), None, now_ms, entropy)
    }

    /// Returns a reserved credit. Call it at most once per reservation.
    ///
    /// # Errors
    /// As [`Self::balance`].
    pub fn give_back(
        &self,
        current: Option<&[u8]>,
        now_ms: u64,
        entropy: &[u8; 32],
    ) -> Result<Pending<()>, Error> {
        let balance = self.balance(current)?.saturating_add(1);
        self.write(balance, (), current, now_ms, entropy)
    }

    /// Adds paid credits. The outcome is the new balance.
    ///
    /// # Errors
    /// As [`Self::balance`]; [`Error::TooManyCredits`] if the balance would exceed
    /// 2^64-1.
    pub fn add(
        &self,
        current: Option<&[u8]>,
        paid: u64,
        now_ms: u64,
        entropy: &[u8; 32],
    ) -> Result<Pending<u64>, Error> {
        let balance = self.balance(current)?.checked_add(paid);
        let balance = balance.ok_or(Error::TooManyCredits)?;
        self.write(balance, balance, current, now_ms, entropy)
    }

    fn write<T>(
        &self,
        balance: u64,
        outcome: T,
        current: Option<&[u8]>,
        now_ms: u64,
        entropy: &[u8; 32],
    ) -> Result<Pending<T>, Error> {
        let write_context = WriteContext::new(current, now_ms, entropy, b"credits");
        self.slot.write(write_context, None, outcome, |writer| {
            writer.put(&balance.to_be_bytes());
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::challenge::Record;

    #[test]
    fn one_credit_a_reservation_down_to_none() {
        let keyring = Keyring::generate(&[1; 32]);
        let credits = Credits::new(&keyring, "test", b"t", 2);
        assert_eq!(credits.balance(None), Ok(2));
        let mut current: Option<Record> = None;
        for left in [1, 0] {
            let standing = current;
            let standing = standing.as_ref().map(|record| &record[..]);
            let Reservation::Pending(pending) = credits.reserve(standing, 1, &[2; 32]).unwrap()
            else {
                panic!("there are credits");
            };
            current = Some(*pending.next());
            assert_eq!(pending.expires_at_ms(), None);
            let standing = current.as_ref().map(|record| &record[..]);
            assert_eq!(credits.balance(standing), Ok(left));
        }
        let empty = current.unwrap();
        let Reservation::Refused(refusal) = credits.reserve(Some(&empty), 1, &[2; 32]).unwrap()
        else {
            panic!("there are none");
        };
        assert_eq!(refusal.reason, RefusalReason::Credits);
        let back = credits.give_back(Some(&empty), 1, &[2; 32]).unwrap();
        assert_eq!(credits.balance(Some(back.next())), Ok(1));
        let paid = credits.add(Some(&empty), 10, 1, &[2; 32]).unwrap();
        assert_eq!(credits.balance(Some(paid.next())), Ok(10));
        assert_eq!(paid.stored(), 10);
        let one = credits.add(Some(&empty), 1, 1, &[2; 32]).unwrap();
        let most = credits.add(Some(one.next()), u64::MAX, 1, &[2; 32]);
        assert_eq!(most.err(), Some(Error::TooManyCredits));
    }
}
