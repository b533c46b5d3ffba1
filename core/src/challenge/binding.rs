//! What a code is bound to.

use super::Keyring;
use crate::labels;
use crate::store::StoreKey;

/// What a code is valid for. Service, tenant and number identify the record;
/// the context is anything else that must match when the code is submitted.
#[derive(Clone, Copy)]
pub struct Binding<'a> {
    /// The contract, for example `mpass-mnv`. Codes of one contract are wrong
    /// in another.
    pub service: &'a str,
    /// The tenant's stable id.
    pub tenant: &'a [u8],
    /// The number as canonical E.164 text.
    pub number: &'a str,
    /// For example the application named in the message. May be empty. With a
    /// different context, a code is wrong.
    pub context: &'a str,
}

impl Binding<'_> {
    /// The store key of the record of service, tenant and number.
    pub(super) fn store_key(&self, keyring: &Keyring) -> StoreKey {
        keyring.store_key(
            labels::CHALLENGE,
            [self.service.as_bytes(), self.tenant, self.number.as_bytes()],
        )
    }
}
