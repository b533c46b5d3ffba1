//! What the settings of every kind of tenant decide.

use core::net::IpAddr;

use super::network;
use super::settings::TenantSettings;
use super::stored::Tenant;
use crate::challenge::{Binding, Challenge, Keyring};
use crate::number::PhoneNumber;

/// What the settings of every kind of tenant decide.
impl<S: TenantSettings> Tenant<S> {
    /// Whether it may call from an address.
    #[must_use]
    pub fn allows_address(&self, address: IpAddr) -> bool {
        network::allow(self.settings().addresses(), address)
    }

    /// The challenge of a number under this tenant, whatever application it
    /// was sent for and however long its code is: for [`Challenge::unlock`].
    /// The number is in the canonical form that the host's assessment gives.
    #[must_use]
    pub fn challenge<'a>(&'a self, keyring: &'a Keyring, number: &'a PhoneNumber) -> Challenge<'a> {
        let binding = Binding {
            service: S::SERVICE,
            tenant: self.id(),
            number: number.as_str(),
            context: "",
        };
        Challenge::new(keyring, self.settings().policy(), binding)
    }
}
