//! Tenants, the callers of the contracts: channels, customers and clients, with
//! their settings, credentials and stored form.

mod admin;
mod any;
mod channel;
mod client;
mod credential;
mod customer;
#[cfg(test)]
pub(in crate::service) mod desk;
mod document;
mod keys;
pub(in crate::service) mod names;
pub(in crate::service) mod network;
pub(in crate::service) mod public_id;
pub(in crate::service) mod public_key;
pub(in crate::service) mod redirect_uri;
mod reseal;
mod rotation;
mod rules;
pub(in crate::service) mod scope;
pub(crate) mod service_id;
mod settings;
mod stored;
mod stored_form;
#[cfg(test)]
mod stored_tests;

pub use admin::{
    NewCredential, Provisioned, Resealed, TenantAdmin, TenantEntry, TenantOperation, TenantOutcome,
    TenantPage, TenantPatch,
};
pub use any::AnyTenant;
pub use channel::{Channel, ChannelKey, ChannelSettings};
pub use client::{Client, ClientSettings};
pub use credential::TenantKey;
pub(crate) use customer::is_customer_id;
pub use customer::{Customer, CustomerSettings};
pub use network::Network;
pub use public_key::ClientKey;
pub use reseal::reseal_document;
pub use rotation::{KeyVersion, Overlap};
pub use scope::Scope;
pub use settings::TenantSettings;
pub use stored::Tenant;
