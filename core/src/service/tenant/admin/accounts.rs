//! Operations on the records of a tenant: the credits of a customer, and the
//! lock of a number.

use alloc::sync::Arc;

use zeroize::Zeroizing;

use super::TenantAdmin;
use super::chain::then;
use crate::Error;
use crate::challenge::Subject;
use crate::number::PhoneNumber;
use crate::service::settings::{Field, Group, Refused};
use crate::service::tenant::AnyTenant;
use crate::store::{Decision, Kind, Operation, Settle};

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

    /// Unlocks a number of a tenant. `number` is in international form, or in the
    /// national form of the channel's country.
    ///
    /// # Errors
    /// [`Error::UnknownSetting`] for a group that is not a tenant's; from the
    /// operation: the errors of [`PhoneNumber::parse`];
    /// [`Error::NumberMissing`] for a number without a record;
    /// [`Error::TenantRevoked`]; the errors of [`Self::read`].
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
