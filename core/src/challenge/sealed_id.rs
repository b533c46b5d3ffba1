//! Public ids that carry their subject.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use base64ct::{Base64UrlUnpadded, Encoding};
use zeroize::Zeroizing;

use super::alias::{ALIAS_LIFE_MS, Aliased};
use super::keyring::Keyring;
use super::outcome::ChallengeId;
use super::record::fresh_of_all;
use super::subject::{Subject, SubjectKind};
use crate::Error;
use crate::labels;

/// Format byte (kind and version) of a sealed id.
const FORMAT: u8 = 0x37;
/// The format byte and the id of the record key.
const HEAD_LEN: usize = 3;
const SALT_LEN: usize = 16;
/// Each key seals one id, so that its nonce never repeats.
const NONCE: [u8; 12] = [0; 12];

/// The public ids of challenges whose subjects are too long for an
/// [`Alias`](super::Alias) record: they need no record, because they carry
/// challenge and subject themselves.
///
/// An id is encrypted and authenticated (AES-256-GCM) under a key of its own,
/// derived from the newest record key and a salt, for one service and tenant. It
/// is base64url text of at most [`Self::LONGEST`] characters: the subject and 60
/// bytes more.
pub struct SealedId<'a> {
    keyring: &'a Keyring,
    service: &'a str,
    tenant: &'a [u8],
    restored_at_ms: Option<u64>,
}

impl<'a> SealedId<'a> {
    /// The length of the longest id in characters.
    pub const LONGEST: usize = 419;

    /// The ids of a service and tenant.
    #[must_use]
    pub fn new(keyring: &'a Keyring, service: &'a str, tenant: &'a [u8]) -> Self {
        Self {
            keyring,
            service,
            tenant,
            restored_at_ms: None,
        }
    }

    /// As [`Alias::restored_at`](super::Alias::restored_at).
    #[must_use]
    pub fn restored_at(self, restored_at_ms: Option<u64>) -> Self {
        Self {
            restored_at_ms,
            ..self
        }
    }

    /// The id of a challenge just issued. It is valid for [`ALIAS_LIFE_MS`].
    ///
    /// # Errors
    /// [`Error::UnknownRecordKey`] if the keyring lacks its newest key.
    pub fn seal(
        &self,
        aliased: &Aliased,
        now_ms: u64,
        entropy: &[u8; 32],
    ) -> Result<String, Error> {
        let key = self.keyring.newest();
        let until = now_ms.saturating_add(ALIAS_LIFE_MS);
        let content = content(aliased, until);
        let [high, low] = key.to_be_bytes();
        let head = [FORMAT, high, low];
        // If the host's entropy repeats, two contents still get two keys.
        let parts: [&[u8]; 3] = [self.service.as_bytes(), self.tenant, &content];
        let fresh = fresh_of_all(labels::SEALED_ID_SALT, entropy, now_ms, &parts);
        let mut salt = [0; SALT_LEN];
        salt.copy_from_slice(&fresh[..SALT_LEN]);
        let payload = Payload {
            msg: &content,
            aad: &self.associated(head),
        };
        let sealed = self
            .cipher(key, &salt)?
            .encrypt(&Nonce::from(NONCE), payload)
            .map_err(|_| Error::InvalidSubject)?;
        let id = [&head[..], &salt, &sealed].concat();
        Ok(Base64UrlUnpadded::encode_string(&id))
    }

    /// The target of an id. `None` for text that is not an id of this service,
    /// tenant and keyring, and after its 24 hours.
    #[must_use]
    pub fn open(&self, text: &str, now_ms: u64) -> Option<Aliased> {
        if text.len() > Self::LONGEST {
            return None;
        }
        let id = Base64UrlUnpadded::decode_vec(text).ok()?;
        let (head, rest) = id.split_first_chunk::<HEAD_LEN>()?;
        let (salt, sealed) = rest.split_first_chunk::<SALT_LEN>()?;
        let [FORMAT, high, low] = *head else {
            return None;
        };
        let payload = Payload {
            msg: sealed,
            aad: &self.associated(*head),
        };
        let content = self
            .cipher(u16::from_be_bytes([high, low]), salt)
            .ok()?
            .decrypt(&Nonce::from(NONCE), payload)
            .ok()?;
        let (aliased, until) = target(&Zeroizing::new(content))?;
        let is_from_before = |at_ms: u64| until < at_ms.saturating_add(ALIAS_LIFE_MS);
        let is_over = until <= now_ms || self.restored_at_ms.is_some_and(is_from_before);
        (!is_over).then_some(aliased)
    }

