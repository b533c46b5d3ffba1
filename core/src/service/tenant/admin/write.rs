//! Operations on the settings of one tenant: read, update, revoke.

use zeroize::Zeroizing;

use super::TenantAdmin;
use super::chain::then;
use super::credits_record::ensure_stated;
use super::outcome::TenantEntry;
use super::patch::TenantPatch;
use crate::Error;
use crate::service::settings::{Field, Group, Refused, Value};
use crate::store::{Decision, Operation, Stamp};

impl TenantAdmin {
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
        let target = self.target(group, name)?;
        Ok(target.clone().settle(&[0; 32], move |current, _| {
            let (tenant, value) = target.existing(current)?;
            Ok(Decision::Keep(tenant.into_entry(value)?))
        }))
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
        let target = self.target(patch.group(), name)?;
        if let Some(value) = patch.set.get(Field::Name)
            && *value != Value::Text(name.into())
        {
            return Err(Refused::field(Field::Name, Error::NameFixed));
        }
        let entropy = Zeroizing::new(*entropy);
        let credits = ensure_stated(&target, &entropy);
        Ok(then(credits, move |id| {
            let expected = patch.expected;
            let settle = target.clone().settle(&entropy, move |current, moment| {
                let (stored, value) = target.live(current)?;
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
                target.written(tenant, value, moment)
            });
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
        let target = self.target(group, name)?;
        let settle = target.clone().settle(entropy, move |current, moment| {
            let (mut tenant, value) = target.live(current)?;
            tenant.end();
            target.written(tenant, value, moment)
        });
        // A repetition could revoke a new tenant with the same name.
        Ok(settle.at_most_once())
    }
}
