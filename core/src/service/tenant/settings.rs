//! The traits that the settings of every kind of tenant implement, and their
//! shared checks.

use alloc::string::{String, ToString};
use core::fmt;

use minicbor::{Decode, Encode};

use super::names::{check_host, check_name, check_sender};
use super::network::Network;
use crate::Error;
use crate::challenge::{Document, Policy};
use crate::service::message::{AndroidApps, Filling, Texts};
use crate::service::settings::{Field, Refused, Settings, Value, Values, policy_from};

/// The settings of one kind of tenant.
///
/// This trait is sealed: only this crate implements it.
pub trait TenantSettings: Clone + fmt::Debug + Settings + sealed::Sealed {}

pub(super) mod sealed {
    use super::{Decode, Document, Encode, Error, Network, Policy, Refused, String};

    /// What [`super::super::Tenant`] requires of its settings. In its value they
    /// are a CBOR map with numbered fields, so that older readers skip a field
    /// that is added.
    pub trait Sealed: Encode<()> + for<'a> Decode<'a, ()> {
        /// The kind of document that the tenant is stored as.
        const DOCUMENT: Document;
        /// The service id of the contract that issues the tenant's challenges.
        const SERVICE: &'static str;
        /// Whether requests identify the tenant by its credential alone, so that
        /// the credential is shown with the store key in front.
        const IS_NAMED_BY_CREDENTIAL: bool;
        /// Default settings with this name.
        fn with_name(name: String) -> Self;
        fn name(&self) -> &str;
        /// The networks that it may call from; empty allows any address.
        fn addresses(&self) -> &[Network];
        fn policy(&self) -> &Policy;
        fn policy_mut(&mut self) -> &mut Policy;
        /// Sets the members that settings in values of the format of before have
        /// in another form. The others were read already.
        fn read_plain(&mut self, _settings: &[u8]) -> Result<(), Error> {
            Ok(())
        }
        /// Checks the settings of this kind. The form that all tenants' names
        /// share is checked separately.
        fn check(&self) -> Result<(), Refused>;
    }
}

/// The methods of [`sealed::Sealed`] that are alike for every kind of tenant.
macro_rules! shared_members {
    () => {
        fn name(&self) -> &str {
            &self.name
        }

        fn with_name(name: alloc::string::String) -> Self {
            Self::new(name)
        }

        fn policy_mut(&mut self) -> &mut $crate::challenge::Policy {
            &mut self.policy
        }

        fn addresses(&self) -> &[$crate::service::tenant::Network] {
            &self.addresses
        }

        fn policy(&self) -> &$crate::challenge::Policy {
            &self.policy
        }
    };
}

pub(super) use shared_members;

/// Checks the texts that every kind of tenant has: host and sender.
pub(super) fn check_shared(host: Option<&str>, sender: Option<&str>) -> Result<(), Refused> {
    check_text(Field::Host, host, check_host)?;
    check_text(Field::Sender, sender, check_sender)
}

/// Checks that no Android app is for an application: the contract has none.
pub(super) fn check_one_app(android_apps: &AndroidApps) -> Result<(), Refused> {
    let Some(app) = android_apps.iter().find(|one| one.app.is_some()) else {
        return Ok(());
    };
    let (field, value) = (Field::AndroidAppHashes, Value::Text(app.to_string()));
    Err(Refused::value(field, Error::InvalidAppHash, &value))
}

/// Checks that the tenant's own texts have room for the hashes of its Android
/// apps.
pub(super) fn check_room(
    filling: &Filling<'_>,
    texts: &Texts,
    android_apps: &AndroidApps,
) -> Result<(), Refused> {
    let field = Field::AndroidAppHashes;
    match filling.have_room(texts, android_apps) {
        true => Ok(()),
        false => Err(Refused::field(field, Error::MessageTooLong)),
    }
}

/// Checks the text of a field, if it is set.
pub(super) fn check_text(
    field: Field,
    text: Option<&str>,
    check: fn(&str) -> Result<(), Error>,
) -> Result<(), Refused> {
    let Some(text) = text else { return Ok(()) };
    check(text).map_err(|error| Refused::value(field, error, &Value::Text(text.into())))
}

/// Settings with the name and policy from `values`, otherwise defaults.
pub(super) fn with_name_and_policy<S: TenantSettings>(values: &Values) -> Result<S, Refused> {
    let mut settings = S::with_name(values.name()?);
    let policy = policy_from(values, settings.policy())?;
    *settings.policy_mut() = policy;
    Ok(settings)
}

/// Returns settings that pass all checks.
pub(super) fn checked<S: TenantSettings>(settings: S) -> Result<S, Refused> {
    let name = settings.name();
    check_text(Field::Name, Some(name), check_name)?;
    settings.check()?;
    Ok(settings)
}

/// Adds the values that [`with_name_and_policy`] reads.
pub(super) fn put_name_and_policy<S: TenantSettings>(settings: &S, values: &mut Values) {
    values.put_all(settings.policy().settings().to_values());
    values.put_text(Field::Name, settings.name());
}
