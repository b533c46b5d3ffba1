//! What identifies keys without revealing them, and what is identified by means
//! of a key.

use zeroize::Zeroizing;

use super::{Keyring, RecordKey, framed_mac, framed_mac_of_all, purpose};
use crate::kernel::Prepared;
use crate::labels::{self, Label};
use crate::oath::Algorithm;

impl RecordKey {
    /// What identifies the key without revealing it.
    pub(in crate::challenge) fn fingerprint(&self) -> [u8; 16] {
        let key = Prepared::new(Algorithm::Sha256, &*self.secret);
        key.mac(&[labels::FINGERPRINT.bytes()]).truncated()
    }
}

impl Keyring {
    /// What identifies the locator key without revealing it: a store's header has
    /// the same, and so do machines with the same locator key.
    #[must_use]
    pub fn locator_fingerprint(&self) -> [u8; 16] {
        let key = Prepared::new(Algorithm::Sha256, &*self.locator.secret);
        key.mac(&[labels::LOCATOR_CHECK.bytes()]).truncated()
    }

    /// The ids of the record keys, each with what identifies the key without
    /// revealing it.
    pub fn record_fingerprints(&self) -> impl Iterator<Item = (u16, [u8; 16])> + '_ {
        let records = self.records.iter().flatten();
        records.map(|key| (key.id, key.fingerprint()))
    }

    /// What identifies a configuration: machines with the same locator key derive
    /// the same from the same text, and nobody without it can test guesses at the
    /// text.
    #[must_use]
    pub fn configuration_fingerprint(&self, text: &[u8]) -> [u8; 16] {
        let key = purpose(&self.locator.secret, labels::CONFIGURATION);
        framed_mac(&key, labels::CONFIGURATION_TEXT, [text]).truncated()
    }

    /// A keyed hash of administration. The key does not rotate, because what is
    /// hashed, such as a password, is not known when record keys do.
    pub(crate) fn administration_hash(
        &self,
        label: Label<labels::Administration>,
        parts: &[&[u8]],
    ) -> Zeroizing<[u8; 32]> {
        let key = purpose(&self.locator.secret, labels::ADMINISTRATION);
        Zeroizing::new(framed_mac_of_all(&key, label.bytes(), parts).first_32())
    }
}

#[cfg(test)]
mod tests {
    use std::format;

    use super::*;

    /// The expected values are computed with HMAC-SHA-256 of Python's standard
    /// library.
    #[test]
    fn fingerprints_keep_their_bytes() {
        let keyring = Keyring::generate(&[42; 32]);
        let hex = |bytes: [u8; 16]| format!("{:032x}", u128::from_be_bytes(bytes));
        assert_eq!(
            hex(keyring.locator_fingerprint()),
            "b1e02aaa60cd9c777fc1d149efd5ff98"
        );
        let records: std::vec::Vec<_> = keyring.record_fingerprints().collect();
        assert_eq!(records.len(), 1);
        assert_eq!(
            (records[0].0, hex(records[0].1).as_str()),
            (1, "fa29f2e14bbdd0aa1cd0682e706e570e")
        );
        let fingerprint = hex(keyring.configuration_fingerprint(b"text"));
        assert_eq!(fingerprint, "68ddee91dc3c754e76196e0c22289a2b");
    }
}
