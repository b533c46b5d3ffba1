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

#[test]
fn a_kept_record_lives_as_long_as_what_refers_to_it() {
    let keyring = Keyring::generate(&[1; 32]);
    let policy = generous_policy();
    let plain = || Challenge::new(&keyring, &policy, binding());
    let expiry = |challenge: &Challenge<'_>, current: Option<&[u8]>| {
        let pending = issue(challenge, current, NOON);
        (pending.expires_at_ms().unwrap(), *pending.next())
    };
    let (briefly, _) = expiry(&plain(), None);
    assert!(briefly < NOON + 2 * DAY);
    let (kept_until, record) = expiry(&plain().kept(2 * DAY), None);
    assert_eq!(kept_until, NOON + 2 * DAY);
    // What refers to the superseded challenge is still there.
    assert_eq!(expiry(&plain(), Some(&record)).0, kept_until);
    assert_eq!(expiry(&plain().kept(DAY), Some(&record)).0, kept_until);
}

/// A policy whose counts end before a challenge does.
fn brief_policy() -> Policy {
    Policy::new(PolicySettings {
        failures_to_lock: 1,
        resend_interval_ms: 0,
        sends: Limit::new(10_000, 3_600_000, 1).unwrap(),
        ..PolicySettings::default()
    })
    .unwrap()
}

#[test]
fn a_clock_that_goes_back_does_not_lengthen_a_life() {
    let keyring = Keyring::generate(&[1; 32]);
    let policy = generous_policy();
    let challenge = Challenge::new(&keyring, &policy, binding());
    let life_ms = policy.settings().lifetime_ms;
    let pending = issue(&challenge, None, NOON);
    let record = *pending.next();
    let code = pending.stored().code;
    let told = |record: &[u8], now_ms| match challenge
        .attempt(Some(record), code.as_str(), now_ms, &[2; 32])
        .unwrap()
    {
        Attempt::Told(verdict) => verdict,
        Attempt::Pending(pending) => pending.stored(),
    };
    // A second back: as much time left as at the last write.
    let back = *attempt(&challenge, &record, "0000", NOON - 1000).next();
    assert_eq!(told(&back, NOON - 1000 + life_ms - 1), Verdict::Accept);
    assert_eq!(told(&back, NOON - 1000 + life_ms), Verdict::Expired);
    // Further back than the clocks of a fleet differ.
    assert_eq!(told(&record, NOON - 5000), Verdict::Accept);
    assert_eq!(told(&record, NOON - 5001), Verdict::Expired);
}

#[test]
fn a_second_write_at_the_same_time_changes_no_expiry() {
    let keyring = Keyring::generate(&[1; 32]);
    let policy = brief_policy();
    let challenge = Challenge::new(&keyring, &policy, binding());
    let record = *issue(&challenge, None, NOON).next();
    // The challenge ended a day ago.
    let erase = |record: &[u8]| challenge.erase(Some(record), NOON + DAY, &[2; 32]).unwrap();
    let first = erase(&record);
    assert!(first.expires_at_ms() < Some(NOON + DAY));
    let second = erase(first.next());
    assert_eq!(second.expires_at_ms(), first.expires_at_ms());
}

#[test]
fn an_attempt_stores_the_correction_of_a_clock_that_was_ahead() {
    let keyring = Keyring::generate(&[1; 32]);
    let policy = brief_policy();
    let challenge = Challenge::new(&keyring, &policy, binding());
    let ahead = NOON + 3650 * DAY;
    let record = *issue(&challenge, None, ahead).next();
    let record = *attempt(&challenge, &record, "0000", ahead).next();
    // The lock begins again, once.
    let corrected = attempt(&challenge, &record, "0000", NOON);
    let record = *corrected.next();
    assert_eq!(corrected.stored(), Verdict::Locked);
    for (now_ms, expected) in [
        (NOON + 1, Verdict::Locked),
        (NOON + DAY - 1, Verdict::Locked),
        (NOON + DAY, Verdict::Expired),
    ] {
        let told = challenge.attempt(Some(&record), "0000", now_ms, &[2; 32]);
        assert!(
            matches!(told.unwrap(), Attempt::Told(verdict) if verdict == expected),
            "{expected:?}"
        );
    }
}

