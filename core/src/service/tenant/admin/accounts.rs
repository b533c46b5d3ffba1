//! Operations on the records of a tenant: the credits of a customer, and the
//! lock of a number.

use alloc::sync::Arc;

use zeroize::Zeroizing;

use super::TenantAdmin;
use super::chain::{Optional, then};
use crate::Error;
use crate::challenge::{Alias, ChallengeId, Keyring, Subject};
use crate::number::PhoneNumber;
use crate::service::settings::{Field, Group, Refused};
use crate::service::tenant::AnyTenant;
use crate::store::{Decision, Kind, Moment, Operation, Settle, StoreKey};

impl TenantAdmin {
    /// Adds paid credits to a customer and returns the new balance; 0 reads the
    /// balance.
    ///
    /// # Errors
    /// From the operation: [`Error::TenantMissing`]; [`Error::TenantRevoked`];
    /// [`Error::RecordMissing`] if the store has lost the record;
    /// [`Error::StoreUnknown`] also if it stays unknown whether the credits were
    /// added (read the balance before adding them again); the errors of
    /// [`Self::read`].
    pub fn credits(
        &self,
        name: &str,
        paid: u64,
        entropy: &[u8; 32],
    ) -> Result<impl Operation<Outcome = u64, Error = Refused> + Send + Sync + use<>, Refused> {
        let entropy = Zeroizing::new(*entropy);
        let keyring = Arc::clone(&self.keyring);
        let customer = self.live(Group::Customer, name)?;
        Ok(then(customer, move |tenant| {
            let AnyTenant::Customer(customer) = tenant else {
                return Err(Error::TenantMissing.into());
            };
            let key = customer.credits(&keyring).key();
            let settle = Settle::new(Kind::State, key, &entropy, move |current, moment| {
                let credits = customer.credits(&keyring);
                if paid == 0 {
                    return Ok(Decision::Keep(credits.balance(current)?));
                }
                let pending = credits.add(current, paid, moment.now_ms, moment.entropy)?;
                let (swap, balance) = pending.into_swap();
                Ok(Decision::Write(swap, balance))
            });
            Ok(settle.at_most_once())
        }))
    }

    /// Unlocks a number of a tenant, at most three times within 24 hours. Wrong codes
    /// still count against the limit of guesses. `number` is in international form, or in the
    /// national form of the channel's country.
    ///
    /// # Errors
    /// [`Error::UnknownSetting`] for a group that is not a tenant's; from the
    /// operation: the errors of [`PhoneNumber::parse`];
    /// [`Error::NumberMissing`] for a number without a record;
    /// [`Error::TooManyUnlocks`]; [`Error::TenantRevoked`]; the errors of
    /// [`Self::read`].
    pub fn unlock(
        &self,
        group: Group,
        name: &str,
        number: &str,
        entropy: &[u8; 32],
    ) -> Result<impl Operation<Outcome = (), Error = Refused> + Send + Sync + use<>, Refused> {
        let entropy = Zeroizing::new(*entropy);
        let number = Zeroizing::new(alloc::string::String::from(number));
        let keyring = Arc::clone(&self.keyring);
        let tenant = self.live(group, name)?;
        Ok(then(tenant, move |tenant| {
            let country = tenant.settings().read(Field::Country)?;
            let number = Subject::from(PhoneNumber::parse(&number, country)?);
            let key = tenant.challenge(&keyring, &number).key();
            Ok(Settle::new(
                Kind::State,
                key,
                &entropy,
                move |current, moment| {
                    if current.is_none() {
                        return Err(Refused::from(Error::NumberMissing));
                    }
                    let challenge = tenant.challenge(&keyring, &number);
                    let pending = challenge.unlock(current, moment.now_ms, moment.entropy)?;
                    Ok(Decision::Write(pending.into_swap().0, ()))
                },
            ))
        }))
    }

