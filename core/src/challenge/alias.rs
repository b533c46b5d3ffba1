//! Public ids of challenges.

use core::fmt;

use super::keyring::Keyring;
use super::outcome::ChallengeId;
use super::pending::Pending;
use super::record::{Reader, sealing_key};
use super::slot::{Slot, WriteContext};
use super::subject::{Subject, SubjectKind};
use crate::Error;
use crate::labels;
use crate::number::PhoneNumber;
use crate::store::StoreKey;

/// Format byte (kind and version) of an alias record of a phone number.
pub(super) const FORMAT: u8 = 0x33;
/// Format byte of an alias record of any other subject.
pub(super) const OTHER_FORMAT: u8 = 0x36;

/// The lifetime of an alias in milliseconds: 24 hours.
pub const ALIAS_LIFE_MS: u64 = 24 * 3600 * 1000;

/// The longest subject, in bytes, for which an alias record has room.
const LONGEST_SUBJECT: usize = 45;

/// The kind of a subject, and its text, padded with zeros.
type SubjectField = [u8; 1 + LONGEST_SUBJECT];

/// A public id of a challenge: a record, written once, that maps the id to the
/// subject and the challenge for which it was created.
///
/// The id is not secret among the callers of one tenant, and is unknown under
/// any other. Its record holds the subject in sealed form, so a stolen store
/// alone does not reveal it.
///
/// A record has room for a subject of [`Self::LONGEST_SUBJECT`] bytes. The
/// public id of a longer one is a `SealedId`, which needs no record.
pub struct Alias<'a> {
    slot: Slot<'a>,
    restored_at_ms: Option<u64>,
}

/// The target of a public id. `Debug` masks the subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aliased {
    /// The subject of the challenge.
    pub subject: Subject,
    /// The challenge. The record of the subject may hold a later one by now.
    pub id: ChallengeId,
}

impl<'a> Alias<'a> {
    /// The longest subject of an alias, in bytes. Every phone number is
    /// shorter.
    pub const LONGEST_SUBJECT: usize = LONGEST_SUBJECT;

    /// Creates the alias of a public id, as it appears in requests, under a
    /// service and a tenant.
    #[must_use]
    pub fn new(keyring: &'a Keyring, service: &str, tenant: &[u8], public_id: &str) -> Self {
        let parts: [&[u8]; 3] = [service.as_bytes(), tenant, public_id.as_bytes()];
        Self {
            slot: Slot {
                keyring,
                key: keyring.store_key(labels::ALIAS, parts),
                format: FORMAT,
            },
            restored_at_ms: None,
        }
    }

    /// After the store was restored from a backup at this time, in milliseconds
    /// of Unix time: an id that was written before it is unknown, as its
    /// challenge is void.
    #[must_use]
    pub fn restored_at(self, restored_at_ms: Option<u64>) -> Self {
        Self {
            restored_at_ms,
            ..self
        }
    }

    /// The store key of the record, of kind [`crate::store::Kind::State`].
    #[must_use]
    pub fn key(&self) -> StoreKey {
        self.slot.key
    }

    /// The record for a challenge just issued. It expects that no record
    /// exists; on a conflict, choose another id.
    ///
    /// # Errors
    /// [`Error::InvalidSubject`] if the subject is longer than
    /// [`Self::LONGEST_SUBJECT`]; [`Error::UnknownRecordKey`] if the keyring
    /// lacks its newest key.
    pub fn write(
        &self,
        aliased: &Aliased,
        now_ms: u64,
        entropy: &[u8; 32],
    ) -> Result<Pending<()>, Error> {
        let write_context = WriteContext::new(None, now_ms, entropy, &aliased.id.0);
        let until = now_ms.saturating_add(ALIAS_LIFE_MS);
        match &aliased.subject {
            Subject::Number(number) => self.write_number(*number, aliased.id, until, write_context),
            other => self.write_other(other, aliased.id, until, write_context),
        }
    }