#[test]
fn an_unlocked_subject_without_a_record_has_no_challenge() {
    let keyring = Keyring::generate(&[1; 32]);
    let policy = Policy::default();
    let challenge = Challenge::new(&keyring, &policy, binding());
    let record = *challenge.unlock(None, NOON, &[1; 32]).unwrap().next();
    let told = challenge.attempt(Some(&record), "123456", NOON, &[2; 32]);
    assert!(matches!(told, Ok(Attempt::Told(Verdict::NoChallenge))));
    let issued = issue(&challenge, Some(&record), NOON).stored();
    assert_eq!(format!("{:?}", issued.id), "ChallengeId");
}

/// Never more than three unlocks in 24 hours, and the wrong guesses stay counted.
#[test]
fn unlocks_are_limited_and_keep_the_guesses() {
    let keyring = Keyring::generate(&[1; 32]);
    let policy = Policy::new(PolicySettings {
        failures_to_lock: 1,
        tries: 10,
        guesses: Limit::new(3, DAY, 3).unwrap(),
        ..PolicySettings::default()
    })
    .unwrap();
    let challenge = Challenge::new(&keyring, &policy, binding());
    // Not at a whole minute, which the record counts in.
    let begun = NOON + 30_500;
    let mut record = *issue(&challenge, None, begun).next();
    for at in (0..3).map(|n| n * 700) {
        record = *attempt(&challenge, &record, "0000", begun + at).next();
        let told = challenge.attempt(Some(&record), "0000", begun + at, &[2; 32]);
        assert!(matches!(told, Ok(Attempt::Told(Verdict::Locked))), "{at}");
        let unlocked = challenge.unlock(Some(&record), begun + at, &[4; 32]);
        record = *unlocked.unwrap().next();
    }
    let refused = |record: &[u8], now_ms| {
        let unlocked = challenge.unlock(Some(record), now_ms, &[4; 32]);
        unlocked.map(|_| ()).err()
    };
    for now_ms in [begun + 2000, begun + DAY - 60_000] {
        assert_eq!(refused(&record, now_ms), Some(Error::TooManyUnlocks));
    }
    assert_eq!(refused(&record, begun + DAY), None);
    // Three guesses were made, and unlocking has not given them back.
    let told = challenge.attempt(Some(&record), "0000", begun + 2000, &[2; 32]);
    assert!(
        matches!(told, Ok(Attempt::Told(Verdict::Limited))),
        "{told:?}"
    );
}

#[test]
fn an_erased_challenge_accepts_no_code_and_keeps_what_limits() {
    let keyring = Keyring::generate(&[1; 32]);
    let policy = Policy::default();
    let challenge = Challenge::new(&keyring, &policy, binding());
    let issued = issue(&challenge, None, NOON);
    let record = *issued.next();
    let issued = issued.stored();
    assert_eq!(challenge.last(Some(&record), NOON), Ok(Some(issued.id)));
    let erased = challenge.erase(Some(&record), NOON, &[4; 32]).unwrap();
    let record = *erased.next();
    assert_eq!(challenge.last(Some(&record), NOON), Ok(None));
    let code = issued.code.as_str();
    for told in [
        challenge.attempt(Some(&record), code, NOON, &[2; 32]),
        challenge.attempt_at(issued.id, Some(&record), code, NOON, &[2; 32]),
    ] {
        let Ok(Attempt::Told(verdict)) = told else {
            panic!("{told:?}")
        };
        assert!(matches!(verdict, Verdict::NoChallenge | Verdict::Expired));
    }
    // Erasing is no way around the interval between sends.
    let Issue::Refused(refusal) = challenge.issue(Some(&record), NOON, &[3; 32]).unwrap() else {
        panic!()
    };
    assert_eq!(refusal.reason, RefusalReason::ResendInterval);
}
