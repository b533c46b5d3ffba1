//! The ids of verifications and transactions.

use alloc::string::{String, ToString};

use uuid::Builder;

use crate::challenge::Keyring;
use crate::service::tenant::service_id;

/// The bit that every id has: ids are from 2^52 to 2^53 - 1, of 16 digits
/// all, and a JavaScript number holds them.
const TOP: u64 = 1 << 52;

/// A `verificationId`. The vendor's are counted up; these are random, so that
/// none tells how many others there are, or what the next one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct VerificationId(u64);

impl VerificationId {
    /// The id that 16 bytes which look random make.
    pub(super) fn from_bytes([a, b, c, d, e, f, g, h, ..]: [u8; 16]) -> Self {
        let random = u64::from_be_bytes([a, b, c, d, e, f, g, h]);
        Self(random & (TOP - 1) | TOP)
    }

    /// Reads an id as it stands in a request; `None` for what none is.
    pub(super) fn parse(text: &str) -> Option<Self> {
        // A number that is read would also allow a sign or zeros before it.
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

/// The `transactionId` of a verification: a UUID that is the same in every
/// answer about it, and tells nothing of it without the keyring.
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
    let bytes = keyring.store_key(b"transaction id", parts).0;
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
    fn what_no_id_is() {
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
    fn a_transaction_is_of_one_keyring_tenant_and_id() {
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