    /// The record without its target, which leads nowhere. `None` if the record is not
    /// that of this challenge.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn erase(
        &self,
        id: ChallengeId,
        current: &[u8],
        now_ms: u64,
        entropy: &[u8; 32],
    ) -> Result<Option<Pending<()>>, Error> {
        let is_of = |aliased: Aliased| aliased.id == id;
        if !self.read(current, now_ms)?.is_some_and(is_of) {
            return Ok(None);
        }
        let write_context = WriteContext::new(Some(current), now_ms, entropy, b"erase");
        let until = now_ms.saturating_add(ALIAS_LIFE_MS);
        let erased = self.slot.write(write_context, Some(until), (), |writer| {
            writer.put(&[0; 16 + 8 + 2]);
            writer.put_time(0);
        });
        erased.map(Some)
    }

    fn write_number(
        &self,
        number: PhoneNumber,
        id: ChallengeId,
        until: u64,
        write_context: WriteContext<'_>,
    ) -> Result<Pending<()>, Error> {
        let keyring = self.slot.keyring;
        let key = keyring.newest_record()?;
        let seal = key.alias_seal(&self.slot.key, &id.0);
        let number = number.to_u64() ^ u64::from_be_bytes(seal);
        self.slot.write(write_context, Some(until), (), |writer| {
            writer.put(&id.0);
            writer.put(&number.to_be_bytes());
            writer.put_u16(key.id);
            writer.put_time(until);
        })
    }

    fn write_other(
        &self,
        subject: &Subject,
        id: ChallengeId,
        until: u64,
        write_context: WriteContext<'_>,
    ) -> Result<Pending<()>, Error> {
        let slot = self.slot_of_other();
        let key = slot.keyring.newest_record()?;
        let mut sealed = field_of(subject).ok_or(Error::InvalidSubject)?;
        key.mask_subject(&slot.key, &id.0, &mut sealed);
        // The mask is of the record key that seals the record.
        slot.write(write_context, Some(until), (), |writer| {
            writer.put(&id.0);
            writer.put(&sealed);
            writer.put_time(until);
        })
    }

    fn slot_of_other(&self) -> Slot<'a> {
        Slot {
            format: OTHER_FORMAT,
            ..self.slot
        }
    }

    /// The target of the id. `None` after its 24 hours, if it was erased, or if it was
    /// written before [`Self::restored_at`].
    ///
    /// # Errors
    /// [`Error::RecordFormat`], [`Error::RecordForged`] or
    /// [`Error::UnknownRecordKey`] if `current` is not an authentic record for
    /// this store key.
    pub fn read(&self, current: &[u8], now_ms: u64) -> Result<Option<Aliased>, Error> {
        let (aliased, until) = match current.first() {
            Some(&OTHER_FORMAT) => self.read_other(current)?,
            _ if number_end(self.slot.open(current)?)? == 0 => return Ok(None),
            _ => self.read_number(self.slot.open(current)?)?,
        };
        let is_from_before = |at_ms: u64| until < at_ms.saturating_add(ALIAS_LIFE_MS);
        let is_over = until <= now_ms || self.restored_at_ms.is_some_and(is_from_before);
        Ok((!is_over).then_some(aliased))
    }

    /// The target and the time at which the alias ends.
    fn read_number(&self, mut reader: Reader<'_>) -> Result<(Aliased, u64), Error> {
        let id = ChallengeId(reader.take()?);
        let sealed = u64::from_be_bytes(reader.take()?);
        let key = self.slot.keyring.record(reader.take_u16()?)?;
        let until = reader.take_time()?;
        let seal = u64::from_be_bytes(key.alias_seal(&self.slot.key, &id.0));
        let number = PhoneNumber::from_u64(sealed ^ seal).map_err(|_| Error::RecordFormat)?;
        let subject = Subject::Number(number);
        Ok((Aliased { subject, id }, until))
    }

    /// As [`Self::read_number`].
    fn read_other(&self, current: &[u8]) -> Result<(Aliased, u64), Error> {
        let slot = self.slot_of_other();
        let mut reader = slot.open(current)?;
        let id = ChallengeId(reader.take()?);
        let mut field: SubjectField = reader.take()?;
        let until = reader.take_time()?;
        let key = sealing_key(current).ok_or(Error::RecordFormat)?;
        let key = slot.keyring.record(key)?;
        key.mask_subject(&slot.key, &id.0, &mut field);
        let subject = subject_of(&field).ok_or(Error::RecordFormat)?;
        Ok((Aliased { subject, id }, until))
    }
}

/// The time at which the alias of a number ends.
pub(super) fn number_end(mut reader: Reader<'_>) -> Result<u64, Error> {
    // The challenge, the sealed number, and the record key of its seal.
    reader.take::<{ 16 + 8 + 2 }>()?;
    reader.take_time()
}

/// The time at which the alias of another subject ends.
pub(super) fn other_end(mut reader: Reader<'_>) -> Result<u64, Error> {
    reader.take::<{ 16 + size_of::<SubjectField>() }>()?;
    reader.take_time()
}

