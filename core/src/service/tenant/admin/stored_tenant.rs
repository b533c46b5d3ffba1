//! Opening, changing and writing a tenant of any kind.

use alloc::string::String;

use super::outcome::{NewCredential, TenantEntry};
use super::patch::TenantPatch;
use crate::Error;
use crate::challenge::Keyring;
use crate::service::settings::{Field, Group, Refused, Settings, Value, Values};
use crate::service::tenant::any::{for_each_kind, not_a_tenant};
use crate::service::tenant::credential::TenantKey;
use crate::service::tenant::public_key::ClientKey;
use crate::service::tenant::rotation::{KeyVersion, Overlap, PreviousPublicKey, Validity};
use crate::service::tenant::{
    AnyTenant, ChannelSettings, ClientSettings, CustomerSettings, Tenant, TenantSettings,
};
use crate::store::{Stamp, Swap};

impl AnyTenant {
    /// A new tenant without a credential.
    pub(super) fn new(values: &Values, id: [u8; 16], now_ms: u64) -> Result<Self, Refused> {
        Ok(match values.group() {
            Group::Channel => {
                let settings = ChannelSettings::from_values(values)?;
                Self::Channel(Tenant::new(settings, id, now_ms)?)
            }
            Group::Customer => {
                let settings = CustomerSettings::from_values(values)?;
                Self::Customer(Tenant::new(settings, id, now_ms)?)
            }
            Group::Client => {
                let settings = ClientSettings::from_values(values)?;
                Self::Client(Tenant::new(settings, id, now_ms)?)
            }
            _ => return Err(not_a_tenant()),
        })
    }

    pub(super) fn name(&self) -> String {
        match self.settings().get(Field::Name) {
            Some(Value::Text(name)) => name.clone(),
            _ => String::new(),
        }
    }

    /// Continues the count of credentials of the tenant that it replaces.
    pub(super) fn succeed(&mut self, replaced: &Self) {
        let version = replaced.key_version();
        for_each_kind!(self, tenant => tenant.key_version = version);
    }

    /// States that the record of the credits of the tenant with this id exists.
    pub(super) fn state_credits(&mut self, id: Option<[u8; 16]>) {
        if let Self::Customer(customer) = self
            && id == Some(customer.id)
        {
            customer.has_credits = true;
        }
    }

    pub(super) fn contains_key(&self, keyring: &Keyring, key: &TenantKey) -> bool {
        for_each_kind!(self, tenant => tenant.contains_key(keyring, key))
    }

    pub(super) fn set_key(
        &mut self,
        keyring: &Keyring,
        key: &TenantKey,
        overlap: Overlap,
        now_ms: u64,
    ) {
        for_each_kind!(self, tenant => tenant.set_key(keyring, key, overlap, now_ms));
    }

    /// As [`Tenant::provision_over`]; the stored tenant is of the same group.
    pub(super) fn provision_over(
        &mut self,
        keyring: &Keyring,
        stored: Option<&Self>,
        key: &TenantKey,
    ) -> Result<(), Error> {
        match (self, stored) {
            (Self::Channel(new), Some(Self::Channel(stored))) => {
                new.provision_over(keyring, Some(stored), key)
            }
            (Self::Customer(new), Some(Self::Customer(stored))) => {
                new.provision_over(keyring, Some(stored), key)
            }
            (Self::Client(new), Some(Self::Client(stored))) => {
                new.provision_over(keyring, Some(stored), key)
            }
            (new, _) => for_each_kind!(new, new => new.provision_over(keyring, None, key)),
        }
    }

    pub(super) fn end(&mut self) {
        for_each_kind!(self, tenant => tenant.end());
    }

    pub(super) fn apply(&mut self, patch: &TenantPatch, now_ms: u64) -> Result<(), Refused> {
        for_each_kind!(self, tenant => tenant.apply(patch, now_ms))
    }

    /// Whether two tenants of the same group have the same contents.
    pub(super) fn is_same_as(&self, other: &Self) -> Result<bool, Error> {
        match (self, other) {
            (Self::Channel(one), Self::Channel(other)) => one.is_same_as(other),
            (Self::Customer(one), Self::Customer(other)) => one.is_same_as(other),
            (Self::Client(one), Self::Client(other)) => one.is_same_as(other),
            _ => Ok(false),
        }
    }

    /// The swap that stores the tenant.
    pub(super) fn write(
        &self,
        keyring: &Keyring,
        current: Option<&[u8]>,
        now_ms: u64,
        entropy: &[u8; 32],
    ) -> Result<Swap, Error> {
        for_each_kind!(self, tenant => tenant.write(keyring, current, now_ms, entropy))
    }

    /// The tenant with the stamp of its value.
    pub(super) fn into_entry(self, value: &[u8]) -> Result<TenantEntry, Error> {
        let stamp = Stamp::of(value)?;
        Ok(TenantEntry {
            tenant: self,
            stamp,
        })
    }

    /// The credential that was set, with the stamp of the tenant's value.
    pub(super) fn new_credential(
        &self,
        key: &TenantKey,
        value: &[u8],
    ) -> Result<NewCredential, Error> {
        Ok(NewCredential {
            name: self.name(),
            credential: match self {
                Self::Channel(_) => key.expose(),
                Self::Customer(_) | Self::Client(_) => key.expose_secret(),
            },
            stamp: Stamp::of(value)?,
            predecessor_until_ms: self.predecessor_until_ms(),
            ended: None,
        })
    }

    /// The version of the predecessor, if it is valid at a time.
    pub(super) fn predecessor(&self, now_ms: u64) -> Option<KeyVersion> {
        for_each_kind!(self, tenant => tenant.valid_predecessor(now_ms))
    }
}

impl<S: TenantSettings> Tenant<S> {
    /// Changes the settings. A public key that is replaced stays valid for the
    /// overlap; one that is cleared does not.
    fn apply(&mut self, patch: &TenantPatch, now_ms: u64) -> Result<(), Refused> {
        let mut values = self.settings.to_values();
        let replaced = values.read::<ClientKey>(Field::PublicKey)?;
        for field in &patch.cleared {
            values.clear(*field)?;
        }
        for (field, value) in patch.set.iter() {
            values.set(field, value.clone())?;
        }
        self.settings = S::from_values(&values)?;
        let replacing = values.read::<ClientKey>(Field::PublicKey)?;
        let is_set = patch.set.get(Field::PublicKey).is_some();
        match (replaced, replacing) {
            (Some(key), Some(replacing)) if key != replacing => {
                let validity = Validity::begin(patch.overlap, now_ms);
                self.previous_public_key =
                    validity.map(|validity| PreviousPublicKey { key, validity });
            }
            // The same key without an overlap ends its predecessor.
            (Some(_), Some(_)) if !is_set || patch.overlap != Overlap::NONE => {}
            _ => self.previous_public_key = None,
        }
        self.check_room()?;
        Ok(())
    }
}
