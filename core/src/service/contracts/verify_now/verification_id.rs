//! The ids of verifications and transactions.

use alloc::string::{String, ToString};

use uuid::Builder;

use crate::challenge::Keyring;
use crate::labels;
use crate::service::tenant::public_id::{self, TOP};
use crate::service::tenant::service_id;

/// A `verificationId`. The vendor's ids are sequential. These are random, so
/// that an id reveals neither the number of verifications nor other ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct VerificationId(u64);

impl VerificationId {
    /// The id from 16 pseudorandom bytes.
    pub(super) fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(public_id::number(bytes))
    }

    /// Parses the id of a request; `None` if it is not a valid id.
    pub(super) fn parse(text: &str) -> Option<Self> {
        // The length excludes a sign and leading zeros, which `parse` accepts.
        let id = text.parse().ok()?;
        ((TOP..2 * TOP).contains(&id) && text.len() == 16).then_some(Self(id))
    }

    pub(super) fn get(self) -> u64 {
        self.0
    }

    pub(super) fn text(self) -> String {
        self.0.to_string()
    }
}

/// The `transactionId` of a verification: a UUID that is the same in all replies
/// about it and, without the keyring, reveals nothing about it.
pub(super) fn transaction_id(
    keyring: &Keyring,
    tenant: &[u8; 16],
    verification_id: &str,
) -> String {
    let parts: [&[u8]; 3] = [
        service_id::VERIFY_NOW.as_bytes(),
        tenant,
        verification_id.as_bytes(),
    ];
    let bytes = keyring.store_key(labels::TRANSACTION_ID, parts).0;
    Builder::from_random_bytes(bytes).into_uuid().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_from_2_to_the_52_to_2_to_the_53_minus_1() {
        let least = VerificationId::from_bytes([0; 16]);
        let most = VerificationId::from_bytes([0xff; 16]);
        assert_eq!((least.get(), most.get()), (1 << 52, (1 << 53) - 1));
        for id in [least, most] {
            assert_eq!(VerificationId::parse(&id.text()), Some(id));
        }
        let mut other = [0; 16];
        other[7] = 1;
        assert_eq!(VerificationId::from_bytes(other).get(), (1 << 52) + 1);
    }

    #[test]
    fn malformed_ids() {
        for text in [
            "",
            "20",
            "-1",
            "x",
            "4503599627370495",
            "9007199254740992",
            "+4503599627370497",
            "04503599627370497",
            " 4503599627370497",
            "4503599627370497.0",
            "99999999999999999999999999",
        ] {
            assert_eq!(VerificationId::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_transaction_id_depends_on_keyring_tenant_and_id() {
        let keyring = Keyring::generate(&[7; 32]);
        let id = transaction_id(&keyring, &[1; 16], "4503599627370497");
        assert_eq!(id.len(), 36);
        assert_eq!(&id[14..15], "4");
        assert_eq!(id, transaction_id(&keyring, &[1; 16], "4503599627370497"));
        assert_ne!(id, transaction_id(&keyring, &[1; 16], "4503599627370498"));
        assert_ne!(id, transaction_id(&keyring, &[2; 16], "4503599627370497"));
        let other = Keyring::generate(&[8; 32]);
        assert_ne!(id, transaction_id(&other, &[1; 16], "4503599627370497"));
    }
}
