//! Decisions that follow from the settings of every kind of tenant.

use core::net::IpAddr;

use super::network;
use super::settings::TenantSettings;
use super::stored::Tenant;
use crate::challenge::{Binding, Challenge, Keyring, Subject};

/// Decisions that follow from the tenant's settings.
impl<S: TenantSettings> Tenant<S> {
    /// Whether the tenant may call from an address.
    #[must_use]
    pub fn allows_address(&self, address: IpAddr) -> bool {
        network::allow(self.settings().addresses(), address)
    }

    /// The challenge of a subject under this tenant, for [`Challenge::unlock`].
    ///
    /// It does not depend on the application or the length of the code.
    #[must_use]
    pub fn challenge<'a>(&'a self, keyring: &'a Keyring, subject: &'a Subject) -> Challenge<'a> {
        let binding = Binding {
            service: S::SERVICE,
            tenant: self.id(),
            subject,
            context: "",
        };
        Challenge::new(keyring, self.settings().policy(), binding)
    }
}