    /// Erases what a tenant has of a number: its challenge, so that no code is accepted,
    /// and the public id that leads to it. What limits and locks the number stays, so
    /// that erasing does not yield further sends or guesses. `number` is as in
    /// [`Self::unlock`].
    ///
    /// Public ids of earlier challenges lead nowhere either; their records end within
    /// 24 hours of their creation.
    ///
    /// # Errors
    /// [`Error::UnknownSetting`] for a group that is not a tenant's; from the
    /// operation: the errors of [`PhoneNumber::parse`];
    /// [`Error::NumberMissing`] for a number without a record;
    /// [`Error::TenantRevoked`]; the errors of [`Self::read`].
    pub fn erase(
        &self,
        group: Group,
        name: &str,
        number: &str,
        entropy: &[u8; 32],
    ) -> Result<impl Operation<Outcome = (), Error = Refused> + Send + Sync + use<>, Refused> {
        let entropy = Zeroizing::new(*entropy);
        let number = Zeroizing::new(alloc::string::String::from(number));
        let keyring = Arc::clone(&self.keyring);
        let tenant = self.live(group, name)?;
        Ok(then(tenant, move |tenant| {
            let country = tenant.settings().read(Field::Country)?;
            let number = Subject::from(PhoneNumber::parse(&number, country)?);
            let erasing = Arc::new(Erasing {
                keyring,
                tenant,
                number,
                entropy,
            });
            Ok(then(erasing.finding(), move |id| {
                let alias = id.and_then(|id| erasing.erasing_alias(id));
                Ok(then(Optional(alias), move |_| Ok(erasing.erasing())))
            }))
        }))
    }

    /// Reads a tenant that is not revoked.
    fn live(
        &self,
        group: Group,
        name: &str,
    ) -> Result<impl Operation<Outcome = AnyTenant, Error = Refused> + Send + Sync + use<>, Refused>
    {
        let target = self.target(group, name)?;
        Ok(target.clone().settle(&[0; 32], move |current, _| {
            Ok(Decision::Keep(target.live(current)?.0))
        }))
    }
}

/// A number that is erased. The public id comes first: it is known only as long as the
/// challenge is.
struct Erasing {
    keyring: Arc<Keyring>,
    tenant: AnyTenant,
    number: Subject,
    entropy: Zeroizing<[u8; 32]>,
}

impl Erasing {
    fn key(&self) -> StoreKey {
        self.tenant.challenge(&self.keyring, &self.number).key()
    }

    fn settle<T, F>(self: &Arc<Self>, key: StoreKey, decide: F) -> impl Erasure<T> + use<T, F>
    where
        T: Send + Sync,
        F: Fn(&Self, Option<&[u8]>, Moment<'_>) -> Result<Decision<T>, Refused> + Send + Sync,
    {
        let this = Arc::clone(self);
        Settle::new(Kind::State, key, &self.entropy, move |current, moment| {
            decide(&this, current, moment)
        })
    }

    fn finding(self: &Arc<Self>) -> impl Erasure<Option<ChallengeId>> + use<> {
        self.settle(self.key(), |this, current, moment| {
            if current.is_none() {
                return Err(Refused::from(Error::NumberMissing));
            }
            let challenge = this.tenant.challenge(&this.keyring, &this.number);
            Ok(Decision::Keep(challenge.last(current, moment.now_ms)?))
        })
    }

    /// `None` if the challenge has no public id.
    fn erasing_alias(self: &Arc<Self>, id: ChallengeId) -> Option<impl Erasure<()> + use<>> {
        let bytes = id.public_bytes(&self.keyring, 0);
        let (service, public_id) = self.tenant.public_id(bytes)?;
        let key = self.alias(service, &public_id).key();
        Some(self.settle(key, move |this, current, moment| {
            let Some(current) = current else {
                return Ok(Decision::Keep(()));
            };
            let alias = this.alias(service, &public_id);
            let erased = alias.erase(id, current, moment.now_ms, moment.entropy)?;
            Ok(match erased {
                Some(pending) => Decision::Write(pending.into_swap().0, ()),
                None => Decision::Keep(()),
            })
        }))
    }

    fn alias(&self, service: &str, public_id: &str) -> Alias<'_> {
        Alias::new(&self.keyring, service, self.tenant.id(), public_id)
    }

    fn erasing(self: &Arc<Self>) -> impl Erasure<()> + use<> {
        self.settle(self.key(), |this, current, moment| {
            let challenge = this.tenant.challenge(&this.keyring, &this.number);
            let pending = challenge.erase(current, moment.now_ms, moment.entropy)?;
            Ok(Decision::Write(pending.into_swap().0, ()))
        })
    }
}

/// A step of the erasing of a number.
trait Erasure<T>: Operation<Outcome = T, Error = Refused> + Send + Sync {}

impl<T, O: Operation<Outcome = T, Error = Refused> + Send + Sync> Erasure<T> for O {}
