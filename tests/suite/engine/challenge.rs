//! Challenges without a contract: foreign records, rotation of record keys,
//! unlocking, and expiry of the record.

use std::sync::LazyLock;

use mpass_core::Error;
use mpass_core::challenge::{
    Attempt, Binding, Challenge, Issue, Issued, Keyring, Limit, Pending, Policy, PolicySettings,
    RefusalReason, Subject, SubjectKind, Verdict,
};
use mpass_tests::sim::{NOON, generous_policy};

const DAY: u64 = 86_400_000;

static SUBJECT: LazyLock<Subject> =
    LazyLock::new(|| Subject::parse(SubjectKind::Number, "+966500000000").unwrap());

fn binding() -> Binding<'static> {
    Binding {
        service: "test",
        tenant: b"tenant",
        subject: &SUBJECT,
        context: "",
    }
}

fn issue(challenge: &Challenge<'_>, current: Option<&[u8]>, now_ms: u64) -> Pending<Issued> {
    match challenge.issue(current, now_ms, &[1; 32]).unwrap() {
        Issue::Pending(pending) => pending,
        other => panic!("{other:?}"),
    }
}

fn attempt(challenge: &Challenge<'_>, record: &[u8], typed: &str, now_ms: u64) -> Pending<Verdict> {
    match challenge
        .attempt(Some(record), typed, now_ms, &[2; 32])
        .unwrap()
    {
        Attempt::Pending(pending) => pending,
        Attempt::Told(verdict) => panic!("{verdict:?}"),
    }
}

#[test]
fn every_flipped_bit_is_refused() {
    let keyring = Keyring::generate(&[1; 32]);
    let policy = Policy::default();
    let challenge = Challenge::new(&keyring, &policy, binding());
    let record = *issue(&challenge, None, NOON).next();
    for bit in 0..record.len() * 8 {
        let mut flipped = record;
        flipped[bit / 8] ^= 1 << (bit % 8);
        let refused = challenge.attempt(Some(&flipped), "123456", NOON, &[2; 32]);
        assert!(
            matches!(
                refused,
                Err(Error::RecordForged | Error::RecordFormat | Error::UnknownRecordKey)
            ),
            "bit {bit}: {refused:?}"
        );
    }
    for len in 0..record.len() {
        let refused = challenge.issue(Some(&record[..len]), NOON, &[2; 32]);
        assert!(matches!(refused, Err(Error::RecordFormat)), "{len}");
    }
}

#[test]
fn a_record_moved_to_another_place_is_refused() {
    let keyring = Keyring::generate(&[1; 32]);
    let policy = Policy::default();
    let record = *issue(&Challenge::new(&keyring, &policy, binding()), None, NOON).next();
    let other_number = Subject::parse(SubjectKind::Number, "+966500000001").unwrap();
    let email = Subject::parse(SubjectKind::Email, "+966500000000@sms.example").unwrap();
    for other in [
        Binding {
            service: "other",
            ..binding()
        },
        Binding {
            tenant: b"other",
            ..binding()
        },
        Binding {
            subject: &other_number,
            ..binding()
        },
        Binding {
            subject: &email,
            ..binding()
        },
    ] {
        let moved = Challenge::new(&keyring, &policy, other);
        let refused = moved.attempt(Some(&record), "123456", NOON, &[2; 32]);
        assert!(matches!(refused, Err(Error::RecordForged)), "{refused:?}");
    }
    let stranger = Keyring::generate(&[2; 32]);
    let refused =
        Challenge::new(&stranger, &policy, binding()).issue(Some(&record), NOON, &[2; 32]);
    assert!(matches!(refused, Err(Error::RecordForged)), "{refused:?}");
}

#[test]
fn a_code_lives_through_a_rotation_and_its_record_moves_to_the_new_key() {
    let mut keyring = Keyring::generate(&[1; 32]);
    let policy = Policy::default();
    let pending = issue(&Challenge::new(&keyring, &policy, binding()), None, NOON);
    let record = *pending.next();
    let code = pending.stored().code;
    assert_eq!(record[1..3], [0, 1]);

    let second = keyring.add(&[9; 32]).unwrap();
    keyring.activate(second).unwrap();
    let challenge = Challenge::new(&keyring, &policy, binding());
    let pending = attempt(&challenge, &record, "000000", NOON);
    let resealed = *pending.next();
    assert_eq!(resealed[1..3], [0, 2]);
    assert_eq!(pending.stored(), Verdict::Wrong);
    // With the new seal, the code is still derived from the old key.
    let accept = attempt(&challenge, &resealed, code.as_str(), NOON);
    assert_eq!(accept.stored(), Verdict::Accept);
}

