//! Operations that read or write one tenant: create, read, update, rotate,
//! revoke, provision.

use alloc::sync::Arc;

use zeroize::Zeroizing;

use super::TenantAdmin;
use super::chain::then;
use super::credits_record::{CreditsOf, ensure_credits};
use super::outcome::{NewCredential, Provisioned, Stamp, TenantEntry};
use super::patch::TenantPatch;
use super::stored_tenant::{open, open_live};
use crate::Error;
use crate::challenge::Keyring;
use crate::service::settings::{Field, Group, Refused, Value, Values};
use crate::service::tenant::credential::{TenantKey, fresh_key};
use crate::service::tenant::stored::fresh_tenant_id;
use crate::service::tenant::{AnyTenant, Customer, Overlap};
use crate::store::{Decision, Kind, Moment, Operation, Settle, StoreKey};

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
        let keyring = Arc::clone(&self.keyring);
        let store_key = AnyTenant::store_key(&keyring, group, &values.name()?)?;
        values.check()?;
        let initial = match values.value(Field::TestCredits) {
            Ok(Some(Value::Number(initial))) => initial,
            _ => 0,
        };
        let entropy = Zeroizing::new(*entropy);
        let credits = ensure_credits(
            &keyring,
            group,
            store_key,
            &entropy,
            move |stored, moment| {
                check_free(stored)?;
                let id = fresh_id(&store_key, None, moment);
                Ok(Some(CreditsOf { id, initial }))
            },
        );
        let mut key = None;
        Ok(then(credits, move |id| {
            Ok(Settle::new(
                Kind::Document,
                store_key,
                &entropy,
                move |current, moment| {
                    let key = same_key(&mut key, store_key, current, moment);
                    let stored = open(&keyring, group, &store_key, current)?;
                    if let (Some(stored), Some(value)) = (&stored, current)
                        && stored.contains_key(&keyring, key)
                    {
                        return Ok(Decision::Keep(stored.new_credential(key, value)?));
                    }
                    check_free(stored.as_ref())?;
                    let fresh = || fresh_id(&store_key, current, moment);
                    let mut tenant =
                        AnyTenant::new(&values, id.unwrap_or_else(fresh), moment.now_ms)?;
                    if let Some(stored) = &stored {
                        tenant.succeed(stored);
                    }
                    tenant.state_credits(id);
                    tenant.set_key(&keyring, key, Overlap::NONE, moment.now_ms);
                    written_key(&keyring, &tenant, key, current, moment)
                },
            ))
        }))
    }

    /// Reads a tenant, revoked or not.
    ///
    /// # Errors
    /// [`Error::UnknownSetting`] for a group that is not a tenant's;
    /// [`Error::TenantMissing`], from the operation; [`Error::RecordFormat`],
    /// [`Error::RecordForged`] or [`Error::UnknownRecordKey`] if the keyring does
    /// not open the value; the errors of [`Operation::next`].
    pub fn read(
        &self,
        group: Group,
        name: &str,
    ) -> Result<impl Operation<Outcome = TenantEntry, Error = Refused> + Send + Sync + use<>, Refused>
    {
        let keyring = Arc::clone(&self.keyring);
        let store_key = AnyTenant::store_key(&keyring, group, name)?;
        Ok(Settle::new(
            Kind::Document,
            store_key,
            &[0; 32],
            move |current, _| {
                let value = current.ok_or(Error::TenantMissing)?;
                let tenant = AnyTenant::open(&keyring, group, &store_key, value)?;
                Ok(Decision::Keep(tenant.into_entry(value)?))
            },
        ))
    }

    /// Changes the settings of a tenant. Its id, credential, locks and counts
    /// stay. The outcome is the changed tenant; a patch that changes nothing
    /// writes nothing.
    ///
    /// Without an expected stamp, the patch is applied again to the value that
    /// another writer stored meanwhile. With one, the update takes effect at most
    /// once, on exactly that value.
    ///
    /// A revoked tenant cannot be changed, because the next tenant with its name
    /// starts from its own settings.
    ///
    /// # Errors
    /// [`Error::NameFixed`] if the patch sets another name; from the operation:
    /// [`Error::TenantMissing`]; [`Error::TenantRevoked`]; [`Error::Changed`] if
    /// the stamp is not the expected one; [`Error::StoreUnknown`] also if the
    /// outcome with an expected stamp stays unknown; the errors of the settings;
    /// [`Error::TenantTooLarge`]; the errors of [`Self::read`].
    pub fn update(
        &self,
        name: &str,
        patch: TenantPatch,
        entropy: &[u8; 32],
    ) -> Result<impl Operation<Outcome = TenantEntry, Error = Refused> + Send + Sync + use<>, Refused>
    {
        let group = patch.group();
        let keyring = Arc::clone(&self.keyring);
        let store_key = AnyTenant::store_key(&keyring, group, name)?;
        if let Some(value) = patch.set.get(Field::Name)
            && *value != Value::Text(name.into())
        {
            return Err(Refused::field(Field::Name, Error::NameFixed));
        }
        let entropy = Zeroizing::new(*entropy);
        let credits = ensure_stated(&keyring, group, store_key, &entropy);
        Ok(then(credits, move |id| {
            let expected = patch.expected;
            let settle = Settle::new(
                Kind::Document,
                store_key,
                &entropy,
                move |current, moment| {
                    let stored = open_live(&keyring, group, &store_key, current)?;
                    let value = current.ok_or(Error::TenantMissing)?;
                    let stamp = Stamp::of(value)?;
                    if expected.is_some_and(|expected| expected != stamp) {
                        return Err(Error::Changed.into());
                    }
                    let mut tenant = stored.clone();
                    tenant.apply(&patch, moment.now_ms)?;
                    tenant.state_credits(id);
                    if tenant.is_same_as(&stored)? {
                        let entry = TenantEntry {
                            tenant: stored,
                            stamp,
                        };
                        return Ok(Decision::Keep(entry));
                    }
                    written(&keyring, tenant, value, moment)
                },
            );
            Ok(match expected {
                Some(_) => settle.at_most_once(),
                None => settle,
            })
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
    /// stamp is not the expected one.
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
        let keyring = Arc::clone(&self.keyring);
        let store_key = AnyTenant::store_key(&keyring, group, name)?;
        let entropy = Zeroizing::new(*entropy);
        let credits = ensure_stated(&keyring, group, store_key, &entropy);
        let mut key = None;
        Ok(then(credits, move |id| {
            let settle = Settle::new(
                Kind::Document,
                store_key,
                &entropy,
                move |current, moment| {
                    let key = same_key(&mut key, store_key, current, moment);
                    let mut tenant = open_live(&keyring, group, &store_key, current)?;
                    let value = current.ok_or(Error::TenantMissing)?;
                    if tenant.contains_key(&keyring, key) {
                        return Ok(Decision::Keep(tenant.new_credential(key, value)?));
                    }
                    if let Some(expected) = expected
                        && expected != Stamp::of(value)?
                    {
                        return Err(Error::Changed.into());
                    }
                    let ended = tenant.predecessor(moment.now_ms);
                    tenant.state_credits(id);
                    tenant.set_key(&keyring, key, overlap, moment.now_ms);
                    let swap = tenant.write(&keyring, current, moment.now_ms, moment.entropy)?;
                    let mut credential = tenant.new_credential(key, &swap.value)?;
                    credential.ended = ended;
                    Ok(Decision::Write(swap, credential))
                },
            );
            Ok(match expected {
                Some(_) => settle.at_most_once(),
                None => settle,
            })
        }))
    }

    /// Revokes a tenant: neither its credential, nor a predecessor, nor a token
    /// works any more. Its value stays in the store, and its name is free.
    ///
    /// # Errors
    /// [`Error::UnknownSetting`] for a group that is not a tenant's; from the
    /// operation: [`Error::TenantRevoked`]; [`Error::StoreUnknown`] also if the
    /// outcome stays unknown; [`Error::TenantTooLarge`]; the errors of
    /// [`Self::read`].
    pub fn revoke(
        &self,
        group: Group,
        name: &str,
        entropy: &[u8; 32],
    ) -> Result<impl Operation<Outcome = TenantEntry, Error = Refused> + Send + Sync + use<>, Refused>
    {
        let keyring = Arc::clone(&self.keyring);
        let store_key = AnyTenant::store_key(&keyring, group, name)?;
        // A repetition could revoke a new tenant with the same name.
        Ok(Settle::new(
            Kind::Document,
            store_key,
            entropy,
            move |current, moment| {
                let mut tenant = open_live(&keyring, group, &store_key, current)?;
                let value = current.ok_or(Error::TenantMissing)?;
                tenant.end();
                written(&keyring, tenant, value, moment)
            },
        )
        .at_most_once())
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
        let group = values.group();
        let keyring = Arc::clone(&self.keyring);
        let store_key = AnyTenant::store_key(&keyring, group, &values.name()?)?;
        values.check()?;
        if key.store_key() != store_key {
            return Err(Error::InvalidCredential.into());
        }
        let entropy = Zeroizing::new(*entropy);
        let new = AnyTenant::new(&values, [0; 16], 0)?;
        let credits = ensure_credits(
            &keyring,
            group,
            store_key,
            &entropy,
            move |stored, moment| match (stored, &new) {
                (None, AnyTenant::Customer(new)) => Ok(Some(CreditsOf {
                    id: fresh_id(&store_key, None, moment),
                    initial: new.settings.test_credits,
                })),
                (stored, _) => Ok(CreditsOf::unstated(stored)),
            },
        );
        Ok(then(credits, move |id| {
            Ok(Settle::new(
                Kind::Document,
                store_key,
                &entropy,
                move |current, moment| {
                    let stored = open(&keyring, group, &store_key, current)?;
                    let fresh = || fresh_id(&store_key, current, moment);
                    let mut tenant =
                        AnyTenant::new(&values, id.unwrap_or_else(fresh), moment.now_ms)?;
                    tenant.provision_over(&keyring, stored.as_ref(), &key)?;
                    tenant.state_credits(id);
                    if let (Some(stored), Some(value)) = (&stored, current)
                        && tenant.is_same_as(stored)?
                    {
                        return Ok(Decision::Keep(Provisioned {
                            is_changed: false,
                            stamp: Stamp::of(value)?,
                        }));
                    }
                    let swap = tenant.write(&keyring, current, moment.now_ms, moment.entropy)?;
                    let provisioned = Provisioned {
                        is_changed: true,
                        stamp: Stamp::of(&swap.value)?,
                    };
                    Ok(Decision::Write(swap, provisioned))
                },
            ))
        }))
    }
}

/// Ensures the record of credits of a stored customer whose value does not state
/// that it exists.
fn ensure_stated(
    keyring: &Arc<Keyring>,
    group: Group,
    store_key: StoreKey,
    entropy: &[u8; 32],
) -> impl Operation<Outcome = Option<[u8; 16]>, Error = Refused> + Send + Sync + use<> {
    ensure_credits(keyring, group, store_key, entropy, |stored, _| {
        let live = stored.filter(|stored| !stored.is_revoked());
        Ok(CreditsOf::unstated(live))
    })
}

/// Refuses a name that a tenant has which is not revoked.
fn check_free(stored: Option<&AnyTenant>) -> Result<(), Refused> {
    match stored.is_some_and(|stored| !stored.is_revoked()) {
        true => Err(Error::NameTaken.into()),
        false => Ok(()),
    }
}

fn fresh_id(store_key: &StoreKey, current: Option<&[u8]>, moment: Moment<'_>) -> [u8; 16] {
    let Moment { now_ms, entropy } = moment;
    fresh_tenant_id(store_key, current, now_ms, entropy)
}

/// The new credential of an operation: the same at each decision, so that it is
/// recognized in a value that another writer has stored over this one.
fn same_key<'k>(
    key: &'k mut Option<TenantKey>,
    store_key: StoreKey,
    current: Option<&[u8]>,
    moment: Moment<'_>,
) -> &'k TenantKey {
    let Moment { now_ms, entropy } = moment;
    key.get_or_insert_with(|| fresh_key(store_key, current, now_ms, entropy))
}

fn written_key(
    keyring: &Keyring,
    tenant: &AnyTenant,
    key: &TenantKey,
    current: Option<&[u8]>,
    moment: Moment<'_>,
) -> Result<Decision<NewCredential>, Refused> {
    let swap = tenant.write(keyring, current, moment.now_ms, moment.entropy)?;
    let credential = tenant.new_credential(key, &swap.value)?;
    Ok(Decision::Write(swap, credential))
}

fn written(
    keyring: &Keyring,
    tenant: AnyTenant,
    value: &[u8],
    moment: Moment<'_>,
) -> Result<Decision<TenantEntry>, Refused> {
    let swap = tenant.write(keyring, Some(value), moment.now_ms, moment.entropy)?;
    let entry = tenant.into_entry(&swap.value)?;
    Ok(Decision::Write(swap, entry))
}
