//! A tenant whose kind is known only at run time, for languages with one class
//! for all kinds.

use core::net::IpAddr;

use super::channel::Channel;
use super::client::Client;
use super::credential::TenantKey;
use super::customer::Customer;
use super::scope::Scope;
use crate::Error;
use crate::challenge::{Challenge, Keyring, Subject};
use crate::service::message::App;
use crate::service::settings::{Field, Group, Refused, Settings, Values};
use crate::store::StoreKey;

/// A tenant of any kind. The kind is the [`Group`] of its settings. Functions
/// that take a group return [`Error::UnknownSetting`] for a group that is not a
/// tenant's.
#[derive(Clone, Debug)]
pub enum AnyTenant {
    /// A tenant of the mPass contract.
    Channel(Channel),
    /// A tenant of the `VerifyNow` contract.
    Customer(Customer),
    /// A tenant of the CAMARA contracts and the login.
    Client(Client),
}

/// Evaluates an expression for the tenant of whichever kind.
macro_rules! for_each_kind {
    ($tenant:expr, $name:ident => $body:expr) => {
        match $tenant {
            AnyTenant::Channel($name) => $body,
            AnyTenant::Customer($name) => $body,
            AnyTenant::Client($name) => $body,
        }
    };
}

impl AnyTenant {
    /// The store key of the tenant with a name.
    ///
    /// # Errors
    /// [`Error::UnknownSetting`] for a group that is not a tenant's.
    pub fn store_key(keyring: &Keyring, group: Group, name: &str) -> Result<StoreKey, Refused> {
        match group {
            Group::Channel => Ok(Channel::store_key(keyring, name)),
            Group::Customer => Ok(Customer::store_key(keyring, name)),
            Group::Client => Ok(Client::store_key(keyring, name)),
            _ => Err(not_a_tenant()),
        }
    }

    /// Opens the stored value of a tenant.
    ///
    /// # Errors
    /// The errors of [`Tenant::open`](super::Tenant::open).
    pub fn open(
        keyring: &Keyring,
        group: Group,
        store_key: &StoreKey,
        bytes: &[u8],
    ) -> Result<Self, Error> {
        match group {
            Group::Channel => Channel::open(keyring, store_key, bytes).map(Self::Channel),
            Group::Customer => Customer::open(keyring, store_key, bytes).map(Self::Customer),
            Group::Client => Client::open(keyring, store_key, bytes).map(Self::Client),
            _ => Err(not_a_tenant().into()),
        }
    }

    /// The kind of the tenant.
    #[must_use]
    pub fn group(&self) -> Group {
        match self {
            Self::Channel(_) => Group::Channel,
            Self::Customer(_) => Group::Customer,
            Self::Client(_) => Group::Client,
        }
    }

    /// All settings, including the fields of the policy and the name.
    #[must_use]
    pub fn settings(&self) -> Values {
        for_each_kind!(self, tenant => tenant.settings().to_values())
    }

    /// The stable id that the store keys of the tenant's records are derived
    /// from.
    #[must_use]
    pub fn id(&self) -> &[u8; 16] {
        for_each_kind!(self, tenant => tenant.id())
    }

    /// The version of the credential: the number of credentials that tenants with
    /// this name have had.
    #[must_use]
    pub fn key_version(&self) -> u32 {
        for_each_kind!(self, tenant => tenant.key_version())
    }

    /// When the tenant was created, in milliseconds of Unix time.
    #[must_use]
    pub fn created_at_ms(&self) -> u64 {
        for_each_kind!(self, tenant => tenant.created_at_ms())
    }

    /// Whether the tenant is revoked.
    #[must_use]
    pub fn is_revoked(&self) -> bool {
        for_each_kind!(self, tenant => tenant.is_revoked())
    }

    /// The time from which the credential that was replaced last does not work
    /// any more, in milliseconds of Unix time; `None` if there is none. It may be
    /// in the past.
    #[must_use]
    pub fn predecessor_until_ms(&self) -> Option<u64> {
        for_each_kind!(self, tenant => tenant.predecessor_until_ms())
    }

    /// Whether a text is the tenant's credential or its predecessor within the
    /// overlap, in the form that its requests contain. `now_ms` is the current
    /// time in milliseconds of Unix time.
    ///
    /// # Errors
    /// [`Error::InvalidCredential`] for a text that is not a credential.
    pub fn has_credential(
        &self,
        keyring: &Keyring,
        text: &str,
        now_ms: u64,
    ) -> Result<bool, Error> {
        for_each_kind!(self, tenant => tenant.has_credential(keyring, text, now_ms))
    }