/// The field of a subject; `None` if the subject is too long for it.
fn field_of(subject: &Subject) -> Option<SubjectField> {
    let mut field = [0; 1 + LONGEST_SUBJECT];
    let text = subject.as_str().as_bytes();
    field[0] = subject.kind().number();
    field.get_mut(1..=text.len())?.copy_from_slice(text);
    Some(field)
}

fn subject_of(field: &SubjectField) -> Option<Subject> {
    let [kind, text @ ..] = field;
    let len = text.iter().position(|byte| *byte == 0);
    let text = text.get(..len.unwrap_or(LONGEST_SUBJECT))?;
    let text = core::str::from_utf8(text).ok()?;
    Subject::parse(SubjectKind::from_number(*kind)?, text).ok()
}

impl fmt::Debug for Alias<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Alias")
            .field("key", &self.slot.key)
            .finish_non_exhaustive()
    }
}

impl ChallengeId {
    /// 16 bytes for a public id of this challenge. They reveal nothing without
    /// the keyring. If an id is taken, increase `attempt` to get another.
    #[must_use]
    pub fn public_bytes(&self, keyring: &Keyring, attempt: u8) -> [u8; 16] {
        keyring
            .store_key(labels::PUBLIC_ID, [&self.0, &[attempt]])
            .0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW_MS: u64 = 1_800_000_000_000;

    fn aliased() -> Aliased {
        Aliased {
            subject: Subject::parse(SubjectKind::Number, "+966500000000").unwrap(),
            id: ChallengeId([9; 16]),
        }
    }

    #[test]
    fn an_alias_leads_back_for_its_life_and_hides_the_number() {
        let keyring = Keyring::generate(&[7; 32]);
        let alias = Alias::new(&keyring, "test", b"tenant", "id");
        let pending = alias.write(&aliased(), NOW_MS, &[1; 32]).unwrap();
        assert!(pending.expected().is_none());
        let record = *pending.next();
        let last = NOW_MS + ALIAS_LIFE_MS - 1;
        assert_eq!(alias.read(&record, last), Ok(Some(aliased())));
        assert_eq!(alias.read(&record, last + 1), Ok(None));
        assert_eq!(pending.expires_at_ms(), Some(last + 1));
        let digits = 966_500_000_000_u64.to_be_bytes();
        assert!(
            !record
                .windows(5)
                .any(|bytes| digits.windows(5).any(|part| part == bytes))
        );
    }

    /// The record of a number, byte for byte: records in stores must stay readable.
    #[test]
    fn the_record_of_a_number_has_its_exact_bytes() {
        const RECORD: &str = "330001f68f9f6228053ddc090909090909090909090909090909091cc488b5b20c2158000101a31d82ac0000000000000000000000000000000000000000000000000000000000000000000000000000458ac3700ab953acdf661cdeebceb1e8";
        let keyring = Keyring::generate(&[42; 32]);
        let alias = Alias::new(&keyring, "golden", b"tenant", "id");
        let record = *alias.write(&aliased(), NOW_MS, &[1; 32]).unwrap().next();
        let hex: std::string::String = record
            .iter()
            .map(|byte| std::format!("{byte:02x}"))
            .collect();
        assert_eq!(hex, RECORD);
    }

    #[test]
    fn an_alias_from_before_a_restore_is_unknown() {
        let keyring = Keyring::generate(&[7; 32]);
        let alias = || Alias::new(&keyring, "test", b"tenant", "id");
        let record = *alias().write(&aliased(), NOW_MS, &[1; 32]).unwrap().next();
        let read = |at_ms| alias().restored_at(Some(at_ms)).read(&record, NOW_MS + 2);
        assert_eq!(read(NOW_MS), Ok(Some(aliased())));
        assert_eq!(read(NOW_MS + 1), Ok(None));
    }

    #[test]
    fn an_alias_is_of_one_tenant_and_one_service() {
        let keyring = Keyring::generate(&[7; 32]);
        let alias = Alias::new(&keyring, "test", b"tenant", "id");
        let record = *alias.write(&aliased(), NOW_MS, &[1; 32]).unwrap().next();
        for (service, tenant, id) in [
            ("tes", &b"ttenant"[..], "id"),
            ("test", b"other", "id"),
            ("test", b"tenant", "id2"),
        ] {
            let other = Alias::new(&keyring, service, tenant, id);
            assert_ne!(other.key(), alias.key());
            assert_eq!(other.read(&record, NOW_MS), Err(Error::RecordForged));
        }
    }

    #[test]
    fn an_alias_outlives_a_newer_record_key() {
        let mut keyring = Keyring::generate(&[7; 32]);
        let record = *Alias::new(&keyring, "test", b"tenant", "id")
            .write(&aliased(), NOW_MS, &[1; 32])
            .unwrap()
            .next();
        let newer = keyring.add(&[8; 32]).unwrap();
        keyring.activate(newer).unwrap();
        let alias = Alias::new(&keyring, "test", b"tenant", "id");
        assert_eq!(alias.read(&record, NOW_MS), Ok(Some(aliased())));
    }

    #[test]
    fn public_ids_differ_by_attempt_and_keyring() {
        let keyring = Keyring::generate(&[7; 32]);
        let id = ChallengeId([9; 16]);
        let first = id.public_bytes(&keyring, 0);
        assert_ne!(first, id.public_bytes(&keyring, 1));
        assert_ne!(first, id.public_bytes(&Keyring::generate(&[8; 32]), 0));
        assert_ne!(first, ChallengeId([8; 16]).public_bytes(&keyring, 0));
    }

    fn other(kind: SubjectKind, text: &str) -> Aliased {
        Aliased {
            subject: Subject::parse(kind, text).unwrap(),
            id: ChallengeId([9; 16]),
        }
    }

    #[test]
    fn an_alias_of_an_address_or_account_hides_it_with_its_kind_and_length() {
        let mut keyring = Keyring::generate(&[7; 32]);
        let mut records = std::vec::Vec::new();
        let longest = std::format!("{}@mail.example", "l".repeat(32));
        assert_eq!(longest.len(), Alias::LONGEST_SUBJECT);
        let targets = [
            other(SubjectKind::Email, "ann@mail.example"),
            other(SubjectKind::Email, &longest),
            other(SubjectKind::Account, "a"),
            other(SubjectKind::Account, &"a".repeat(45)),
        ];
        for target in &targets {
            let alias = Alias::new(&keyring, "test", b"tenant", "id");
            let pending = alias.write(target, NOW_MS, &[1; 32]).unwrap();
            let record = *pending.next();
            let text = target.subject.as_str().as_bytes();
            // Neither the text nor the zeros after it are readable.
            let shown = &record[27..73];
            assert!(!shown.windows(4).any(|bytes| bytes == [0; 4]));
            assert!(
                text.len() < 4
                    || !shown
                        .windows(4)
                        .any(|bytes| text.windows(4).any(|part| part == bytes))
            );
            records.push(record);
        }
        let newer = keyring.add(&[8; 32]).unwrap();
        keyring.activate(newer).unwrap();
        let alias = Alias::new(&keyring, "test", b"tenant", "id");
        let last = NOW_MS + ALIAS_LIFE_MS - 1;
        for (record, target) in records.iter().zip(&targets) {
            assert_eq!(alias.read(record, last).as_ref(), Ok(&Some(target.clone())));
            assert_eq!(alias.read(record, last + 1), Ok(None));
            for at in 0..record.len() {
                let mut forged = *record;
                forged[at] ^= 1;
                assert!(alias.read(&forged, last).is_err(), "byte {at}");
            }
            let elsewhere = Alias::new(&keyring, "test", b"tenant", "id2");
            assert_eq!(elsewhere.read(record, last), Err(Error::RecordForged));
        }
    }

    #[test]
    fn no_part_of_the_mask_of_a_subject_repeats() {
        let keyring = Keyring::generate(&[7; 32]);
        let target = other(SubjectKind::Account, &"a".repeat(45));
        let alias = Alias::new(&keyring, "test", b"tenant", "id");
        let record = *alias.write(&target, NOW_MS, &[1; 32]).unwrap().next();
        // After the kind, every byte of the subject is the same.
        let shown = &record[28..73];
        for distance in 1..=41 {
            let shifted = shown[distance..].windows(4);
            let repeats = shown
                .windows(4)
                .zip(shifted)
                .any(|(one, other)| one == other);
            assert!(!repeats, "{distance}");
        }
    }

    #[test]
    fn an_alias_has_no_room_for_a_longer_subject() {
        let keyring = Keyring::generate(&[7; 32]);
        let alias = Alias::new(&keyring, "test", b"tenant", "id");
        let target = other(SubjectKind::Account, &"a".repeat(46));
        let refused = alias.write(&target, NOW_MS, &[1; 32]);
        assert_eq!(refused.err(), Some(Error::InvalidSubject));
    }
}
