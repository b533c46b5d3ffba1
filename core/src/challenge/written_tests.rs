//! The time of each kind of record, and what is not a record.

use super::*;
use crate::challenge::{
    Alias, Aliased, Binding, ChallengeId, Credits, Issue, Once, Policy, PolicySettings, Record,
    Reservation, Spend, Subject, SubjectKind, Token as OathToken, TokenPolicy,
};

const NOW_MS: u64 = 1_800_000_000_000;

fn keyring() -> Keyring {
    Keyring::generate(&[7; 32])
}

fn subject(kind: SubjectKind, text: &str) -> Subject {
    Subject::parse(kind, text).unwrap()
}

/// One record of each kind with its time.
fn records(keyring: &Keyring) -> std::vec::Vec<(StoreKey, Record, Option<u64>)> {
    let number = subject(SubjectKind::Number, "+966500000000");
    let mut settings = PolicySettings::default();
    settings.spend = Some(settings.sends);
    let policy = Policy::new(settings).unwrap();
    let binding = Binding {
        service: "test",
        tenant: b"tenant",
        subject: &number,
        context: "",
    };
    let challenge = crate::challenge::Challenge::new(keyring, &policy, binding);
    let Issue::Pending(issued) = challenge.issue(None, NOW_MS, &[1; 32]).unwrap() else {
        panic!("the first one is issued");
    };
    let token = OathToken::new(keyring, TokenPolicy::default(), b"tenant", b"id").unwrap();
    let enrolled = token.enroll(5, NOW_MS, &[1; 32]).unwrap();
    let older = *enrolled.next();
    let asked = token.restored_at(Some(NOW_MS + 1));
    let asked = asked.ask(Some(&older), "12345678", 1000, NOW_MS + 7, &[1; 32]);
    let asked = asked.unwrap();
    let alias = Alias::new(keyring, "test", b"tenant", "id");
    let alias_of = |subject| {
        let id = ChallengeId([9; 16]);
        let pending = alias.write(&Aliased { subject, id }, NOW_MS, &[1; 32]);
        *pending.unwrap().next()
    };
    let other = subject(SubjectKind::Account, "ann");
    let once = Once::new(keyring, "token", b"a");
    let used = once.take(Some(NOW_MS + 1), NOW_MS, &[1; 32]).unwrap();
    let credits = Credits::new(keyring, "test", b"tenant", 1);
    let begun = credits.begin(NOW_MS, &[1; 32]).unwrap();
    let spend = Spend::new(keyring, &policy, "test", b"tenant").unwrap();
    let Reservation::Pending(spent) = spend.reserve(None, NOW_MS, &[1; 32]).unwrap() else {
        panic!("the first one is reserved");
    };
    std::vec![
        (challenge.key(), *issued.next(), Some(NOW_MS)),
        (enrolled.key(), older, Some(NOW_MS)),
        (asked.key(), *asked.next(), Some(NOW_MS + 7)),
        (alias.key(), alias_of(number.clone()), Some(NOW_MS)),
        (alias.key(), alias_of(other), Some(NOW_MS)),
        (once.key(), *used.next(), None),
        (credits.key(), *begun.next(), None),
        (spend.key(), *spent.next(), None),
    ]
}

#[test]
fn every_kind_of_record_has_its_time() {
    let keyring = keyring();
    for (key, record, at_ms) in records(&keyring) {
        assert_eq!(
            written_at(&keyring, &key, &record),
            Ok(at_ms),
            "{:x}",
            record[0]
        );
    }
}

#[test]
fn what_is_not_an_authentic_record_is_refused() {
    let keyring = keyring();
    for (key, record, _) in records(&keyring) {
        let read = |record: &[u8]| written_at(&keyring, &key, record);
        let format = Err(Error::RecordFormat);
        for len in 0..record.len() {
            assert_eq!(read(&record[..len]), format, "{len}");
        }
        assert_eq!(read(&[&record[..], &[0]].concat()), format);
        for at in 0..record.len() {
            let mut changed = record;
            changed[at] ^= 0x40;
            assert!(read(&changed).is_err(), "byte {at}");
        }
        let elsewhere = written_at(&keyring, &StoreKey([1; 16]), &record);
        assert_eq!(elsewhere, Err(Error::RecordForged));
        let other = written_at(&Keyring::generate(&[8; 32]), &key, &record);
        assert_eq!(other, Err(Error::RecordForged));
    }
    assert_eq!(
        written_at(&keyring, &StoreKey([1; 16]), &[0x99; 96]),
        Err(Error::RecordFormat)
    );
}
