//! The stored tenant that an operation is about.

use alloc::sync::Arc;

use super::TenantAdmin;
use super::outcome::{NewCredential, TenantEntry};
use crate::Error;
use crate::challenge::Keyring;
use crate::service::settings::{Group, Refused};
use crate::service::tenant::credential::{TenantKey, fresh_key};
use crate::service::tenant::stored::fresh_tenant_id;
use crate::service::tenant::{AnyTenant, Overlap};
use crate::store::{Decision, Kind, Moment, Settle, StoreKey};

/// A tenant of a group by its store key, whether it exists or not.
#[derive(Clone)]
pub(super) struct Target {
    pub(super) keyring: Arc<Keyring>,
    pub(super) group: Group,
    pub(super) store_key: StoreKey,
}

impl TenantAdmin {
    /// The tenant with a name.
    pub(super) fn target(&self, group: Group, name: &str) -> Result<Target, Refused> {
        Ok(Target {
            keyring: Arc::clone(&self.keyring),
            group,
            store_key: AnyTenant::store_key(&self.keyring, group, name)?,
        })
    }
}

impl Target {
    /// The operation on the tenant's value.
    pub(super) fn settle<T, D>(&self, entropy: &[u8; 32], decide: D) -> Settle<D, T>
    where
        D: FnMut(Option<&[u8]>, Moment<'_>) -> Result<Decision<T>, Refused>,
    {
        Settle::new(Kind::Document, self.store_key, entropy, decide)
    }

    /// Opens the tenant's value, if there is one.
    pub(super) fn open(&self, current: Option<&[u8]>) -> Result<Option<AnyTenant>, Refused> {
        let open = |bytes| AnyTenant::open(&self.keyring, self.group, &self.store_key, bytes);
        Ok(current.map(open).transpose()?)
    }

    /// Opens the value of a tenant that exists; also returns the value.
    pub(super) fn existing<'v>(
        &self,
        current: Option<&'v [u8]>,
    ) -> Result<(AnyTenant, &'v [u8]), Refused> {
        let tenant = self.open(current)?;
        Ok(tenant.zip(current).ok_or(Error::TenantMissing)?)
    }

    /// As [`Self::existing`], for a tenant that is not revoked.
    pub(super) fn live<'v>(
        &self,
        current: Option<&'v [u8]>,
    ) -> Result<(AnyTenant, &'v [u8]), Refused> {
        let (tenant, value) = self.existing(current)?;
        match tenant.is_revoked() {
            true => Err(Error::TenantRevoked.into()),
            false => Ok((tenant, value)),
        }
    }

    /// The id of a new tenant.
    pub(super) fn fresh_id(&self, current: Option<&[u8]>, moment: Moment<'_>) -> [u8; 16] {
        let Moment { now_ms, entropy } = moment;
        fresh_tenant_id(&self.store_key, current, now_ms, entropy)
    }

    /// Writes a tenant over its current value. The outcome is the tenant.
    pub(super) fn written(
        &self,
        tenant: AnyTenant,
        current: &[u8],
        moment: Moment<'_>,
    ) -> Result<Decision<TenantEntry>, Refused> {
        let Moment { now_ms, entropy } = moment;
        let swap = tenant.write(&self.keyring, Some(current), now_ms, entropy)?;
        let entry = tenant.into_entry(&swap.value)?;
        Ok(Decision::Write(swap, entry))
    }
}

/// The new credential of an operation: the same at each decision, so that it is
/// recognized in a value that another writer has stored over this one.
#[derive(Default)]
pub(super) struct NewKey(Option<TenantKey>);

impl NewKey {
    /// The outcome, if the tenant's value already contains the credential.
    pub(super) fn found(
        &mut self,
        target: &Target,
        tenant: &AnyTenant,
        value: &[u8],
        moment: Moment<'_>,
    ) -> Result<Option<Decision<NewCredential>>, Refused> {
        let key = self.get(target, Some(value), moment);
        if !tenant.contains_key(&target.keyring, key) {
            return Ok(None);
        }
        Ok(Some(Decision::Keep(tenant.new_credential(key, value)?)))
    }

    /// Sets the credential of a tenant and writes it.
    pub(super) fn written(
        &mut self,
        target: &Target,
        mut tenant: AnyTenant,
        current: Option<&[u8]>,
        moment: Moment<'_>,
        overlap: Overlap,
    ) -> Result<Decision<NewCredential>, Refused> {
        let key = self.get(target, current, moment);
        tenant.set_key(&target.keyring, key, overlap, moment.now_ms);
        let swap = tenant.write(&target.keyring, current, moment.now_ms, moment.entropy)?;
        let credential = tenant.new_credential(key, &swap.value)?;
        Ok(Decision::Write(swap, credential))
    }

    fn get(&mut self, target: &Target, current: Option<&[u8]>, moment: Moment<'_>) -> &TenantKey {
        let Moment { now_ms, entropy } = moment;
        let fresh = || fresh_key(target.store_key, current, now_ms, entropy);
        self.0.get_or_insert_with(fresh)
    }
}