#[test]
fn a_lock_ends_by_an_administrators_act() {
    let keyring = Keyring::generate(&[1; 32]);
    let policy = Policy::new(PolicySettings {
        failures_to_lock: 1,
        ..generous_policy().settings().clone()
    })
    .unwrap();
    let challenge = Challenge::new(&keyring, &policy, binding());
    let record = *issue(&challenge, None, NOON).next();
    let record = *attempt(&challenge, &record, "0000", NOON).next();
    let Issue::Refused(refusal) = challenge.issue(Some(&record), NOON, &[3; 32]).unwrap() else {
        panic!()
    };
    assert_eq!(refusal.reason, RefusalReason::Locked);
    assert_eq!(refusal.retry_at_ms, Some(NOON + DAY));
    let record = *challenge
        .unlock(Some(&record), NOON, &[4; 32])
        .unwrap()
        .next();
    issue(&challenge, Some(&record), NOON).stored();
}

#[test]
fn a_record_outlives_every_count_in_it() {
    let keyring = Keyring::generate(&[1; 32]);
    let guesses = Limit::new(10, DAY, 5).unwrap();
    let policy = Policy::new(PolicySettings {
        guesses,
        ..PolicySettings::default()
    })
    .unwrap();
    let challenge = Challenge::new(&keyring, &policy, binding());
    let pending = issue(&challenge, None, NOON);
    // The send is regained after ten minutes; the challenge ends earlier.
    assert_eq!(pending.expires_at_ms(), Some(NOON + 600_000));
    let record = *pending.next();
    let wrong = attempt(&challenge, &record, "0000", NOON);
    // Consecutive failures are remembered for thirty days.
    assert_eq!(wrong.expires_at_ms(), Some(NOON + 30 * DAY));
    let code = pending.stored().code;
    let record = *wrong.next();
    let accept = attempt(&challenge, &record, code.as_str(), NOON);
    // After the accept, the guess limit lasts longest.
    assert_eq!(accept.expires_at_ms(), Some(NOON + DAY / 6));
}

#[test]
fn a_stored_record_shows_neither_code_nor_number() {
    let keyring = Keyring::generate(&[1; 32]);
    let policy = Policy::default();
    let challenge = Challenge::new(&keyring, &policy, binding());
    let pending = issue(&challenge, None, NOON);
    let record = *pending.next();
    let code = pending.stored().code;
    let contains = |needle: &[u8]| record.windows(needle.len()).any(|window| window == needle);
    assert!(!contains(code.as_str().as_bytes()));
    assert!(!contains(b"966500000000"));
    let value: u32 = code.as_str().parse().unwrap();
    assert!(!contains(&value.to_be_bytes()) && !contains(&value.to_le_bytes()));
}

#[test]
fn ten_digits_and_four() {
    let keyring = Keyring::generate(&[1; 32]);
    for digits in 4..=10 {
        let policy = Policy::new(PolicySettings {
            digits: mpass_core::oath::Digits::new(digits).unwrap(),
            allow_weak: digits < 6,
            ..PolicySettings::default()
        })
        .unwrap();
        let challenge = Challenge::new(&keyring, &policy, binding());
        let pending = issue(&challenge, None, NOON);
        let record = *pending.next();
        let code = pending.stored().code;
        assert_eq!(code.as_str().len(), usize::from(digits));
        let accept = attempt(&challenge, &record, code.as_str(), NOON);
        assert_eq!(accept.stored(), Verdict::Accept);
    }
}

#[test]
fn a_refund_finds_its_own_challenge_live_or_nothing() {
    let keyring = Keyring::generate(&[1; 32]);
    let policy = generous_policy();
    let challenge = Challenge::new(&keyring, &policy, binding());
    let first = issue(&challenge, None, NOON);
    let record = *first.next();
    let first = first.stored();
    let refund = |record: &[u8], id| challenge.refund(Some(record), id, NOON, &[3; 32]).unwrap();

    // Superseded: the newer challenge is not voided instead.
    let second = issue(&challenge, Some(&record), NOON + 1);
    let superseded = *second.next();
    let second = second.stored();
    assert!(refund(&superseded, first.id).is_none());
    // Accepted: the message must have arrived.
    let accepted = *attempt(&challenge, &superseded, second.code.as_str(), NOON + 1).next();
    assert!(refund(&accepted, second.id).is_none());
    // Live: voided, but only once.
    let voided = *refund(&superseded, second.id).unwrap().next();
    assert!(refund(&voided, second.id).is_none());
    let attempt_result = challenge.attempt(Some(&voided), second.code.as_str(), NOON + 1, &[4; 32]);
    assert!(matches!(
        attempt_result,
        Ok(Attempt::Told(Verdict::NoChallenge))
    ));
}
