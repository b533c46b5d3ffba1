//! Operations that set the credential of one tenant: create, rotate, provision.

use zeroize::Zeroizing;

use super::TenantAdmin;
use super::chain::then;
use super::credits_record::{CreditsOf, ensure_credits, ensure_stated};
use super::outcome::{NewCredential, Provisioned};
use super::target::NewKey;
use crate::Error;
use crate::service::settings::{Field, Group, Refused, Value, Values};
use crate::service::tenant::credential::TenantKey;
use crate::service::tenant::{AnyTenant, Customer, Overlap};
use crate::store::{Decision, Operation, Stamp};

impl TenantAdmin {
    /// Creates a tenant with these settings and a new credential. A customer
    /// without a name gets a fresh one. A revoked tenant with the same name is
    /// replaced; the count of its credentials continues, so that tokens issued
    /// for them are not valid for the new tenant.
    ///
    /// `entropy` is 32 fresh bytes from the host's random source, here and in
    /// every other method.
    ///
    /// # Errors
    /// [`Error::UnknownSetting`] for a group that is not a tenant's;
    /// [`Error::NameTaken`], from the operation, if a tenant with this name
    /// exists and is not revoked (draw other entropy if a fresh name was taken);
    /// the errors of the settings; [`Error::TenantTooLarge`]; the errors of
    /// [`Operation::next`].
    pub fn create(
        &self,
        values: &Values,
        entropy: &[u8; 32],
    ) -> Result<
        impl Operation<Outcome = NewCredential, Error = Refused> + Send + Sync + use<>,
        Refused,
    > {
        let mut values = values.clone();
        let group = values.group();
        if group == Group::Customer && values.get(Field::Name).is_none() {
            let name = Customer::fresh_id(0, entropy);
            values.set(Field::Name, Value::Text(name))?;
        }
        let target = self.target(group, &values.name()?)?;
        values.check()?;
        let initial = match values.value(Field::TestCredits) {
            Ok(Some(Value::Number(initial))) => initial,
            _ => 0,
        };
        let entropy = Zeroizing::new(*entropy);
        let plan = target.clone();
        let credits = ensure_credits(&target, &entropy, move |stored, moment| {
            check_free(stored)?;
            let id = plan.fresh_id(None, moment);
            Ok(Some(CreditsOf { id, initial }))
        });
        let mut key = NewKey::default();
        Ok(then(credits, move |id| {
            Ok(target.clone().settle(&entropy, move |current, moment| {
                let stored = target.open(current)?;
                if let (Some(stored), Some(value)) = (&stored, current)
                    && let Some(found) = key.found(&target, stored, value, moment)?
                {
                    return Ok(found);
                }
                check_free(stored.as_ref())?;
                let fresh = || target.fresh_id(current, moment);
                let mut tenant = AnyTenant::new(&values, id.unwrap_or_else(fresh), moment.now_ms)?;
                if let Some(stored) = &stored {
                    tenant.succeed(stored);
                }
                tenant.state_credits(id);
                key.written(&target, tenant, current, moment, Overlap::NONE)
            }))
        }))
    }

    /// Replaces the credential of a tenant by a new one. The old one stays valid
    /// for the overlap, and so do tokens issued for it; a predecessor of the old
    /// one ends as soon as the swap is stored. A clock that is set back does not
    /// lengthen the overlap.
    ///
    /// # Errors
    /// [`Error::UnknownSetting`] for a group that is not a tenant's; from the
    /// operation: [`Error::TenantRevoked`]; [`Error::TenantTooLarge`]; the errors
    /// of [`Self::read`].
    pub fn rotate(
        &self,
        group: Group,
        name: &str,
        overlap: Overlap,
        entropy: &[u8; 32],
    ) -> Result<
        impl Operation<Outcome = NewCredential, Error = Refused> + Send + Sync + use<>,
        Refused,
    > {
        self.rotate_expecting(group, name, overlap, None, entropy)
    }

