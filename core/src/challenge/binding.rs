use super::Keyring;
use crate::store::StoreKey;

/// What a code is good for. Service, tenant and number say whose record it
/// is; the context says what else must be the same when the code comes back.
#[derive(Clone, Copy)]
pub struct Binding<'a> {
    /// The contract, for example `mpass-mnv`: codes of one are wrong in
    /// another.
    pub service: &'a str,
    /// The tenant's stable id.
    pub tenant: &'a [u8],
    /// The number, as canonical E.164 text.
    pub number: &'a str,
    /// For example the application named in the message; may be empty. A
    /// code under another context is a wrong code.
    pub context: &'a str,
}

impl Binding<'_> {
    /// Where the record of service, tenant and number stands.
    pub(super) fn store_key(&self, keyring: &Keyring) -> StoreKey {
        keyring.store_key(
            b"challenge",
            [self.service.as_bytes(), self.tenant, self.number.as_bytes()],
        )
    }
}
