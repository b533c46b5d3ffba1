//! What every kind of tenant has in common: which settings it has, and how
//! they are stored.

use alloc::string::String;
use core::fmt;

use minicbor::{Decode, Encode};

use super::names::{check_host, check_name, check_sender};
use super::network::Network;
use crate::Error;
use crate::challenge::Policy;
use crate::service::settings::{Field, Refused, Settings, Value, Values, policy_from};

/// What an administrator says of one kind of tenant.
///
/// Implemented by this crate's settings only.
pub trait TenantSettings: Clone + fmt::Debug + Settings + sealed::Sealed {}

pub(super) mod sealed {
    use super::{Decode, Encode, Error, Network, Policy, Refused, String};

    /// What [`super::super::Tenant`] needs to know of its settings.
    pub trait Sealed: Sized {
        /// Kind and version of the stored value.
        const FORMAT: u8;
        /// Names the kind of tenant in the place of its value.
        const LABEL: &'static [u8];
        /// Names the contract whose challenges are its own.
        const SERVICE: &'static str;
        /// Whether requests name the tenant by its credential alone, so that
        /// the credential is shown with the store key in front.
        const IS_NAMED_BY_CREDENTIAL: bool;
        /// How the settings stand in the value: a CBOR map with numbered
        /// fields, so that one can be added and an older reader skips it.
        type Wire<'a>: Encode<()> + Decode<'a, ()>
        where
            Self: 'a;

        /// Every default but the name.
        fn with_name(name: String) -> Self;
        fn name(&self) -> &str;
        /// Where it may call from; empty: from anywhere.
        fn addresses(&self) -> &[Network];
        fn policy(&self) -> &Policy;
        fn policy_mut(&mut self) -> &mut Policy;
        fn check(&self) -> Result<(), Refused>;
        fn wire(&self) -> Self::Wire<'_>;
        fn read(wire: Self::Wire<'_>) -> Result<Self, Error>;
    }
}

/// Checks what every kind of tenant has: the host and the sender.
pub(super) fn check_shared(host: Option<&str>, sender: Option<&str>) -> Result<(), Refused> {
    check_text(Field::Host, host, check_host)?;
    check_text(Field::Sender, sender, check_sender)
}

/// Checks a text of a field.
pub(super) fn check_text(
    field: Field,
    text: Option<&str>,
    check: fn(&str) -> Result<(), Error>,
) -> Result<(), Refused> {
    let Some(text) = text else { return Ok(()) };
    check(text).map_err(|error| Refused::value(field, error, &Value::Text(text.into())))
}

/// A tenant with the name and the policy of its values, and every other
/// default.
pub(super) fn with_name_and_policy<S: TenantSettings>(values: &Values) -> Result<S, Refused> {
    let mut settings = S::with_name(values.name()?);
    let policy = policy_from(values, settings.policy())?;
    *settings.policy_mut() = policy;
    Ok(settings)
}

/// Settings that pass their own checks.
pub(super) fn checked<S: TenantSettings>(settings: S) -> Result<S, Refused> {
    let name = settings.name();
    check_text(Field::Name, Some(name), check_name)?;
    settings.check()?;
    Ok(settings)
}

/// Puts what [`with_name_and_policy`] reads.
pub(super) fn put_name_and_policy<S: TenantSettings>(settings: &S, values: &mut Values) {
    values.put_all(settings.policy().settings().to_values());
    values.put_text(Field::Name, settings.name());
}