    /// As [`Self::rotate`], only if the tenant's value has this stamp.
    ///
    /// # Errors
    /// Those of [`Self::rotate`]; from the operation, [`Error::Changed`] if the
    /// stamp is not the expected one; [`Error::StoreUnknown`] also if the outcome
    /// with an expected stamp stays unknown.
    pub fn rotate_expecting(
        &self,
        group: Group,
        name: &str,
        overlap: Overlap,
        expected: Option<Stamp>,
        entropy: &[u8; 32],
    ) -> Result<
        impl Operation<Outcome = NewCredential, Error = Refused> + Send + Sync + use<>,
        Refused,
    > {
        let target = self.target(group, name)?;
        let entropy = Zeroizing::new(*entropy);
        let credits = ensure_stated(&target, &entropy);
        let mut key = NewKey::default();
        Ok(then(credits, move |id| {
            let settle = target.clone().settle(&entropy, move |current, moment| {
                let (mut tenant, value) = target.live(current)?;
                if let Some(found) = key.found(&target, &tenant, value, moment)? {
                    return Ok(found);
                }
                if let Some(expected) = expected
                    && expected != Stamp::of(value)?
                {
                    return Err(Error::Changed.into());
                }
                let ended = tenant.predecessor(moment.now_ms);
                tenant.state_credits(id);
                let written = key.written(&target, tenant, current, moment, overlap)?;
                Ok(match written {
                    Decision::Write(swap, new) => {
                        Decision::Write(swap, NewCredential { ended, ..new })
                    }
                    keep @ Decision::Keep(_) => keep,
                })
            });
            Ok(match expected {
                Some(_) => settle.at_most_once(),
                None => settle,
            })
        }))
    }

    /// Creates or changes a tenant so that it has exactly these settings and
    /// this credential, without a predecessor: for tenants of a configuration
    /// file. An existing tenant, revoked or not, keeps its id and with it the
    /// records of its numbers; it keeps the version of the credential if that is
    /// the same.
    ///
    /// # Errors
    /// [`Error::InvalidCredential`] for the credential of another tenant;
    /// [`Error::UnknownSetting`] for a group that is not a tenant's; the errors
    /// of the settings; from the operation: [`Error::TenantTooLarge`];
    /// [`Error::RecordFormat`], [`Error::RecordForged`] or
    /// [`Error::UnknownRecordKey`] if the keyring does not open the value; the
    /// errors of [`Operation::next`].
    pub fn provision(
        &self,
        values: &Values,
        key: TenantKey,
        entropy: &[u8; 32],
    ) -> Result<impl Operation<Outcome = Provisioned, Error = Refused> + Send + Sync + use<>, Refused>
    {
        let values = values.clone();
        let target = self.target(values.group(), &values.name()?)?;
        values.check()?;
        if key.store_key() != target.store_key {
            return Err(Error::InvalidCredential.into());
        }
        let entropy = Zeroizing::new(*entropy);
        let new = AnyTenant::new(&values, [0; 16], 0)?;
        let plan = target.clone();
        let credits = ensure_credits(&target, &entropy, move |stored, moment| {
            match (stored, &new) {
                (None, AnyTenant::Customer(new)) => Ok(Some(CreditsOf {
                    id: plan.fresh_id(None, moment),
                    initial: new.settings.test_credits,
                })),
                (stored, _) => Ok(CreditsOf::unstated(stored)),
            }
        });
        Ok(then(credits, move |id| {
            Ok(target.clone().settle(&entropy, move |current, moment| {
                let stored = target.open(current)?;
                let fresh = || target.fresh_id(current, moment);
                let mut tenant = AnyTenant::new(&values, id.unwrap_or_else(fresh), moment.now_ms)?;
                tenant.provision_over(&target.keyring, stored.as_ref(), &key)?;
                tenant.state_credits(id);
                if let (Some(stored), Some(value)) = (&stored, current)
                    && tenant.is_same_as(stored)?
                {
                    return Ok(Decision::Keep(Provisioned {
                        is_changed: false,
                        stamp: Stamp::of(value)?,
                    }));
                }
                let swap = tenant.write(&target.keyring, current, moment.now_ms, moment.entropy)?;
                let provisioned = Provisioned {
                    is_changed: true,
                    stamp: Stamp::of(&swap.value)?,
                };
                Ok(Decision::Write(swap, provisioned))
            }))
        }))
    }
}

/// Refuses a name that a tenant has which is not revoked.
fn check_free(stored: Option<&AnyTenant>) -> Result<(), Refused> {
    match stored.is_some_and(|stored| !stored.is_revoked()) {
        true => Err(Error::NameTaken.into()),
        false => Ok(()),
    }
}