    /// The cipher of the one id with this salt.
    fn cipher(&self, key: u16, salt: &[u8; SALT_LEN]) -> Result<Aes256Gcm, Error> {
        let key = self.keyring.token_key(key, labels::SEALED_ID, [salt])?;
        Ok(Aes256Gcm::new(&(*key).into()))
    }

    /// The data that is authenticated with an id: its head, and the service and
    /// tenant of which it is.
    fn associated(&self, head: [u8; HEAD_LEN]) -> Vec<u8> {
        let service = self.service.as_bytes();
        let len = (service.len() as u64).to_be_bytes();
        [&head[..], &len, service, self.tenant].concat()
    }
}

/// The id of the challenge, the end of the public id's lifetime, and the kind
/// and text of the subject.
fn content(aliased: &Aliased, until: u64) -> Zeroizing<Vec<u8>> {
    let subject = aliased.subject.as_str().as_bytes();
    let kind = [aliased.subject.kind().number()];
    let parts = [&aliased.id.0[..], &until.to_be_bytes(), &kind, subject];
    Zeroizing::new(parts.concat())
}

/// The inverse of [`content`].
fn target(content: &[u8]) -> Option<(Aliased, u64)> {
    let (id, rest) = content.split_first_chunk()?;
    let (until, rest) = rest.split_first_chunk()?;
    let (kind, text) = rest.split_first()?;
    let kind = SubjectKind::from_number(*kind)?;
    let subject = Subject::parse(kind, core::str::from_utf8(text).ok()?).ok()?;
    let id = ChallengeId(*id);
    Some((Aliased { subject, id }, u64::from_be_bytes(*until)))
}

