//! What a code is bound to.

use super::keyring::{Keyring, RecordKey};
use super::subject::{Subject, SubjectKind};
use crate::kernel::Digest;
use crate::labels;
use crate::store::StoreKey;

/// What a code is valid for. Service, tenant and subject identify the record;
/// the context is anything else that must match when the code is submitted.
#[derive(Clone, Copy, Debug)]
pub struct Binding<'a> {
    /// The contract, for example `mpass-mnv`. Codes of one contract are wrong
    /// in another.
    pub service: &'a str,
    /// The tenant's stable id.
    pub tenant: &'a [u8],
    /// Whom the code is for.
    pub subject: &'a Subject,
    /// For example the application named in the message. May be empty. With a
    /// different context, a code is wrong.
    pub context: &'a str,
}

impl Binding<'_> {
    /// The store key of the record of service, tenant and subject.
    pub(super) fn store_key(&self, keyring: &Keyring) -> StoreKey {
        let label = match self.subject.kind() {
            SubjectKind::Number => labels::CHALLENGE,
            SubjectKind::Email => labels::CHALLENGE_OF_EMAIL,
            SubjectKind::Account => labels::CHALLENGE_OF_ACCOUNT,
        };
        let subject = self.subject.as_str().as_bytes();
        keyring.store_key(label, [self.service.as_bytes(), self.tenant, subject])
    }

    /// The 32-byte secret of the code with this salt.
    pub(super) fn code_secret(&self, key: &RecordKey, salt: &[u8; 16]) -> Digest {
        let label = match self.subject.kind() {
            SubjectKind::Number => labels::CODE,
            SubjectKind::Email => labels::CODE_OF_EMAIL,
            SubjectKind::Account => labels::CODE_OF_ACCOUNT,
        };
        let parts = [
            salt,
            self.service.as_bytes(),
            self.tenant,
            self.subject.as_str().as_bytes(),
            self.context.as_bytes(),
        ];
        key.code_secret(label, parts)
    }
}