    /// Parses the credential of the tenant with a name, in the form that its
    /// requests contain.
    ///
    /// # Errors
    /// [`Error::InvalidCredential`] for a text that is not a credential;
    /// [`Error::UnknownSetting`] for a group that is not a tenant's.
    pub fn parse_key(
        keyring: &Keyring,
        group: Group,
        name: &str,
        text: &str,
    ) -> Result<TenantKey, Refused> {
        Ok(match group {
            Group::Channel => Channel::parse_key(keyring, name, text),
            Group::Customer => Customer::parse_key(keyring, name, text),
            Group::Client => Client::parse_key(keyring, name, text),
            _ => return Err(not_a_tenant()),
        }?)
    }

    /// Whether the tenant may call from an address.
    #[must_use]
    pub fn allows_address(&self, address: IpAddr) -> bool {
        for_each_kind!(self, tenant => tenant.allows_address(address))
    }

    /// Whether a channel may send for an application, or a client may request a
    /// scope; `None` for a customer, whose settings restrict neither.
    ///
    /// # Errors
    /// [`Error::InvalidApp`] or [`Error::UnknownScope`] for a text that is not
    /// an application or scope.
    pub fn allows(&self, name: &str) -> Result<Option<bool>, Error> {
        match self {
            Self::Channel(channel) => Ok(Some(channel.allows_app(&App::new(name)?))),
            Self::Customer(_) => Ok(None),
            Self::Client(client) => Ok(Some(client.allows_scope(Scope::parse(name)?))),
        }
    }

    /// The challenge of a subject; see
    /// [`Tenant::challenge`](super::Tenant::challenge).
    #[must_use]
    pub fn challenge<'a>(&'a self, keyring: &'a Keyring, subject: &'a Subject) -> Challenge<'a> {
        for_each_kind!(self, tenant => tenant.challenge(keyring, subject))
    }
}

pub(super) use for_each_kind;

/// The error for a group that is not a tenant's: only tenants have names.
pub(super) fn not_a_tenant() -> Refused {
    Refused::field(Field::Name, Error::UnknownSetting)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::settings::Value;
    use crate::service::tenant::desk::created;

    const NAMES: [(Group, &str, usize); 3] = [
        (Group::Channel, "web", 64),
        (Group::Customer, "C-0123456789ABCDE", 43),
        (Group::Client, "app", 43),
    ];

    #[test]
    fn every_kind_is_created_opened_and_authenticated() {
        let keyring = Keyring::generate(&[7; 32]);
        for (group, name, credential_len) in NAMES {
            let mut values = Values::new(group);
            values.set(Field::Name, Value::Text(name.into())).unwrap();
            let created = created(&keyring, &values, 1, &[2; 32]).unwrap();
            let store_key = AnyTenant::store_key(&keyring, group, name);
            assert_eq!(store_key, Ok(created.store_key));
            let credential = created.new.credential;
            assert_eq!(credential.len(), credential_len);
            let tenant =
                AnyTenant::open(&keyring, group, &created.store_key, &created.value).unwrap();
            assert_eq!(tenant.group(), group);
            assert_eq!(tenant.has_credential(&keyring, &credential, 1), Ok(true));
            let malformed = tenant.has_credential(&keyring, &credential[1..], 1);
            assert_eq!(malformed, Err(Error::InvalidCredential));
            let mut defaults = Values::defaults(group);
            defaults.set(Field::Name, Value::Text(name.into())).unwrap();
            assert_eq!(tenant.settings(), defaults);
            assert!(tenant.allows_address("192.0.2.1".parse().unwrap()));
            let (name, expected) = match group {
                Group::Channel => ("Shop", Ok(Some(true))),
                Group::Customer => ("Shop", Ok(None)),
                _ => ("Shop", Err(Error::UnknownScope)),
            };
            assert_eq!(tenant.allows(name), expected);
        }
    }

    #[test]
    fn other_groups_and_kinds_are_refused() {
        let keyring = Keyring::generate(&[7; 32]);
        let values = Values::new(Group::Engine);
        let refused = created(&keyring, &values, 1, &[2; 32]).err().unwrap();
        assert_eq!(refused.error, Error::UnknownSetting);
        let mut values = Values::new(Group::Client);
        values.set(Field::Name, Value::Text("app".into())).unwrap();
        let client = created(&keyring, &values, 1, &[2; 32]).unwrap();
        let opened = AnyTenant::open(&keyring, Group::Channel, &client.store_key, &client.value);
        assert_eq!(opened.err(), Some(Error::RecordFormat));
    }
}