impl fmt::Debug for SealedId<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealedId")
            .field("service", &self.service)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::format;

    use super::*;

    const NOW_MS: u64 = 1_800_000_000_000;

    fn aliased(kind: SubjectKind, text: &str) -> Aliased {
        Aliased {
            subject: Subject::parse(kind, text).unwrap(),
            id: ChallengeId([9; 16]),
        }
    }

    fn longest() -> Aliased {
        let domain = format!("{}.example", "d".repeat(63));
        let local = "l".repeat(254 - 1 - domain.len());
        aliased(SubjectKind::Email, &format!("{local}@{domain}"))
    }

    #[test]
    fn an_id_leads_back_for_its_life() {
        let mut keyring = Keyring::generate(&[7; 32]);
        let targets = [
            longest(),
            aliased(SubjectKind::Account, &"a".repeat(64)),
            aliased(SubjectKind::Number, "+966500000000"),
        ];
        let ids = targets.each_ref().map(|target| {
            let ids = SealedId::new(&keyring, "test", b"tenant");
            ids.seal(target, NOW_MS, &[1; 32]).unwrap()
        });
        assert_eq!(ids[0].len(), SealedId::LONGEST);
        let newer = keyring.add(&[8; 32]).unwrap();
        keyring.activate(newer).unwrap();
        let sealed = SealedId::new(&keyring, "test", b"tenant");
        let last = NOW_MS + ALIAS_LIFE_MS - 1;
        for (id, target) in ids.iter().zip(targets) {
            assert_eq!(sealed.open(id, last), Some(target));
            assert_eq!(sealed.open(id, last + 1), None);
        }
    }

    /// An id as written by this version: later ones must open it.
    const STORED: &str = "NwAB4p43gcV1YqwYr6b-07fumcuGmv_SSerNDeTk9GumSsPcBz5dJYjjlTANsv38\
        26l74HEVcvn0nvEekLrL__HYN4Y-UjnU_DCBhhJZPIK2jrSlBXsO4nfcROIsICWc3h9M3FyMpgZ40AzGU1Y";

    #[test]
    fn the_form_of_an_id_does_not_change() {
        let keyring = Keyring::generate(&[7; 32]);
        let ids = SealedId::new(&keyring, "test", b"tenant");
        let target = aliased(SubjectKind::Account, &"a".repeat(50));
        let id = ids.seal(&target, NOW_MS, &[1; 32]).unwrap();
        assert_eq!(id, STORED);
        assert_eq!(ids.open(STORED, NOW_MS), Some(target));
    }

    #[test]
    fn an_id_from_before_a_restore_is_unknown() {
        let keyring = Keyring::generate(&[7; 32]);
        let ids = || SealedId::new(&keyring, "test", b"tenant");
        let id = ids().seal(&longest(), NOW_MS, &[1; 32]).unwrap();
        let open = |at_ms| ids().restored_at(Some(at_ms)).open(&id, NOW_MS + 2);
        assert_eq!(open(NOW_MS), Some(longest()));
        assert_eq!(open(NOW_MS + 1), None);
    }

    #[test]
    fn an_id_is_of_one_service_tenant_and_keyring() {
        let keyring = Keyring::generate(&[7; 32]);
        let stranger = Keyring::generate(&[8; 32]);
        let ids = SealedId::new(&keyring, "test", b"tenant");
        let id = ids.seal(&longest(), NOW_MS, &[1; 32]).unwrap();
        for (keyring, service, tenant) in [
            (&keyring, "tes", &b"ttenant"[..]),
            (&keyring, "testt", b"enant"),
            (&keyring, "other", b"tenant"),
            (&keyring, "best", b"tenant"),
            (&keyring, "test", b"other"),
            (&keyring, "test", b"Tenant"),
            (&stranger, "test", b"tenant"),
        ] {
            let other = SealedId::new(keyring, service, tenant);
            assert_eq!(other.open(&id, NOW_MS), None);
        }
    }

    #[test]
    fn a_changed_id_is_unknown() {
        let keyring = Keyring::generate(&[7; 32]);
        let ids = SealedId::new(&keyring, "test", b"tenant");
        let target = aliased(SubjectKind::Account, &"a".repeat(50));
        let id = ids.seal(&target, NOW_MS, &[1; 32]).unwrap();
        let bytes = Base64UrlUnpadded::decode_vec(&id).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut changed = bytes.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            let changed = Base64UrlUnpadded::encode_string(&changed);
            assert_eq!(ids.open(&changed, NOW_MS), None, "bit {bit}");
        }
        for len in 0..id.len() {
            assert_eq!(ids.open(&id[..len], NOW_MS), None, "{len}");
        }
        for text in [format!("{id}="), format!("{id}A"), format!(" {id}")] {
            assert_eq!(ids.open(&text, NOW_MS), None);
        }
        assert_eq!(ids.open(&"A".repeat(1 << 20), NOW_MS), None);
    }

    #[test]
    fn each_id_has_a_key_of_its_own() {
        let keyring = Keyring::generate(&[7; 32]);
        let ids = SealedId::new(&keyring, "test", b"tenant");
        let target = aliased(SubjectKind::Account, &"a".repeat(50));
        let decoded = |id: String| Base64UrlUnpadded::decode_vec(&id).unwrap();
        let id = decoded(ids.seal(&target, NOW_MS, &[1; 32]).unwrap());
        let other = decoded(ids.seal(&target, NOW_MS, &[2; 32]).unwrap());
        // The same content and nonce: only the key differs.
        assert_ne!(id[19..], other[19..]);
        let exchanged = [&id[..3], &other[3..19], &id[19..]].concat();
        let exchanged = Base64UrlUnpadded::encode_string(&exchanged);
        assert_eq!(ids.open(&exchanged, NOW_MS), None);
    }

    #[test]
    fn an_id_hides_its_subject_and_repeats_only_with_everything() {
        let keyring = Keyring::generate(&[7; 32]);
        let ids = SealedId::new(&keyring, "test", b"tenant");
        let target = aliased(SubjectKind::Account, &"a".repeat(50));
        let other = aliased(SubjectKind::Account, &"b".repeat(50));
        let id = ids.seal(&target, NOW_MS, &[1; 32]).unwrap();
        let bytes = Base64UrlUnpadded::decode_vec(&id).unwrap();
        assert!(!bytes.windows(4).any(|part| part == b"aaaa"));
        // Even if the host's entropy repeats, no key does.
        let again = [
            ids.seal(&other, NOW_MS, &[1; 32]).unwrap(),
            ids.seal(&target, NOW_MS + 1, &[1; 32]).unwrap(),
            ids.seal(&target, NOW_MS, &[2; 32]).unwrap(),
        ];
        for again in again {
            let again = Base64UrlUnpadded::decode_vec(&again).unwrap();
            assert_ne!(again[3..19], bytes[3..19]);
        }
        assert_eq!(format!("{ids:?}"), r#"SealedId { service: "test", .. }"#);
    }
}
